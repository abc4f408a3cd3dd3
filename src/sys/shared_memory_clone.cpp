#include "sys/shared_memory_clone.hpp"

#include <cerrno>

#if defined(CAISSON_OWN_HEAP) && defined(__x86_64__)

#include <elf.h>
#include <link.h>
#include <linux/sched.h>
#include <sys/mman.h>

#include <cstring>

#include "sys/call.hpp"
#include "sys/program_memory.hpp"

extern "C" const ElfW(Ehdr) __ehdr_start;

namespace caisson::sys {
namespace {

constexpr std::size_t kGuardBytes = 4096;
constexpr std::size_t kStack = std::size_t{256} << 10;
constexpr std::size_t kHeap = std::size_t{8} << 10;  // what a child of the default configuration takes
// ELF TLS variant 2: thread-local variables end where the C library's thread descriptor begins, at the thread pointer. musl's
// descriptor (struct pthread, 200 bytes in 1.2) lies in a larger static object.
constexpr std::size_t kDescriptor = 256;

struct Start {
  void (*run)(void*) noexcept;
  void* argument;
  memory::Chunk heap;
};

std::size_t size_of_thread_locals() noexcept {
  const auto* headers =
      reinterpret_cast<const ElfW(Phdr)*>(reinterpret_cast<const char*>(&__ehdr_start) + __ehdr_start.e_phoff);
  for (int i = 0; i < __ehdr_start.e_phnum; ++i)
    if (headers[i].p_type == PT_TLS) return (headers[i].p_memsz + headers[i].p_align - 1) & ~(headers[i].p_align - 1);
  return 0;
}

char* thread_pointer() noexcept {
  char* self = nullptr;
  __asm__("mov %%fs:0, %0" : "=r"(self));
  return self;
}

// A copy of the caller's thread block that ends at `end`; gives back its thread pointer.
char* copy_thread_block(char* end) noexcept {
  char* pointer = reinterpret_cast<char*>(reinterpret_cast<std::uintptr_t>(end - kDescriptor) & ~std::uintptr_t{63});
  const std::size_t locals = size_of_thread_locals();
  std::memcpy(pointer - locals, thread_pointer() - locals, locals + kDescriptor);
  std::memcpy(pointer, &pointer, sizeof pointer);  // the descriptor begins with its own address
  return pointer;
}

[[noreturn]] void child_main(Start* start) noexcept {
  memory::begin_with(start->heap);
  start->run(start->argument);
  __builtin_trap();
}

// The child begins on an empty stack, where there is nothing to return to.
long clone3_onto_stack(abi::CloneArgs* args, Start* start) noexcept {
  register long result __asm__("rax") = SYS_clone3;
  register void* first __asm__("rdi") = args;
  register long size __asm__("rsi") = sizeof *args;
  register Start* kept __asm__("r8") = start;
  __asm__ volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "mov %%r8, %%rdi\n\t"
      "call *%[child]\n\t"
      "ud2\n"
      "1:"
      : "+r"(result)
      : "r"(first), "r"(size), "r"(kept), [child] "r"(&child_main)
      : "rcx", "r11", "memory");
  return result;
}

}  // namespace

bool can_share_memory() noexcept { return true; }

SysResult<Cloned> clone_sharing_memory(std::uint64_t flags, std::optional<BorrowedFd> group, void (*run)(void*) noexcept,
                                       void* argument) noexcept {
  const long mapped = call(SYS_mmap, 0, kStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (mapped < 0 && mapped > -4096) return SysResult<Cloned>::failed(static_cast<int>(-mapped));
  if (const long guarded = call(SYS_mprotect, mapped, kGuardBytes, PROT_NONE); guarded < 0) {
    raw_syscall(SYS_munmap, mapped, kStack);
    return SysResult<Cloned>::failed(static_cast<int>(-guarded));
  }
  char* stack = reinterpret_cast<char*>(mapped);
  char* block = copy_thread_block(stack + kStack);
  char* top = reinterpret_cast<char*>(reinterpret_cast<std::uintptr_t>(block - size_of_thread_locals() - sizeof(Start)) &
                                      ~std::uintptr_t{15});
  auto* start = reinterpret_cast<Start*>(top);
  *start = {run, argument, memory::split_off(kHeap)};

  int pidfd = -1;
  abi::CloneArgs args = clone_args(flags | CLONE_VM | CLONE_SETTLS, group, pidfd);
  args.stack = static_cast<std::uint64_t>(mapped);
  args.stack_size = static_cast<std::uint64_t>(top - stack);
  args.tls = reinterpret_cast<std::uint64_t>(block);
#ifdef CAISSON_FAULT_POINTS
  if (const long failed = fault_points::pass(SYS_clone3); failed != 0)
    return SysResult<Cloned>::failed(static_cast<int>(-failed));
#endif
  const long pid = clone3_onto_stack(&args, start);
  if (pid < 0) {
    raw_syscall(SYS_munmap, mapped, kStack);
    return SysResult<Cloned>::failed(static_cast<int>(-pid));
  }
  return Cloned{static_cast<pid_t>(pid), Pidfd{UniqueFd(pidfd)}};
}

}  // namespace caisson::sys

#else

namespace caisson::sys {

bool can_share_memory() noexcept { return false; }

SysResult<Cloned> clone_sharing_memory(std::uint64_t, std::optional<BorrowedFd>, void (*)(void*) noexcept, void*) noexcept {
  return SysResult<Cloned>::failed(ENOSYS);
}

}  // namespace caisson::sys

#endif
