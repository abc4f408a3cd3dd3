#include "inspect/subject.hpp"

#include <fcntl.h>

#include <algorithm>

#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/namespace.hpp"
#include "sys/namespace_relations.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

// The kinds in which there is something that only a visitor can read.
constexpr ns::Type kVisited[] = {ns::Type::User, ns::Type::Ipc, ns::Type::Uts, ns::Type::Network, ns::Type::Time};

bool needs_visitor(ns::Type type, Sections wanted) {
  if (wanted.has(Section::Sysctls) && type != ns::Type::Time) return true;
  if (type == ns::Type::Uts) return wanted.has(Section::Process);
  return (type == ns::Type::Network && wanted.has(Section::Network)) || (type == ns::Type::Time && wanted.has(Section::Clocks));
}

void forbid(InsideFacts& facts, ns::Type type, const std::string& why) {
  if (type == ns::Type::Network) facts.links = Fact<std::vector<net::Link>>::none(why);
  if (type == ns::Type::Time) facts.clocks = Fact<std::vector<ClockOffset>>::none(why);
  if (type == ns::Type::Uts) facts.host_name = facts.domain_name = Fact<std::string>::none(why);
  if (type != ns::Type::Time) facts.sysctls.push_back({type, Fact<std::vector<Sysctl>>::none(why)});
}

Subject look_at_process(const Target& target, Sections wanted) {
  const ProcessDir directory(target.pid, target.process);
  Subject subject{.name = target.name, .container = target.container};
  subject.process = read_process(directory, target.process, wanted);
  std::vector<Door> doors;
  std::vector<ns::Type> kinds;
  std::vector<std::pair<ns::Type, std::string>> closed;
  for (const ns::Type type : kVisited) {
    const NamespaceSeen* seen = subject.process.find(type);
    if (seen == nullptr || !needs_visitor(type, wanted)) continue;
    if (!seen->own.known()) {
      closed.emplace_back(type, seen->own.missing);
      continue;
    }
    kinds.push_back(type);
    if (seen->differs_from_callers()) doors.push_back({type, target.process.borrow()});
  }
  // Where only the network is to be entered, an ordinary user needs the user namespace for it.
  const NamespaceSeen* user = subject.process.find(ns::Type::User);
  const bool through_user = user != nullptr && user->differs_from_callers() && !doors.empty();
  if (through_user && std::ranges::find(doors, ns::Type::User, &Door::type) == doors.end())
    doors.push_back({ns::Type::User, target.process.borrow()});
  if (!kinds.empty()) subject.inside = look_inside(doors, kinds, wanted);
  for (const auto& [type, why] : closed) forbid(subject.inside, type, why);
  subject.process.ended = sys::has_ended(target.process);
  return subject;
}

// What a member of the namespace shows of it in /proc/PID, with the visitor as that member.
void read_of_visitor(ns::Type type, pid_t visitor, Subject& subject) {
  const std::string path = text::join("/proc/", visitor, "/");
  const auto read = [&path](const char* name) { return fact_of(sys::read_file(sys::kCwd, (path + name).c_str())); };
  const auto map = [](const std::string& text) { return parse_id_map(text); };
  if (type == ns::Type::User)
    subject.process.maps = {
        .uids = derived(read("uid_map"), map),
        .gids = derived(read("gid_map"), map),
        .setgroups = derived(read("setgroups"), [](const std::string& text) { return std::string(text::trim(text)); })};
  if (type == ns::Type::Mount)
    subject.process.mounts = derived(read("mountinfo"), [](const std::string& text) { return mount::parse_mountinfo(text); });
}

// The user namespace whose members may enter. Not valid where that is the caller's own, or out of his sight.
sys::NamespaceFd foreign_owner(sys::BorrowedFd entered) {
  auto owner = sys::owning_user_namespace(entered);
  if (!owner.ok()) return {};
  const auto own = sys::open_at(sys::kCwd, "/proc/self/ns/user", O_RDONLY);
  if (own.ok() && sys::same_namespace(owner.value().borrow(), own.value().borrow()).value_or(false)) return {};
  return std::move(owner).value();
}

Subject look_into(const Target& target, Sections wanted) {
  const ns::Type type = *target.type;
  Subject subject{.name = target.name, .container = target.container, .lone = type};
  subject.inode = sys::status_of_fd(target.fd.borrow()).or_throw("look at the namespace ", target.name).inode;
  std::vector<Door> doors;
  const std::string own_path = text::join("/proc/self/ns/", ns::kind_of(type).proc);
  const auto own = derived(fact_of(sys::read_link(sys::kCwd, own_path.c_str())), inode_in);
  if (!own.known() || *own != subject.inode) doors.push_back({type, target.fd.borrow()});
  subject.id = sys::namespace_id(target.fd.borrow()).value_or(kUnknown);
  if (type == ns::Type::Pid) return subject;  // entered by children only; what is in it are its processes
  const sys::NamespaceFd owner = foreign_owner(target.fd.borrow());
  if (owner.valid() && !doors.empty() && type != ns::Type::User) doors.push_back({ns::Type::User, owner.borrow()});
  subject.inside = look_inside(doors, {type}, wanted, [&](pid_t visitor, const InsideFacts& facts) {
    const auto refusal = std::ranges::find(facts.refusals, type, &Refusal::type);
    if (refusal == facts.refusals.end()) return read_of_visitor(type, visitor, subject);
    subject.process.maps.uids = subject.process.maps.gids = Fact<std::vector<spec::IdMapping>>::none(refusal->why);
    subject.process.maps.setgroups = Fact<std::string>::none(refusal->why);
    subject.process.mounts = Fact<std::vector<mount::MountInfo>>::none(refusal->why);
  });
  return subject;
}

}  // namespace

Subject look_at(const Target& target, Sections wanted) {
  return target.type ? look_into(target, wanted) : look_at_process(target, wanted);
}

}  // namespace caisson::inspect
