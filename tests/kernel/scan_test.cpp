// The scan of namespaces against namespaces that the test made itself, one way of holding each.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>
#include <thread>

#include "in_namespaces.hpp"
#include "inspect/machine.hpp"
#include "inspect/proc_reader.hpp"

namespace caisson {
namespace {

using namespace test;
using inspect::HeldBy;
using inspect::Holder;
using inspect::Machine;
using inspect::NamespaceEntry;

class Scans : public Both {};
INSTANTIATE_TEST_SUITE_P(Each, Scans, testing::Values(As::Root, As::User), name_of);

std::uint64_t own_namespace(const char* link) {
  const std::string text = sys::read_link(sys::kCwd, text::join("/proc/thread-self/ns/", link).c_str()).or_throw("read link");
  return inspect::parse_namespace_name(text).inode;
}

const NamespaceEntry& found(const Machine& machine, ns::Type type, std::uint64_t inode) {
  const NamespaceEntry* const entry = machine.find(type, inode);
  if (entry == nullptr) throw Failed{text::join("not found: ", ns::kind_of(type).proc, " ", inode)};
  return *entry;
}

bool held(const NamespaceEntry& entry, HeldBy how) {
  return std::ranges::any_of(entry.holders, [&](const Holder& holder) { return holder.how == how; });
}

void must(bool good, const char* doing) {
  if (!good) throw Failed{text::join(doing, ": ", errno_text(errno))};
}

// Runs look() while another process stands in a network namespace of its own, and no longer than that.
void with_child(const std::function<void()>& become, const std::function<void(pid_t)>& look) {
  int ready[2];
  must(::pipe(ready) == 0, "pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
      become();
      static_cast<void>(!::write(ready[1], "r", 1));
    } catch (const Failed& failed) {
      static_cast<void>(!::write(2, failed.what.data(), failed.what.size()));
    }
    ::close(ready[1]);
    for (;;) ::pause();
  }
  ::close(ready[1]);
  char said = 0;
  const bool stands = ::read(ready[0], &said, 1) == 1;
  ::close(ready[0]);
  const Outcome outcome = stands ? outcome_of([&] { look(child); }) : Outcome{'f', "the other process failed"};
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  rethrow(outcome);
}

constexpr unsigned kFew = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS;

TEST_P(Scans, ShowTheCallerInItsNamespacesAndWhoOwnsThem) {
  EXPECT_PASSES(in_namespaces(
      GetParam(),
      [as = GetParam()] {
        const Machine machine = inspect::scan({.relations = true, .start_times = true});
        const inspect::Process* const self = machine.process(::getpid());
        CHECK_THAT(self != nullptr);
        CHECK_SAME(self->parent, ::getppid());
        CHECK_SAME(self->uid, ::geteuid());
        CHECK_THAT(self->start_time > 0 && !self->command.empty());
        for (const ns::Kind& kind : ns::kKinds)
          CHECK_SAME(self->namespaces[static_cast<std::size_t>(kind.type)], own_namespace(kind.proc));
        const NamespaceEntry& net = found(machine, ns::Type::Network, own_namespace("net"));
        CHECK_THAT(std::ranges::any_of(net.members, [&](std::size_t i) { return machine.processes[i].pid == ::getpid(); }));
        CHECK_SAME(net.owner, own_namespace("user"));
        if (as == As::User) CHECK_SAME(net.owner_uid.value_or(77), 0U);
      },
      kFew));
}

TEST_P(Scans, FindWhatOnlyThreadsAndDescriptorsHold) {
  EXPECT_PASSES(in_namespaces(
      GetParam(),
      [] {
        std::uint64_t by_descriptor = 0, by_socket = 0, by_thread = 0;
        int numbers[2];
        must(::pipe(numbers) == 0, "pipe");
        const auto become = [&] {
          const auto add = [&](std::uint64_t inode) { static_cast<void>(!::write(numbers[1], &inode, sizeof inode)); };
          must(::unshare(CLONE_NEWNET) == 0, "unshare");
          must(::open("/proc/thread-self/ns/net", O_RDONLY) >= 0, "open");
          add(own_namespace("net"));
          must(::unshare(CLONE_NEWNET) == 0, "unshare");
          must(::socket(AF_UNIX, SOCK_STREAM, 0) >= 0, "socket");
          add(own_namespace("net"));
          must(::unshare(CLONE_NEWNET) == 0, "unshare");
          std::thread([&] {
            static_cast<void>(::unshare(CLONE_NEWNET));
            add(own_namespace("net"));
            for (;;) ::pause();
          }).detach();
        };
        with_child(become, [&](pid_t child) {
          for (std::uint64_t* number : {&by_descriptor, &by_socket, &by_thread})
            must(::read(numbers[0], number, sizeof *number) == sizeof *number, "read");
          const Machine machine = inspect::scan({.threads = true, .descriptors = true, .relations = true, .commands = false});
          const std::pair<std::uint64_t, HeldBy> expected[] = {
              {by_descriptor, HeldBy::Descriptor}, {by_socket, HeldBy::Socket}, {by_thread, HeldBy::Thread}};
          for (const auto& [inode, how] : expected) {
            const NamespaceEntry& entry = found(machine, ns::Type::Network, inode);
            CHECK_THAT(entry.members.empty() && held(entry, how));
            CHECK_SAME(entry.holders.front().pid, child);
            CHECK_SAME(entry.owner, own_namespace("user"));
          }
        });
      },
      kFew));
}

TEST_P(Scans, FindMountsHereAndInOtherMountNamespaces) {
  EXPECT_PASSES(in_namespaces(
      GetParam(),
      [] {
        const auto pin = [](const char* path) {
          const int file = ::open(path, O_CREAT | O_RDONLY, 0444);
          must(file >= 0, "create");
          ::close(file);
          must(::mount("/proc/self/ns/uts", path, nullptr, MS_BIND, nullptr) == 0, "bind");
        };
        must(::unshare(CLONE_NEWUTS) == 0, "unshare");
        const std::uint64_t here = own_namespace("uts");
        pin("/tmp/here");
        must(::unshare(CLONE_NEWUTS) == 0, "unshare");
        const std::uint64_t there = own_namespace("uts");
        with_child(
            [&] {
              must(::unshare(CLONE_NEWNS) == 0, "unshare");
              pin("/tmp/there");
              must(::unshare(CLONE_NEWUTS) == 0, "unshare");
            },
            [&](pid_t child) {
              must(::unshare(CLONE_NEWUTS) == 0, "unshare");
              const Machine machine = inspect::scan(
                  {.mounts = true, .other_mounts = true, .relations = true, .commands = false, .only = ns::Type::Uts});
              const NamespaceEntry& near = found(machine, ns::Type::Uts, here);
              CHECK_THAT(near.members.empty());
              CHECK_THAT(std::ranges::any_of(near.holders, [](const Holder& holder) {
                return holder.how == HeldBy::Mount && holder.path == "/tmp/here" && holder.mount_namespace == 0;
              }));
              const NamespaceEntry& far = found(machine, ns::Type::Uts, there);
              CHECK_SAME(far.holders.size(), 1U);
              CHECK_SAME(far.holders.front().path, "/tmp/there");
              CHECK_SAME(far.holders.front().pid, child);
              CHECK_SAME(far.owner, own_namespace("user"));
              CHECK_THAT(std::ranges::all_of(machine.namespaces,
                                             [](const NamespaceEntry& entry) { return entry.type == ns::Type::Uts; }));
            });
      },
      kFew));
}

TEST(ScansOfUserNamespaces, FindThoseThatOnlyHaveChildren) {
  EXPECT_PASSES(in_namespaces(
      As::User,
      [] {
        const std::uint64_t above = own_namespace("user");
        with_child(
            [] {
              must(::unshare(CLONE_NEWUSER) == 0, "unshare");
              write_text("/proc/self/uid_map", "0 0 1");
              write_text("/proc/self/gid_map", "0 0 1");
              must(::unshare(CLONE_NEWUSER) == 0, "unshare");
            },
            [&](pid_t child) {
              const Machine machine = inspect::scan({.relations = true, .commands = false});
              const inspect::Process* const process = machine.process(child);
              CHECK_THAT(process != nullptr);
              const NamespaceEntry& lowest =
                  found(machine, ns::Type::User, process->namespaces[static_cast<std::size_t>(ns::Type::User)]);
              const NamespaceEntry& middle = found(machine, ns::Type::User, lowest.parent);
              CHECK_THAT(middle.members.empty() && held(middle, HeldBy::Children));
              CHECK_SAME(middle.parent, above);
            });
      },
      kFew));
}

TEST_P(Scans, FindWhatTheNextChildWouldBeBornInto) {
  EXPECT_PASSES(in_namespaces(
      GetParam(),
      [] {
        with_child([] { must(::unshare(CLONE_NEWTIME) == 0, "unshare"); },
                   [&](pid_t child) {
                     const Machine machine = inspect::scan({.future_children = true, .commands = false});
                     CHECK_THAT(std::ranges::any_of(machine.namespaces, [&](const NamespaceEntry& entry) {
                       return entry.type == ns::Type::Time && held(entry, HeldBy::FutureChildren) &&
                              entry.holders.front().pid == child;
                     }));
                   });
      },
      kFew));
}

}  // namespace
}  // namespace caisson
