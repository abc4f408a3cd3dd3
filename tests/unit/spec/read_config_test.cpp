#include "spec/read_config.hpp"

#include <gtest/gtest.h>

#include "spec/write_config.hpp"
#include "unit/spec/samples.hpp"

namespace caisson::spec {
namespace {

std::string config_refusal(std::string_view text) {
  return refusal([&] { read_config(text); });
}

// full_config.json holds every property of runtime-spec 1.3 for Linux, in the order of the Go types.
TEST(ReadConfig, KeepsEveryProperty) {
  const std::string text = sample_text("full_config.json");
  EXPECT_EQ(write_config(read_config(text)), text);
}

TEST(ReadConfig, PutsProcessPropertiesInTheirFields) {
  const Process process = *sample("full_config.json").process;
  EXPECT_TRUE(process.terminal);
  EXPECT_EQ(process.console_size->height, 24u);
  EXPECT_EQ(process.console_size->width, 80u);
  EXPECT_EQ(process.user.uid, 1000u);
  EXPECT_EQ(process.user.gid, 1001u);
  EXPECT_EQ(process.user.umask, 022u);
  EXPECT_EQ(process.user.additional_gids, (std::vector<std::uint32_t>{5, 6}));
  EXPECT_EQ(process.args, (std::vector<std::string>{"/bin/sh", "-c", "echo \"hi\"\n"}));
  EXPECT_EQ(process.env, (std::vector<std::string>{"PATH=/bin", "A="}));
  EXPECT_EQ(process.cwd, "/home");
  EXPECT_EQ(process.capabilities->bounding, (std::vector<std::string>{"CAP_CHOWN", "CAP_KILL"}));
  EXPECT_EQ(process.capabilities->effective, (std::vector<std::string>{"CAP_CHOWN"}));
  EXPECT_EQ(process.capabilities->inheritable, (std::vector<std::string>{"CAP_KILL"}));
  EXPECT_EQ(process.capabilities->permitted, (std::vector<std::string>{"CAP_CHOWN", "CAP_KILL"}));
  EXPECT_EQ(process.capabilities->ambient, (std::vector<std::string>{"CAP_KILL"}));
  EXPECT_EQ(process.rlimits[0].type, "RLIMIT_NOFILE");
  EXPECT_EQ(process.rlimits[0].hard, 18446744073709551615u);
  EXPECT_EQ(process.rlimits[0].soft, 1024u);
  EXPECT_TRUE(process.no_new_privileges);
  EXPECT_EQ(process.apparmor_profile, "prof");
  EXPECT_EQ(process.oom_score_adj, -500);
  EXPECT_EQ(process.scheduler->policy, "SCHED_DEADLINE");
  EXPECT_EQ(process.scheduler->nice, -5);
  EXPECT_EQ(process.scheduler->flags, (std::vector<std::string>{"SCHED_FLAG_RECLAIM"}));
  EXPECT_EQ(process.scheduler->runtime, 10000u);
  EXPECT_EQ(process.scheduler->deadline, 20000u);
  EXPECT_EQ(process.scheduler->period, 30000u);
  EXPECT_EQ(process.selinux_label, "system_u:system_r:svirt_lxc_net_t:s0");
  EXPECT_EQ(process.io_priority->io_class, "IOPRIO_CLASS_BE");
  EXPECT_EQ(process.io_priority->priority, 4);
  EXPECT_EQ(process.exec_cpu_affinity->initial, "0-3,7");
  EXPECT_EQ(process.exec_cpu_affinity->final, "4");
}

TEST(ReadConfig, PutsTopLevelPropertiesInTheirFields) {
  const Spec spec = sample("full_config.json");
  EXPECT_EQ(spec.oci_version, "1.3.0");
  EXPECT_EQ(spec.root->path, "rootfs");
  EXPECT_TRUE(spec.root->readonly);
  EXPECT_EQ(spec.hostname, "box");
  EXPECT_EQ(spec.domainname, "example.org");
  ASSERT_EQ(spec.mounts.size(), 2u);
  EXPECT_EQ(spec.mounts[1].destination, "/data");
  EXPECT_EQ(spec.mounts[1].type, "none");
  EXPECT_EQ(spec.mounts[1].source, "/srv/data");
  EXPECT_EQ(spec.mounts[1].options, (std::vector<std::string>{"bind", "ro"}));
  EXPECT_EQ(spec.mounts[1].uid_mappings[0].host_id, 1000u);
  EXPECT_EQ(spec.mounts[1].gid_mappings[0].host_id, 2000u);
  EXPECT_EQ(spec.hooks.prestart[0].path, "/h/1");
  EXPECT_EQ(spec.hooks.prestart[0].args, (std::vector<std::string>{"1", "x"}));
  EXPECT_EQ(spec.hooks.prestart[0].env, (std::vector<std::string>{"A=b"}));
  EXPECT_EQ(spec.hooks.prestart[0].timeout, 5);
  EXPECT_EQ(spec.hooks.create_runtime[0].path, "/h/2");
  EXPECT_EQ(spec.hooks.create_container[0].path, "/h/3");
  EXPECT_EQ(spec.hooks.start_container[0].path, "/h/4");
  EXPECT_EQ(spec.hooks.poststart[0].path, "/h/5");
  EXPECT_EQ(spec.hooks.poststop[0].path, "/h/6");
  EXPECT_EQ(spec.annotations.at("com.example.a"), "1");
}

TEST(ReadConfig, PutsLinuxPropertiesInTheirFields) {
  const Linux all = *sample("full_config.json").linux_;
  EXPECT_EQ(all.uid_mappings[0].host_id, 100000u);
  EXPECT_EQ(all.uid_mappings[0].container_id, 0u);
  EXPECT_EQ(all.uid_mappings[0].size, 65536u);
  EXPECT_EQ(all.gid_mappings[0].host_id, 200000u);
  EXPECT_EQ(all.sysctl.at("kernel.msgmax"), "8192");
  EXPECT_EQ(all.cgroups_path, "/app/one");
  ASSERT_EQ(all.namespaces.size(), 8u);
  EXPECT_EQ(all.namespaces[1].type, NamespaceType::Network);
  EXPECT_EQ(all.namespaces[1].path, "/run/netns/x");
  EXPECT_EQ(all.namespaces[7].type, NamespaceType::Time);
  EXPECT_EQ(all.devices[0].type, DeviceType::Char);
  EXPECT_EQ(all.devices[0].path, "/dev/fuse");
  EXPECT_EQ(all.devices[0].major, 10);
  EXPECT_EQ(all.devices[0].minor, 229);
  EXPECT_EQ(all.devices[0].file_mode, 0666u);
  EXPECT_EQ(all.devices[0].uid, 1u);
  EXPECT_EQ(all.devices[0].gid, 2u);
  EXPECT_EQ(all.devices[3].type, DeviceType::Fifo);
  EXPECT_EQ(all.net_devices.at("eth1").name, "lan0");
  EXPECT_EQ(all.net_devices.at("eth2").name, "");
  EXPECT_EQ(all.rootfs_propagation, "rslave");
  EXPECT_EQ(all.masked_paths[0], "/proc/kcore");
  EXPECT_EQ(all.readonly_paths[0], "/proc/sys");
  EXPECT_EQ(all.mount_label, "system_u:object_r:svirt_sandbox_file_t:s0");
  EXPECT_EQ(all.intel_rdt->clos_id, "group");
  EXPECT_EQ(all.intel_rdt->schemata[0], "L3:0=f");
  EXPECT_EQ(all.intel_rdt->l3_cache_schema, "L3:0=ff");
  EXPECT_EQ(all.intel_rdt->mem_bw_schema, "MB:0=20");
  EXPECT_TRUE(all.intel_rdt->enable_monitoring);
  EXPECT_EQ(all.memory_policy->mode, "MPOL_INTERLEAVE");
  EXPECT_EQ(all.memory_policy->nodes, "0-1");
  EXPECT_EQ(all.memory_policy->flags[0], "MPOL_F_STATIC_NODES");
  EXPECT_EQ(all.personality->domain, "LINUX32");
  EXPECT_EQ(all.time_offsets.at("boottime").secs, 86400);
  EXPECT_EQ(all.time_offsets.at("boottime").nanosecs, 500u);
  EXPECT_EQ(all.time_offsets.at("monotonic").secs, -172800);
}

TEST(ReadConfig, PutsResourcesInTheirFields) {
  const Resources all = *sample("full_config.json").linux_->resources;
  EXPECT_FALSE(all.devices[0].allow);
  EXPECT_EQ(all.devices[0].type, DeviceType::All);
  EXPECT_EQ(all.devices[0].major, std::nullopt);
  EXPECT_TRUE(all.devices[1].allow);
  EXPECT_EQ(all.devices[1].type, DeviceType::Char);
  EXPECT_EQ(all.devices[1].major, 10);
  EXPECT_EQ(all.devices[1].minor, 229);
  EXPECT_EQ(all.devices[1].access, "rw");
  EXPECT_EQ(all.memory->limit, 536870912);
  EXPECT_EQ(all.memory->reservation, 268435456);
  EXPECT_EQ(all.memory->swap, -1);
  EXPECT_EQ(all.memory->kernel, -1);
  EXPECT_EQ(all.memory->kernel_tcp, -1);
  EXPECT_EQ(all.memory->swappiness, 60u);
  EXPECT_EQ(all.memory->disable_oom_killer, false);
  EXPECT_EQ(all.memory->use_hierarchy, true);
  EXPECT_EQ(all.memory->check_before_update, true);
  EXPECT_EQ(all.cpu->shares, 1024u);
  EXPECT_EQ(all.cpu->quota, 100000);
  EXPECT_EQ(all.cpu->burst, 5000u);
  EXPECT_EQ(all.cpu->period, 500000u);
  EXPECT_EQ(all.cpu->realtime_runtime, 950000);
  EXPECT_EQ(all.cpu->realtime_period, 1000000u);
  EXPECT_EQ(all.cpu->cpus, "2-3");
  EXPECT_EQ(all.cpu->mems, "0");
  EXPECT_EQ(all.cpu->idle, 1);
  EXPECT_EQ(all.pids_limit, 32771);
  EXPECT_EQ(all.block_io->weight, 10);
  EXPECT_EQ(all.block_io->leaf_weight, 20);
  EXPECT_EQ(all.block_io->weight_device[0].weight, 500);
  EXPECT_EQ(all.block_io->weight_device[0].leaf_weight, 300);
  EXPECT_EQ(all.block_io->weight_device[1].minor, 16);
  EXPECT_EQ(all.block_io->throttle_read_bps[0].rate, 600u);
  EXPECT_EQ(all.block_io->throttle_write_bps[0].rate, 601u);
  EXPECT_EQ(all.block_io->throttle_read_iops[0].rate, 602u);
  EXPECT_EQ(all.block_io->throttle_write_iops[0].rate, 603u);
  EXPECT_EQ(all.hugepage_limits[0].page_size, "2MB");
  EXPECT_EQ(all.hugepage_limits[0].limit, 209715200u);
  EXPECT_EQ(all.network->class_id, 1048577u);
  EXPECT_EQ(all.network->priorities[0].name, "eth0");
  EXPECT_EQ(all.network->priorities[0].priority, 500u);
  EXPECT_EQ(all.rdma.at("mlx5_1").hca_handles, 3u);
  EXPECT_EQ(all.rdma.at("rxe3").hca_objects, 1u);
  EXPECT_EQ(all.unified.at("memory.high"), "1G");
}

TEST(ReadConfig, PutsSeccompInItsFields) {
  const Seccomp all = *sample("full_config.json").linux_->seccomp;
  EXPECT_EQ(all.default_action, SeccompAction::Errno);
  EXPECT_EQ(all.default_errno_ret, 38u);
  EXPECT_EQ(all.architectures[1], "SCMP_ARCH_X32");
  EXPECT_EQ(all.flags->front(), "SECCOMP_FILTER_FLAG_LOG");
  EXPECT_EQ(all.listener_path, "/run/agent.sock");
  EXPECT_EQ(all.listener_metadata, "meta");
  EXPECT_EQ(all.syscalls[0].names, (std::vector<std::string>{"read", "write"}));
  EXPECT_EQ(all.syscalls[1].errno_ret, 22u);
  EXPECT_EQ(all.syscalls[1].args[1].index, 2u);
  EXPECT_EQ(all.syscalls[1].args[1].value, 9u);
  EXPECT_EQ(all.syscalls[1].args[1].value_two, 9u);
  EXPECT_EQ(all.syscalls[1].args[1].op, SeccompOperator::MaskedEqual);
  EXPECT_EQ(all.syscalls[6].args[0].value, 18446744073709551615u);
  EXPECT_EQ(all.syscalls[7].action, SeccompAction::Notify);
}

TEST(ReadConfig, TakesTheOldNameOfKillThread) {
  const Spec spec = read_config(R"({"linux":{"seccomp":{"defaultAction":"SCMP_ACT_KILL"}}})");
  EXPECT_EQ(spec.linux_->seccomp->default_action, SeccompAction::KillThread);
}

TEST(ReadConfig, KeepsAbsentSeccompFlagsApartFromNone) {
  EXPECT_FALSE(read_config(R"({"linux":{"seccomp":{"defaultAction":"SCMP_ACT_LOG"}}})").linux_->seccomp->flags);
  EXPECT_TRUE(read_config(R"({"linux":{"seccomp":{"defaultAction":"SCMP_ACT_LOG","flags":[]}}})").linux_->seccomp->flags);
}

TEST(ReadConfig, ReadsWhatEnginesSend) {
  for (const std::string name : {"docker_config.json", "podman_config.json", "containerd_config.json", "runc_config.json",
                                 "runc_rootless_config.json", "full_config.json"}) {
    const Spec spec = sample(name);
    EXPECT_EQ(refusal([&] { validate(spec); }), "nothing") << name;
    const std::string once = write_config(spec, json::kCompact);
    EXPECT_EQ(write_config(read_config(once), json::kCompact), once) << name;
  }
}

TEST(ReadConfig, WritesBackWhatDockerSends) {
  const std::string text = sample_text("docker_config.json");
  EXPECT_EQ(write_config(read_config(text), json::kCompact), text);
}

TEST(ReadConfig, KeepsEmptyLimitsOfDocker) {
  const Resources resources = *sample("docker_config.json").linux_->resources;
  EXPECT_TRUE(resources.memory.has_value());
  EXPECT_FALSE(resources.memory->limit.has_value());
  EXPECT_EQ(resources.cpu->shares, 0u);
  EXPECT_EQ(resources.pids_limit, 0);
}

TEST(ReadConfig, TakesNullForEmpty) {
  const Spec spec = read_config(R"({"ociVersion":null,"process":null,"root":null,"mounts":null,"hooks":null,"annotations":null,
    "hostname":null,"linux":{"resources":null,"seccomp":null,"maskedPaths":null,"uidMappings":null,"sysctl":null}})");
  EXPECT_FALSE(spec.process || spec.root || spec.linux_->resources || spec.linux_->seccomp);
  EXPECT_EQ(write_config(spec, json::kCompact), R"({"ociVersion":"","linux":{}})");
}

TEST(ReadConfig, KeepsTheEmptyEnvironmentOfAHookApartFromNone) {
  const Spec spec = read_config(R"({"hooks":{"poststop":[{"path":"/a"},{"path":"/b","env":null},{"path":"/c","env":[]}]}})");
  EXPECT_FALSE(spec.hooks.poststop[0].env || spec.hooks.poststop[1].env);
  EXPECT_EQ(spec.hooks.poststop[2].env, std::vector<std::string>());
  EXPECT_EQ(write_config(spec, json::kCompact),
            R"({"ociVersion":"","hooks":{"poststop":[{"path":"/a"},{"path":"/b"},{"path":"/c","env":[]}]}})");
}

TEST(ReadConfig, SaysWhereATypeIsWrong) {
  const struct {
    std::string_view text, refusal;
  } cases[] = {
      {R"({"process":{"capabilities":{"bounding":["CAP_KILL","CAP_KILL","CAP_KILL",4]}}})",
       "process.capabilities.bounding[3]: expected a string, found a number"},
      {R"({"process":{"args":"sh"}})", "process.args: expected an array, found a string"},
      {R"({"process":{"user":{"uid":-1}}})", "process.user.uid: the number is out of range 0..4294967295"},
      {R"({"process":{"user":{"uid":1.0}}})",
       "process.user.uid: expected an integer, found a number with a fraction or an exponent"},
      {R"({"process":{"terminal":"yes"}})", "process.terminal: expected a boolean, found a string"},
      {R"({"process":{"rlimits":[{"type":"RLIMIT_NOFILE","soft":1}]}})", "process.rlimits[0].hard: missing"},
      {R"({"mounts":{}})", "mounts: expected an array, found an object"},
      {R"({"mounts":["/proc"]})", "mounts[0]: expected an object, found a string"},
      {R"({"linux":{"namespaces":[{"type":"pid"},{}]}})", "linux.namespaces[1].type: missing"},
      {R"({"linux":{"namespaces":[{"type":"net"}]}})",
       "linux.namespaces[0].type: unknown namespace type \"net\" | "
       "known are user, pid, ipc, uts, network, mount, cgroup, time"},
      {R"({"linux":{"seccomp":{"defaultAction":"ALLOW"}}})",
       "linux.seccomp.defaultAction: unknown seccomp action \"ALLOW\" | known are SCMP_ACT_KILL_THREAD, SCMP_ACT_KILL, "
       "SCMP_ACT_KILL_PROCESS, SCMP_ACT_TRAP, SCMP_ACT_ERRNO, SCMP_ACT_TRACE, SCMP_ACT_ALLOW, SCMP_ACT_LOG, SCMP_ACT_NOTIFY"},
      {R"({"linux":{"seccomp":{"defaultAction":"SCMP_ACT_LOG","syscalls":[{"names":["x"],"action":"SCMP_ACT_LOG",
       "args":[{"index":0,"value":1,"op":"=="}]}]}}})",
       "linux.seccomp.syscalls[0].args[0].op: unknown seccomp operator \"==\" | known are SCMP_CMP_NE, SCMP_CMP_LT, "
       "SCMP_CMP_LE, "
       "SCMP_CMP_EQ, SCMP_CMP_GE, SCMP_CMP_GT, SCMP_CMP_MASKED_EQ"},
      {R"({"linux":{"devices":[{"path":"/dev/x","type":"d"}]}})",
       "linux.devices[0].type: unknown device type \"d\" | known are c, b, u, p, a"},
      {R"({"linux":{"resources":{"memory":{"limit":9223372036854775808}}}})",
       "linux.resources.memory.limit: the number is out of range -9223372036854775808..9223372036854775807"},
      {R"({"linux":{"resources":{"blockIO":{"weight":65536}}}})",
       "linux.resources.blockIO.weight: the number is out of range 0..65535"},
      {R"({"linux":{"sysctl":{"net.ipv4.ip_forward":1}}})",
       "linux.sysctl[\"net.ipv4.ip_forward\"]: expected a string, found a number"},
      {R"({"annotations":{"a":1}})", "annotations.a: expected a string, found a number"},
      {"[]", "the document: expected an object, found an array"},
      {"{\n\"process\": {,}}", "line 2, column 13: expected a member name in double quotes"},
  };
  for (const auto& one : cases) EXPECT_EQ(config_refusal(one.text), one.refusal) << one.text;
}

TEST(ReadProcess, TakesTheProcessObjectByItself) {
  const Process process = read_process(R"({"terminal":false,"user":{"uid":33,"gid":33,"additionalGids":[33]},"args":["id"],
    "env":["PATH=/bin"],"cwd":"/","capabilities":{"bounding":["CAP_CHOWN"],"effective":null},"rlimits":null,
    "noNewPrivileges":true,"oomScoreAdj":100,"username":"www","commandLine":""})");
  EXPECT_EQ(process.user.uid, 33u);
  EXPECT_EQ(process.oom_score_adj, 100);
  EXPECT_EQ(read_process(write_process(process)).args, (std::vector<std::string>{"id"}));
  EXPECT_EQ(refusal([] { read_process(R"({"args":[1]})"); }), "args[0]: expected a string, found a number");
}

TEST(ReadResources, TakesTheResourcesObjectByItself) {
  const Resources resources = read_resources(
      R"({"memory":{"limit":1048576,"swap":null},"cpu":{"shares":512,"quota":-1,"cpus":""},"pids":{},"unified":{"a.b":"c"}})");
  EXPECT_EQ(resources.memory->limit, 1048576);
  EXPECT_EQ(resources.cpu->quota, -1);
  EXPECT_FALSE(resources.pids_limit.has_value());
  EXPECT_EQ(write_resources(resources),
            R"({"memory":{"limit":1048576},"cpu":{"shares":512,"quota":-1},"unified":{"a.b":"c"}})");
}

}  // namespace
}  // namespace caisson::spec
