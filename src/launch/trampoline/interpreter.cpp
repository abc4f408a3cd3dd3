#include "launch/trampoline/interpreter.hpp"

#include <linux/elf.h>
#include <linux/fcntl.h>

#include "launch/trampoline/freestanding.hpp"

namespace caisson::launch {
namespace {

constexpr int kCurrentDir = -100;

bool copy_word(const char* from, const char* end, char* name, size_t size) {
  size_t used = 0;
  while (from < end && (*from == ' ' || *from == '\t')) ++from;
  while (from < end && *from != ' ' && *from != '\t' && *from != '\n' && *from != 0 && used + 1 < size) name[used++] = *from++;
  name[used] = 0;
  return used > 0;
}

// The PT_INTERP text of a 64-bit ELF file; the kernel has already refused what is not one.
bool read_loader(long file, const char* head, long length, char* name, size_t size) {
  const auto* elf = reinterpret_cast<const Elf64_Ehdr*>(head);
  if (length < static_cast<long>(sizeof *elf) || elf->e_ident[EI_CLASS] != ELFCLASS64) return false;
  for (unsigned i = 0; i < elf->e_phnum; ++i) {
    Elf64_Phdr segment;
    const unsigned long at = elf->e_phoff + i * sizeof segment;
    if (call(__NR_pread64, file, &segment, sizeof segment, at) != static_cast<long>(sizeof segment)) return false;
    if (segment.p_type != PT_INTERP) continue;
    const size_t wanted = segment.p_filesz < size ? segment.p_filesz : size - 1;
    const long got = call(__NR_pread64, file, name, wanted, segment.p_offset);
    name[got > 0 ? got : 0] = 0;
    return got > 0;
  }
  return false;
}

}  // namespace

bool find_missing_interpreter(const char* path, char* name, size_t size) {
  const long file = call(__NR_openat, kCurrentDir, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  alignas(Elf64_Ehdr) char head[256];
  const long length = call(__NR_read, file, head, sizeof head);
  bool named = false;
  if (length > 2 && head[0] == '#' && head[1] == '!')
    named = copy_word(head + 2, head + length, name, size);
  else if (length > 4 && head[1] == 'E')
    named = read_loader(file, head, length, name, size);
  call(__NR_close, file);
  constexpr int kExecutable = 1;  // X_OK
  return named && call(__NR_faccessat, kCurrentDir, name, kExecutable) < 0;
}

}  // namespace caisson::launch
