#include "launch/trampoline/freestanding.hpp"

// The compiler may call these two for structure copies and initialisers.
extern "C" {
void* memcpy(void* to, const void* from, size_t size) {
  auto* out = static_cast<char*>(to);
  const auto* in = static_cast<const char*>(from);
  while (size-- > 0) *out++ = *in++;
  return to;
}
void* memset(void* to, int value, size_t size) {
  auto* out = static_cast<char*>(to);
  while (size-- > 0) *out++ = static_cast<char>(value);
  return to;
}
}

namespace caisson::launch {
namespace {

struct Buffer {
  char bytes[kMaxMessage];
  size_t used = 0;

  void add(const char* text) {
    // The last byte is kept for the NUL that ends the text.
    for (; text != nullptr && *text != 0 && used < sizeof bytes - 1; ++text) bytes[used++] = *text;
  }
  void end() {
    if (used < sizeof bytes) bytes[used++] = 0;
  }
};

}  // namespace

void send_failure(int channel, int kind, int errno_value, const char* inner, const char* inner_detail, const char* outer,
                  const char* hint) {
  FailureHeader header;
  header.kind = static_cast<uint8_t>(kind);
  header.frame_count = outer == nullptr ? 1 : 2;
  header.errno_value = errno_value;
  Buffer buffer;
  memcpy(buffer.bytes, &header, sizeof header);
  buffer.used = sizeof header;
  buffer.add(inner);
  buffer.add(inner_detail);
  buffer.end();
  if (outer != nullptr) {
    buffer.add(outer);
    buffer.end();
  }
  buffer.add(hint);
  buffer.end();
  call(__NR_write, channel, buffer.bytes, buffer.used);
}

void set_disposition(int signal, unsigned long disposition) {
  constexpr unsigned long kRestorer = 0x04000000;  // SA_RESTORER: without one x86-64 delivers nothing; it is never reached
  const struct { unsigned long handler, flags, restorer, mask; } action{disposition, kRestorer, disposition, 0};
  call(__NR_rt_sigaction, signal, &action, 0, 8);
}

}  // namespace caisson::launch

// Where the kernel begins: each program has a program_main, which gets the stack as execve(2) leaves it.
#if defined(__x86_64__)
__asm__(
    ".globl _start\n"
    "_start:\n"
    "  xor %ebp, %ebp\n"
    "  mov %rsp, %rdi\n"
    "  and $-16, %rsp\n"
    "  call program_main\n"
    "  ud2\n");
#elif defined(__aarch64__)
__asm__(
    ".globl _start\n"
    "_start:\n"
    "  mov x29, xzr\n"
    "  mov x30, xzr\n"
    "  mov x0, sp\n"
    "  bl program_main\n"
    "  brk 1\n");
#endif
