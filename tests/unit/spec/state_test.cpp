#include "spec/state.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "json/document.hpp"

namespace caisson::spec {
namespace {

State running() {
  return {.oci_version = "1.3.0",
          .id = "web",
          .status = "running",
          .pid = 4422,
          .bundle = "/containers/web",
          .rootfs = "/containers/web/rootfs",
          .created = "2026-01-02T03:04:05.123456789Z",
          .annotations = {{"a", "1/2"}},
          .owner = ""};
}

TEST(WriteState, LooksAsRuncPrintsIt) {
  EXPECT_EQ(write_state(running()),
            "{\n  \"ociVersion\": \"1.3.0\",\n  \"id\": \"web\",\n  \"pid\": 4422,\n  \"status\": \"running\",\n"
            "  \"bundle\": \"/containers/web\",\n  \"rootfs\": \"/containers/web/rootfs\",\n"
            "  \"created\": \"2026-01-02T03:04:05.123456789Z\",\n  \"annotations\": {\n    \"a\": \"1/2\"\n  },\n"
            "  \"owner\": \"\"\n}");
}

TEST(WriteState, SaysPidZeroWhenStopped) {
  State state = running();
  state.status = "stopped";
  state.pid = 0;
  state.annotations.clear();
  const json::Document document(write_state(state));
  EXPECT_EQ(document.root()["pid"].integer<int>(), 0);
  EXPECT_FALSE(document.root()["annotations"].present());
}

TEST(WriteHookState, IsOneLineWithoutEscapedSlashes) {
  EXPECT_EQ(
      write_hook_state(running()),
      R"({"ociVersion":"1.3.0","id":"web","status":"running","pid":4422,"bundle":"/containers/web","annotations":{"a":"1/2"}})");
}

TEST(WriteHookState, LeavesOutWhatIsNotThere) {
  State state = running();
  state.pid = 0;
  state.annotations.clear();
  EXPECT_EQ(write_hook_state(state), R"({"ociVersion":"1.3.0","id":"web","status":"running","bundle":"/containers/web"})");
}

TEST(WriteStateList, IsNullWhenThereIsNone) { EXPECT_EQ(write_state_list({}), "null"); }

TEST(WriteStateList, IsAnArrayWithOwners) {
  State second = running();
  second.id = "db";
  second.owner = "root";
  second.annotations.clear();
  EXPECT_EQ(write_state_list(std::vector{second}),
            R"([{"ociVersion":"1.3.0","id":"db","pid":4422,"status":"running","bundle":"/containers/web",)"
            R"("rootfs":"/containers/web/rootfs","created":"2026-01-02T03:04:05.123456789Z","owner":"root"}])");
  EXPECT_EQ(json::Document(write_state_list(std::vector{second, second})).root().array_size(), 2u);
}

TEST(WriteContainerProcessState, NamesTheDescriptorForTheAgent) {
  EXPECT_EQ(write_container_process_state({.pid = 7, .metadata = "m", .state = running()}),
            R"({"ociVersion":"1.3.0","fds":["seccompFd"],"pid":7,"metadata":"m","state":{"ociVersion":"1.3.0","id":"web",)"
            R"("status":"running","pid":4422,"bundle":"/containers/web","annotations":{"a":"1/2"}}})");
}

}  // namespace
}  // namespace caisson::spec
