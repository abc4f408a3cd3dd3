#include "net/early_removal.hpp"

#include <sys/mount.h>
#include <sys/wait.h>

#include <vector>

#include "kernel/in_namespaces.hpp"
#include "kernel/ip_command.hpp"
#include "net/device_editor.hpp"
#include "sys/netlink.hpp"
#include "sys/process.hpp"

namespace caisson {
namespace {

using test::As;
using test::Failed;
using test::ip;

void make_port() {
  test::needs_ip();
  if (!test::ip_does("link add br0 type bridge") || !test::ip_does("link add port0 master br0 up type veth"))
    throw test::Skipped{"this kernel makes no bridges or no veth devices"};
}

net::Link device(const char* name) {
  const auto socket = sys::make_route_socket().or_throw("make a socket");
  const auto link = net::DeviceEditor(socket.borrow()).find(name);
  if (!link) throw Failed{text::join("no device ", name)};
  return *link;
}

bool remove_early(const net::Link& link, std::span<const sys::BorrowedFd> kept = {}) {
  const auto socket = sys::make_route_socket().or_throw("make a socket");
  net::DeviceEditor editor(socket.borrow());
  return net::remove_early(editor, link, kept);
}

int reap() {
  int status = -1;
  if (::wait(&status) < 0) throw Failed{"there was no process to wait for"};
  return status;
}

class EarlyRemoval : public test::Both {};
INSTANTIATE_TEST_SUITE_P(As, EarlyRemoval, testing::Values(As::Root, As::User), test::name_of);

TEST_P(EarlyRemoval, TheDeviceIsGoneForEverybodyAndAProcessOfItsOwnSeesItThrough) {
  EXPECT_PASSES(test::in_namespaces(GetParam(), [] {
    make_port();
    if (::mount("sysfs", "/tmp", "sysfs", 0, nullptr) != 0) throw Failed{"mount sysfs"};
    const net::Link port = device("port0");
    CHECK_THAT(sys::status_at(sys::kCwd, "/tmp/class/net/port0").ok());
    sys::PipeEnds kept = sys::make_pipe().or_throw("make a pipe"), other = sys::make_pipe().or_throw("make a pipe");
    CHECK_THAT(remove_early(port, std::vector{kept.write.borrow()}));
    CHECK_SAME(sys::status_at(sys::kCwd, "/tmp/class/net/port0").err(), ENOENT);
    CHECK_THAT(sys::status_at(sys::kCwd, "/tmp/class/net/br0").ok());
    // Each end of file comes when the last writer has closed: of one pipe that is the other process.
    kept.write.reset();
    other.write.reset();
    CHECK_SAME(sys::read_full(other.read.borrow()).or_throw("read"), "");
    CHECK_SAME(sys::read_full(kept.read.borrow()).or_throw("read"), "");
    CHECK_SAME(reap(), 0);
  }));
}

TEST_P(EarlyRemoval, ADeviceThatIsGoneAlreadyIsNoFailure) {
  EXPECT_PASSES(test::in_namespaces(GetParam(), [] {
    make_port();
    const net::Link port = device("port0");
    ip("link del port0");
    CHECK_THAT(remove_early(port));
  }));
}

// The kernel keeps loopback: whoever asks is told so by the usual way.
TEST_P(EarlyRemoval, ADeviceThatStaysIsReported) {
  EXPECT_PASSES(test::in_namespaces(GetParam(), [] {
    make_port();
    CHECK_THAT(!remove_early(device("lo")));
    CHECK_THAT(device("lo").loopback);
  }));
}

TEST_P(EarlyRemoval, TheLossOfOtherNewsIsNoHindrance) {
  EXPECT_PASSES(test::in_namespaces(GetParam(), [] {
    make_port();
    for (int i = 0; i < 40; ++i) ip(text::join("link add d", i, " type bridge"));
    const pid_t restless = ::fork();
    if (restless == 0)
      for (int i = 0;; i = (i + 1) % 40) ip(text::join("link set d", i, i % 2 == 0 ? " up" : " down"));
    const bool removed = remove_early(device("port0"));
    ::kill(restless, SIGKILL);
    CHECK_THAT(removed);
  }));
}

}  // namespace
}  // namespace caisson
