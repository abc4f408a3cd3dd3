#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "kernel/in_namespaces.hpp"
#include "kernel/ip_command.hpp"
#include "net/links.hpp"
#include "net/route_socket.hpp"
#include "sys/netlink.hpp"

namespace caisson {
namespace {

using test::As;
using test::Failed;
using test::ip;

void needs_devices() {
  test::needs_ip();
  if (!test::ip_does("link add probe0 type veth peer name probe1")) throw test::Skipped{"this kernel makes no veth devices"};
  ip("link del probe0");
}

const net::Link& named(const std::vector<net::Link>& links, const std::string& name) {
  for (const net::Link& link : links)
    if (link.name == name) return link;
  throw Failed{"no device " + name};
}

bool has(const net::Link& link, const std::string& ip_text, unsigned prefix) {
  return std::ranges::any_of(link.addresses,
                             [&](const net::Address& one) { return one.ip == ip_text && one.prefix == prefix; });
}

std::vector<net::Link> links_here() {
  const auto socket = sys::make_route_socket().or_throw("make a socket");
  return net::LinkReader().links(socket.borrow());
}

sys::UniqueFd own(const char* name) { return sys::open_at(sys::kCwd, name, O_RDONLY).or_throw("open ", name); }

// A network namespace that only the descriptor holds.
sys::UniqueFd other_namespace() {
  const auto back = own("/proc/self/ns/net");
  if (::unshare(CLONE_NEWNET) != 0) throw Failed{"unshare"};
  auto made = own("/proc/self/ns/net");
  if (::setns(back.get(), CLONE_NEWNET) != 0) throw Failed{"setns"};
  return made;
}

class NetworkLinks : public test::Both {};
INSTANTIATE_TEST_SUITE_P(As, NetworkLinks, testing::Values(As::Root, As::User), test::name_of);

TEST_P(NetworkLinks, AFreshNamespaceHasLoopbackAndNothingIsUp) {
  EXPECT_PASSES(test::in_namespaces(GetParam(), [] {
    const net::Link lo = named(links_here(), "lo");
    CHECK_THAT(lo.loopback && !lo.up && !lo.lower_up && lo.mac.empty() && lo.kind.empty() && lo.addresses.empty());
    CHECK_SAME(lo.index, 1);
    CHECK_SAME(lo.mtu, 65536U);
  }));
}

TEST_P(NetworkLinks, BridgesPortsAndAddressesAreRead) {
  EXPECT_PASSES(test::in_namespaces(GetParam(), [] {
    needs_devices();
    ip("link add br0 type bridge");
    ip("link add one type veth peer name two");
    ip("link set one master br0 up mtu 1400");
    ip("addr add 192.0.2.1/24 dev br0");
    ip("addr add 192.0.2.9 peer 192.0.2.10 dev two");
    ip("addr add 2001:db8::5/64 dev br0 nodad");
    ip("link set br0 up");
    const auto links = links_here();
    CHECK_THAT(std::ranges::is_sorted(links, {}, &net::Link::index));
    const net::Link &bridge = named(links, "br0"), &one = named(links, "one"), &two = named(links, "two");
    CHECK_SAME(bridge.kind, "bridge");
    CHECK_THAT(bridge.up && has(bridge, "192.0.2.1", 24) && has(bridge, "2001:db8::5", 64));
    CHECK_SAME(one.master, bridge.index);
    CHECK_THAT(one.up && !one.lower_up && one.mtu == 1400 && one.mac.size() == 17);
    CHECK_THAT(one.peer == two.index && two.peer == one.index && !one.peer_nsid);
    CHECK_SAME(two.addresses.front().peer, "192.0.2.10");
  }));
}

TEST_P(NetworkLinks, ThePeerInAnotherNamespaceIsFoundByItsNumber) {
  EXPECT_PASSES(test::in_namespaces(GetParam(), [] {
    needs_devices();
    const sys::UniqueFd other = other_namespace(), third = other_namespace();
    ip("link add here type veth peer name there");
    const sys::UniqueFd inherited(::dup(other.get()));
    ip(text::join("link set there netns /proc/self/fd/", inherited.get()));
    const auto here_socket = sys::make_route_socket().or_throw("make a socket");
    const auto there_socket = net::route_socket_in(other.borrow());
    net::LinkReader reader;
    const net::Link here = named(reader.links(here_socket.borrow()), "here");
    const net::Link there = named(reader.links(there_socket.borrow()), "there");
    CHECK_THAT(here.peer == there.index && there.peer == here.index);
    CHECK_THAT(here.peer_nsid.has_value() && there.peer_nsid.has_value());
    CHECK_SAME(reader.nsid(here_socket.borrow(), other.borrow()), here.peer_nsid);
    CHECK_SAME(reader.nsid(there_socket.borrow(), own("/proc/self/ns/net").borrow()), there.peer_nsid);
    CHECK_THAT(!reader.nsid(here_socket.borrow(), third.borrow()));
    // Nobody moved.
    CHECK_SAME(named(links_here(), "here").index, here.index);
  }));
}

TEST_P(NetworkLinks, MoreDevicesThanFitIntoOneAnswerAreReadWhole) {
  EXPECT_PASSES(test::in_namespaces(GetParam(), [] {
    needs_devices();
    std::string batch;
    for (int i = 0; i < 120; ++i)
      batch += text::join("link add d", i, " type bridge\naddr add 10.9.", i, ".1/24 dev d", i, "\n");
    std::ofstream("/tmp/batch") << batch;
    ip("-batch /tmp/batch");
    const auto links = links_here();
    CHECK_THAT(links.size() >= 121);
    for (int i = 0; i < 120; ++i) CHECK_THAT(has(named(links, text::join("d", i)), text::join("10.9.", i, ".1"), 24));
  }));
}

// Owns the other network namespace by a user namespace, but not the one it stands in: going there would be a way of no return.
TEST(NetworkLinksOfOthers, AreReadByWhoeverMayJoinTheOwner) {
  EXPECT_PASSES(test::in_child([] {
    test::become_ordinary();
    auto ready = sys::make_pipe().or_throw("pipe");
    auto done = sys::make_pipe().or_throw("pipe");
    const pid_t holder = ::fork();
    if (holder == 0) {
      const bool made = ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
      static_cast<void>(sys::write_full(ready.write.borrow(), made ? "y" : "n"));
      done.write.reset();
      char byte;
      static_cast<void>(sys::read_some(done.read.borrow(), &byte, 1));
      ::_exit(0);
    }
    char made = 0;
    static_cast<void>(sys::read_some(ready.read.borrow(), &made, 1));
    if (made != 'y') throw test::Skipped{"this machine forbids the namespaces"};
    const auto other = own(text::join("/proc/", holder, "/ns/net").c_str());
    const auto owner = own(text::join("/proc/", holder, "/ns/user").c_str());
    const std::string before = links_here().front().name;
    const std::string refused = test::error_of([&] { net::route_socket_in(other.borrow()); });
    const auto socket = net::route_socket_in(other.borrow(), owner.borrow());
    const auto links = net::LinkReader().links(socket.borrow());
    done.write.reset();
    int status = 0;
    ::waitpid(holder, &status, 0);
    CHECK_THAT(test::contains(refused, "Operation not permitted") && test::contains(refused, "CAP_SYS_ADMIN"));
    CHECK_THAT(named(links, "lo").index == 1 && !named(links, "lo").up);
    CHECK_SAME(links_here().front().name, before);
    CHECK_SAME(::waitpid(-1, nullptr, 0), -1);  // no child left behind
  }));
}

TEST(NetworkLinksOfOthers, AreRefusedWithWordsWhereTheFileIsNoNetworkNamespace) {
  EXPECT_PASSES(test::in_child([] {
    if (::geteuid() != 0) throw test::Skipped{"needs root"};
    const auto uts = own("/proc/self/ns/uts");
    const std::string refused = test::error_of([&] { net::route_socket_in(uts.borrow()); });
    CHECK_THAT(test::contains(refused, "look into a network namespace") && test::contains(refused, "Invalid argument"));
  }));
}

}  // namespace
}  // namespace caisson
