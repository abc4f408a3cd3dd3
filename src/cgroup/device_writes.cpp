// Device tables as lines for devices.allow and devices.deny of cgroup v1. There the kernel keeps a default and a list of
// exceptions to it; a request is granted by one exception that holds all its letters, or refused by one that holds any.
#include "base/error.hpp"
#include "base/text.hpp"
#include "cgroup/device_table.hpp"

namespace caisson::cgroup {
namespace {

struct Letters {
  char type;
  const std::vector<DeviceBox>& boxes;
};

std::string number(std::uint32_t value) { return value == kAnyNumber ? std::string("*") : text::join(value); }

std::string line_of(char type, const DeviceBox& box, std::uint8_t access) {
  std::string letters;
  if (access & kAccessRead) letters += 'r';
  if (access & kAccessWrite) letters += 'w';
  if (access & kAccessMknod) letters += 'm';
  return text::join(type, " ", number(box.major), ":", number(box.minor), " ", letters);
}

[[noreturn]] void refuse(char type, const DeviceBox& inner, const DeviceBox& outer) {
  throw Error(ErrorKind::Host,
              text::join("linux.resources.devices: cgroup v1 cannot except ", type, " ", number(inner.major), ":",
                         number(inner.minor), " from the wider rule for ", number(outer.major), ":", number(outer.minor)))
      .with_hint("name the devices one by one, or boot with cgroup v2 only");
}

bool meets(std::uint32_t a, std::uint32_t b) { return a == b || a == kAnyNumber || b == kAnyNumber; }

// The kernel adds exceptions up, so wherever two boxes meet, what the closest one says must include what each says.
// `exceptions` of a box are the letters that differ from the default.
void refuse_holes(const Letters& letters, const DeviceTable& table, bool default_allow) {
  const auto exceptions = [&](std::uint8_t access) -> unsigned { return default_allow ? kAccessAll & ~access : access; };
  const spec::DeviceType type = letters.type == 'b' ? spec::DeviceType::Block : spec::DeviceType::Char;
  for (const DeviceBox& a : letters.boxes)
    for (const DeviceBox& b : letters.boxes) {
      if (!meets(a.major, b.major) || !meets(a.minor, b.minor)) continue;
      const DeviceBox both{std::min(a.major, b.major), std::min(a.minor, b.minor), 0};  // "any" is the largest number
      const unsigned said = exceptions(table.allowed(type, both.major, both.minor));
      if ((exceptions(b.access) & ~said) != 0) refuse(letters.type, a, b);
    }
}

}  // namespace

std::vector<DeviceWrite> v1_device_writes(const DeviceTable& table) {
  const bool default_allow = table.characters[0].access == kAccessAll && table.blocks[0].access == kAccessAll;
  std::vector<DeviceWrite> writes{{default_allow, "a"}};
  for (const Letters& letters : {Letters{'c', table.characters}, Letters{'b', table.blocks}}) {
    refuse_holes(letters, table, default_allow);
    for (const DeviceBox& box : letters.boxes) {
      const auto access = static_cast<std::uint8_t>(default_allow ? kAccessAll & ~box.access : box.access);
      if (access != 0) writes.push_back({!default_allow, line_of(letters.type, box, access)});
    }
  }
  return writes;
}

}  // namespace caisson::cgroup
