#include "sys/bpf.hpp"

#include <linux/bpf.h>

#include <cstring>

#include "sys/call.hpp"

namespace caisson::sys {
namespace {

static_assert(sizeof(BpfInstruction) == sizeof(bpf_insn));

// Longer than the union of any kernel (152 bytes in 6.18): the kernel accepts a longer one as long as the rest is zero.
constexpr unsigned kStatedSize = 256;
constexpr std::size_t kRoom = 1024;
static_assert(sizeof(bpf_attr) <= kStatedSize);

class Attributes {
 public:
  explicit Attributes(const bpf_attr& attributes) noexcept { std::memcpy(room_, &attributes, sizeof attributes); }
  long pass(int command) noexcept { return call(SYS_bpf, command, static_cast<void*>(room_), kStatedSize); }

 private:
  alignas(bpf_attr) unsigned char room_[kRoom] = {};
};

std::uint64_t address(const void* object) noexcept { return reinterpret_cast<std::uint64_t>(object); }

}  // namespace

SysResult<UniqueFd> load_device_program(std::span<const BpfInstruction> program) noexcept {
  bpf_attr attributes;
  std::memset(&attributes, 0, sizeof attributes);
  attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  attributes.insns = address(program.data());
  attributes.insn_cnt = static_cast<std::uint32_t>(program.size());
  attributes.license = address("Apache-2.0");
  const long fd = Attributes(attributes).pass(BPF_PROG_LOAD);
  if (fd < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-fd));
  return UniqueFd(static_cast<int>(fd));
}

SysStatus attach_device_program(BorrowedFd cgroup, BorrowedFd program) noexcept {
  bpf_attr attributes;
  std::memset(&attributes, 0, sizeof attributes);
  attributes.target_fd = static_cast<std::uint32_t>(cgroup.get());
  attributes.attach_bpf_fd = static_cast<std::uint32_t>(program.get());
  attributes.attach_type = BPF_CGROUP_DEVICE;
  attributes.attach_flags = BPF_F_ALLOW_MULTI;
  return status_of(Attributes(attributes).pass(BPF_PROG_ATTACH));
}

}  // namespace caisson::sys
