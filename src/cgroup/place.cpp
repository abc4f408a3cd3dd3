#include "cgroup/place.hpp"

#include <algorithm>

namespace caisson::cgroup {

bool Place::has_controller(std::string_view name) const noexcept {
  for (std::string_view rest = controllers; !rest.empty();) {
    const std::size_t comma = rest.find(',');
    if (rest.substr(0, comma) == name) return true;
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return false;
}

bool have_cpus_of_their_own(std::span<const Place> places) noexcept {
  const bool only_v2 = !places.empty() && std::ranges::all_of(places, &Place::is_v2);
  return only_v2 || std::ranges::any_of(places, [](const Place& place) { return place.has_controller("cpuset"); });
}

sys::SysResult<sys::UniqueFd> open_below(sys::BorrowedFd mount, const char* path) noexcept {
  using namespace sys::abi;
  return sys::open_at2(mount, path,
                       {.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
                        .resolve = kResolveBeneath | kResolveNoMagiclinks | kResolveNoXdev | kResolveNoSymlinks});
}

sys::SysResult<sys::UniqueFd> open_place(const Place& place) noexcept {
  const bool is_mount = place.path.empty();
  auto mount = sys::open_at(sys::kCwd, place.mount_point.c_str(), (is_mount ? O_RDONLY : O_PATH) | O_DIRECTORY);
  if (!mount.ok() || is_mount) return mount;
  return open_below(mount.value().borrow(), place.path.c_str());
}

}  // namespace caisson::cgroup
