// exec --cgroup: cgroups below the container's own for one further process, as runc writes them. One path for every hierarchy,
// or CONTROLLER[,CONTROLLER]:PATH for the hierarchies of these controllers. They have to exist already.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cgroup/place.hpp"

namespace caisson::lifecycle {

struct SubCgroup {
  std::vector<std::string> controllers;  // empty: every hierarchy
  std::string path;
};

// Throws Error{Usage} for an empty controller, one that is named twice, and a path for all beside others.
std::vector<SubCgroup> parse_sub_cgroups(std::span<const std::string_view> values);

// The container's places, those that `wanted` names replaced by the directories below them. Pure; a path never leads out of the
// container's cgroup. Throws Error{Usage} for a controller that no place has, and where one hierarchy would get two paths.
std::vector<cgroup::Place> places_below(std::vector<cgroup::Place> places, std::span<const SubCgroup> wanted);

// Throws for a place that is not there.
void require_existing(std::span<const cgroup::Place> places);

}  // namespace caisson::lifecycle
