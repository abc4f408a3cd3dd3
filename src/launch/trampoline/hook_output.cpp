#include "launch/trampoline/hook_output.hpp"

#include <asm/ioctls.h>
#include <linux/errno.h>
#include <linux/fcntl.h>

#include "launch/trampoline/freestanding.hpp"

namespace caisson::launch {
namespace {

// PIPE_BUF: a pipe that polls writable takes it without blocking.
constexpr size_t kChunk = 4096;
// As much as a pipe holds.
constexpr int kMostReads = 17;

bool is_terminal(int target) {
  unsigned short size[4];
  return call(__NR_ioctl, target, TIOCGWINSZ, size) == 0;
}

}  // namespace

void Line::add(const char* text) {
  for (; *text != 0; ++text) put(*text);
}

void Line::add_number(int number) {
  if (number > 9) add_number(number / 10);
  put(static_cast<char>('0' + number % 10));
}

// As text::quoted does it, but for texts of other languages: what is none here must not reach a terminal.
void Line::add_escaped(char byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  if (value < ' ' || value > '~') {
    add("\\x");
    put(kDigits[value >> 4]);
    byte = kDigits[value & 15];
  } else if (byte == '"' || byte == '\\') {
    put('\\');
  }
  put(byte);
}

long HookStream::open() {
  int ends[2];
  if (const long result = call(__NR_pipe2, ends, O_CLOEXEC); result < 0) return result;
  source_ = ends[0];
  sink_ = ends[1];
  call(__NR_fcntl, source_, F_SETFL, O_NONBLOCK);
  passes_on_ = !is_terminal(target_);
  return 0;
}

void HookStream::close_sink() { call(__NR_close, sink_); }

Poll HookStream::next() const {
  if (passes_on_ && !target_takes_more_) return {target_, POLLOUT, 0};
  return {source_, POLLIN, 0};
}

void HookStream::proceed() {
  target_takes_more_ = !target_takes_more_;
  if (!passes_on_ || !target_takes_more_) move_some();
}

// False when there is nothing, or nothing any more.
bool HookStream::move_some() {
  if (source_ < 0) return false;
  char bytes[kChunk];
  const long got = call(__NR_read, source_, bytes, sizeof bytes);
  if (got == -EAGAIN || got == -EINTR) return false;
  if (got <= 0) {
    call(__NR_close, source_);
    source_ = -1;
    return false;
  }
  for (long i = 0; i < got; ++i) kept_[printed_++ % kKept] = bytes[i];
  if (passes_on_) call(__NR_write, target_, bytes, got);
  return true;
}

void HookStream::finish(bool passes_on) {
  passes_on_ = passes_on_ && passes_on;
  for (int i = 0; i < kMostReads && move_some(); ++i) {
  }
  if (source_ >= 0) call(__NR_close, source_);
  source_ = -1;
}

void HookStream::quote_into(Line& line) const {
  size_t end = printed_;
  while (end > 0 && (kept(end - 1) == '\n' || kept(end - 1) == ' ')) --end;
  if (end == 0) return;
  const bool cut = printed_ > kKept;
  line.add(", ");
  line.add(name_);
  line.add(": ");
  if (cut) line.add("...");
  line.add("\"");
  for (size_t i = cut ? printed_ - kKept : 0; i < end; ++i) line.add_escaped(kept(i));
  line.add("\"");
}

}  // namespace caisson::launch
