#include "cgroup/device_table.hpp"

#include <algorithm>
#include <tuple>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::cgroup {
namespace {

using spec::DeviceRule;
using spec::DeviceType;

constexpr std::size_t kMaxBoxes = 8192;  // keeps a program within the range of its jumps

struct Rule {
  bool allow, characters, blocks;
  std::uint32_t major, minor;
  std::uint8_t access;
};

std::uint8_t read_access(const DeviceRule& rule, std::size_t index) {
  std::uint8_t access = 0;
  for (const char letter : rule.access) {
    const std::uint8_t bit = letter == 'r' ? kAccessRead : letter == 'w' ? kAccessWrite : letter == 'm' ? kAccessMknod : 0;
    if (bit == 0)
      throw Error(ErrorKind::Spec, text::join("linux.resources.devices[", index, "].access: ", text::quoted(rule.access),
                                              " holds a letter other than r, w and m"));
    access |= bit;
  }
  return access == 0 ? kAccessAll : access;
}

std::uint32_t read_number(std::optional<std::int64_t> number, std::size_t index, std::string_view field) {
  if (!number || *number == -1) return kAnyNumber;  // -1 is how runc's own structures say "any"
  if (*number < 0 || *number >= kAnyNumber)
    throw Error(ErrorKind::Spec, text::join("linux.resources.devices[", index, "].", field, ": ", *number, " is out of range"));
  return static_cast<std::uint32_t>(*number);
}

Rule read_rule(const DeviceRule& rule, std::size_t index) {
  if (rule.type == DeviceType::Fifo)
    throw Error(ErrorKind::Spec, text::join("linux.resources.devices[", index, "].type: a fifo cannot be limited"));
  return {.allow = rule.allow,
          .characters = rule.type != DeviceType::Block,
          .blocks = rule.type == DeviceType::Block || rule.type == DeviceType::All,
          .major = read_number(rule.major, index, "major"),
          .minor = read_number(rule.minor, index, "minor"),
          .access = read_access(rule, index)};
}

bool covers(std::uint32_t wide, std::uint32_t narrow) { return wide == kAnyNumber || wide == narrow; }

// What the rules say about a device that lies in this box and in no narrower one.
std::uint8_t decide(const std::vector<Rule>& rules, std::uint32_t major, std::uint32_t minor) {
  std::uint8_t allowed = 0, undecided = kAccessAll;
  for (auto rule = rules.rbegin(); rule != rules.rend() && undecided != 0; ++rule) {
    if (!covers(rule->major, major) || !covers(rule->minor, minor)) continue;
    if (rule->allow) allowed = static_cast<std::uint8_t>(allowed | (undecided & rule->access));
    undecided &= static_cast<std::uint8_t>(~rule->access);
  }
  return allowed;
}

std::uint8_t look_up(const std::vector<DeviceBox>& boxes, std::uint32_t major, std::uint32_t minor) noexcept {
  const DeviceBox* best = &boxes.front();
  int best_rank = 0;
  for (const DeviceBox& box : boxes) {
    if (!covers(box.major, major) || !covers(box.minor, minor)) continue;
    const int rank = (box.major != kAnyNumber ? 2 : 0) + (box.minor != kAnyNumber ? 1 : 0);
    if (rank > best_rank) best = &box, best_rank = rank;
  }
  return best->access;
}

int specificity(const DeviceBox& box) { return (box.major != kAnyNumber ? 1 : 0) + (box.minor != kAnyNumber ? 1 : 0); }

// Every box a rule names, and the single devices where a wildcard of majors crosses a wildcard of minors.
std::vector<DeviceBox> boxes_of(const std::vector<Rule>& rules) {
  std::vector<DeviceBox> boxes;
  for (const Rule& rule : rules) {
    boxes.push_back({rule.major, rule.minor, 0});
    if (rule.major == kAnyNumber || rule.minor != kAnyNumber) continue;
    for (const Rule& other : rules)
      if (other.major == kAnyNumber && other.minor != kAnyNumber) boxes.push_back({rule.major, other.minor, 0});
    if (boxes.size() > 4 * kMaxBoxes) break;
  }
  const auto order = [](const DeviceBox& a, const DeviceBox& b) {
    return std::tuple(specificity(a), a.major, a.minor) < std::tuple(specificity(b), b.major, b.minor);
  };
  std::ranges::sort(boxes, order);
  const auto repeats = [](const DeviceBox& a, const DeviceBox& b) { return a.major == b.major && a.minor == b.minor; };
  boxes.erase(std::unique(boxes.begin(), boxes.end(), repeats), boxes.end());
  if (boxes.size() > kMaxBoxes)
    throw Error(ErrorKind::Host, text::join("linux.resources.devices: more than ", kMaxBoxes, " different devices"));
  return boxes;
}

std::vector<DeviceBox> make_boxes(const std::vector<Rule>& rules) {
  std::vector<DeviceBox> kept{{kAnyNumber, kAnyNumber, decide(rules, kAnyNumber, kAnyNumber)}};
  // From wide to narrow, so that a box is compared with what remains of those around it.
  for (DeviceBox& box : boxes_of(rules)) {
    box.access = decide(rules, box.major, box.minor);
    if (specificity(box) != 0 && look_up(kept, box.major, box.minor) != box.access) kept.push_back(box);
  }
  std::sort(kept.begin() + 1, kept.end(),
            [](const DeviceBox& a, const DeviceBox& b) { return std::pair(a.major, a.minor) < std::pair(b.major, b.minor); });
  return kept;
}

DeviceRule standard(DeviceType type, std::optional<std::int64_t> major, std::optional<std::int64_t> minor, const char* access) {
  return {.allow = true, .type = type, .major = major, .minor = minor, .access = access};
}

}  // namespace

std::uint8_t DeviceTable::allowed(DeviceType type, std::uint32_t major, std::uint32_t minor) const noexcept {
  return look_up(type == DeviceType::Block ? blocks : characters, major, minor);
}

bool DeviceTable::allows_everything() const noexcept {
  const auto all = [](const std::vector<DeviceBox>& boxes) { return boxes.size() == 1 && boxes[0].access == kAccessAll; };
  return all(characters) && all(blocks);
}

std::span<const DeviceRule> default_device_rules() {
  static const std::vector<DeviceRule> kRules{
      standard(DeviceType::Char, {}, {}, "m"),    standard(DeviceType::Block, {}, {}, "m"),
      standard(DeviceType::Char, 1, 3, "rwm"),     // null
      standard(DeviceType::Char, 1, 8, "rwm"),     // random
      standard(DeviceType::Char, 1, 7, "rwm"),     // full
      standard(DeviceType::Char, 5, 0, "rwm"),     // tty
      standard(DeviceType::Char, 1, 5, "rwm"),     // zero
      standard(DeviceType::Char, 1, 9, "rwm"),     // urandom
      standard(DeviceType::Char, 136, {}, "rwm"),  // pts
      standard(DeviceType::Char, 5, 2, "rwm"),     // ptmx
      standard(DeviceType::Char, 10, 200, "rwm"),  // tun
  };
  return kRules;
}

DeviceTable make_device_table(std::span<const DeviceRule> rules) {
  std::vector<Rule> characters, blocks;
  const auto add = [&](const Rule& rule) {
    if (rule.characters) characters.push_back(rule);
    if (rule.blocks) blocks.push_back(rule);
  };
  for (std::size_t index = 0; index < rules.size(); ++index) add(read_rule(rules[index], index));
  for (const DeviceRule& rule : default_device_rules()) add(read_rule(rule, 0));
  return {make_boxes(characters), make_boxes(blocks)};
}

}  // namespace caisson::cgroup
