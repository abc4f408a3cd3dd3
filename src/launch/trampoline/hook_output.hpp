// What a startContainer hook prints on one of its two streams: it goes on to where the container's output goes, and the end of
// it is kept for the error. A terminal gets none of it: nobody may read that one before the program runs, and the hook would
// stand still.
#pragma once

#include <asm/poll.h>
#include <stddef.h>

namespace caisson::launch {

struct Poll {
  int fd;
  short events, revents;
};

// The text of an error; what does not fit is left out.
class Line {
 public:
  void add(const char* text);
  void add_number(int number);
  void add_escaped(char byte);
  const char* text() const { return bytes_; }

 private:
  void put(char byte) {
    if (used_ < sizeof bytes_ - 1) bytes_[used_++] = byte;
  }

  char bytes_[6144] = {};  // together with its title it fits into a message
  size_t used_ = 0;
};

class HookStream {
 public:
  HookStream(const char* name, int target) : name_(name), target_(target) {}

  long open();  // 0, or a negative errno
  int sink() const { return sink_; }
  void close_sink();
  // What to wait for: that there is more, or that the target takes more. A hook whose output nobody reads waits, as the program
  // would.
  Poll next() const;
  void proceed();
  // The hook has ended: takes what is in the pipe and no more, since a process that the hook left behind may hold it open for
  // ever.
  void finish(bool passes_on);
  void quote_into(Line& line) const;

 private:
  static constexpr size_t kKept = 1024;

  bool move_some();
  char kept(size_t place) const { return kept_[place % kKept]; }

  const char* name_;
  int target_, source_ = -1, sink_ = -1;
  bool passes_on_ = false, target_takes_more_ = false;
  size_t printed_ = 0;
  char kept_[kKept];
};

}  // namespace caisson::launch
