// Machines that never were: a host, containers on a bridge, rootless containers, a pod, a namespace that only a mount holds.
#pragma once

#include <string>
#include <vector>

#include "base/text.hpp"
#include "inspect/map_graph.hpp"

namespace caisson::inspect::test {

inline constexpr std::uint64_t kHostInode = 4026531830;  // plus the kind

class MadeUpMachine {
 public:
  MadeUpMachine() {
    for (std::size_t i = 0; i < kKindCount; ++i) host_[i] = kHostInode + i;
    add_process("/sbin/init", "", host_, 0);
    add_process("kthreadd", "", host_, 0);
    add_process("kworker/0:0", "", host_, 2);
    add_process("/usr/sbin/sshd -D", "", host_, 1);
    networks_.push_back({host_[net()], {loopback()}, {}});
  }

  static std::size_t net() { return static_cast<std::size_t>(ns::Type::Network); }
  static std::size_t user() { return static_cast<std::size_t>(ns::Type::User); }
  static std::size_t pid() { return static_cast<std::size_t>(ns::Type::Pid); }

  const NamespaceInodes& host() const { return host_; }
  std::uint64_t fresh() { return next_inode_++; }

  // The namespaces of `base` with fresh ones of those kinds.
  NamespaceInodes with_own(NamespaceInodes base, std::initializer_list<ns::Type> kinds) {
    for (const ns::Type kind : kinds) base[static_cast<std::size_t>(kind)] = fresh();
    return base;
  }

  std::size_t add_process(const std::string& command, const std::string& container, const NamespaceInodes& inodes,
                          pid_t parent = 1) {
    const auto pid = static_cast<pid_t>(machine_.processes.size() + 1);
    machine_.processes.push_back(
        {.pid = pid, .parent = parent, .command = command, .container = container, .namespaces = inodes});
    return machine_.processes.size() - 1;
  }

  NamespaceEntry& entry(ns::Type type, std::uint64_t inode) {
    for (NamespaceEntry& known : machine_.namespaces)
      if (known.type == type && known.inode == inode) return known;
    machine_.namespaces.push_back({.type = type, .inode = inode});
    return machine_.namespaces.back();
  }

  std::vector<net::Link>& links(std::uint64_t network) {
    for (NetworkDevices& known : networks_)
      if (known.inode == network) return known.links;
    networks_.push_back({network, {loopback()}, {}});
    return networks_.back().links;
  }

  int add_link(std::uint64_t network, const std::string& name, const std::string& kind, int master = 0) {
    std::vector<net::Link>& all = links(network);
    net::Link link;
    link.name = name;
    link.kind = kind;
    link.index = static_cast<int>(all.size() + 1);
    link.up = link.lower_up = true;
    link.mtu = 1500;
    link.master = master;
    all.push_back(link);
    return link.index;
  }

  void pair(std::uint64_t network_a, int a, std::uint64_t network_b, int b) {
    net::Link &one = links(network_a)[static_cast<std::size_t>(a - 1)],
              &two = links(network_b)[static_cast<std::size_t>(b - 1)];
    one.peer = b;
    one.peer_nsid = 1;
    one.peer_namespace = network_b;
    two.peer = a;
    two.peer_nsid = 0;
    two.peer_namespace = network_a;
  }

  // A container with all namespaces but user its own, on a bridge of the host.
  NamespaceInodes add_container(const std::string& name, const std::string& command, int bridge) {
    using enum spec::NamespaceType;
    const NamespaceInodes inodes = with_own(host_, {Pid, Ipc, Uts, Network, Mount, Cgroup});
    entry(Pid, inodes[pid()]).parent = host_[pid()];
    add_process(command, name, inodes);
    attach(inodes[net()], bridge);
    return inodes;
  }

  void attach(std::uint64_t network, int bridge) {
    const int number = ++attached_;
    const int outside = add_link(host_[net()], text::join("veth", number), "veth", bridge);
    const int inside = add_link(network, "eth0", "veth");
    links(network).back().addresses.push_back(
        {text::join("172.17.", number / 250, ".", number % 250 + 2), 16, "", net::AddressScope::Global});
    pair(host_[net()], outside, network, inside);
  }

  int add_bridge(const std::string& name, const std::string& address) {
    const int index = add_link(host_[net()], name, "bridge");
    links(host_[net()]).back().addresses.push_back({address, 16, "", net::AddressScope::Global});
    return index;
  }

  const Machine& machine() {
    for (NamespaceEntry& entry : machine_.namespaces) {
      entry.members.clear();
      for (std::size_t i = 0; i < machine_.processes.size(); ++i)
        if (machine_.processes[i].namespaces[static_cast<std::size_t>(entry.type)] == entry.inode) entry.members.push_back(i);
    }
    return machine_;
  }
  Machine& raw() { return machine_; }
  std::vector<NetworkDevices>& networks() { return networks_; }

  Map map(MapOptions options = {}) {
    if (options.host.empty()) options.host = "example.org";
    if (options.when.empty()) options.when = "2026-01-02 03:04:05 UTC";
    return make_map(machine(), networks_, options);
  }

 private:
  static net::Link loopback() {
    net::Link link;
    link.name = "lo";
    link.index = 1;
    link.loopback = link.up = true;
    return link;
  }

  NamespaceInodes host_{};
  Machine machine_;
  std::vector<NetworkDevices> networks_;
  std::uint64_t next_inode_ = 4026532000;
  int attached_ = 0;
};

// So many containers of every sort: on three bridges, each fifth rootless in a user namespace of its own, two in one pod, a
// pair between two of them, one inside another.
inline MadeUpMachine busy_machine(int containers) {
  using enum spec::NamespaceType;
  MadeUpMachine made;
  const int bridges[] = {made.add_bridge("docker0", "172.17.0.1"), made.add_bridge("br-backend", "10.20.0.1"),
                         made.add_bridge("cni-podman0", "10.88.0.1")};
  constexpr const char* kPrograms[] = {"nginx -g 'daemon off;'", "/usr/lib/postgresql/15/bin/postgres -D /data",
                                       "redis-server *:6379",    "node /srv/app/server.js --port 8080",
                                       "python3 -m http.server", "/pause"};
  for (int i = 0; i < containers; ++i) {
    const std::string program = kPrograms[i % 6], name = text::join(i % 3 == 2 ? "podman:" : "docker:", "service-", i);
    NamespaceInodes inodes;
    if (i % 5 == 4) {
      inodes = made.with_own(made.host(), {User, Pid, Ipc, Uts, Network, Mount, Cgroup});
      made.entry(User, inodes[made.user()]).parent = made.host()[made.user()];
      made.entry(User, inodes[made.user()]).owner_uid = 1000;
      made.entry(Pid, inodes[made.pid()]).parent = made.host()[made.pid()];
      made.add_process(program, name, inodes);
      made.attach(inodes[made.net()], bridges[2]);
    } else {
      inodes = made.add_container(name, program, bridges[i % 2]);
    }
    for (int more = 0; more < i % 4; ++more) made.add_process("worker process", name, inodes);
    if (i == 3) {  // a pod
      NamespaceInodes second = made.with_own(inodes, {Mount, Pid});
      made.entry(Pid, second[made.pid()]).parent = made.host()[made.pid()];
      made.add_process("envoy --config /etc/envoy.yaml", "docker:sidecar-3", second);
    }
    if (i == 6) {  // a container inside a container
      NamespaceInodes inner = made.with_own(inodes, {Pid, Mount, Network});
      made.entry(Pid, inner[made.pid()]).parent = inodes[made.pid()];
      made.add_process("sleep infinity", "docker:service-6/inner", inner);
      made.pair(inodes[made.net()], made.add_link(inodes[made.net()], "vin", "veth"), inner[made.net()],
                made.add_link(inner[made.net()], "eth0", "veth"));
    }
  }
  const std::uint64_t held = made.fresh();
  NamespaceEntry& blue = made.entry(Network, held);
  blue.owner = made.host()[made.user()];
  blue.names = {"netns:blue"};
  blue.holders = {{.how = HeldBy::Mount, .pid = 1, .path = "/run/netns/blue"}};
  made.attach(held, bridges[0]);
  return made;
}

}  // namespace caisson::inspect::test
