// Services as PID 1 gets them: names of users looked up, policies and signals as numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/service_plan.hpp"
#include "service/wish.hpp"
#include "spec/spec.hpp"

namespace caisson::service {

struct Around {
  const spec::Process& process;  // of the container: what services have unless they say otherwise
  std::string passwd, group;     // of its root
};

// wishes: in their order. ends_with: all, first, or a name. Throws Error{Usage}.
plan::ServicesPlan plan_services(const std::vector<Wish>& wishes, std::string_view ends_with, const Around& around);

// A process like the service's own: for exec.
void apply(spec::Process& process, const Wish& wish, const Around& around);

}  // namespace caisson::service
