#include "launch/monitor/log_file.hpp"

#include <linux/fcntl.h>
#include <linux/time_types.h>
#include <linux/uio.h>

#include "launch/monitor/log_line.hpp"
#include "launch/trampoline/freestanding.hpp"

namespace caisson::launch {
namespace {

constexpr int kRealtime = 0;
constexpr int kMode = 0600;
constexpr int kMostPieces = 96;

// "log", "log.1" ...
void name_of(uint32_t age, char* out) {
  out = put_text(out, "log");
  if (age > 0) out = put_number(put_text(out, "."), age);
  *out = 0;
}

// Pieces of one write(2): heads and lines, which stay where they were read.
struct Pieces {
  iovec all[kMostPieces];
  int count = 0;
  size_t bytes = 0;

  void add(const char* data, size_t size) {
    all[count++] = {const_cast<char*>(data), size};
    bytes += size;
  }
  bool full() const { return count > kMostPieces - 3; }
};

size_t line_length(const char* data, size_t size) {
  for (size_t i = 0; i < size; ++i)
    if (data[i] == '\n') return i + 1;
  return 0;
}

}  // namespace

LogFile::LogFile(const MonitorConfig& config) : config_(config) { open_newest(0); }

void LogFile::open_newest(int flags) {
  file_ = call(__NR_openat, config_.directory, "log", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, kMode);
  const long end = file_ < 0 ? 0 : call(__NR_lseek, file_, 0, 2 /* SEEK_END */);
  size_ = end > 0 ? static_cast<uint64_t>(end) : 0;
}

void LogFile::rotate() {
  call(__NR_close, file_);
  char older[16], newer[16];
  for (uint32_t age = config_.log_files - 1; age > 0; --age) {
    name_of(age, older);
    name_of(age - 1, newer);
    call(__NR_renameat, config_.directory, newer, config_.directory, older);
  }
  // A reader keeps what it has open: a file of its own, never one that was cut.
  if (config_.log_files == 1) call(__NR_unlinkat, config_.directory, "log", 0);
  open_newest(0);
}

void LogFile::put(int stream, const char* data, size_t size) {
  __kernel_timespec now{};
  call(__NR_clock_gettime, kRealtime, &now);
  char whole[kLogHeadSize], piece[kLogHeadSize];
  put_log_head(whole, now.tv_sec, now.tv_nsec, stream, 'F');
  put_log_head(piece, now.tv_sec, now.tv_nsec, stream, 'P');
  const uint64_t most = config_.log_most_bytes;
  while (size > 0) {
    Pieces pieces;
    while (size > 0 && !pieces.full()) {
      const size_t line = line_length(data, size), length = line > 0 ? line : size;
      if (most > 0 && size_ + pieces.bytes + kLogHeadSize + length + 1 > most && size_ + pieces.bytes > 0) break;
      pieces.add(line > 0 ? whole : piece, kLogHeadSize);
      pieces.add(data, length);
      if (line == 0) pieces.add("\n", 1);
      data += length;
      size -= length;
    }
    if (pieces.count > 0) {
      call(__NR_writev, file_, pieces.all, pieces.count);
      size_ += pieces.bytes;
    }
    if (size > 0 && !pieces.full()) rotate();
  }
}

}  // namespace caisson::launch
