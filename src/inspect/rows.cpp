#include "inspect/rows.hpp"

#include <algorithm>
#include <bit>
#include <map>

#include "base/printable.hpp"
#include "base/text.hpp"
#include "security/capabilities.hpp"

namespace caisson::inspect {
namespace {

template <class T, class Write>
void add(Rows& rows, std::string name, const Fact<T>& fact, const Write& write) {
  if (fact.known())
    rows.emplace_back(std::move(name), write(*fact));
  else
    rows.push_back(Row::missing(std::move(name), fact.missing));
}

void add(Rows& rows, std::string name, const Fact<std::string>& fact) {
  add(rows, std::move(name), fact, [](const std::string& value) { return value; });
}

// One number when all four are the same.
std::string ids_in_words(const FourIds& ids) {
  if (std::ranges::all_of(ids, [&ids](std::uint32_t id) { return id == ids[0]; })) return text::join(ids[0]);
  return text::join("real ", ids[0], ", effective ", ids[1], ", saved ", ids[2], ", file system ", ids[3]);
}

template <class Number>
std::string list_in_words(const std::vector<Number>& numbers, std::string_view separator) {
  std::string out;
  for (const Number number : numbers) out += text::join(out.empty() ? "" : separator, number);
  return out;
}

std::string pids_in_words(const StatusFile& status) {
  if (status.pids.size() < 2) return text::join(status.pids.empty() ? 0 : status.pids.front());
  std::string out = text::join(status.pids.front(), " here");
  for (std::size_t i = 1; i + 1 < status.pids.size(); ++i)
    out += text::join(", ", status.pids[i], " one pid namespace further in");
  return out + text::join(", ", status.pids.back(), " in its own pid namespace");
}

std::vector<std::string> map_in_words(const std::vector<spec::IdMapping>& map) {
  if (map.empty()) return {"nothing is mapped: every id is the overflow id (65534)"};
  std::vector<std::string> lines;
  for (const spec::IdMapping& range : map) lines.push_back(id_range_in_words(range));
  return lines;
}

std::string seccomp_in_words(const StatusFile& status) {
  if (!status.seccomp) return "this kernel has none";
  if (*status.seccomp == 0) return "off";
  if (*status.seccomp == 1) return "strict: read, write, exit only";
  if (!status.seccomp_filters) return "filters";
  return text::join(*status.seccomp_filters, *status.seccomp_filters == 1 ? " filter" : " filters");
}

std::string scope_in_words(net::AddressScope scope) {
  switch (scope) {
    case net::AddressScope::Global:
      break;
    case net::AddressScope::Site:
      return " (site)";
    case net::AddressScope::Link:
      return " (link)";
    case net::AddressScope::Host:
      return " (host)";
  }
  return {};
}

std::string name_of_device(const std::vector<net::Link>& links, int index) {
  const auto found = std::ranges::find(links, index, &net::Link::index);
  return found == links.end() ? text::join("device ", index) : found->name;
}

std::string peer_in_words(const std::vector<net::Link>& links, const net::Link& link) {
  if (link.peer == 0 || (!link.peer_nsid && link.peer == link.index)) return {};
  const std::string_view what = link.kind == "veth" ? ", other end " : ", on ";
  if (link.peer_namespace != 0) return text::join(what, "device ", link.peer, " in net:[", link.peer_namespace, "]");
  if (link.peer_nsid)
    return text::join(what, "device ", link.peer, " in another network namespace (nsid ", *link.peer_nsid, ")");
  return text::join(what, name_of_device(links, link.peer));
}

std::vector<std::string> device_in_words(const std::vector<net::Link>& links, const net::Link& link) {
  std::string out = link.loopback ? "loopback" : link.kind.empty() ? "hardware" : link.kind;
  if (link.vlan) out += text::join(" ", *link.vlan);
  out += text::join(link.up ? ", up" : ", down", link.up && !link.lower_up ? " without carrier" : "", ", mtu ", link.mtu);
  if (!link.mac.empty() && !link.loopback) out += text::join(", ", link.mac);
  if (link.master != 0) out += text::join(", port of ", name_of_device(links, link.master));
  out += peer_in_words(links, link);
  std::vector<std::string> lines{std::move(out)};
  for (const net::Address& address : link.addresses) {
    lines.push_back(text::join(address.ip, "/", address.prefix, scope_in_words(address.scope)));
    if (!address.peer.empty()) lines.back() += text::join(" to ", address.peer);
  }
  return lines;
}

std::string mount_in_words(const mount::MountInfo& mount) {
  std::string out = text::join(mount.type, " ", mount.source);
  if (mount.root != "/") out += text::join("[", mount.root, "]");
  return out + text::join(" ", mount.options, " ", mount::propagation_of_mount(mount), " on ", mount.major, ":", mount.minor);
}

std::string hierarchy_name(const CgroupSeen& seen) { return seen.controllers.empty() ? "version 2" : seen.controllers; }

}  // namespace

std::string missing_in_words(std::string_view why) { return text::join("cannot be read: ", why); }

Row Row::missing(std::string name, std::string_view why) {
  Row row(std::move(name), missing_in_words(why));
  row.known = false;
  return row;
}

Rows identity_rows(const ProcessFacts& facts) {
  Rows rows;
  add(rows, "pid", facts.status, pids_in_words);
  add(rows, "command", facts.command);
  add(rows, "name", facts.status, [](const StatusFile& status) { return status.name; });
  add(rows, "executable", facts.executable);
  add(rows, "state", facts.status, [](const StatusFile& status) {
    return text::join(status.state, ", ", status.threads, status.threads == 1 ? " thread" : " threads", ", child of ",
                      status.parent);
  });
  return rows;
}

Rows user_rows(const ProcessFacts& facts) {
  Rows rows;
  add(rows, "user", facts.status, [](const StatusFile& status) { return ids_in_words(status.users); });
  add(rows, "group", facts.status, [](const StatusFile& status) { return ids_in_words(status.groups); });
  add(rows, "further groups", facts.status, [](const StatusFile& status) {
    return status.supplementary.empty() ? std::string("none") : list_in_words(status.supplementary, " ");
  });
  return rows;
}

Rows map_rows(const ProcessFacts& facts) {
  Rows rows;
  add(rows, "user ids", facts.maps.uids, map_in_words);
  add(rows, "group ids", facts.maps.gids, map_in_words);
  add(rows, "setgroups", facts.maps.setgroups);
  return rows;
}

std::string capabilities_in_words(std::uint64_t mask) {
  constexpr int kFewMissing = 6;
  if (mask == 0) return "none";
  const std::uint64_t missing = security::kAllCapabilities & ~mask, unnamed = mask & ~security::kAllCapabilities;
  std::string out;
  if (missing == 0)
    out = text::join("all ", security::kCapabilityCount);
  else if (std::popcount(missing) <= kFewMissing)
    out = text::join("all ", security::kCapabilityCount, " but ", text::join_with(security::capability_names(missing), " "));
  else
    out = text::join_with(security::capability_names(mask), " ");
  for (unsigned number = security::kCapabilityCount; number < 64; ++number)
    if ((unnamed >> number & 1) != 0) out += text::join(out.empty() ? "" : " ", "number ", number);
  return out;
}

Rows capability_rows(const Fact<StatusFile>& status) {
  Rows rows;
  const auto one = [&](std::string name, std::uint64_t CapabilityMasks::*set) {
    add(rows, std::move(name), status, [set](const StatusFile& file) { return capabilities_in_words(file.capabilities.*set); });
  };
  one("effective", &CapabilityMasks::effective);
  one("permitted", &CapabilityMasks::permitted);
  one("inheritable", &CapabilityMasks::inheritable);
  one("bounding", &CapabilityMasks::bounding);
  one("ambient", &CapabilityMasks::ambient);
  return rows;
}

Rows security_rows(const ProcessFacts& facts) {
  Rows rows;
  add(rows, "no_new_privs", facts.status, [](const StatusFile& status) {
    return std::string(!status.no_new_privs ? "not told by this kernel" : *status.no_new_privs ? "yes" : "no");
  });
  add(rows, "seccomp", facts.status, seccomp_in_words);
  rows.push_back({"label", facts.label.known() ? *facts.label : text::join("none: ", facts.label.missing)});
  return rows;
}

Rows cgroup_rows(const Fact<std::vector<CgroupSeen>>& cgroups, Figures figures) {
  Rows rows;
  if (!cgroups.known()) return {Row::missing("cgroup", cgroups.missing)};
  if (cgroups->empty()) return {{"cgroup", "none: this kernel has no cgroups"}};
  for (const CgroupSeen& seen : *cgroups) {
    rows.push_back({hierarchy_name(seen), seen.path});
    if (!seen.figures.known()) {
      rows.push_back(Row::missing(text::join(hierarchy_name(seen), ": limits"), seen.figures.missing));
      continue;
    }
    for (const CgroupFigure& figure : *seen.figures) {
      if (figures == Figures::Limits && !figure.is_limit) continue;
      std::string value = figure.in_words;
      if (!figure.above.empty()) value += text::join(", but less above: ", figure.above);
      rows.push_back({text::join(hierarchy_name(seen), ": ", figure.meaning), std::move(value)});
    }
  }
  return rows;
}

Rows root_rows(const ProcessFacts& facts) {
  Rows rows;
  add(rows, "root", facts.root);
  add(rows, "working directory", facts.cwd);
  return rows;
}

Rows limit_rows(const Fact<std::vector<ResourceLimit>>& limits) {
  if (!limits.known()) return {Row::missing("limits", limits.missing)};
  Rows rows;
  for (const ResourceLimit& limit : *limits) {
    const std::string value = limit.soft == limit.hard ? limit.soft : text::join(limit.soft, ", at most ", limit.hard);
    std::string name = limit.name.starts_with("Max ") ? limit.name.substr(4) : limit.name;
    rows.push_back({std::move(name), limit.unit.empty() || value == "unlimited" ? value : text::join(value, " ", limit.unit)});
  }
  return rows;
}

Rows host_name_rows(const InsideFacts& facts) {
  Rows rows;
  add(rows, "host name", facts.host_name);
  add(rows, "domain name", facts.domain_name);
  return rows;
}

Rows clock_rows(const Fact<std::vector<ClockOffset>>& clocks) {
  if (!clocks.known()) return {Row::missing("clocks", clocks.missing)};
  Rows rows;
  for (const ClockOffset& offset : *clocks) rows.push_back({offset.clock, offset_in_words(offset)});
  return rows;
}

Rows device_rows(const Fact<std::vector<net::Link>>& links) {
  if (!links.known()) return {Row::missing("devices", links.missing)};
  Rows rows;
  for (const net::Link& link : *links) rows.push_back({link.name, device_in_words(*links, link)});
  return rows;
}

Rows mount_rows(const Fact<std::vector<mount::MountInfo>>& mounts) {
  if (!mounts.known()) return {Row::missing("mounts", mounts.missing)};
  Rows rows;
  std::map<std::string_view, unsigned> times;
  for (const mount::MountInfo& mount : *mounts) {
    const unsigned time = ++times[mount.mount_point];
    rows.push_back({time == 1 ? mount.mount_point : text::join(mount.mount_point, " (", time, ")"), mount_in_words(mount)});
  }
  return rows;
}

std::string aligned(const Rows& rows) {
  constexpr std::size_t kWidest = 34;
  std::size_t width = 0;
  std::vector<std::string> names;
  for (const Row& row : rows) {
    names.push_back(text::printable(row.name));
    width = std::max(width, std::min(kWidest, names.back().size()));
  }
  std::string out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::string cell = "  " + names[i];
    if (names[i].size() < width) cell.append(width - names[i].size(), ' ');
    for (const std::string& line : rows[i].lines) {
      out += text::join(cell, "  ", text::printable(line), "\n");
      cell.assign(width + 2, ' ');
    }
  }
  return out;
}

}  // namespace caisson::inspect
