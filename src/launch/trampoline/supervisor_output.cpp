#include "launch/trampoline/supervisor_output.hpp"

#include <linux/errno.h>
#include <linux/time_types.h>

#include "launch/trampoline/freestanding.hpp"

namespace caisson::launch {
namespace {

// As much as a pipe that is ready takes without waiting.
constexpr uint32_t kMostAtOnce = 4096;
constexpr char kOwnPrefix[] = "caisson | ";

bool is_ready(int fd, short events) {
  pollfd polled{fd, events, 0};
  __kernel_timespec none{};
  return call(__NR_ppoll, &polled, 1, &none, 0, 8) > 0;
}

}  // namespace

bool SupervisorOutput::has_line(const Supervised& one, int stream) const {
  return one.lines[stream]->line() != 0 || one.lines[stream]->full();
}

bool SupervisorOutput::wants_input(const Supervised& one, int stream) const {
  return one.read_ends[stream] >= 0 && !has_line(one, stream);
}

// Nobody reads the container's output any more: its services hear of it as they would without us (SIGPIPE).
void SupervisorOutput::hang_up(int stream) {
  sinks_[stream].begin = sinks_[stream].end = 0;
  for (uint32_t i = 0; i < count_; ++i) {
    if (all_[i].read_ends[stream] >= 0) call(__NR_close, all_[i].read_ends[stream]);
    all_[i].read_ends[stream] = -1;
    all_[i].flush[stream] = false;
    all_[i].lines[stream]->begin = all_[i].lines[stream]->end = 0;
  }
}

uint32_t SupervisorOutput::poll_for(pollfd* polled, uint32_t used) {
  for (int stream = 0; stream < 2; ++stream) {
    if (sinks_[stream].used() > 0) polled[used++] = {stream + 1, POLLOUT, 0};
    for (uint32_t i = 0; i < count_; ++i)
      if (wants_input(all_[i], stream)) polled[used++] = {all_[i].read_ends[stream], POLLIN, 0};
  }
  return used;
}

// Whether there may be more.
bool SupervisorOutput::read_from(Supervised& one, int stream) {
  LineBuffer& lines = *one.lines[stream];
  const uint32_t room = lines.room();
  const long got = call(__NR_read, one.read_ends[stream], lines.data + lines.end, room);
  if (got > 0) lines.end += static_cast<uint32_t>(got);
  // Nothing more: what has no end by now gets one.
  if (got == -EAGAIN && one.flush[stream]) {
    move_line(sinks_[stream], lines, one.prefix, one.prefix_size, Rest::Flushed);
    one.flush[stream] = lines.begin != lines.end;
  }
  return got > 0;
}

void SupervisorOutput::take_lines(Supervised& one, int stream) {
  bool more = true;
  while (more) {
    more = wants_input(one, stream) && read_from(one, stream) && one.flush[stream];
    while (move_line(sinks_[stream], *one.lines[stream], one.prefix, one.prefix_size, Rest::Kept)) {
    }
  }
}

void SupervisorOutput::write_out(int stream) {
  Sink& sink = sinks_[stream];
  while (sink.used() > 0) {
    if (!is_ready(stream + 1, POLLOUT)) return;
    const uint32_t size = sink.used() < kMostAtOnce ? sink.used() : kMostAtOnce;
    const long written = call(__NR_write, stream + 1, sink.data + sink.begin, size);
    if (written > 0) sink.begin += static_cast<uint32_t>(written);
    if (written == -EAGAIN || written == -EINTR) return;
    if (written < 0) return hang_up(stream);
  }
}

void SupervisorOutput::move() {
  for (int stream = 0; stream < 2; ++stream) {
    bool more = true;
    while (more) {
      for (uint32_t i = 0; i < count_; ++i) take_lines(all_[i], stream);
      write_out(stream);
      // Lines for which there was no room are no reason to wake up again.
      more = sinks_[stream].used() == 0 && has_lines(stream);
    }
  }
}

bool SupervisorOutput::has_lines(int stream) const {
  for (uint32_t i = 0; i < count_; ++i)
    if (has_line(all_[i], stream)) return true;
  return false;
}

bool SupervisorOutput::drained() const {
  for (int stream = 0; stream < 2; ++stream) {
    if (sinks_[stream].used() > 0) return false;
    for (uint32_t i = 0; i < count_; ++i)
      if ((all_[i].flush[stream] && all_[i].read_ends[stream] >= 0) ||
          all_[i].lines[stream]->begin != all_[i].lines[stream]->end)
        return false;
  }
  return true;
}

void SupervisorOutput::say(const char* const* words, uint32_t count) {
  Sink& sink = sinks_[1];
  if (!sink.fits(kMostServiceLine)) return;  // nobody reads what there is
  sink.add(kOwnPrefix, sizeof kOwnPrefix - 1);
  uint32_t left = kMostServiceLine;
  for (uint32_t i = 0; i < count; ++i)
    for (const char* at = words[i]; *at != 0 && left > 0; ++at, --left) sink.add(at, 1);
  sink.add("\n", 1);
}

}  // namespace caisson::launch
