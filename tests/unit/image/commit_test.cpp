#include "image/commit.hpp"

#include <gtest/gtest.h>

namespace caisson::image {
namespace {

constexpr std::string_view kLow = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
constexpr std::string_view kNew = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

std::string below(std::string_view inner) {
  return R"({"architecture":"amd64","os":"linux","created":"2020-01-01T00:00:00Z","config":)" + std::string(inner) +
         R"(,"rootfs":{"type":"layers","diff_ids":[")" + std::string(kLow) +
         R"("]},"history":[{"created_by":"x"}],"odd":true})";
}
std::string committed(std::string_view inner, const ConfigChanges& changes) {
  return committed_config(below(inner), Digest::parse(kNew), changes, "2026-01-01T00:00:00Z");
}

TEST(CommittedConfig, HasOneLayerMoreAndKeepsWhatItDoesNotKnow) {
  EXPECT_EQ(committed(R"({"Cmd":["sh"],"Healthcheck":{"Test":["x"]}})", {}),
            R"({"architecture":"amd64","os":"linux","odd":true,"created":"2026-01-01T00:00:00Z",)"
            R"("config":{"Cmd":["sh"],"Healthcheck":{"Test":["x"]}},"rootfs":{"type":"layers","diff_ids":[")" +
                std::string(kLow) + R"(",")" + std::string(kNew) +
                R"("]},"history":[{"created_by":"x"},{"created":"2026-01-01T00:00:00Z","created_by":"caisson commit"}]})");
}

TEST(CommittedConfig, ReplacesVariablesAndLabelsByName) {
  const std::string text = committed(R"({"Env":["A=1","AB=2"],"Labels":{"k":"1","kk":"2"}})", {.entrypoint = {},
                                                                                               .cmd = {},
                                                                                               .user = {},
                                                                                               .workdir = {},
                                                                                               .env = {"A=x=y", "C=", "C=3"},
                                                                                               .labels = {"k=new", "k=newer"},
                                                                                               .author = {},
                                                                                               .message = {}});
  EXPECT_NE(text.find(R"("Env":["A=x=y","AB=2","C=3"])"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("Labels":{"kk":"2","k":"newer"})"), std::string::npos) << text;
}

TEST(CommittedConfig, AddsVolumesAndPortsToThoseThatAreThere) {
  ConfigChanges changes;
  changes.volumes = {"/b", "/a", "/b"};
  changes.ports = {"80/tcp", "53/udp"};
  changes.stop_signal = "USR1";
  const std::string text =
      committed(R"({"Volumes":{"/a":{},"/c":{}},"ExposedPorts":{"80/tcp":{}},"StopSignal":"INT"})", changes);
  EXPECT_NE(text.find(R"("Volumes":{"/a":{},"/b":{},"/c":{}})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("ExposedPorts":{"53/udp":{},"80/tcp":{}})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("StopSignal":"USR1")"), std::string::npos) << text;
  EXPECT_EQ(text.find("INT"), std::string::npos) << text;
}

TEST(CommittedConfig, TakesTheCommandAwayWithAnotherEntryPoint) {
  const std::string text =
      committed(R"({"Entrypoint":["a"],"Cmd":["b"],"Labels":null})", {.entrypoint = std::vector<std::string>{"c"},
                                                                      .cmd = {},
                                                                      .user = "u",
                                                                      .workdir = "/w",
                                                                      .env = {},
                                                                      .labels = {},
                                                                      .author = "me",
                                                                      .message = "why"});
  EXPECT_NE(text.find(R"("config":{"Labels":null,"Entrypoint":["c"],"User":"u","WorkingDir":"/w"})"), std::string::npos)
      << text;
  EXPECT_NE(text.find(R"("author":"me","comment":"why"})"), std::string::npos) << text;
}

}  // namespace
}  // namespace caisson::image
