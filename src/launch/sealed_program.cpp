#include "launch/sealed_program.hpp"

#include <elf.h>
#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "sys/file.hpp"

namespace caisson::launch {
namespace {

constexpr int kSealSeal = 1, kSealShrink = 2, kSealGrow = 4, kSealWrite = 8, kSealExec = 0x20;  // man 2 fcntl; EXEC since 6.3

// The place of the block's segment, which grows to the size of the block; `headers` are those of the file and of its segments.
std::size_t grow_last_segment(std::string& headers, std::size_t size) {
  Elf64_Ehdr header;
  std::memcpy(&header, headers.data(), sizeof header);
  std::size_t last = 0;
  Elf64_Phdr segment{};
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr one;
    const std::size_t at = header.e_phoff + i * sizeof one;
    std::memcpy(&one, headers.data() + at, sizeof one);
    if (one.p_type != PT_LOAD) continue;
    last = at;
    segment = one;
  }
  segment.p_filesz = segment.p_memsz = size;
  std::memcpy(headers.data() + last, &segment, sizeof segment);
  // The section table lies behind the block's place and nobody needs it.
  header.e_shoff = 0;
  header.e_shnum = header.e_shstrndx = 0;
  std::memcpy(headers.data(), &header, sizeof header);
  return segment.p_offset;
}

std::size_t size_of_headers(std::string_view program) {
  Elf64_Ehdr header;
  std::memcpy(&header, program.data(), sizeof header);
  return header.e_phoff + header.e_phnum * sizeof(Elf64_Phdr);
}

}  // namespace

ProgramImage with_block(std::string_view program, std::string block) {
  std::string headers(program.substr(0, size_of_headers(program)));
  const std::size_t block_at = grow_last_segment(headers, block.size());
  const std::string_view code = program.substr(headers.size(), block_at - headers.size());
  return {.headers = std::move(headers), .code = code, .block = std::move(block)};
}

sys::UniqueFd seal_program(const ProgramImage& image) {
  auto memfd = sys::make_memfd("caisson", sys::abi::kMfdCloexec | sys::abi::kMfdAllowSealing | sys::abi::kMfdExec);
  // MFD_EXEC came with 6.3; before, every memfd is executable.
  if (memfd.err() == EINVAL) memfd = sys::make_memfd("caisson", sys::abi::kMfdCloexec | sys::abi::kMfdAllowSealing);
  sys::UniqueFd fd = std::move(memfd).or_throw("make a memfd for the trampoline");
  const std::string_view parts[] = {image.headers, image.code, image.block};
  sys::write_parts(fd.borrow(), parts).or_throw("write the trampoline");
  sys::change_mode(fd.borrow(), 0111).or_throw("set the mode of the trampoline");
  constexpr int kSeals = kSealSeal | kSealShrink | kSealGrow | kSealWrite;
  if (sys::seal(fd.borrow(), kSeals | kSealExec).err() == 0) return fd;
  sys::seal(fd.borrow(), kSeals).or_throw("seal the trampoline");
  return fd;
}

}  // namespace caisson::launch
