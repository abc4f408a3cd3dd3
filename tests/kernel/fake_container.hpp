// A container as the later commands of the life cycle see it: a record in a state root of its own, a first process that sleeps,
// and a child beside it which speaks the protocol of the trampoline, as each test wants it.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "host/facts.hpp"
#include "lifecycle/commands.hpp"
#include "state/store.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/socket.hpp"

namespace caisson::lifecycle {

inline std::string fake_warnings;

class FakeContainer : public testing::Test {
 protected:
  // What is done with the connection of `start`, after its order was heard.
  using Answer = std::function<void(sys::UniqueFd&)>;

  FakeContainer()
      : log_({.program = "p"}, {nullptr, [](std::string_view line) { fake_warnings += line; }, nullptr}),
        directory_(make_directory()),
        context_{.state_root = directory_ + "/state", .program_name = "p", .log = &log_} {
    fake_warnings.clear();
    record_ = {.id = "box", .bundle = directory_, .rootfs = directory_ + "/rootfs", .oci_version = "1.3.0"};
    record_.created = "2026-01-02T03:04:05Z";
    record_.config = R"({"ociVersion":"1.3.0","process":{"args":["sh"],"cwd":"/","env":["A=b"]}})";
  }
  ~FakeContainer() override {
    for (const pid_t child : {init_, answerer_}) {
      if (child <= 0) continue;
      ::kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
    }
    if (auto root = state::StateRoot::open(context_.state_root)) {
      for (const state::Entry& entry : root->list())
        if (auto file = root->find(entry.id)) file->remove();
    }
    rmdir(context_.state_root.c_str());
    unlink((directory_ + "/poststop").c_str());
    unlink((directory_ + "/poststart").c_str());
    rmdir(directory_.c_str());
  }

  // The container in the created state.
  void create(const Answer& answer) {
    state::ContainerFile file = state::StateRoot::open_or_create(context_.state_root).create("box");
    file.write_intent({.id = "box", .bundle = directory_, .cgroups = {}});
    sys::UniqueFd listener =
        sys::listen_at(file.directory(), file.start_socket().c_str(), sys::SocketType::SeqPacket, 0600).or_throw("listen");
    answerer_ = fork();
    if (answerer_ == 0) speak(listener, answer);
    // It has executed something, as a container's first process has that waits for start: spawn returns after that.
    const char* const command[] = {"sleep", "60", nullptr};
    ASSERT_EQ(posix_spawnp(&init_, command[0], nullptr, nullptr, const_cast<char**>(command), environ), 0);
    record_.init = state::identify(init_, host::read_boot_id());
    file.write_record(record_);
  }

  bool start_pending() { return state::StateRoot::open(context_.state_root)->open_container("box").start_pending(); }
  bool exists() { return state::StateRoot::open(context_.state_root)->find("box").has_value(); }
  void reap() {
    waitpid(init_, nullptr, 0);
    init_ = -1;
  }

  LogSink log_;
  std::string directory_;
  Context context_;
  state::Record record_;
  pid_t init_ = -1, answerer_ = -1;

 private:
  static std::string make_directory() {
    char name[] = "/tmp/caisson-fake-XXXXXX";
    return mkdtemp(name);
  }
  [[noreturn]] static void speak(sys::UniqueFd& listener, const Answer& answer) {
    constexpr int kLongestTest = 60;
    alarm(kLongestTest);
    // The lock of the container's file goes with its descriptors, as an execve would close them.
    const auto kept = static_cast<unsigned>(listener.get());
    if (kept > 3) (void)sys::close_range(3, kept - 1, 0);
    (void)sys::close_range(kept + 1, ~0U, 0);
    sys::UniqueFd connection = sys::accept_from(listener.borrow(), -1).or_throw("accept");
    char order = 0;
    (void)sys::read_some(connection.borrow(), &order, 1);
    listener.reset();
    if (order == 'S') answer(connection);
    connection.reset();
    for (;;) pause();
  }
};

}  // namespace caisson::lifecycle
