#include "launch/holder.hpp"

#include <fcntl.h>

#include <vector>

#include "base/error.hpp"
#include "launch/trampoline_image.hpp"
#include "launch/wire.hpp"
#include "process/signals.hpp"
#include "sys/file.hpp"
#include "sys/terminal.hpp"

namespace caisson::launch {
namespace {

struct Orders {
  std::span<const sys::BorrowedFd> held;
  const std::string& title;
  sys::BorrowedFd trampoline, report;
  const Channel& channel;  // the same socket as report
};

// Above the numbers that the held ones will have, so that none is overwritten before it was copied.
std::vector<sys::UniqueFd> out_of_the_way(std::span<const sys::BorrowedFd> fds) {
  const int free = kFirstHeld + static_cast<int>(fds.size());
  std::vector<sys::UniqueFd> copies;
  for (const sys::BorrowedFd fd : fds) copies.push_back(sys::duplicate(fd, free).or_throw("duplicate a descriptor"));
  return copies;
}

void forget_terminal() {
  sys::new_session().or_throw("make a session");
  sys::change_dir("/").or_throw("go to /");
  const sys::UniqueFd null = sys::open_at(sys::kCwd, "/dev/null", O_RDWR).or_throw("open /dev/null");
  for (const int standard : {0, 1, 2}) sys::duplicate_onto(null.borrow(), standard).or_throw("redirect to /dev/null");
}

void become_holder(const Orders& orders) {
  sys::reset_signals();
  forget_terminal();
  // What the caller was given without close-on-exec is not for the holder to keep.
  sys::close_range(static_cast<unsigned>(kFirstHeld), ~0U, sys::abi::kCloseRangeCloexec).or_throw("mark descriptors");
  sys::keep_across_exec(orders.report).or_throw("keep the channel");
  const std::vector<sys::UniqueFd> copies = out_of_the_way(orders.held);
  int next = kFirstHeld;
  for (const sys::UniqueFd& copy : copies) sys::duplicate_onto(copy.borrow(), next++).or_throw("place a descriptor");
  const char* const argv[] = {orders.title.c_str(), nullptr};
  const char* const envp[] = {nullptr};
  sys::execute_fd(orders.trampoline, argv, envp).or_throw("execute the trampoline");
}

[[noreturn]] void holder_main(const Orders& orders) noexcept {
  try {
    become_holder(orders);
  } catch (const Error& error) {
    orders.channel.send_failure(error);
  }
  sys::exit_now(1);
}

}  // namespace

Holder::Holder(std::span<const sys::BorrowedFd> held, const std::string& title) : Holder() {
  begin(held, title);
  const auto answer = channel_.receive();
  if (answer && answer->message == Message::Ready) return;
  if (answer) throw decode_failure(std::as_bytes(std::span(answer->data))).within("start the holder");
  const sys::ExitStatus ended = sys::wait_for(process_).or_throw("wait for the holder");
  throw Error(ErrorKind::Kernel, text::join("the holder ", process::end_in_words(ended), " before it was ready"));
}

void Holder::begin(std::span<const sys::BorrowedFd> held, const std::string& title) {
  ChannelPair channels = make_channel();
  const int lowest = kFirstHeld + static_cast<int>(held.size());
  const sys::UniqueFd report = sys::duplicate(channels.child.borrow(), lowest).or_throw("duplicate a socket");
  const sys::UniqueFd image = make_trampoline({.channel = report.get(), .holds = true});
  const sys::UniqueFd trampoline = sys::duplicate(image.borrow(), lowest).or_throw("duplicate a descriptor");
  sys::Cloned child = sys::clone_with_pidfd().or_throw("clone the holder");
  if (child.pid == 0) holder_main({held, title, trampoline.borrow(), report.borrow(), channels.child});
  pid_ = child.pid;
  process_ = std::move(child.process);
  channel_ = std::move(channels.parent);
}

Holder::~Holder() {
  if (!released_ && process_.valid()) sys::end_child(pid_, process_);
}

void Holder::release() {
  channel_.send(Message::Continue);
  channel_.close();
  released_ = true;
}

}  // namespace caisson::launch
