// lint: table
// Every check of the configuration, with the exact words of its refusal.
#include "spec/validate.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "spec/check_rules.hpp"
#include "unit/spec/samples.hpp"

namespace caisson::spec {
namespace {

struct Case {
  std::string_view check;
  std::string_view refusal;
  void (*spoil)(Spec& spec);
};

Linux& part(Spec& spec) { return *spec.linux_; }
Resources& limits(Spec& spec) { return spec.linux_->resources ? *spec.linux_->resources : spec.linux_->resources.emplace(); }
Seccomp& filter(Spec& spec) { return spec.linux_->seccomp ? *spec.linux_->seccomp : spec.linux_->seccomp.emplace(); }
void drop(Spec& spec, NamespaceType type) {
  std::erase_if(spec.linux_->namespaces, [&](const Namespace& ns) { return ns.type == type; });
}
void join(Spec& spec, NamespaceType type, std::string path) {
  drop(spec, type);
  spec.linux_->namespaces.push_back({type, std::move(path)});
}
void map_ids(Spec& spec, std::vector<IdMapping> uids, std::vector<IdMapping> gids) {
  join(spec, NamespaceType::User, "");
  spec.linux_->uid_mappings = std::move(uids);
  spec.linux_->gid_mappings = std::move(gids);
}
void add_rule(Spec& spec, SeccompRule rule) { filter(spec).syscalls.push_back(std::move(rule)); }

const Case kCases[] = {
    {"version", "ociVersion: missing | write the version of the runtime specification, like 1.2.0",
     [](Spec& s) { s.oci_version = ""; }},
    {"version", "ociVersion: \"1.0\" is not a version | write it as 1.2.0", [](Spec& s) { s.oci_version = "1.0"; }},
    {"version", "ociVersion: \"1.0.0-\" is not a version | write it as 1.2.0", [](Spec& s) { s.oci_version = "1.0.0-"; }},
    {"version", "ociVersion: \"01.0.0\" is not a version | write it as 1.2.0", [](Spec& s) { s.oci_version = "01.0.0"; }},
    {"version", "ociVersion: \"1.0.0+a_b\" is not a version | write it as 1.2.0", [](Spec& s) { s.oci_version = "1.0.0+a_b"; }},
    {"version", "ociVersion: version 2.0.0 of the runtime specification is not supported | every 1.x version is supported",
     [](Spec& s) { s.oci_version = "2.0.0"; }},
    {"root", "root.path: missing | name the directory of the container's root filesystem, relative to the bundle",
     [](Spec& s) { s.root.reset(); }},
    {"root", "root.path: missing | name the directory of the container's root filesystem, relative to the bundle",
     [](Spec& s) { s.root->path = ""; }},
    {"namespaces", "linux.namespaces[7]: a second namespace of type uts",
     [](Spec& s) {
       part(s).namespaces.push_back({NamespaceType::Uts, ""});
     }},
    {"namespaces", "linux.namespaces[6].path: \"run/ns\" is not an absolute path",
     [](Spec& s) { join(s, NamespaceType::Ipc, "run/ns"); }},
    {"id-maps", "linux.uidMappings: needs a user namespace | add {\"type\": \"user\"} to linux.namespaces",
     [](Spec& s) {
       part(s).uid_mappings = part(s).gid_mappings = {{0, 1000, 1}};
     }},
    {"id-maps", "linux.gidMappings: needs a user namespace | add {\"type\": \"user\"} to linux.namespaces",
     [](Spec& s) {
       part(s).gid_mappings = {{0, 1000, 1}};
     }},
    {"id-maps",
     "linux.uidMappings: missing: a user namespace has maps of users and of groups | "
     "map at least one id: [{\"containerID\": 0, \"hostID\": 1000, \"size\": 1}]",
     [](Spec& s) { map_ids(s, {}, {}); }},
    {"id-maps",
     "linux.gidMappings: missing: a user namespace has maps of users and of groups | "
     "map at least one id: [{\"containerID\": 0, \"hostID\": 1000, \"size\": 1}]",
     [](Spec& s) {
       map_ids(s, {{0, 1000, 1}}, {});
     }},
    {"id-maps",
     "linux.uidMappings: missing: a user namespace has maps of users and of groups | "
     "map at least one id: [{\"containerID\": 0, \"hostID\": 1000, \"size\": 1}]",
     [](Spec& s) {
       join(s, NamespaceType::User, "/proc/1/ns/user");
       part(s).gid_mappings = {{0, 1000, 1}};
     }},
    {"id-maps", "linux.uidMappings[0].size: must be at least 1",
     [](Spec& s) {
       map_ids(s, {{0, 1000, 0}}, {{0, 1000, 1}});
     }},
    {"id-maps",
     "linux.uidMappings[0].containerID: ids 4294967290 to 4294967295 go past the last id | the last user or group id is "
     "4294967294",
     [](Spec& s) {
       map_ids(s, {{4294967290u, 0, 6}}, {{0, 0, 1}});
     }},
    {"id-maps",
     "linux.gidMappings[0].hostID: ids 1 to 4294967295 go past the last id | the last user or group id is 4294967294",
     [](Spec& s) {
       map_ids(s, {{0, 0, 1}}, {{0, 1, 4294967295u}});
     }},
    {"id-maps", "linux.uidMappings[1]: maps container ids that linux.uidMappings[0] maps already",
     [](Spec& s) {
       map_ids(s, {{0, 0, 10}, {9, 100, 1}}, {{0, 0, 1}});
     }},
    {"id-maps", "linux.uidMappings[1]: maps host ids that linux.uidMappings[0] maps already",
     [](Spec& s) {
       map_ids(s, {{0, 0, 10}, {10, 9, 1}}, {{0, 0, 1}});
     }},
    {"id-maps", "linux.uidMappings: 341 lines, more than the 340 that the kernel takes",
     [](Spec& s) {
       std::vector<IdMapping> many;
       for (std::uint32_t i = 0; i < 341; ++i) many.push_back({2 * i, 2 * i, 1});
       map_ids(s, many, {{0, 0, 1}});
     }},
    {"id-maps",
     "linux.uidMappings: 4800 bytes when written to the kernel, which takes less than 4096 | join neighbouring ranges",
     [](Spec& s) {
       std::vector<IdMapping> many;
       for (std::uint32_t i = 0; i < 200; ++i) many.push_back({1000000000 + 2 * i, 1000000000 + 2 * i, 1});
       map_ids(s, many, {{0, 0, 1}});
     }},
    {"time-offsets", "linux.timeOffsets: needs a time namespace | add {\"type\": \"time\"} without a path to linux.namespaces",
     [](Spec& s) {
       drop(s, NamespaceType::Time);
       part(s).time_offsets["monotonic"] = {1, 0};
     }},
    {"time-offsets",
     "linux.timeOffsets: cannot change a time namespace that is joined by its path | "
     "add {\"type\": \"time\"} without a path to linux.namespaces",
     [](Spec& s) {
       join(s, NamespaceType::Time, "/proc/1/ns/time");
       part(s).time_offsets["monotonic"] = {1, 0};
     }},
    {"time-offsets", "linux.timeOffsets.realtime: unknown clock \"realtime\" | known are monotonic, boottime",
     [](Spec& s) {
       part(s).time_offsets["realtime"] = {1, 0};
     }},
    {"time-offsets", "linux.timeOffsets.boottime.nanosecs: 1000000000 is out of range 0..999999999",
     [](Spec& s) {
       part(s).time_offsets["boottime"] = {1, 1000000000};
     }},
    {"names", "hostname: needs a uts namespace, or it would change the host | add {\"type\": \"uts\"} to linux.namespaces",
     [](Spec& s) {
       drop(s, NamespaceType::Uts);
       s.hostname = "box";
     }},
    {"names", "domainname: needs a uts namespace, or it would change the host | add {\"type\": \"uts\"} to linux.namespaces",
     [](Spec& s) {
       s.linux_.reset();
       s.domainname = "example.org";
     }},
    {"names", "hostname: 65 bytes, more than the 64 that the kernel takes", [](Spec& s) { s.hostname = std::string(65, 'x'); }},
    {"mounts", "mounts[0].destination: missing", [](Spec& s) { s.mounts.resize(1); }},
    {"mounts", "mounts[0].gidMappings: missing | a mount has both uidMappings and gidMappings or neither",
     [](Spec& s) {
       s.mounts = {{"/a", "none", "/b", {"bind"}, {{0, 1, 1}}, {}}};
     }},
    {"mounts", "mounts[0].uidMappings: missing | a mount has both uidMappings and gidMappings or neither",
     [](Spec& s) {
       s.mounts = {{"/a", "none", "/b", {"bind"}, {}, {{0, 1, 1}}}};
     }},
    {"mounts", "mounts[1].gidMappings[0].size: must be at least 1",
     [](Spec& s) {
       s.mounts = {{"/p", "proc", "proc", {}, {}, {}}, {"/a", "none", "/b", {"bind"}, {{0, 1, 1}}, {{0, 1, 0}}}};
     }},
    {"mount-namespace",
     "mounts: needs a mount namespace, or it would change the host | add {\"type\": \"mount\"} to linux.namespaces",
     [](Spec& s) {
       drop(s, NamespaceType::Mount);
       s.mounts = {{"/proc", "proc", "proc", {}, {}, {}}};
     }},
    {"mount-namespace",
     "linux.maskedPaths: needs a mount namespace, or it would change the host | add {\"type\": \"mount\"} to linux.namespaces",
     [](Spec& s) {
       drop(s, NamespaceType::Mount);
       part(s).masked_paths = {"/proc/kcore"};
     }},
    {"mount-namespace",
     "linux.readonlyPaths: needs a mount namespace, or it would change the host | add {\"type\": \"mount\"} to "
     "linux.namespaces",
     [](Spec& s) {
       drop(s, NamespaceType::Mount);
       part(s).readonly_paths = {"/proc/sys"};
     }},
    {"paths", "linux.maskedPaths[1]: \"proc/x\" is not an absolute path",
     [](Spec& s) {
       part(s).masked_paths = {"/a", "proc/x"};
     }},
    {"paths", "linux.readonlyPaths[0]: \"\" is not an absolute path", [](Spec& s) { part(s).readonly_paths = {""}; }},
    {"propagation",
     "linux.rootfsPropagation: unknown mount propagation \"none\" | known are shared, slave, private, unbindable, rshared, "
     "rslave, rprivate, runbindable",
     [](Spec& s) { part(s).rootfs_propagation = "none"; }},
    {"devices", "linux.devices[0].type: \"a\" is for rules; a device is c, b, u or p",
     [](Spec& s) { part(s).devices = {Device{.type = DeviceType::All, .path = "/dev/x"}}; }},
    {"devices", "linux.devices[0].path: \"x\" is not an absolute path",
     [](Spec& s) { part(s).devices = {Device{.path = "x"}}; }},
    {"devices", "linux.devices[0].major: -1 is out of range 0..4095",
     [](Spec& s) { part(s).devices = {Device{.path = "/dev/x", .major = -1}}; }},
    {"devices", "linux.devices[0].minor: 1048576 is out of range 0..1048575",
     [](Spec& s) { part(s).devices = {Device{.path = "/dev/x", .minor = 1048576}}; }},
    {"devices", "linux.devices[1].path: \"/dev/x\" is another device in linux.devices[0]",
     [](Spec& s) {
       part(s).devices = {Device{.path = "/dev/x", .major = 1}, Device{.path = "/dev/x", .major = 2}};
     }},
    {"net-devices",
     "linux.netDevices: needs a network namespace to move devices to | add {\"type\": \"network\"} to linux.namespaces",
     [](Spec& s) {
       drop(s, NamespaceType::Network);
       part(s).net_devices["eth1"] = {};
     }},
    {"net-devices",
     "linux.netDevices.a-name-of-16-byt: \"a-name-of-16-byt\" is not the name of a network device | "
     "at most 15 bytes without '/', ':' and spaces",
     [](Spec& s) { part(s).net_devices["a-name-of-16-byt"] = {}; }},
    {"net-devices",
     "linux.netDevices.eth1.name: \"a/b\" is not the name of a network device | at most 15 bytes without '/', ':' and spaces",
     [](Spec& s) { part(s).net_devices["eth1"] = {"a/b"}; }},
    {"net-devices",
     "linux.netDevices[\"..\"]: \"..\" is not the name of a network device | at most 15 bytes without '/', ':' and spaces",
     [](Spec& s) { part(s).net_devices[".."] = {}; }},
    {"sysctl", "linux.sysctl[\"net..ipv4\"]: is not the name of a sysctl", [](Spec& s) { part(s).sysctl["net..ipv4"] = "1"; }},
    {"sysctl", "linux.sysctl[\"net/../kernel/core_pattern\"]: is not the name of a sysctl",
     [](Spec& s) { part(s).sysctl["net/../kernel/core_pattern"] = "1"; }},
    {"sysctl", "linux.sysctl[\"net.//.x\"]: is not the name of a sysctl", [](Spec& s) { part(s).sysctl["net.//.x"] = "1"; }},
    {"sysctl", "linux.sysctl[\"kernel.hostname\"]: is set by the member \"hostname\" | use hostname instead of the sysctl",
     [](Spec& s) { part(s).sysctl["kernel.hostname"] = "x"; }},
    {"sysctl",
     "linux.sysctl[\"kernel.core_pattern\"]: belongs to no namespace, so it would change the host | "
     "allowed are net.*, user.*, fs.mqueue.*, kernel.domainname and the System V IPC limits",
     [](Spec& s) { part(s).sysctl["kernel.core_pattern"] = "x"; }},
    {"sysctl",
     "linux.sysctl[\"kernel.msgmax.x\"]: belongs to no namespace, so it would change the host | "
     "allowed are net.*, user.*, fs.mqueue.*, kernel.domainname and the System V IPC limits",
     [](Spec& s) { part(s).sysctl["kernel.msgmax.x"] = "x"; }},
    {"sysctl",
     "linux.sysctl[\"kernel.msgmax\"]: needs a namespace of type ipc, or it would change the host | "
     "add {\"type\": \"ipc\"} to linux.namespaces",
     [](Spec& s) {
       drop(s, NamespaceType::Ipc);
       part(s).sysctl["kernel.msgmax"] = "1";
     }},
    {"sysctl",
     "linux.sysctl[\"fs/mqueue/msg_max\"]: needs a namespace of type ipc, or it would change the host | "
     "add {\"type\": \"ipc\"} to linux.namespaces",
     [](Spec& s) {
       drop(s, NamespaceType::Ipc);
       part(s).sysctl["fs/mqueue/msg_max"] = "1";
     }},
    {"sysctl",
     "linux.sysctl[\"net.ipv4.ip_forward\"]: needs a namespace of type network, or it would change the host | "
     "add {\"type\": \"network\"} to linux.namespaces",
     [](Spec& s) {
       drop(s, NamespaceType::Network);
       part(s).sysctl["net.ipv4.ip_forward"] = "1";
     }},
    {"sysctl",
     "linux.sysctl[\"user.max_user_namespaces\"]: needs a namespace of type user, or it would change the host | "
     "add {\"type\": \"user\"} to linux.namespaces",
     [](Spec& s) { part(s).sysctl["user.max_user_namespaces"] = "1"; }},
    {"sysctl",
     "linux.sysctl[\"kernel.domainname\"]: needs a namespace of type uts, or it would change the host | "
     "add {\"type\": \"uts\"} to linux.namespaces",
     [](Spec& s) {
       drop(s, NamespaceType::Uts);
       part(s).sysctl["kernel.domainname"] = "x";
     }},
    {"cgroups-path", "linux.cgroupsPath: \"/a/../b\" leaves its place by \"..\"",
     [](Spec& s) { part(s).cgroups_path = "/a/../b"; }},
    {"cgroups-path", "linux.cgroupsPath: holds a line break", [](Spec& s) { part(s).cgroups_path = "/a\n"; }},
    {"device-rules", "linux.resources.devices[0].type: a rule is for \"c\", \"b\" or \"a\"",
     [](Spec& s) { limits(s).devices = {{.allow = true, .type = DeviceType::Fifo}}; }},
    {"device-rules", "linux.resources.devices[0].major: -2 is not a device number",
     [](Spec& s) { limits(s).devices = {{.allow = true, .major = -2}}; }},
    {"device-rules", "linux.resources.devices[0].minor: -2 is not a device number",
     [](Spec& s) { limits(s).devices = {{.allow = true, .minor = -2}}; }},
    {"device-rules", "linux.resources.devices[1].access: \"rx\" has other letters than r, w and m",
     [](Spec& s) {
       limits(s).devices = {{.access = "rwm"}, {.access = "rx"}};
     }},
    {"cpu", "linux.resources.cpu.cpus: \"0-\" is not a list of numbers and ranges | write it as \"0-3,7\"",
     [](Spec& s) { limits(s).cpu.emplace().cpus = "0-"; }},
    {"cpu", "linux.resources.cpu.cpus: \"0,,1\" is not a list of numbers and ranges | write it as \"0-3,7\"",
     [](Spec& s) { limits(s).cpu.emplace().cpus = "0,,1"; }},
    {"cpu", "linux.resources.cpu.mems: the range \"3-1\" ends before it begins",
     [](Spec& s) { limits(s).cpu.emplace().mems = "0,3-1"; }},
    {"cpu", "linux.resources.cpu.idle: 2 is neither 0 nor 1", [](Spec& s) { limits(s).cpu.emplace().idle = 2; }},
    {"memory", "linux.resources.memory.limit: -2 is no amount of memory | -1 means no limit",
     [](Spec& s) { limits(s).memory.emplace().limit = -2; }},
    {"memory", "linux.resources.memory.kernelTCP: -9 is no amount of memory | -1 means no limit",
     [](Spec& s) { limits(s).memory.emplace().kernel_tcp = -9; }},
    {"memory", "linux.resources.memory.swappiness: 101 is out of range 0..100",
     [](Spec& s) { limits(s).memory.emplace().swappiness = 101; }},
    {"block-io", "linux.resources.blockIO.weight: 9 is out of range 10..1000",
     [](Spec& s) { limits(s).block_io.emplace().weight = 9; }},
    {"block-io", "linux.resources.blockIO.leafWeight: 1001 is out of range 10..1000",
     [](Spec& s) { limits(s).block_io.emplace().leaf_weight = 1001; }},
    {"block-io", "linux.resources.blockIO.weightDevice[0].weight: 5 is out of range 10..1000",
     [](Spec& s) {
       limits(s).block_io.emplace().weight_device = {{8, 0, 5, {}}};
     }},
    {"block-io", "linux.resources.blockIO.throttleReadIOPSDevice[0].minor: -1 is not a device number",
     [](Spec& s) {
       limits(s).block_io.emplace().throttle_read_iops = {{8, -1, 5}};
     }},
    {"hugepages", "linux.resources.hugepageLimits[0].pageSize: \"2M\" is not a page size | write it as 64KB, 2MB or 1GB",
     [](Spec& s) {
       limits(s).hugepage_limits = {{"2M", 1}};
     }},
    {"hugepages", "linux.resources.hugepageLimits[0].pageSize: \"../MB\" is not a page size | write it as 64KB, 2MB or 1GB",
     [](Spec& s) {
       limits(s).hugepage_limits = {{"../MB", 1}};
     }},
    {"hugepages", "linux.resources.hugepageLimits[1].pageSize: 2MB is given twice",
     [](Spec& s) {
       limits(s).hugepage_limits = {{"2MB", 1}, {"2MB", 2}};
     }},
    {"unified",
     "linux.resources.unified[\"../memory.max\"]: is not the name of a cgroup file | names have no '/', like memory.high",
     [](Spec& s) { limits(s).unified["../memory.max"] = "1"; }},
    {"unified", "linux.resources.unified[\"\"]: is not the name of a cgroup file | names have no '/', like memory.high",
     [](Spec& s) { limits(s).unified[""] = "1"; }},
    {"seccomp-words",
     "linux.seccomp.architectures[0]: unknown architecture \"x86_64\" | known are SCMP_ARCH_X86, SCMP_ARCH_X86_64, "
     "SCMP_ARCH_X32, SCMP_ARCH_ARM, SCMP_ARCH_AARCH64, SCMP_ARCH_MIPS, SCMP_ARCH_MIPS64, SCMP_ARCH_MIPS64N32, "
     "SCMP_ARCH_MIPSEL, SCMP_ARCH_MIPSEL64, SCMP_ARCH_MIPSEL64N32, SCMP_ARCH_PPC, SCMP_ARCH_PPC64, SCMP_ARCH_PPC64LE, "
     "SCMP_ARCH_S390, SCMP_ARCH_S390X, SCMP_ARCH_PARISC, SCMP_ARCH_PARISC64, SCMP_ARCH_RISCV64, SCMP_ARCH_LOONGARCH64, "
     "SCMP_ARCH_M68K, SCMP_ARCH_SH, SCMP_ARCH_SHEB",
     [](Spec& s) { filter(s).architectures = {"x86_64"}; }},
    {"seccomp-words",
     "linux.seccomp.flags[1]: unknown seccomp flag \"X\" | known are SECCOMP_FILTER_FLAG_TSYNC, SECCOMP_FILTER_FLAG_LOG, "
     "SECCOMP_FILTER_FLAG_SPEC_ALLOW, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
     [](Spec& s) {
       filter(s).flags = {"SECCOMP_FILTER_FLAG_LOG", "X"};
     }},
    {"seccomp-errno",
     "linux.seccomp.defaultErrnoRet: the action SCMP_ACT_ALLOW returns no errno | "
     "only SCMP_ACT_ERRNO and SCMP_ACT_TRACE take one",
     [](Spec& s) { filter(s).default_errno_ret = 1; }},
    {"seccomp-errno",
     "linux.seccomp.syscalls[0].errnoRet: the action SCMP_ACT_TRAP returns no errno | "
     "only SCMP_ACT_ERRNO and SCMP_ACT_TRACE take one",
     [](Spec& s) {
       add_rule(s, {{"x"}, SeccompAction::Trap, 1, {}});
     }},
    {"seccomp-errno", "linux.seccomp.syscalls[0].errnoRet: 4096 is out of range 0..4095",
     [](Spec& s) {
       add_rule(s, {{"x"}, SeccompAction::Errno, 4096, {}});
     }},
    {"seccomp-errno", "linux.seccomp.syscalls[0].errnoRet: 65536 is out of range 0..65535",
     [](Spec& s) {
       add_rule(s, {{"x"}, SeccompAction::Trace, 65536, {}});
     }},
    {"seccomp-notify",
     "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY cannot be the default | "
     "the runtime itself would wait for the agent; notify only the calls that need it",
     [](Spec& s) { filter(s).default_action = SeccompAction::Notify; }},
    {"seccomp-notify",
     "linux.seccomp.syscalls[0].action: SCMP_ACT_NOTIFY cannot be used for write | "
     "the runtime needs write to hand the listener over",
     [](Spec& s) {
       add_rule(s, {{"mkdir", "write"}, SeccompAction::Notify, {}, {}});
     }},
    {"seccomp-notify",
     "linux.seccomp.listenerPath: missing: a rule has the action SCMP_ACT_NOTIFY | name the socket of the seccomp agent",
     [](Spec& s) {
       add_rule(s, {{"mkdir"}, SeccompAction::Notify, {}, {}});
     }},
    {"seccomp-notify", "linux.seccomp.listenerMetadata: needs listenerPath",
     [](Spec& s) { filter(s).listener_metadata = "x"; }},
    {"seccomp-notify", "linux.seccomp.listenerPath: \"agent.sock\" is not an absolute path",
     [](Spec& s) { filter(s).listener_path = "agent.sock"; }},
    {"seccomp-rules", "linux.seccomp.syscalls[0].names: must name a system call",
     [](Spec& s) {
       add_rule(s, {{}, SeccompAction::Log, {}, {}});
     }},
    {"seccomp-rules", "linux.seccomp.syscalls[0].names[1]: must name a system call",
     [](Spec& s) {
       add_rule(s, {{"x", ""}, SeccompAction::Log, {}, {}});
     }},
    {"seccomp-rules", "linux.seccomp.syscalls[0].args[0].index: 6 is out of range 0..5",
     [](Spec& s) {
       add_rule(s, {{"x"}, SeccompAction::Log, {}, {SeccompArg{.index = 6}}});
     }},
    {"personality", "linux.personality.domain: unknown personality \"BSD\" | known are LINUX, LINUX32",
     [](Spec& s) {
       part(s).personality = Personality{"BSD", {}};
     }},
    {"personality",
     "linux.personality.flags[0]: unknown flag \"ADDR_NO_RANDOMIZE\" | the runtime specification defines no flags yet",
     [](Spec& s) {
       part(s).personality = Personality{"LINUX", {"ADDR_NO_RANDOMIZE"}};
     }},
    {"memory-policy",
     "linux.memoryPolicy.mode: unknown memory policy \"BIND\" | known are MPOL_DEFAULT, MPOL_PREFERRED, MPOL_BIND, "
     "MPOL_INTERLEAVE, MPOL_LOCAL, MPOL_PREFERRED_MANY, MPOL_WEIGHTED_INTERLEAVE",
     [](Spec& s) {
       part(s).memory_policy = MemoryPolicy{"BIND", "0", {}};
     }},
    {"memory-policy", "linux.memoryPolicy.nodes: must be empty for MPOL_LOCAL",
     [](Spec& s) {
       part(s).memory_policy = MemoryPolicy{"MPOL_LOCAL", "0", {}};
     }},
    {"memory-policy", "linux.memoryPolicy.nodes: missing: MPOL_BIND needs memory nodes | write them as \"0-1\"",
     [](Spec& s) {
       part(s).memory_policy = MemoryPolicy{"MPOL_BIND", "", {}};
     }},
    {"memory-policy", "linux.memoryPolicy.nodes: \"all\" is not a list of numbers and ranges | write it as \"0-3,7\"",
     [](Spec& s) {
       part(s).memory_policy = MemoryPolicy{"MPOL_BIND", "all", {}};
     }},
    {"memory-policy",
     "linux.memoryPolicy.flags[0]: unknown memory policy flag \"X\" | known are MPOL_F_STATIC_NODES, "
     "MPOL_F_RELATIVE_NODES, MPOL_F_NUMA_BALANCING",
     [](Spec& s) {
       part(s).memory_policy = MemoryPolicy{"MPOL_BIND", "0", {"X"}};
     }},
    {"memory-policy", "linux.memoryPolicy.flags: MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other",
     [](Spec& s) {
       part(s).memory_policy = MemoryPolicy{"MPOL_BIND", "0", {"MPOL_F_STATIC_NODES", "MPOL_F_RELATIVE_NODES"}};
     }},
    {"intel-rdt", "linux.intelRdt.closID: \"a/b\" is not the name of a directory",
     [](Spec& s) { part(s).intel_rdt.emplace().clos_id = "a/b"; }},
    {"intel-rdt", "linux.intelRdt.closID: \"..\" is not the name of a directory",
     [](Spec& s) { part(s).intel_rdt.emplace().clos_id = ".."; }},
    {"hooks", "hooks.prestart[0].path: missing", [](Spec& s) { s.hooks.prestart.resize(1); }},
    {"hooks", "hooks.createRuntime[0].path: \"x\" is not an absolute path",
     [](Spec& s) {
       s.hooks.create_runtime = {{"x", {}, {}, {}}};
     }},
    {"hooks", "hooks.createContainer[0].env[0]: \"A\" has no '=' | write it as NAME=value",
     [](Spec& s) {
       s.hooks.create_container = {{"/x", {}, std::vector<std::string>{"A"}, {}}};
     }},
    {"hooks", "hooks.startContainer[0].timeout: 0 is not a number of seconds greater than 0",
     [](Spec& s) {
       s.hooks.start_container = {{"/x", {}, {}, 0}};
     }},
    {"hooks", "hooks.poststart[1].timeout: -5 is not a number of seconds greater than 0",
     [](Spec& s) {
       s.hooks.poststart = {{"/x", {}, {}, 1}, {"/x", {}, {}, -5}};
     }},
    {"hooks", "hooks.poststop[0].path: missing", [](Spec& s) { s.hooks.poststop.resize(1); }},
    {"annotations", "annotations: a key is empty", [](Spec& s) { s.annotations[""] = "x"; }},
};

const Check& check_named(std::string_view name) {
  for (const Check& check : checks()) {
    if (check.name == name) return check;
  }
  throw Error(ErrorKind::Usage, "no check named " + std::string(name));
}

TEST(Validate, AcceptsASmallConfiguration) {
  EXPECT_EQ(refusal([] { validate(small_spec()); }), "nothing");
}

TEST(Validate, RefusesWithPathAndHint) {
  for (const Case& one : kCases) {
    Spec spec = small_spec();
    one.spoil(spec);
    EXPECT_EQ(refusal([&] { validate(spec); }), one.refusal);
    EXPECT_NE(refusal([&] { check_named(one.check).run(spec); }), "nothing") << one.check << ": " << one.refusal;
  }
}

TEST(Validate, HasACaseForEveryCheck) {
  std::set<std::string_view> missing;
  for (const Check& check : checks()) missing.insert(check.name);
  for (const Case& one : kCases) missing.erase(one.check);
  EXPECT_TRUE(missing.empty()) << *missing.begin();
}

TEST(Validate, SaysTheRuleOfEveryCheckOnce) {
  std::set<std::string_view> names, rules;
  for (const Check& check : checks()) {
    EXPECT_TRUE(names.insert(check.name).second) << check.name;
    EXPECT_TRUE(rules.insert(check.rule).second) << check.rule;
  }
  for (const ProcessCheck& check : process_checks()) EXPECT_TRUE(rules.insert(check.rule).second) << check.rule;
}

TEST(Validate, AcceptsEveryVersionOneOfTheSpecification) {
  for (const char* version :
       {"1.0.0", "1.0.0-rc1", "1.0.0-rc5-dev", "1.0.2-dev", "1.1.0+dev", "1.2.1", "1.3.0", "1.99.0-a.b+c.d"}) {
    Spec spec = small_spec();
    spec.oci_version = version;
    EXPECT_EQ(refusal([&] { validate(spec); }), "nothing") << version;
  }
}

TEST(Validate, AcceptsAContainerWithoutProcessOrLinux) {
  EXPECT_EQ(refusal([] { validate(read_config(R"({"ociVersion":"1.0.0","root":{"path":"r"}})")); }), "nothing");
}

TEST(Validate, AcceptsSysctlsOfOwnNamespacesInBothSpellings) {
  Spec spec = small_spec();
  map_ids(spec, {{0, 0, 1}}, {{0, 0, 1}});
  for (const char* key :
       {"net.ipv4.ip_forward", "net/ipv4/ip_forward", "net/ipv4/conf/eno2.100/forwarding", "net.ipv4.conf.eno2/100.forwarding",
        "kernel.shm_rmid_forced", "kernel/sem", "fs.mqueue.queues_max", "kernel.domainname", "user.max_user_namespaces"}) {
    spec.linux_->sysctl[key] = "1";
  }
  EXPECT_EQ(refusal([&] { validate(spec); }), "nothing");
}

TEST(Validate, AcceptsMapsTogetherWithAPath) {
  Spec spec = small_spec();
  map_ids(spec, {{0, 1000, 1}}, {{0, 1000, 1}});
  join(spec, NamespaceType::User, "/proc/1/ns/user");
  EXPECT_EQ(refusal([&] { validate(spec); }), "nothing");
  spec.linux_->uid_mappings.clear();
  spec.linux_->gid_mappings.clear();
  EXPECT_EQ(refusal([&] { validate(spec); }), "nothing");
}

TEST(Validate, AcceptsTheLargestMaps) {
  Spec spec = small_spec();
  std::vector<IdMapping> many;
  for (std::uint32_t i = 0; i < 340; ++i) many.push_back({2 * i, 2 * i, 1});
  map_ids(spec, many, {{0, 0, 4294967295u}});
  EXPECT_EQ(refusal([&] { validate(spec); }), "nothing");
}

TEST(Validate, AcceptsRelativeMountDestinations) {
  Spec spec = small_spec();
  spec.mounts = {{"proc", "proc", "proc", {}, {}, {}}};
  EXPECT_EQ(refusal([&] { validate(spec); }), "nothing");
}

TEST(Validate, AcceptsTheSameDeviceTwice) {
  Spec spec = small_spec();
  spec.linux_->devices = {Device{.path = "/dev/fuse", .major = 10, .minor = 229},
                          Device{.path = "/dev/fuse", .major = 10, .minor = 229}};
  EXPECT_EQ(refusal([&] { validate(spec); }), "nothing");
}

TEST(ValidateResources, NamesPathsFromItsPrefix) {
  Resources resources;
  resources.cpu.emplace().idle = 7;
  EXPECT_EQ(refusal([&] { validate_resources(resources); }), "cpu.idle: 7 is neither 0 nor 1");
  EXPECT_EQ(refusal([&] { validate_resources(resources, "a"); }), "a.cpu.idle: 7 is neither 0 nor 1");
}

}  // namespace
}  // namespace caisson::spec
