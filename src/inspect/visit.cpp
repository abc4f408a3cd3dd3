#include "inspect/visit.hpp"

#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/socket.hpp"

namespace caisson::inspect {
namespace {

constexpr std::size_t kMostDescriptors = 8;

struct Header {
  bool failed = false;
  ErrorKind kind = ErrorKind::Kernel;
  int errno_value = 0;
  std::uint64_t size = 0;
};

void send_report(sys::BorrowedFd socket, Header header, const VisitReport& report) {
  header.size = report.text.size();
  std::vector<sys::BorrowedFd> passed;
  for (const sys::UniqueFd& each : report.descriptors) passed.push_back(each.borrow());
  const std::string_view bytes(reinterpret_cast<const char*>(&header), sizeof header);
  sys::send_with_fds(socket, bytes, passed).or_throw("report");
  sys::write_full(socket, report.text).or_throw("report");
}

// Stays until the caller closes its end.
[[noreturn]] void visitor_main(const std::function<VisitReport()>& look, sys::UniqueFd socket) noexcept {
  int status = 0;
  try {
    try {
      send_report(socket.borrow(), {}, look());
    } catch (const Error& error) {
      status = 1;
      std::string words;
      for (const std::string& frame : error.frames()) words += text::join(frame, '\0');
      send_report(socket.borrow(), {.failed = true, .kind = error.kind(), .errno_value = error.errno_value()}, {words, {}});
    }
    char end = 0;
    static_cast<void>(sys::read_some(socket.borrow(), &end, 1));
  } catch (...) {
    status = 2;
  }
  sys::exit_now(status);
}

[[noreturn]] void throw_reported(const Header& header, std::string_view words) {
  if (words.ends_with('\0')) words.remove_suffix(1);
  const auto frames = text::split(words, '\0');
  Error error(header.kind, std::string(frames.empty() ? std::string_view("look inside") : frames.front()), header.errno_value);
  for (std::size_t i = 1; i < frames.size(); ++i) error.within(std::string(frames[i]));
  throw std::move(error);
}

// Whatever happens, the visitor does not outlive this.
struct Visitor {
  sys::Cloned process;
  sys::UniqueFd socket;

  ~Visitor() {
    if (process.pid != 0) sys::end_child(process.pid, process.process);
  }
};

VisitReport receive_report(Visitor& visitor) {
  Header header;
  auto first =
      sys::receive_with_fds(visitor.socket.borrow(), sizeof header, kMostDescriptors).or_throw("read what was seen inside");
  if (first.data.size() != sizeof header) {
    const auto status = sys::wait_for(visitor.process.process).or_throw("wait for the process that looked inside");
    visitor.process.pid = 0;
    throw Error(ErrorKind::Kernel, text::join("the process that looked inside ended with status ", status.as_shell()));
  }
  std::memcpy(&header, first.data.data(), sizeof header);
  VisitReport report{.text = std::string(header.size, '\0'), .descriptors = std::move(first.fds)};
  for (std::size_t at = 0; at < report.text.size();) {
    const auto got = sys::read_some(visitor.socket.borrow(), report.text.data() + at, report.text.size() - at)
                         .or_throw("read what was seen inside");
    if (got == 0) throw Error(ErrorKind::Kernel, "the process that looked inside ended in the middle of its report");
    at += got;
  }
  if (header.failed) throw_reported(header, report.text);
  return report;
}

}  // namespace

VisitReport visit(const std::function<VisitReport()>& look, const std::function<void(pid_t, VisitReport&)>& meanwhile) {
  sys::SocketPair pair = sys::socket_pair(sys::SocketType::Stream).or_throw("make a socket pair");
  Visitor visitor;
  visitor.process = sys::clone_with_pidfd().or_throw("clone a process to look inside");
  if (visitor.process.pid == 0) {
    pair.ours.reset();
    visitor_main(look, std::move(pair.theirs));
  }
  pair.theirs.reset();
  visitor.socket = std::move(pair.ours);
  VisitReport report = receive_report(visitor);
  if (meanwhile) meanwhile(visitor.process.pid, report);
  return report;
}

}  // namespace caisson::inspect
