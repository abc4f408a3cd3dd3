// From the options of `caisson run` to a container that can be made.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/caisson/net_wish.hpp"
#include "app/caisson/run_network.hpp"
#include "app/options.hpp"
#include "inspect/target.hpp"
#include "lifecycle/new_container.hpp"
#include "ns/join.hpp"
#include "request/run_wish.hpp"
#include "sys/root_dir.hpp"

namespace caisson::app::human {

// Empty for a file that cannot be read.
std::string text_of_file(const sys::RootDir& root, const char* path);

struct RunContainer {
  std::vector<ns::OpenNamespace> joined;  // open until the container has joined them by their paths in /proc/self/fd
  NetWish net;
  std::unique_ptr<RunNetwork> network;  // none: loopback only, or somebody else's
  lifecycle::ContainerWish wish;
};
RunContainer run_container(const Parsed& line, request::RunWish wish, const inspect::Places& places);

// Addresses, ports and files for it, which go with `made` unless they are left to others. Throws Error when one is taken.
void take_network(RunContainer& made, const std::string& state_root, LogSink& log, const std::string& id);

}  // namespace caisson::app::human
