#include "launch/sealed_program.hpp"

#include <elf.h>
#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "sys/file.hpp"

namespace caisson::launch {
namespace {

constexpr int kSealSeal = 1, kSealShrink = 2, kSealGrow = 4, kSealWrite = 8, kSealExec = 0x20;  // man 2 fcntl; EXEC since 6.3

// It grows to the size of the block.
void grow_last_segment(std::string& elf, std::size_t& block_at, std::size_t size) {
  Elf64_Ehdr header;
  std::memcpy(&header, elf.data(), sizeof header);
  std::size_t last = 0;
  Elf64_Phdr segment{};
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr one;
    const std::size_t at = header.e_phoff + i * sizeof one;
    std::memcpy(&one, elf.data() + at, sizeof one);
    if (one.p_type != PT_LOAD) continue;
    last = at;
    segment = one;
  }
  block_at = segment.p_offset;
  segment.p_filesz = segment.p_memsz = size;
  std::memcpy(elf.data() + last, &segment, sizeof segment);
  // The section table lies behind the block's place and nobody needs it.
  header.e_shoff = 0;
  header.e_shnum = header.e_shstrndx = 0;
  std::memcpy(elf.data(), &header, sizeof header);
}

}  // namespace

std::string with_block(std::string_view program, std::string_view block) {
  std::string elf;
  elf.reserve(program.size() + block.size());
  elf.assign(program);
  std::size_t block_at = 0;
  grow_last_segment(elf, block_at, block.size());
  elf.resize(block_at);
  elf += block;
  return elf;
}

sys::UniqueFd seal_program(std::string_view image) {
  auto memfd = sys::make_memfd("caisson", sys::abi::kMfdCloexec | sys::abi::kMfdAllowSealing | sys::abi::kMfdExec);
  // MFD_EXEC came with 6.3; before, every memfd is executable.
  if (memfd.err() == EINVAL) memfd = sys::make_memfd("caisson", sys::abi::kMfdCloexec | sys::abi::kMfdAllowSealing);
  sys::UniqueFd fd = std::move(memfd).or_throw("make a memfd for the trampoline");
  sys::write_full(fd.borrow(), image).or_throw("write the trampoline");
  sys::change_mode(fd.borrow(), 0111).or_throw("set the mode of the trampoline");
  constexpr int kSeals = kSealSeal | kSealShrink | kSealGrow | kSealWrite;
  if (sys::seal(fd.borrow(), kSeals | kSealExec).err() == 0) return fd;
  sys::seal(fd.borrow(), kSeals).or_throw("seal the trampoline");
  return fd;
}

}  // namespace caisson::launch
