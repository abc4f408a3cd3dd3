#include "launch/companion.hpp"

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"
#include "launch/end_with_maker.hpp"
#include "process/signals.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/signal_queue.hpp"
#include "sys/terminal.hpp"

extern char** environ;

namespace caisson::launch {
namespace {

constexpr std::size_t kMostWords = 4096;  // of its last ones that are kept
constexpr char kIsReady = 'R', kFailed = 'E';
constexpr int kReport = 3, kContainer = 4, kLock = 5;  // of the process that watches
constexpr int kReady = 6;
constexpr int kOutOfTheWay = 32;  // above every number that is given a meaning
constexpr std::string_view kFiles = "{watcher}/";

struct Around {
  pid_t watcher = 0, stand_in = 0;
};

std::string in_full(std::string word, const Around& around) {
  if (const std::size_t at = word.find(kFiles); at != std::string::npos)
    word.replace(at, kFiles.size(), text::join("/proc/", around.watcher, "/fd/"));
  if (word == kStandIn) word = text::join(around.stand_in);
  return word;
}

// For programs that find namespaces by a process only. The container's own first process cannot be looked into; this one is
// gone before the container's program begins, which might otherwise get hold of it.
[[noreturn]] void stand_in_main(pid_t watcher, sys::BorrowedFd report) noexcept {
  try {
    end_with_maker(watcher);
    sys::set_namespace(sys::BorrowedFd(kFirstPassed), CLONE_NEWUSER).or_throw("enter the container's user namespace");
    sys::set_namespace(sys::BorrowedFd(kFirstPassed + 1), CLONE_NEWNET).or_throw("enter the container's network namespace");
    // Both are lost by the change of namespaces.
    end_with_maker(watcher);
    sys::process_control(PR_SET_DUMPABLE, 1).or_throw("let the program look at a process");
    sys::write_once(report, std::string(1, kIsReady)).or_throw("tell that the namespaces are entered");
    while (true) sys::sleep_ns(1'000'000'000);
  } catch (const Error& error) {
    static_cast<void>(sys::write_once(report, error.message()));
  }
  sys::exit_now(1);
}

[[noreturn]] void become_program(const CompanionOrders& orders, const Around& around, sys::BorrowedFd words) {
  end_with_maker(around.watcher);
  sys::duplicate_onto(words, 1).or_throw("redirect the output");
  sys::duplicate_onto(words, 2).or_throw("redirect the output");
  sys::duplicate_onto(sys::BorrowedFd(kReady), kReadyFile).or_throw("place a descriptor");
  sys::close_range(kReadyFile + 1, ~0U, 0).or_throw("close descriptors");
  sys::reset_signals();
  std::vector<std::string> texts;
  for (const std::string& word : orders.words) texts.push_back(in_full(word, around));
  std::vector<const char*> argv;
  for (const std::string& text : texts) argv.push_back(text.c_str());
  argv.push_back(nullptr);
  sys::execute(orders.program.c_str(), argv.data(), environ).or_throw("execute ", orders.program);
  sys::exit_now(1);
}

[[noreturn]] void program_main(const CompanionOrders& orders, const Around& around, sys::BorrowedFd words) noexcept {
  try {
    become_program(orders, around, words);
  } catch (const Error& error) {
    static_cast<void>(sys::write_once(sys::BorrowedFd(2), error.message()));
  }
  sys::exit_now(1);
}

// Of the process that waits.
class Watch {
 public:
  Watch(const CompanionOrders& orders, sys::UniqueFd& report) : container_(orders.container), report_(report) {
    sys::PipeEnds ready = sys::make_pipe().or_throw("make a pipe"), words = sys::make_pipe().or_throw("make a pipe");
    sys::duplicate_onto(ready.write.borrow(), kReady).or_throw("place a descriptor");
    Around around{.watcher = sys::process_id()};
    if (std::ranges::find(orders.words, kStandIn) != orders.words.end()) around.stand_in = begin_stand_in(around.watcher);
    program_ = sys::clone_with_pidfd().or_throw("clone a process for ", orders.program);
    if (program_.pid == 0) program_main(orders, around, words.write.borrow());
    ready_ = std::move(ready.read);
    words_ = std::move(words.read);
  }

  void until_the_end() {
    while (true) {
      std::array entries{entry(container_.borrow()), entry(words_.borrow()), entry(ready_.borrow()),
                         entry(program_.process.borrow())};
      sys::wait_for_any(entries).or_throw("wait for the container's end");
      if (entries[0].revents != 0) return sys::end_child(program_.pid, program_.process);
      if (entries[1].revents != 0) listen();
      if (entries[2].revents != 0) hear_ready();
      if (entries[3].revents != 0) return say_end();
    }
  }

 private:
  pid_t begin_stand_in(pid_t watcher) {
    sys::PipeEnds ends = sys::make_pipe().or_throw("make a pipe");
    stand_in_ = sys::clone_with_pidfd().or_throw("clone a process for the container's namespaces");
    if (stand_in_.pid == 0) stand_in_main(watcher, ends.write.borrow());
    ends.write.reset();
    std::array<char, 512> said;
    const auto length = sys::read_some(ends.read.borrow(), said.data(), said.size()).or_throw("wait for a process");
    if (length == 1 && said[0] == kIsReady) return stand_in_.pid;
    throw Error(ErrorKind::Host, std::string(said.data(), length));
  }

  static pollfd entry(sys::BorrowedFd fd) { return {.fd = fd.get(), .events = POLLIN, .revents = 0}; }

  // Read for ever: a program whose words nobody takes would stand still, or be killed by them.
  void listen() {
    std::array<char, 1024> part;
    const auto length = sys::read_some(words_.borrow(), part.data(), part.size());
    if (!length.ok() || length.value() == 0) return words_.reset();
    if (!report_.valid()) return;
    said_.append(part.data(), length.value());
    if (said_.size() > kMostWords) said_.erase(0, said_.size() - kMostWords);
  }

  void hear_ready() {
    std::array<char, 64> part;
    const auto length = sys::read_some(ready_.borrow(), part.data(), part.size());
    ready_.reset();
    end_stand_in();
    if (length.ok() && length.value() > 0) report(std::string(1, kIsReady));
  }

  void say_end() {
    while (words_.valid() && sys::wait_readable(words_.borrow(), 0).value_or(sys::Readiness::TimedOut) == sys::Readiness::Ready)
      listen();
    const sys::ExitStatus ended = sys::wait_for(program_.process).or_throw("wait for the program");
    if (report_.valid()) report(text::join(kFailed, process::end_in_words(ended), "\n", said_));
  }

  void end_stand_in() {
    if (stand_in_.process.valid()) sys::end_child(stand_in_.pid, stand_in_.process);
    stand_in_ = {};
  }

  void report(const std::string& text) {
    static_cast<void>(sys::write_once(report_.borrow(), text));  // nobody may be there any more to hear it
    report_.reset();
  }

  const sys::Pidfd& container_;
  sys::UniqueFd& report_;
  sys::UniqueFd ready_, words_;
  sys::Cloned program_, stand_in_;
  std::string said_;
};

// Low and next to each other, so that everything else can be closed at once: descriptors of the caller's would keep its pipes,
// sockets and locks open.
void place_descriptors(const CompanionOrders& orders, sys::BorrowedFd report) {
  const sys::UniqueFd null = sys::open_at(sys::kCwd, "/dev/null", O_RDWR).or_throw("open /dev/null");
  std::vector<sys::BorrowedFd> wanted{null.borrow(), null.borrow(), null.borrow(), report, orders.container.borrow(),
                                      orders.lock,   null.borrow()};  // kReady comes later
  wanted.insert(wanted.end(), orders.passed.begin(), orders.passed.end());
  std::vector<sys::UniqueFd> copies;
  for (const sys::BorrowedFd fd : wanted) copies.push_back(sys::duplicate(fd, kOutOfTheWay).or_throw("duplicate a descriptor"));
  int next = 0;
  for (const sys::UniqueFd& copy : copies) sys::duplicate_onto(copy.borrow(), next++).or_throw("place a descriptor");
}

[[noreturn]] void watcher_main(const CompanionOrders& orders, sys::UniqueFd& report) noexcept {
  try {
    sys::new_session().or_throw("make a session");
    sys::change_dir("/").or_throw("go to /");
    place_descriptors(orders, report.borrow());
    static_cast<void>(report.release());
    report = sys::UniqueFd(kReport);
    sys::close_range(static_cast<unsigned>(kFirstPassed + orders.passed.size()), ~0U, 0).or_throw("close descriptors");
    // For the paths to what is passed: nobody but the same user can follow them.
    sys::process_control(PR_SET_DUMPABLE, 1).or_throw("let the program reach what it is given");
    const sys::Pidfd container{sys::UniqueFd(kContainer)};
    Watch({.program = orders.program,
           .words = orders.words,
           .container = container,
           .lock = sys::BorrowedFd(kLock),
           .passed = {}},
          report)
        .until_the_end();
  } catch (const Error& error) {
    static_cast<void>(sys::write_once(report.borrow(), text::join(kFailed, error.message())));
  }
  sys::exit_now(0);
}

[[noreturn]] void fail(const CompanionOrders& orders, std::string_view answer) {
  const std::string name = orders.words.front();
  if (answer.empty()) throw Error(ErrorKind::Host, text::join("the process that watches ", name, " was killed"));
  std::string said;
  for (const std::string_view line : text::split(answer.substr(1), '\n'))
    if (!line.empty()) said += text::join(said.empty() ? "" : "; ", text::printable(line));
  throw Error(ErrorKind::Host, text::join(name, " did not connect the container: ", said));
}

}  // namespace

std::string companion_file(int number) { return text::join(kFiles, number); }

void start_companion(const CompanionOrders& orders) {
  sys::PipeEnds report = sys::make_pipe().or_throw("make a pipe");
  const sys::Cloned between = sys::clone_with_pidfd().or_throw("clone a process for ", orders.program);
  if (between.pid == 0) {
    const auto watcher = sys::clone_with_pidfd();
    if (watcher.ok() && watcher.value().pid == 0) watcher_main(orders, report.write);
    sys::exit_now(watcher.ok() ? 0 : 1);
  }
  report.write.reset();
  sys::wait_for(between.process).or_throw("wait for a process");
  const std::string answer = sys::read_full(report.read.borrow(), 2 * kMostWords).or_throw("wait for ", orders.program);
  if (answer.empty() || answer.front() != kIsReady) fail(orders, answer);
}

}  // namespace caisson::launch
