#include "inspect/map_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/inspect/made_up_machine.hpp"

namespace caisson::inspect {
namespace {

using enum spec::NamespaceType;
using test::MadeUpMachine;

const MapCard& named(const Map& map, std::string_view name) {
  const auto found = std::ranges::find(map.cards, name, &MapCard::name);
  if (found == map.cards.end()) throw std::runtime_error("no card " + std::string(name));
  return *found;
}

std::size_t wire_named(const Map& map, std::string_view name) {
  const auto found = std::ranges::find(map.wires, name, &MapWire::name);
  return found == map.wires.end() ? kNone : static_cast<std::size_t>(found - map.wires.begin());
}

const MapDevice& device(const MapCard& card, std::string_view name) {
  const auto found = std::ranges::find(card.devices, name, &MapDevice::name);
  if (found == card.devices.end()) throw std::runtime_error("no device " + std::string(name));
  return *found;
}

// Every card is in exactly one box, every index means something.
void expect_sound(const Map& map) {
  std::vector<std::size_t> seen(map.cards.size(), 0);
  for (std::size_t i = 0; i < map.boxes.size(); ++i) {
    for (const std::size_t card : map.boxes[i].cards) {
      ASSERT_LT(card, map.cards.size());
      ++seen[card];
      EXPECT_EQ(map.cards[card].box, i);
    }
    if (i > 0) EXPECT_LT(map.boxes[i].parent, i);
    for (const std::size_t inner : map.boxes[i].boxes) EXPECT_EQ(map.boxes[inner].parent, i);
  }
  EXPECT_TRUE(std::ranges::all_of(seen, [](std::size_t count) { return count == 1; }));
  for (std::size_t i = 0; i < map.wires.size(); ++i) {
    const MapWire& wire = map.wires[i];
    EXPECT_TRUE(wire.home == kNone || wire.home < map.cards.size());
    for (const WireEnd& end : wire.ends) {
      ASSERT_LT(end.card, map.cards.size());
      if (end.device != kNone) EXPECT_EQ(map.cards[end.card].devices.at(end.device).wire, i);
    }
  }
}

TEST(MapOfAMachine, HasTheHostAsOneCardAndKernelThreadsOnlyWhenAsked) {
  MadeUpMachine made;
  Map map = made.map();
  expect_sound(map);
  ASSERT_EQ(map.cards.size(), 1U);
  EXPECT_EQ(map.cards.front().processes.size(), 2U);
  ASSERT_EQ(map.notes.size(), 1U);
  EXPECT_NE(map.notes.front().find("2 kernel threads"), std::string::npos);
  map = made.map({.kernel_threads = true});
  ASSERT_EQ(map.cards.size(), 2U);
  EXPECT_EQ(map.cards[1].name, "kernel threads");
  EXPECT_EQ(map.cards[1].processes.size(), 2U);
  EXPECT_TRUE(map.notes.empty());
}

TEST(MapOfAMachine, DrawsOneContainerWithItsWireToTheBridge) {
  MadeUpMachine made;
  made.add_container("docker:web", "/usr/sbin/nginx -g x", made.add_bridge("docker0", "172.17.0.1"));
  const Map map = made.map();
  expect_sound(map);
  const MapCard& web = named(map, "docker:web");
  EXPECT_EQ(web.kind, CardKind::Container);
  EXPECT_EQ(web.detail, "nginx");
  EXPECT_EQ(web.own, (KindSet{false, true, true, true, true, true, true, false}));
  const std::size_t wire = wire_named(map, "docker0");
  ASSERT_NE(wire, kNone);
  EXPECT_EQ(map.wires[wire].home, 0U);
  ASSERT_EQ(map.wires[wire].ends.size(), 1U);
  EXPECT_EQ(device(web, "eth0").wire, wire);
  EXPECT_EQ(device(web, "eth0").beyond, "pair with veth1 of host, port of docker0");
  EXPECT_TRUE(device(map.cards.front(), "veth1").is_port);
  EXPECT_TRUE(device(map.cards.front(), "docker0").is_wire);
}

TEST(MapOfAMachine, HoldsTenAndTwoHundredContainersOfEverySort) {
  for (const int count : {10, 200}) {
    MadeUpMachine made = test::busy_machine(count);
    const Map map = made.map();
    expect_sound(map);
    EXPECT_EQ(std::ranges::count(map.cards, CardKind::Container, &MapCard::kind), count + 2);
    EXPECT_EQ(std::ranges::count(map.boxes, BoxKind::User, &MapBox::kind), count / 5 + 1);
    EXPECT_EQ(std::ranges::count(map.boxes, BoxKind::Network, &MapBox::kind), 1);
    EXPECT_EQ(std::ranges::count(map.boxes, BoxKind::Pid, &MapBox::kind), 1);
    std::size_t ends = 0;
    for (const MapWire& wire : map.wires) ends += wire.ends.size();
    EXPECT_EQ(ends, static_cast<std::size_t>(count) + 1 + 2);
  }
}

TEST(MapOfAMachine, NestsUserNamespacesAsTheyAre) {
  MadeUpMachine made;
  const NamespaceInodes outer = made.with_own(made.host(), {User}), inner = made.with_own(outer, {User});
  made.entry(User, outer[MadeUpMachine::user()]).parent = made.host()[MadeUpMachine::user()];
  made.entry(User, inner[MadeUpMachine::user()]).parent = outer[MadeUpMachine::user()];
  made.add_process("bash", "", inner);
  const Map map = made.map();
  expect_sound(map);
  ASSERT_EQ(map.boxes.size(), 3U);  // the one between has no process, and is drawn
  EXPECT_EQ(map.boxes[named(map, "bash").box].inode, inner[MadeUpMachine::user()]);
  EXPECT_EQ(map.boxes[map.boxes[2].parent].inode, outer[MadeUpMachine::user()]);
}

TEST(MapOfAMachine, SurvivesParentsThatGoInCircles) {
  MadeUpMachine made;
  const NamespaceInodes a = made.with_own(made.host(), {User, Pid}), b = made.with_own(made.host(), {User, Pid});
  for (const ns::Type type : {User, Pid}) {
    const auto i = static_cast<std::size_t>(type);
    made.entry(type, a[i]).parent = b[i];
    made.entry(type, b[i]).parent = a[i];
  }
  made.add_process("one", "", a);
  made.add_process("two", "", b);
  expect_sound(made.map());
}

TEST(MapOfAMachine, FramesAPodByItsNetworkAndNestedProcessIds) {
  const Map map = test::busy_machine(10).map();
  const MapBox& pod = map.boxes[named(map, "docker:sidecar-3").box];
  EXPECT_EQ(pod.kind, BoxKind::Network);
  EXPECT_EQ(pod.cards.size(), 2U);
  const MapBox& outer = map.boxes[named(map, "docker:service-6/inner").box];
  EXPECT_EQ(outer.kind, BoxKind::Pid);
  EXPECT_EQ(outer.cards.size(), 2U);
  EXPECT_NE(wire_named(map, "vin – eth0"), kNone);
}

TEST(MapOfAMachine, ShowsWhatHoldsANamespaceWithoutProcesses) {
  const Map map = test::busy_machine(1).map();
  const MapCard& blue = named(map, "netns:blue");
  EXPECT_EQ(blue.kind, CardKind::Held);
  EXPECT_NE(blue.detail.find("mount /run/netns/blue"), std::string::npos);
  EXPECT_EQ(device(blue, "eth0").wire, wire_named(map, "docker0"));
}

TEST(MapOfAMachine, JoinsCardsOfOneNetworkThatStandInDifferentFrames) {
  MadeUpMachine made;
  const NamespaceInodes a = made.with_own(made.host(), {Network});
  NamespaceInodes b = made.with_own(a, {User});
  made.entry(User, b[MadeUpMachine::user()]).parent = made.host()[MadeUpMachine::user()];
  made.add_process("one", "", a);
  made.add_process("two", "", b);
  const Map map = made.map();
  expect_sound(map);
  ASSERT_EQ(map.wires.size(), 1U);
  EXPECT_EQ(map.wires[0].kind, WireKind::Shared);
  EXPECT_EQ(map.cards[map.wires[0].home].name, "one");
}

TEST(MapOfAMachine, BundlesPairsToTheHostWhenThereAreMany) {
  for (const int count : {4, 5}) {
    MadeUpMachine made;
    for (int i = 0; i < count; ++i) {
      const NamespaceInodes inodes = made.with_own(made.host(), {Network});
      made.add_process(text::join("task", i), "", inodes);
      made.attach(inodes[MadeUpMachine::net()], 0);
    }
    const Map map = made.map({.stack_from = 0});
    expect_sound(map);
    EXPECT_EQ(map.wires.size(), count == 4 ? 4U : 1U);
    if (count == 5) EXPECT_EQ(map.wires[0].name, "5 pairs to the host");
  }
}

TEST(MapOfAMachine, SaysWhenTheOtherEndIsNotSeen) {
  MadeUpMachine made;
  const NamespaceInodes inodes = made.with_own(made.host(), {Network});
  made.add_process("task", "", inodes);
  made.attach(inodes[MadeUpMachine::net()], 0);
  made.links(inodes[MadeUpMachine::net()]).back().peer_namespace = kUnknown;
  const Map map = made.map();
  EXPECT_NE(device(named(map, "task"), "eth0").beyond.find("not seen"), std::string::npos);
}

TEST(MapOfAMachine, WiresDevicesThatStandOnOthers) {
  MadeUpMachine made;
  const int eth = made.add_link(made.host()[MadeUpMachine::net()], "eth0", "");
  const NamespaceInodes inodes = made.with_own(made.host(), {Network});
  made.add_process("task", "", inodes);
  const int inside = made.add_link(inodes[MadeUpMachine::net()], "mac0", "macvlan");
  made.pair(made.host()[MadeUpMachine::net()], eth, inodes[MadeUpMachine::net()], inside);
  made.links(made.host()[MadeUpMachine::net()]).back().peer = 0;
  const Map map = made.map();
  expect_sound(map);
  ASSERT_EQ(map.wires.size(), 1U);
  EXPECT_EQ(map.wires[0].kind, WireKind::Parent);
  EXPECT_EQ(map.wires[0].name, "eth0");
  EXPECT_EQ(device(named(map, "task"), "mac0").beyond, "on eth0 of host");
}

TEST(MapOfAMachine, StacksWhatIsIdenticalAndContainersOnlyWhenAsked) {
  MadeUpMachine made;
  const int bridge = made.add_bridge("br0", "10.0.0.1");
  for (int i = 0; i < 6; ++i) {
    made.add_container(text::join("docker:c", i), "sleep 1", bridge);
    const NamespaceInodes inodes = made.with_own(made.host(), {Uts});
    made.add_process("/bin/tool --number " + std::to_string(i), "", inodes);
  }
  Map map = made.map();
  expect_sound(map);
  EXPECT_EQ(map.cards.size(), 1U + 6 + 1);
  EXPECT_EQ(named(map, "tool").copies(), 6U);
  EXPECT_EQ(named(map, "tool").processes.size(), 6U);
  map = made.map({.stack_from = 0, .stack_containers_from = 6});
  expect_sound(map);
  EXPECT_EQ(map.cards.size(), 1U + 1 + 6);
  EXPECT_EQ(named(map, "docker:c0").copies(), 6U);
  EXPECT_EQ(map.wires[0].ends.size(), 1U);
}

TEST(MapOfAMachine, LooksAtTheChosenKindsOnly) {
  MadeUpMachine made = test::busy_machine(10);
  KindSet only_network{};
  only_network[MadeUpMachine::net()] = true;
  const Map map = made.map({.kinds = only_network});
  expect_sound(map);
  EXPECT_EQ(map.boxes.size(), 2U);  // the pod's
  for (const MapCard& card : map.cards)
    for (std::size_t i = 0; i < kKindCount; ++i)
      if (i != MadeUpMachine::net()) EXPECT_FALSE(card.own[i]);
}

TEST(MapOfAMachine, HasNoTextThatCouldMoveACursor) {
  MadeUpMachine made;
  made.add_container("docker:\x1b[31mred\xff\n", "evil\x07 \u202e", made.add_bridge("b\r0", "10.0.0.1"));
  const Map map = made.map();
  for (const MapCard& card : map.cards)
    for (const std::string* text : {&card.name, &card.detail})
      for (const char c : *text) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << *text;
  EXPECT_EQ(map.cards[1].name, "docker:\ufffd[31mred\ufffd\ufffd");
}

TEST(MapOfAMachine, TellsWhatMayNotBeRead) {
  MadeUpMachine made;
  made.raw().unreadable = 3;
  made.networks().push_back({1, {}, "look into it: Operation not permitted"});
  made.networks().push_back({2, {}, "look into it: Operation not permitted"});
  const Map map = made.map();
  EXPECT_EQ(map.notes.size(), 3U);
  EXPECT_NE(map.notes.back().find("2 network namespaces"), std::string::npos);
}

}  // namespace
}  // namespace caisson::inspect
