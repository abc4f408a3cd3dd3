// The three symbols of glibc that Debian's libgcc_eh.a and libstdc++.a expect and musl does not have.
#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>

// <sys/single_threaded.h>, glibc 2.32: shared_ptr and COW strings skip atomic operations while it is set. We never start a thread.
char __libc_single_threaded = 1;

// <dlfcn.h>, glibc 2.35: the unwinder asks which object holds a code address and where its .eh_frame_hdr is. A static
// program is one object; the linker gives its ELF header as __ehdr_start.
struct dl_find_object {
  unsigned long long flags;
  void* map_start;
  void* map_end;
  struct link_map* link_map;
  void* eh_frame;
  unsigned long long reserved[7];
};

extern const ElfW(Ehdr) __ehdr_start;

int _dl_find_object(void* address, struct dl_find_object* result) {
  const char* base = (const char*)&__ehdr_start;
  const ElfW(Phdr)* headers = (const ElfW(Phdr)*)(base + __ehdr_start.e_phoff);
  // Position-dependent programs are linked at their addresses; a static PIE was moved by the distance to the first segment.
  uintptr_t bias = __ehdr_start.e_type == ET_DYN ? (uintptr_t)base : 0;
  void* frames = NULL;
  uintptr_t end = 0;
  for (int i = 0; i < __ehdr_start.e_phnum; ++i) {
    if (headers[i].p_type == PT_GNU_EH_FRAME) frames = (void*)(bias + headers[i].p_vaddr);
    if (headers[i].p_type == PT_LOAD && bias + headers[i].p_vaddr + headers[i].p_memsz > end)
      end = bias + headers[i].p_vaddr + headers[i].p_memsz;
  }
  if (frames == NULL || (uintptr_t)address < (uintptr_t)base || (uintptr_t)address >= end) return -1;
  result->flags = 0;
  result->map_start = (void*)base;
  result->map_end = (void*)end;
  result->link_map = NULL;
  result->eh_frame = frames;
  return 0;
}
