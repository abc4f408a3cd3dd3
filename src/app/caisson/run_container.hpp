// From the options of `caisson run` to a container that can be made.
#pragma once

#include <string>
#include <vector>

#include "app/options.hpp"
#include "lifecycle/new_container.hpp"
#include "ns/join.hpp"
#include "request/run_wish.hpp"

namespace caisson::app::human {

struct RunContainer {
  std::vector<ns::OpenNamespace> joined;  // open until the container has joined them by their paths in /proc/self/fd
  lifecycle::ContainerWish wish;
};
RunContainer run_container(const Parsed& line, request::RunWish wish, const std::string& state_root);

}  // namespace caisson::app::human
