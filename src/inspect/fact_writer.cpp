#include "inspect/fact_writer.hpp"

#include <optional>
#include <set>

#include "base/text.hpp"

namespace caisson::inspect {
namespace {

void write_optional(FactWriter& out, std::string_view key, const std::optional<std::uint64_t>& number) {
  out.json().key(key);
  number ? out.json().integer(*number) : out.json().null();
}

std::string_view name_of(net::AddressScope scope) {
  switch (scope) {
    case net::AddressScope::Global:
      return "global";
    case net::AddressScope::Site:
      return "site";
    case net::AddressScope::Link:
      return "link";
    case net::AddressScope::Host:
      break;
  }
  return "host";
}

void write_address(FactWriter& out, const net::Address& address) {
  out.json().begin_object().key("address").string(address.ip).key("prefix").integer(address.prefix);
  if (!address.peer.empty()) out.json().key("peer").string(address.peer);
  out.json().key("scope").string(name_of(address.scope)).end_object();
}

}  // namespace

void FactWriter::text(std::string_view key, const Fact<std::string>& fact_of_text) {
  fact(key, fact_of_text, [this](const std::string& value) { json_.string(value); });
}

void FactWriter::write_missing() {
  json_.key("missing");
  array(missing_, [this](const Missing& one) {
    json_.begin_object().key("key").string(one.key).key("why").string(one.why).end_object();
  });
}

void write_mount_list(FactWriter& out, const std::vector<mount::MountInfo>& mounts) {
  out.array(mounts, [&](const mount::MountInfo& mount) {
    out.json().begin_object().key("id").integer(mount.id).key("parent").integer(mount.parent);
    out.json().key("device").string(text::join(mount.major, ":", mount.minor)).key("root").string(mount.root);
    out.json().key("point").string(mount.mount_point).key("type").string(mount.type).key("source").string(mount.source);
    out.json().key("options").string(mount.options).key("super_options").string(mount.super_options);
    write_optional(out, "shared", mount.shared);
    write_optional(out, "master", mount.master);
    write_optional(out, "propagate_from", mount.propagate_from);
    out.json().key("unbindable").boolean(mount.unbindable).end_object();
  });
}

void write_groups(FactWriter& out, const std::vector<mount::MountInfo>& mounts, const PeerGroups& groups) {
  std::set<std::uint64_t> named;
  for (const mount::MountInfo& mount : mounts)
    for (const auto& group : {mount.shared, mount.master, mount.propagate_from})
      if (group) named.insert(*group);
  out.array(named, [&](std::uint64_t group) {
    out.json().begin_object().key("group").integer(group).key("members");
    const auto found = groups.members.find(group);
    const std::vector<GroupMember> none;
    out.array(found == groups.members.end() ? none : found->second, [&](const GroupMember& member) {
      out.json().begin_object().key("mount_namespace").integer(member.mount_namespace).key("pid").integer(member.pid);
      out.json().key("command").string(member.command).key("point").string(member.mount_point).end_object();
    });
    out.json().end_object();
  });
}

void write_links(FactWriter& out, const std::vector<net::Link>& links) {
  out.array(links, [&](const net::Link& link) {
    out.json().begin_object().key("name").string(link.name).key("index").integer(link.index).key("kind").string(link.kind);
    out.json().key("loopback").boolean(link.loopback).key("up").boolean(link.up).key("carrier").boolean(link.lower_up);
    out.json().key("mtu").integer(link.mtu).key("mac").string(link.mac);
    if (link.master != 0) out.json().key("master").integer(link.master);
    if (link.peer != 0) out.json().key("peer").integer(link.peer);
    if (link.peer_nsid) out.json().key("peer_nsid").integer(*link.peer_nsid);
    if (link.peer_namespace != 0) out.json().key("peer_namespace").integer(link.peer_namespace);
    if (link.vlan) out.json().key("vlan").integer(*link.vlan);
    out.json().key("addresses");
    out.array(link.addresses, [&](const net::Address& address) { write_address(out, address); });
    out.json().end_object();
  });
}

}  // namespace caisson::inspect
