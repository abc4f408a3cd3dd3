// Whole plans in words, compared with tests/unit/plan/golden. UPDATE_GOLDEN=1 writes these files anew.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/text.hpp"
#include "plan/describe.hpp"
#include "sys/file.hpp"
#include "unit/plan/machines.hpp"

namespace caisson::plan {
namespace {

using spec::NamespaceType;

// Filters differ with the architecture, and their length with every improvement of their compilers.
std::string without_lengths(std::string text) {
  constexpr std::string_view kWord = " instructions";
  for (std::size_t at = text.find(kWord); at != std::string::npos; at = text.find(kWord, at + kWord.size())) {
    const std::size_t begin = text.find_last_not_of("0123456789", at - 1) + 1;
    text.replace(begin, at - begin, "N");
    at = begin;
  }
  return text;
}

void expect_golden(const std::string& name, const Plan& plan) {
  const std::string path = text::join(CAISSON_TEST_DATA, "/golden/", name, ".txt");
  const std::string got = without_lengths(describe(plan));
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    const sys::UniqueFd file =
        sys::open_at(sys::kCwd, path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644).or_throw("open ", path);
    sys::write_full(file.borrow(), got).or_throw("write ", path);
    return;
  }
  EXPECT_EQ(got, sys::read_file(sys::kCwd, path.c_str()).or_throw("read ", path)) << "UPDATE_GOLDEN=1 writes it anew";
}

TEST(PlanInWords, OfTheDefaultConfigurationOnPureV2) {
  expect_golden("root_v2", make_plan(spec::default_spec(), root_on(pure_v2()), web()));
}

TEST(PlanInWords, OfTheDefaultConfigurationOnV1) {
  expect_golden("root_v1", make_plan(spec::default_spec(), root_on(only_v1()), web()));
}

TEST(PlanInWords, OfTheDefaultConfigurationOnAHybridMachine) {
  expect_golden("root_hybrid", make_plan(spec::default_spec(), root_on(hybrid()), web()));
}

TEST(PlanInWords, OfARootlessContainerWithItsUserAlone) {
  expect_golden("rootless_single", make_plan(rootless_spec(), ordinary_user(), web()));
}

TEST(PlanInWords, OfARootlessContainerWithRanges) {
  spec::Spec spec = rootless_spec();
  spec.linux_->uid_mappings = {{0, 1000, 1}, {1, 100000, 65536}};
  spec.linux_->gid_mappings = {{0, 1001, 1}, {1, 100000, 65536}};
  spec.process->user.additional_gids = {10, 20};
  expect_golden("rootless_ranges", make_plan(spec, ordinary_user(), web()));
}

TEST(PlanInWords, OfAContainerInAnotherUserNamespace) {
  spec::Spec spec = spec::default_spec();
  namespace_in(spec, NamespaceType::User).path = "/proc/4711/ns/user";
  namespace_in(spec, NamespaceType::Network).path = "/run/netns/blue";
  expect_golden("joined_user", make_plan(spec, root_on(pure_v2()), web()));
}

TEST(PlanInWords, OfATimeNamespaceWithOffsets) {
  spec::Spec spec = spec::default_spec();
  namespace_in(spec, NamespaceType::Time);
  spec.linux_->time_offsets = {{"monotonic", {3600, 0}}, {"boottime", {-2, 500'000'000}}};
  expect_golden("time_offsets", make_plan(spec, root_on(pure_v2()), web()));
}

TEST(PlanInWords, OfAContainerWithoutAMountNamespace) {
  spec::Spec spec = spec::default_spec();
  share(spec, NamespaceType::Mount);
  spec.mounts.clear();
  spec.root->readonly = false;
  spec.process->terminal = false;
  spec.linux_->masked_paths.clear();
  spec.linux_->readonly_paths.clear();
  expect_golden("no_mount_namespace", make_plan(spec, root_on(pure_v2()), web()));
}

TEST(PlanInWords, OfAFilterWithNewPrivilegesForbidden) {
  spec::Spec spec = spec::default_spec();
  spec.linux_->seccomp = forbid_reboot();
  expect_golden("seccomp_last", make_plan(spec, root_on(pure_v2()), web()));
}

TEST(PlanInWords, OfAFilterWithNewPrivilegesAllowed) {
  spec::Spec spec = spec::default_spec();
  spec.linux_->seccomp = forbid_reboot();
  spec.process->no_new_privileges = false;
  expect_golden("seccomp_early", make_plan(spec, root_on(pure_v2()), web()));
}

TEST(PlanInWords, OfHooksOfEveryKind) {
  spec::Spec spec = spec::default_spec();
  const auto hook = [](std::string path) {
    return std::vector<spec::Hook>{{.path = std::move(path), .args = {}, .env = {}, .timeout = {}}};
  };
  spec.hooks = {.prestart = hook("/hook/prestart"),
                .create_runtime = hook("/hook/create-runtime"),
                .create_container = hook("/hook/create-container"),
                .start_container = hook("/hook/start-container"),
                .poststart = hook("/hook/poststart"),
                .poststop = hook("/hook/poststop")};
  expect_golden("hooks", make_plan(spec, root_on(pure_v2()), web()));
}

TEST(PlanInWords, OfAnInitWithoutATerminal) {
  spec::Spec spec = spec::default_spec();
  spec.process->terminal = false;
  spec.process->args = {"/bin/server", "--port", "80"};
  spec.process->user = {.uid = 33, .gid = 34, .umask = {}, .additional_gids = {4, 5}};
  spec.process->cwd = "/srv";
  spec.domainname = "example";
  spec.linux_->sysctl = {{"net.ipv4.ip_forward", "1"}, {"net/ipv4/conf/eth0.100/rp_filter", "2"}};
  Request request = web();
  request.payload = PayloadMode::BelowInit;
  request.pivot = PivotMode::MoveAndChroot;
  request.keyring = KeyringMode::KeepCallers;
  expect_golden("init_no_pivot", make_plan(spec, root_on(pure_v2()), request));
}

}  // namespace
}  // namespace caisson::plan
