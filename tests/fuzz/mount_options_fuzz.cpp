// F8 and F9: mount options through the table and the plan, and the same bytes as mountinfo. Both may refuse by Error only; what
// they accept has to hold what the rest of the runtime relies on.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "mount/mount_step.hpp"
#include "mount/mountinfo.hpp"

namespace {

using caisson::Error;

void require(bool holds) {
  if (!holds) std::abort();
}

void plan(const std::vector<std::string_view>& parts) {
  caisson::spec::Mount mount;
  if (!parts.empty()) mount.destination = parts[0];
  if (parts.size() > 1) mount.type = parts[1];
  if (parts.size() > 2) mount.source = parts[2];
  for (std::size_t i = 3; i < parts.size(); ++i) mount.options.emplace_back(parts[i]);
  const caisson::mount::Options options = caisson::mount::parse_options(mount.options);
  require((options.mount.set & options.mount.clear & ~caisson::sys::abi::kMountAttrAtimeMask) == 0);
  for (const unsigned long flags : options.propagation) require(!caisson::mount::propagation_name(flags).empty());
  caisson::mount::MountContext context{.bundle = "/b", .user_namespace = mount.options.size() % 2 == 1};
  for (const auto& step : caisson::mount::plan_mount(mount, 0, context)) {
    require(step.destination.size() > 1 && step.destination.front() == '/');
    require(step.destination.find("/../") == std::string::npos && !step.destination.ends_with("/.."));
    require(step.kind != caisson::mount::StepKind::Bind || step.data.empty());
    require(!caisson::mount::describe(step).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    plan(caisson::text::split(text, ' '));
  } catch (const Error&) {
  }
  try {
    for (const auto& mount : caisson::mount::parse_mountinfo(text)) require(!propagation_of_mount(mount).empty());
  } catch (const Error&) {
  }
  return 0;
}
