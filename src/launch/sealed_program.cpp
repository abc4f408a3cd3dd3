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

// Grows the only segment by `size` bytes and gives the place of these; `headers` are those of the file and of its segments.
std::size_t grow_segment(std::string& headers, std::size_t size) {
  Elf64_Ehdr header;
  std::memcpy(&header, headers.data(), sizeof header);
  Elf64_Phdr segment;  // layout.ld has it first
  std::memcpy(&segment, headers.data() + header.e_phoff, sizeof segment);
  const std::size_t block_at = segment.p_offset + segment.p_filesz;
  segment.p_filesz = segment.p_memsz = segment.p_filesz + size;
  std::memcpy(headers.data() + header.e_phoff, &segment, sizeof segment);
  // The section table lies behind the block's place and nobody needs it.
  header.e_shoff = 0;
  header.e_shnum = header.e_shstrndx = 0;
  std::memcpy(headers.data(), &header, sizeof header);
  return block_at;
}

std::size_t size_of_headers(std::string_view program) {
  Elf64_Ehdr header;
  std::memcpy(&header, program.data(), sizeof header);
  return header.e_phoff + header.e_phnum * sizeof(Elf64_Phdr);
}

}  // namespace

ProgramImage with_block(std::string_view program, std::string block) {
  std::string headers(program.substr(0, size_of_headers(program)));
  const std::size_t block_at = grow_segment(headers, block.size());
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
