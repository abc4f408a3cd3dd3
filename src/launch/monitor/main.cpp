// The monitor: the parent of a detached container's first process. It takes the container's output into the log, waits for the
// end, records how and when that came, and then executes the runtime again, which cleans up and decides what follows. A program
// of its own, because it lives as long as the container: no heap, no C library, a few pages of memory.
#include <asm/siginfo.h>
#include <linux/close_range.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/poll.h>
#include <linux/prctl.h>
#include <linux/time_types.h>
#include <linux/wait.h>

#include "launch/monitor/attach.hpp"
#include "launch/monitor/clients.hpp"
#include "launch/monitor/config.hpp"
#include "launch/monitor/log_file.hpp"
#include "launch/monitor/log_line.hpp"
#include "launch/trampoline/freestanding.hpp"

namespace caisson::launch {
namespace {

// Appended by the runtime: the linker script names the place.
extern "C" const char caisson_config[];

constexpr int kAtEmptyPath = 0x1000;
constexpr int kPidfd = 3;  // P_PIDFD
constexpr int kSetMask = 2;
constexpr size_t kChunk = kMostAttachData;
// What may be left in a pipe when the container has ended, and no more: a process outside may still write into it.
constexpr size_t kMostLeft = size_t{1} << 20;

const MonitorConfig& config() { return *reinterpret_cast<const MonitorConfig*>(caisson_config); }

[[noreturn]] void leave(int status) {
  for (;;) call(__NR_exit_group, status);
}

// Only SIGKILL ends a monitor: with it the exit status of the container would be lost.
void block_signals() {
  const uint64_t all = ~uint64_t{0};
  call(__NR_rt_sigprocmask, kSetMask, &all, 0, 8);
}

void keep_for_the_runtime(int fd) { call(__NR_fcntl, fd, F_SETFD, 0); }

// false: nothing to read now, or for ever; then it is closed.
bool read_once(LogFile& log, Clients& clients, int stream, int& fd) {
  char chunk[1 + kChunk];  // the first byte is for those who are attached
  const long got = call(__NR_read, fd, chunk + 1, kChunk);
  if (got > 0) {
    log.put(stream, chunk + 1, static_cast<size_t>(got));
    clients.show(stream, chunk, static_cast<size_t>(got) + 1);
    return true;
  }
  if (got == -EINTR || got == -EAGAIN) return false;
  call(__NR_close, fd);  // end of file, or EIO: the last one who had the terminal is gone
  fd = -1;
  return false;
}

void watch(LogFile& log) {
  int streams[2] = {config().streams[0], config().streams[1]};
  Clients clients(config());
  for (;;) {
    pollfd polled[3 + Clients::kPlaces] = {{config().process, POLLIN, 0}, {streams[0], POLLIN, 0}, {streams[1], POLLIN, 0}};
    clients.fill(polled + 3);
    if (call(__NR_ppoll, polled, 3 + Clients::kPlaces, 0, 0, 8) < 0) continue;
    clients.serve(polled + 3);  // first: who comes now sees what is printed now
    for (int i = 0; i < 2; ++i)
      if (polled[i + 1].revents != 0) read_once(log, clients, i, streams[i]);
    if (polled[0].revents != 0) break;
  }
  for (int i = 0; i < 2; ++i)
    for (size_t left = kMostLeft; left > 0 && streams[i] >= 0 && read_once(log, clients, i, streams[i]); left -= kChunk) {
    }
}

void record_exit() {
  siginfo_t info{};
  call(__NR_waitid, kPidfd, config().process, &info, WEXITED, 0);
  __kernel_timespec now{};
  call(__NR_clock_gettime, 0, &now);
  const bool signalled = info.si_code != CLD_EXITED;
  char record[kExitRecordSize];
  put_exit_record(record, {.run = config().run,
                           .code = signalled ? 128 + info.si_status : info.si_status,
                           .signal = signalled ? info.si_status : 0,
                           .seconds = now.tv_sec,
                           .nanoseconds = now.tv_nsec});
  call(__NR_pwrite64, config().exit_file, record, sizeof record, 0);
}

void sleep_for(uint32_t milliseconds) {
  __kernel_timespec left{milliseconds / 1000, static_cast<long long>(milliseconds % 1000) * 1'000'000};
  while (call(__NR_nanosleep, &left, &left) == -EINTR) {
  }
}

[[noreturn]] void run(char** argv, char** envp) {
  if (config().magic != kMonitorMagic) leave(125);
  call(__NR_prctl, PR_SET_NAME, "caisson-mon", 0, 0, 0);
  // A program that cannot be read is not dumpable; but its user may look at what it holds of the container (life/inside.hpp).
  call(__NR_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
  block_signals();
  call(__NR_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
  keep_for_the_runtime(config().exit_file);
  if (config().channel >= 0) {
    const Message ready = Message::Ready;
    call(__NR_write, config().channel, &ready, 1);
    call(__NR_close, config().channel);
  }
  if (config().process >= 0) {
    LogFile log(config());
    watch(log);
    record_exit();
  }
  if (config().delay_ms > 0) sleep_for(config().delay_ms);
  call(__NR_execveat, config().program, "", argv + 1, envp, kAtEmptyPath);
  leave(125);
}

}  // namespace

extern "C" [[noreturn]] void program_main(long* stack) {
  const auto argc = static_cast<int>(*stack);
  auto** argv = reinterpret_cast<char**>(stack + 1);
  run(argv, argv + argc + 1);
}

}  // namespace caisson::launch
