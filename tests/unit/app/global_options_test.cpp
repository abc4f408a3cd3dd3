#include "app/caisson_oci/global_options.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "app/caisson_oci/create_request.hpp"
#include "app/caisson_oci/grammar.hpp"
#include "base/error.hpp"

namespace caisson::app::oci {
namespace {

Parsed parse_words(const std::vector<const char*>& words) {
  Parsed out;
  parse(grammar(), words, out);
  return out;
}

LogOptions log_of(const std::vector<const char*>& words) { return log_options(parse_words(words), "p"); }
lifecycle::Context context(const std::vector<const char*>& words) { return context_of(parse_words(words).global, "p"); }

TEST(GlobalOptions, KeepOneErrorInAJsonLogThatIsReadAsOneObject) {
  EXPECT_TRUE(log_of({"--log", "/tmp/l", "--log-format", "json", "create", "x"}).only_errors_in_file);
  EXPECT_TRUE(log_of({"--log", "/tmp/l", "--log-format=json", "exec", "x", "y"}).only_errors_in_file);
  EXPECT_FALSE(log_of({"--log", "/tmp/l", "--log-format", "json", "delete", "x"}).only_errors_in_file);
  EXPECT_FALSE(log_of({"--log", "/tmp/l", "create", "x"}).only_errors_in_file);
  EXPECT_FALSE(log_of({"--debug", "--log", "/tmp/l", "--log-format", "json", "create", "x"}).only_errors_in_file);
}

TEST(GlobalOptions, RefuseALogThatCannotBe) {
  EXPECT_THROW(log_of({"--log", "/no/such/directory/l", "list"}), Error);
  EXPECT_THROW(log_of({"--log-format", "xml", "list"}), Error);
  EXPECT_THROW(log_of({"--log-level", "loud", "list"}), Error);
  EXPECT_EQ(log_of({"--log-level", "error", "list"}).most, LogLevel::Error);
  EXPECT_EQ(log_of({"--debug", "list"}).most, LogLevel::Debug);
}

TEST(GlobalOptions, MakeTheRootAbsoluteAndRefuseTheWholeMachine) {
  EXPECT_EQ(context({"--root", "/a/./b//c/", "list"}).state_root, "/a/b/c");
  EXPECT_TRUE(context({"--root", "a", "list"}).state_root.starts_with('/'));
  for (const char* root : {"/", "//", "/.", "/a/..", ""}) EXPECT_THROW(context({"--root", root, "list"}), Error) << root;
}

TEST(GlobalOptions, ChooseWhoMakesTheCgroup) {
  EXPECT_EQ(context({"list"}).cgroup_manager, cgroup::Driver::Cgroupfs);
  EXPECT_EQ(context({"--systemd-cgroup", "list"}).cgroup_manager, cgroup::Driver::Systemd);
  EXPECT_EQ(context({"--cgroup-manager", "disabled", "list"}).cgroup_manager, cgroup::Driver::Disabled);
  EXPECT_EQ(context({"--systemd-cgroup", "--cgroup-manager=cgroupfs", "list"}).cgroup_manager, cgroup::Driver::Cgroupfs);
  EXPECT_THROW(context({"--cgroup-manager", "openrc", "list"}), Error);
  EXPECT_THROW(context({"--rootless", "sometimes", "list"}), Error);
}

TEST(CreateRequest, HasOnlyAbsolutePaths) {
  const Parsed parsed = parse_words({"create", "-b", "b", "--pid-file", "p", "--console-socket", "s", "--preserve-fds=3", "x"});
  const lifecycle::CreateRequest request = create_request(parsed.options, "x");
  EXPECT_TRUE(request.bundle.starts_with('/') && request.bundle.ends_with("/b"));
  EXPECT_TRUE(request.pid_file.starts_with('/') && request.pid_file.ends_with("/p"));
  EXPECT_TRUE(request.console_socket.starts_with('/'));
  EXPECT_EQ(request.config_path, "");
  EXPECT_EQ(request.preserve_fds, 3U);
  const Parsed plain = parse_words({"create", "x"});
  EXPECT_FALSE(create_request(plain.options, "x").bundle.ends_with('.'));
}

}  // namespace
}  // namespace caisson::app::oci
