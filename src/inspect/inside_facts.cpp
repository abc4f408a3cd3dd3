#include "inspect/inside_facts.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "inspect/visit.hpp"
#include "sys/netlink.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

// The report is a list of records "SECTION NAME \0 =VALUE|!WHY \0": no setting has a NUL in it.
constexpr char kKnown = '=', kMissing = '!';

void add_record(std::string& report, std::string_view name, const Fact<std::string>& fact) {
  report += text::join(name, '\0', fact.known() ? kKnown : kMissing, fact.known() ? *fact : fact.missing, '\0');
}

// Why the visitor could not join each kind; empty: it did, or had no need to.
using Refusals = std::array<std::string, ns::kKinds.size()>;

std::string& of(Refusals& refusals, ns::Type type) { return refusals[static_cast<std::size_t>(type)]; }

// As a root, others first: entering a user namespace gives up what root may do elsewhere. As an ordinary user, the user
// namespace first: only it gives the right to enter the others. So the others are tried before and after.
Refusals join_all(const std::vector<Door>& doors) {
  Refusals refusals;
  const auto join = [&refusals](const Door& door) {
    const auto joined = sys::set_namespace(door.fd, ns::kind_of(door.type).flag);
    of(refusals, door.type) = joined.ok() ? std::string() : text::join("cannot be entered: ", errno_text(joined.err()));
  };
  for (const Door& door : doors)
    if (door.type != ns::Type::User) join(door);
  for (const Door& door : doors)
    if (door.type == ns::Type::User) join(door);
  for (const Door& door : doors)
    if (!of(refusals, door.type).empty() && door.type != ns::Type::User) join(door);
  return refusals;
}

bool has_sysctls(ns::Type type) {
  return type == ns::Type::User || type == ns::Type::Ipc || type == ns::Type::Uts || type == ns::Type::Network;
}

std::string heading(ns::Type type) { return text::join("kind ", ns::kind_of(type).proc); }

void report_sysctls(const sys::ProcHandle& proc, ns::Type type, std::string& report) {
  try {
    const std::vector<Sysctl> settings = read_sysctls(proc, type);
    add_record(report, heading(type), std::string());
    for (const Sysctl& one : settings) add_record(report, one.name, one.value);
  } catch (const Error& error) {
    add_record(report, heading(type), Fact<std::string>::none(error.message()));
  }
}

struct Asked {
  const std::vector<Door>& doors;
  const std::vector<ns::Type>& kinds;
  Sections wanted;

  bool has(ns::Type type) const { return std::ranges::find(kinds, type) != kinds.end(); }
};

void report_clocks(const sys::ProcHandle& proc, const Refusals& refusals, std::string& report) {
  const std::string& refusal = refusals[static_cast<std::size_t>(ns::Type::Time)];
  add_record(report, "clocks", refusal.empty() ? fact_of(proc.read("self/timens_offsets")) : Fact<std::string>::none(refusal));
}

void report_names(const Refusals& refusals, std::string& report) {
  const std::string& refusal = refusals[static_cast<std::size_t>(ns::Type::Uts)];
  auto names = refusal.empty() ? fact_of(sys::host_name()) : Fact<sys::HostName>::none(refusal);
  add_record(report, "host", derived(names, [](const sys::HostName& name) { return name.node; }));
  add_record(report, "domain", derived(names, [](const sys::HostName& name) { return name.domain; }));
}

// Runs in the visitor. The procfs handle is the caller's: a mount inside cannot stand in its way.
VisitReport look(const Asked& asked, const sys::ProcHandle& proc) {
  VisitReport report;
  Refusals refusals = join_all(asked.doors);
  for (const Door& door : asked.doors)
    if (!of(refusals, door.type).empty())
      add_record(report.text, text::join("door ", ns::kind_of(door.type).proc),
                 Fact<std::string>::none(of(refusals, door.type)));
  for (const ns::Type type : asked.kinds) {
    if (!asked.wanted.has(Section::Sysctls) || !has_sysctls(type)) continue;
    if (of(refusals, type).empty())
      report_sysctls(proc, type, report.text);
    else
      add_record(report.text, heading(type), Fact<std::string>::none(of(refusals, type)));
  }
  if (asked.has(ns::Type::Time) && asked.wanted.has(Section::Clocks)) report_clocks(proc, refusals, report.text);
  if (asked.has(ns::Type::Uts)) report_names(refusals, report.text);
  if (asked.has(ns::Type::Network) && asked.wanted.has(Section::Network)) {
    auto socket = of(refusals, ns::Type::Network).empty() ? fact_of(sys::make_route_socket())
                                                          : Fact<sys::UniqueFd>::none(of(refusals, ns::Type::Network));
    add_record(report.text, "socket", socket.known() ? Fact<std::string>("") : Fact<std::string>::none(socket.missing));
    if (socket.known()) report.descriptors.push_back(std::move(*socket.value));
  }
  return report;
}

Fact<std::vector<net::Link>> links_through(const Fact<std::string>& made, const VisitReport& report) {
  using Links = Fact<std::vector<net::Link>>;
  if (!made.known()) return Links::none(made.missing);
  if (report.descriptors.empty()) return Links::none("the socket of the visitor did not arrive");
  net::LinkReader reader;
  try {
    return reader.links(report.descriptors.front().borrow());
  } catch (const Error& error) {
    return Links::none(error.message());
  }
}

InsideFacts read_report(VisitReport& report) {
  InsideFacts facts;
  std::vector<Sysctl>* settings = nullptr;
  const auto records = text::split(report.text, '\0');
  for (std::size_t at = 0; at + 1 < records.size(); at += 2) {
    const std::string name(records[at]), content(records[at + 1].substr(1));
    auto fact = records[at + 1].front() == kKnown ? Fact<std::string>(content) : Fact<std::string>::none(content);
    if (name.starts_with("door ")) {
      facts.refusals.push_back({ns::find_kind(name.substr(5))->type, content});
    } else if (name.starts_with("kind ")) {
      facts.sysctls.push_back(
          {ns::find_kind(name.substr(5))->type, derived(fact, [](const std::string&) { return std::vector<Sysctl>(); })});
      settings = fact.known() ? &*facts.sysctls.back().settings.value : nullptr;
    } else if (name == "clocks") {
      facts.clocks = derived(fact, [](const std::string& text) { return parse_clock_offsets(text); });
    } else if (name == "host") {
      facts.host_name = std::move(fact);
    } else if (name == "domain") {
      facts.domain_name = std::move(fact);
    } else if (name == "socket") {
      facts.links = links_through(fact, report);
      if (facts.links.known()) facts.route_socket = std::move(report.descriptors.front());
    } else if (settings != nullptr) {
      settings->push_back({name, std::move(fact)});
    }
  }
  return facts;
}

}  // namespace

const Fact<std::vector<Sysctl>>* InsideFacts::find(ns::Type type) const noexcept {
  const auto found = std::ranges::find(sysctls, type, &SysctlsOfKind::type);
  return found == sysctls.end() ? nullptr : &found->settings;
}

InsideFacts look_inside(const std::vector<Door>& doors, const std::vector<ns::Type>& kinds, Sections wanted,
                        const std::function<void(pid_t, const InsideFacts&)>& meanwhile) {
  const auto proc = sys::ProcHandle::host_view().or_throw("open /proc");
  const Asked asked{doors, kinds, wanted};
  InsideFacts facts;
  visit([&] { return look(asked, proc); },
        [&](pid_t visitor, VisitReport& report) {
          facts = read_report(report);
          if (meanwhile) meanwhile(visitor, facts);
        });
  return facts;
}

}  // namespace caisson::inspect
