#include "lifecycle/sub_cgroup.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::lifecycle {
namespace {

[[noreturn]] void refuse(std::string_view value, std::string_view why) {
  throw Error(ErrorKind::Usage, text::join("--cgroup ", text::quoted(value), ": ", why))
      .with_hint("write one PATH for every hierarchy, or CONTROLLER[,CONTROLLER]:PATH, several times");
}

void refuse_way_up(const SubCgroup& one) {
  for (const std::string_view part : text::split(one.path, '/'))
    if (part == "..")
      throw Error(ErrorKind::Usage, text::join("--cgroup: ", one.path, " is not a sub cgroup path"))
          .with_hint("the path begins at the container's own cgroup and leads down from there");
}

SubCgroup parse_one(std::string_view value) {
  const std::size_t colon = value.find(':');
  if (colon == std::string_view::npos) return {.controllers = {}, .path = std::string(value)};
  SubCgroup one{.controllers = {}, .path = std::string(value.substr(colon + 1))};
  for (const std::string_view name : text::split(value.substr(0, colon), ',')) {
    if (name.empty()) refuse(value, "a controller has no name");
    one.controllers.emplace_back(name);
  }
  if (one.controllers.empty()) refuse(value, "a controller has no name");
  return one;
}

void append(cgroup::Place& place, const std::string& path) {
  const std::string clean = text::clean_path("/" + path);
  if (clean == "/") return;
  place.path += place.path.empty() ? clean.substr(1) : clean;
}

}  // namespace

std::vector<SubCgroup> parse_sub_cgroups(std::span<const std::string_view> values) {
  std::vector<SubCgroup> all;
  std::vector<std::string> named;
  for (const std::string_view value : values) {
    all.push_back(parse_one(value));
    refuse_way_up(all.back());
    if (all.back().controllers.empty() && values.size() > 1) refuse(value, "a path for every hierarchy stands alone");
    for (const std::string& name : all.back().controllers) {
      if (std::ranges::find(named, name) != named.end()) refuse(value, text::join("controller ", name, " has a path already"));
      named.push_back(name);
    }
  }
  return all;
}

std::vector<cgroup::Place> places_below(std::vector<cgroup::Place> places, std::span<const SubCgroup> wanted) {
  std::vector<std::optional<std::string>> chosen(places.size());
  for (const SubCgroup& one : wanted) {
    if (one.controllers.empty())
      for (cgroup::Place& place : places) append(place, one.path);
    for (const std::string& name : one.controllers) {
      const auto found = std::ranges::find_if(places, [&](const cgroup::Place& place) { return place.has_controller(name); });
      if (found == places.end())
        throw Error(ErrorKind::Usage, text::join("--cgroup: the container has no cgroup of controller ", name))
            .with_hint("cgroup v2 has one hierarchy for all controllers: write the path alone");
      std::optional<std::string>& path = chosen[static_cast<std::size_t>(found - places.begin())];
      if (path && *path != one.path)
        throw Error(ErrorKind::Usage, text::join("--cgroup: the controllers ", found->controllers, " are one hierarchy, but ",
                                                 *path, " and ", one.path, " are asked for"));
      if (!path) append(*found, one.path);
      path = one.path;
    }
  }
  return places;
}

void require_existing(std::span<const cgroup::Place> places) {
  for (const cgroup::Place& place : places) {
    const auto directory = cgroup::open_place(place);
    if (directory.ok()) continue;
    throw Error(ErrorKind::Host, text::join("--cgroup: open cgroup ", place.directory()), directory.err())
        .with_hint("it must exist already, in every hierarchy that is meant");
  }
}

}  // namespace caisson::lifecycle
