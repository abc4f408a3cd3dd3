#include "cgroup/device_formula.hpp"

#include <linux/bpf.h>

#include <algorithm>
#include <cstddef>

namespace caisson::cgroup {
namespace {

// r0 the verdict (1 allows), r1 the context, r2 access << 16 | type, r3 the key of the device, r4 its minor modulo 32,
// r5 its major, r6 and r7 for the term at hand.
enum Register : std::uint8_t { r0, r1, r2, r3, r4, r5, r6, r7 };
constexpr std::uint8_t kWide = BPF_ALU64 | BPF_K, kBoth = BPF_ALU64 | BPF_X;
constexpr std::int32_t kTopBit = 63;

// A device number of the kernel has a major of 12 and a minor of 20 bits (include/linux/kdev_t.h).
constexpr std::uint32_t kLargestMajor = (1U << 12) - 1, kLargestMinor = (1U << 20) - 1;
constexpr int kWindowBits = 5;                 // 32 minors at a time are one bit mask
constexpr int kMajorShift = 20 - kWindowBits;  // of a key: above the number of the window
constexpr std::size_t kMostTerms = 64;

// 32 neighbouring minors of one major.
struct Window {
  std::uint32_t key, mask;
};

class Formula {
 public:
  void load(Register to, std::int16_t field) {
    program_.push_back({BPF_LDX | BPF_MEM | BPF_W, static_cast<std::uint8_t>(to | r1 << 4), field, 0});
  }
  void compute(std::uint8_t operation, Register to, std::int32_t value) {
    program_.push_back({static_cast<std::uint8_t>(kWide | operation), to, 0, value});
  }
  void combine(std::uint8_t operation, Register to, Register from) {
    program_.push_back({static_cast<std::uint8_t>(kBoth | operation), static_cast<std::uint8_t>(to | from << 4), 0, 0});
  }
  void set_unsigned(Register to, std::uint32_t value) {
    program_.push_back({BPF_ALU | BPF_K | BPF_MOV, to, 0, static_cast<std::int32_t>(value)});
  }
  // 1 for 0, else 0: only 0 minus 1 has the top bit set, since none of our values has.
  void is_zero(Register value) {
    compute(BPF_SUB, value, 1);
    compute(BPF_RSH, value, kTopBit);
  }
  void equals(Register to, Register value, std::uint32_t constant) {
    combine(BPF_MOV, to, value);
    compute(BPF_XOR, to, static_cast<std::int32_t>(constant));
    is_zero(to);
  }
  std::vector<sys::BpfInstruction> finish() {
    program_.push_back({BPF_JMP | BPF_EXIT, 0, 0, 0});
    return std::move(program_);
  }

 private:
  std::vector<sys::BpfInstruction> program_;
};

bool fits(const DeviceTable& table) {
  const std::uint8_t otherwise = table.characters[0].access;
  return table.blocks.size() == 1 && table.blocks[0].access == otherwise && otherwise != kAccessAll &&
         table.characters.size() <= kMostTerms &&
         std::all_of(table.characters.begin() + 1, table.characters.end(), [](const DeviceBox& box) {
           return box.access == kAccessAll && box.major <= kLargestMajor &&
                  (box.minor == kAnyNumber || box.minor <= kLargestMinor);
         });
}

void emit_keys(Formula& out) {
  out.load(r2, offsetof(bpf_cgroup_dev_ctx, access_type));
  out.load(r3, offsetof(bpf_cgroup_dev_ctx, major));
  out.load(r4, offsetof(bpf_cgroup_dev_ctx, minor));
  out.combine(BPF_MOV, r5, r3);
  out.combine(BPF_MOV, r6, r4);
  out.compute(BPF_LSH, r3, kMajorShift);
  out.compute(BPF_RSH, r6, kWindowBits);
  out.combine(BPF_OR, r3, r6);
  out.compute(BPF_AND, r4, (1 << kWindowBits) - 1);
}

void emit_window(Formula& out, const Window& window) {
  out.equals(r6, r3, window.key);
  out.set_unsigned(r7, window.mask);
  out.combine(BPF_RSH, r7, r4);
  out.combine(BPF_AND, r7, r6);
  out.combine(BPF_OR, r0, r7);
}

}  // namespace

std::optional<std::vector<sys::BpfInstruction>> device_formula(const DeviceTable& table) {
  if (!fits(table)) return std::nullopt;
  Formula out;
  emit_keys(out);
  out.compute(BPF_MOV, r0, 0);
  std::vector<Window> windows;  // the boxes are sorted by major and minor
  for (auto box = table.characters.begin() + 1; box != table.characters.end(); ++box) {
    if (box->minor == kAnyNumber) {
      out.equals(r6, r5, box->major);
      out.combine(BPF_OR, r0, r6);
      continue;
    }
    const std::uint32_t key = box->major << kMajorShift | box->minor >> kWindowBits;
    if (windows.empty() || windows.back().key != key) windows.push_back({key, 0});
    windows.back().mask |= 1U << (box->minor & 31);
  }
  for (const Window& window : windows) emit_window(out, window);
  out.combine(BPF_MOV, r6, r2);
  out.compute(BPF_RSH, r6, 1);  // BPF_DEVCG_DEV_CHAR is bit 1
  out.combine(BPF_AND, r0, r6);
  out.compute(BPF_RSH, r2, 16);
  out.compute(BPF_AND, r2, kAccessAll & ~table.characters[0].access);
  out.is_zero(r2);
  out.combine(BPF_OR, r0, r2);
  out.compute(BPF_AND, r0, 1);
  return out.finish();
}

}  // namespace caisson::cgroup
