#include "cgroup/device_program.hpp"

#include <linux/bpf.h>

#include <algorithm>
#include <array>

#include "cgroup/device_formula.hpp"

namespace caisson::cgroup {
namespace {

// Register use: r0 the verdict (1 allows), r1 the context, r2 access << 16 | type, r3 major, r4 minor.
enum Register : std::uint8_t { r0, r1, r2, r3, r4 };
constexpr std::int32_t kBlockBit = BPF_DEVCG_DEV_BLOCK;
constexpr std::uint32_t kMaskedMinors = 32;
constexpr std::uint8_t kAlu = BPF_ALU | BPF_K, kJump = BPF_JMP | BPF_K, kJump32 = BPF_JMP32 | BPF_K;

std::int32_t outside(std::uint8_t access) { return (kAccessAll & ~access) << 16; }

class Builder {
 public:
  // Labels 0..7 are the verdict for a box that allows exactly these letters; further ones are handed out.
  using Label = std::size_t;
  Label new_label() {
    places_.push_back(0);
    return places_.size() - 1;
  }
  void place(Label label) { places_[label] = program_.size(); }

  void load(Register to, std::int16_t field) {
    put(BPF_LDX | BPF_MEM | BPF_W, static_cast<std::uint8_t>(to | r1 << 4), field, 0);
  }
  void set(Register to, std::uint32_t value) { put(kAlu | BPF_MOV, to, 0, static_cast<std::int32_t>(value)); }
  void compute(std::uint8_t operation, std::uint8_t registers, std::int32_t value) { put(operation, registers, 0, value); }
  void exit() { put(BPF_JMP | BPF_EXIT, 0, 0, 0); }
  void jump(Label target) { jump_if(BPF_JMP | BPF_JA, r0, 0, target); }
  void jump_if(std::uint8_t operation, Register left, std::int32_t right, Label target) {
    jumps_.push_back({program_.size(), target});
    put(operation, left, 0, right);
  }

  std::vector<sys::BpfInstruction> finish() {
    for (const auto& [at, label] : jumps_) program_[at].offset = static_cast<std::int16_t>(places_[label] - at - 1);
    return std::move(program_);
  }

 private:
  struct Jump {
    std::size_t at;
    Label target;
  };
  void put(std::uint8_t code, std::uint8_t registers, std::int16_t offset, std::int32_t immediate) {
    program_.push_back({code, registers, offset, immediate});
  }
  std::vector<sys::BpfInstruction> program_;
  std::vector<std::size_t> places_ = std::vector<std::size_t>(kAccessAll + 1);
  std::vector<Jump> jumps_;
};

// The boxes of one major number, or of no particular one.
struct Group {
  std::uint32_t major;
  std::optional<std::uint8_t> any_minor;
  std::vector<DeviceBox> minors;
};

std::vector<Group> group_by_major(const std::vector<DeviceBox>& boxes) {
  std::vector<Group> groups;
  for (std::size_t index = 1; index < boxes.size(); ++index) {
    const DeviceBox& box = boxes[index];
    if (groups.empty() || groups.back().major != box.major) groups.push_back({box.major, {}, {}});
    if (box.minor == kAnyNumber)
      groups.back().any_minor = box.access;
    else
      groups.back().minors.push_back(box);
  }
  return groups;
}

// A major whose minors are all small and fully allowed is one bit mask; the rest of it must be denied like everything else.
bool fits_mask(const Group& group) {
  return group.major != kAnyNumber && !group.any_minor && group.minors.size() > 1 &&
         std::ranges::all_of(group.minors,
                             [](const DeviceBox& box) { return box.access == kAccessAll && box.minor < kMaskedMinors; });
}

std::uint32_t mask_of(const Group& group) {
  std::uint32_t mask = 0;
  for (const DeviceBox& box : group.minors) mask |= 1U << box.minor;
  return mask;
}

void emit_group(Builder& out, const Group& group) {
  if (group.major != kAnyNumber && group.minors.empty()) {
    out.jump_if(kJump32 | BPF_JEQ, r3, static_cast<std::int32_t>(group.major), *group.any_minor);
    return;
  }
  const Builder::Label next = out.new_label();
  if (group.major != kAnyNumber) out.jump_if(kJump32 | BPF_JNE, r3, static_cast<std::int32_t>(group.major), next);
  for (const DeviceBox& box : group.minors)
    out.jump_if(kJump32 | BPF_JEQ, r4, static_cast<std::int32_t>(box.minor), box.access);
  if (group.any_minor) out.jump(*group.any_minor);
  out.place(next);
}

// Masks last: they overwrite r0, and what no mask decides is denied.
void emit_masks(Builder& out, const std::vector<Group>& masks, Builder::Label deny) {
  const Builder::Label test = out.new_label();
  for (std::size_t index = 0; index < masks.size(); ++index) {
    out.set(r0, mask_of(masks[index]));
    const auto major = static_cast<std::int32_t>(masks[index].major);
    if (index + 1 < masks.size())
      out.jump_if(kJump32 | BPF_JEQ, r3, major, test);
    else
      out.jump_if(kJump32 | BPF_JNE, r3, major, deny);
  }
  out.place(test);
  out.jump_if(kJump32 | BPF_JGT, r4, kMaskedMinors - 1, deny);
  out.compute(BPF_ALU | BPF_X | BPF_RSH, static_cast<std::uint8_t>(r0 | r4 << 4), 0);
  out.compute(kAlu | BPF_AND, r0, 1);
  out.exit();
}

void emit_boxes(Builder& out, const std::vector<DeviceBox>& boxes, std::uint8_t denied) {
  const std::uint8_t otherwise = boxes[0].access;
  if (boxes.size() == 1) return out.jump(otherwise);
  std::vector<Group> groups = group_by_major(boxes), masks;
  const bool any_major = groups.back().major == kAnyNumber;  // "any" is the largest number
  if (otherwise == denied && !any_major) {
    const auto rest = std::stable_partition(groups.begin(), groups.end(), [](const Group& group) { return !fits_mask(group); });
    masks.assign(rest, groups.end());
    groups.erase(rest, groups.end());
  }
  out.load(r3, offsetof(bpf_cgroup_dev_ctx, major));
  if (std::ranges::any_of(boxes, [](const DeviceBox& box) { return box.minor != kAnyNumber; }))
    out.load(r4, offsetof(bpf_cgroup_dev_ctx, minor));
  for (const Group& group : groups) emit_group(out, group);
  if (masks.empty())
    out.jump(otherwise);
  else
    emit_masks(out, masks, denied);
}

// Letters that every box allows are granted first; from then on a box that allows no more than these denies.
std::uint8_t always_allowed(const DeviceTable& table) {
  std::uint8_t letters = kAccessAll;
  for (const DeviceBox& box : table.characters) letters &= box.access;
  for (const DeviceBox& box : table.blocks) letters &= box.access;
  return letters;
}

bool some_box_allows(const DeviceTable& table, std::uint8_t access) {
  const auto equal = [access](const DeviceBox& box) { return box.access == access; };
  return std::ranges::any_of(table.characters, equal) || std::ranges::any_of(table.blocks, equal);
}

void emit_verdicts(Builder& out, const DeviceTable& table, std::uint8_t denied) {
  for (std::uint8_t access = 0; access < kAccessAll; ++access) {
    if (access == denied || !some_box_allows(table, access)) continue;
    out.place(access);
    out.jump_if(kJump | BPF_JSET, r2, outside(access), denied);
    out.exit();
  }
  out.place(denied);
  out.set(r0, 0);
  out.place(kAccessAll);
  out.exit();
}

}  // namespace

std::vector<sys::BpfInstruction> device_program(const DeviceTable& table) {
  if (table.allows_everything()) return {};
  if (auto formula = device_formula(table)) return *std::move(formula);
  const std::uint8_t denied = always_allowed(table);
  Builder out;
  out.load(r2, offsetof(bpf_cgroup_dev_ctx, access_type));
  out.set(r0, 1);
  if (denied != 0) {
    const Builder::Label more = out.new_label();
    out.jump_if(kJump | BPF_JSET, r2, outside(denied), more);
    out.exit();
    out.place(more);
  }
  if (table.blocks.size() == 1) {
    out.jump_if(kJump | BPF_JSET, r2, kBlockBit, table.blocks[0].access);
  } else {
    const Builder::Label characters = out.new_label();
    out.jump_if(kJump | BPF_JSET, r2, BPF_DEVCG_DEV_CHAR, characters);
    emit_boxes(out, table.blocks, denied);
    out.place(characters);
  }
  emit_boxes(out, table.characters, denied);
  emit_verdicts(out, table, denied);
  return out.finish();
}

}  // namespace caisson::cgroup
