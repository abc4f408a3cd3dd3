#include "launch/enter_sources.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/namespace.hpp"
#include "sys/namespace_relations.hpp"
#include "sys/netdevice.hpp"
#include "sys/process.hpp"

namespace caisson::launch {
namespace {

using ns::Type;
using From = plan::NamespaceSource::From;

constexpr const char* kCgroupTree = "/sys/fs/cgroup";

[[noreturn]] void throw_not_open(const std::string& path, int errno_value) {
  Error error(ErrorKind::Kernel, text::join("cannot open ", path), errno_value);
  if (errno_value == EACCES || errno_value == EPERM)
    error.with_hint("what belongs to another user's process, or to one with more capabilities, needs root");
  else if (errno_value == ENOENT && path.starts_with("/proc/"))
    error.with_hint("there is no such process here; ps shows the numbers of this pid namespace");
  throw error;
}

sys::UniqueFd open_path(const std::string& path) {
  auto opened = sys::open_at(sys::kCwd, path.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK);
  if (!opened.ok()) throw_not_open(path, opened.err());
  return std::move(opened).value();
}

// A file that is no namespace fails as setns(2) would fail with it, but is not opened: it may be a pipe or a device.
sys::NamespaceFd open_namespace_path(Type type, const std::string& path) {
  auto opened = sys::open_namespace_file(sys::kCwd, path.c_str());
  if (opened.err() == ENOTTY)
    throw Error(ErrorKind::Kernel, text::join("reassociate to namespace 'ns/", ns::kind_of(type).proc, "' failed"), EINVAL)
        .with_hint(text::join(path, " is no namespace; a pin whose mount is gone is an empty file"));
  if (!opened.ok()) throw_not_open(path, opened.err());
  return std::move(opened).value();
}

class Opening {
 public:
  Opening(const plan::EnterPlan& plan, EnterSources& out) : plan_(plan), out_(out) {}
  void open(std::vector<ns::OpenNamespace> opened);

 private:
  std::string of_target(std::string_view name) const { return text::join("/proc/", *plan_.target, '/', name); }
  std::string namespace_of_target(Type type) const {
    return text::join("/proc/", *plan_.target, "/ns/", ns::kind_of(type).proc);
  }
  bool has_source(Type type) const { return out_.file(type).valid() || plan_.source(type).from == From::Target; }
  bool is_callers_user_namespace() const;
  bool is_usable(Type type) const;
  std::uint64_t wanted_of_target();
  void open_files();
  void require_target(std::uint64_t wanted) const;
  void open_target();
  void open_namespaces(std::uint64_t wanted);
  void open_user_parent();
  void open_network_of_socket();
  sys::UniqueFd open_directory(const plan::DirectoryChoice& choice, std::string_view of_target_name) const;
  void open_environment();
  void open_cgroup();
  void open_the_rest();

  const plan::EnterPlan& plan_;
  EnterSources& out_;
};

void Opening::open_files() {
  for (const Type type : kEnterOrder) {
    const plan::NamespaceSource& source = plan_.source(type);
    if (source.from == From::Path && !out_.file(type).valid()) out_.file(type) = open_namespace_path(type, source.path);
  }
}

// A process may not enter the user namespace that it is in (EINVAL).
bool Opening::is_callers_user_namespace() const {
  const auto own = sys::open_at(sys::kCwd, "/proc/self/ns/user", O_RDONLY).or_throw("cannot open /proc/self/ns/user");
  const std::string path = namespace_of_target(Type::User);
  const auto other = sys::open_at(sys::kCwd, path.c_str(), O_RDONLY);
  if (!other.ok()) throw Error(ErrorKind::Kernel, text::join("stat of ", path, " failed"), other.err());
  return sys::same_namespace(own.borrow(), other.value().borrow()).or_throw("compare user namespaces");
}

bool Opening::is_usable(Type type) const {
  if (type == Type::User) return !is_callers_user_namespace();
  const std::string own = text::join("/proc/self/ns/", ns::kind_of(type).proc);
  return sys::status_at(sys::kCwd, own.c_str()).ok();
}

std::uint64_t Opening::wanted_of_target() {
  std::uint64_t wanted = 0;
  for (const Type type : kEnterOrder) {
    const std::uint64_t flag = ns::kind_of(type).flag;
    if (out_.file(type).valid()) continue;
    if (plan_.source(type).from == From::Target) {
      wanted |= flag;
    } else if (plan_.all && is_usable(type)) {
      wanted |= flag;
      out_.by_all |= flag;
    }
  }
  return wanted;
}

void Opening::open_target() {
  auto opened = sys::open_pidfd(*plan_.target);
  if (opened.ok()) out_.target = std::move(opened).value();
  if (plan_.target_inode == 0) return;
  constexpr long kPidfsMagic = 0x50494446;  // 6.9
  const std::string doing = text::join("failed to obtain a valid file descriptor for PID ", *plan_.target);
  if (!opened.ok()) throw Error(ErrorKind::Kernel, doing, opened.err());
  if (sys::filesystem_magic(out_.target.borrow()).or_throw(doing) != kPidfsMagic)
    throw Error(ErrorKind::Kernel, doing, ENOTSUP).with_hint("inodes name processes from Linux 6.9 on");
  if (sys::status_of_fd(out_.target.borrow()).or_throw(doing).inode != plan_.target_inode)
    throw Error(ErrorKind::Kernel, doing, ESRCH)
        .with_hint("the process that had this inode has ended, and its number is another one's now");
}

// By pidfd all are entered in one step. A thread has none: its files are as good.
void Opening::open_namespaces(std::uint64_t wanted) {
  if (out_.target.valid()) {
    out_.by_target = wanted;
    return;
  }
  for (const Type type : kEnterOrder)
    if ((wanted & ns::kind_of(type).flag) != 0) out_.file(type) = {open_path(namespace_of_target(type))};
}

void Opening::open_user_parent() {
  const std::uint64_t flag = ns::kind_of(Type::User).flag;
  sys::NamespaceFd& user = out_.file(Type::User);
  if (!user.valid()) user = {open_path(namespace_of_target(Type::User))};
  auto parent = sys::owning_user_namespace(user.borrow());
  if (!parent.ok())
    throw Error(ErrorKind::Kernel, "failed to open parent namespace", parent.err())
        .with_hint("the parent of the caller's own user namespace, and what is above it, is out of reach");
  user = std::move(parent).value();
  out_.by_target &= ~flag;
  out_.by_all &= ~flag;
}

void Opening::open_network_of_socket() {
  const std::string which = text::join("file descriptor ", *plan_.net_socket, " of process ", *plan_.target);
  if (!out_.target.valid()) throw Error(ErrorKind::Kernel, text::join("cannot get ", which), ESRCH);
  auto copied = sys::descriptor_of(out_.target, *plan_.net_socket);
  if (!copied.ok()) {
    Error error(ErrorKind::Kernel, text::join("cannot get ", which), copied.err());
    if (copied.err() == EPERM) error.with_hint("taking a descriptor needs the right to trace the process");
    throw error;
  }
  auto network = sys::network_namespace_of(copied.value().borrow());
  if (!network.ok()) {
    Error error(ErrorKind::Kernel, text::join("cannot get the network namespace of ", which), network.err());
    if (network.err() == ENOTTY) error.with_hint("it is no socket");
    throw error;
  }
  const std::uint64_t flag = ns::kind_of(Type::Network).flag;
  out_.by_target &= ~flag;
  out_.by_all &= ~flag;
  out_.file(Type::Network) = sys::NamespaceFd{std::move(network).value()};
}

sys::UniqueFd Opening::open_directory(const plan::DirectoryChoice& choice, std::string_view of_target_name) const {
  if (!choice.wanted) return {};
  if (!choice.path.empty()) return open_path(choice.path);
  if (!plan_.target) throw Error(ErrorKind::Usage, text::join("neither filename nor target pid supplied for ", of_target_name));
  return open_path(of_target(of_target_name));
}

// Inside the target's user namespace the caller may have the right to read it that it lacks here.
void Opening::open_environment() {
  auto opened = sys::open_at(out_.process.borrow(), "environ", O_RDONLY);
  if (opened.ok())
    out_.environment = std::move(opened).value();
  else if ((opened.err() == EACCES || opened.err() == EPERM) && out_.enters(Type::User))
    out_.environment_later = true;
  else
    throw_not_open(of_target("environ"), opened.err());
}

void Opening::open_cgroup() {
  if (sys::filesystem_magic_at(kCgroupTree).or_throw("statfs ", kCgroupTree, " failed") != sys::abi::kCgroup2SuperMagic)
    throw Error(ErrorKind::Host, "--join-cgroup is only supported in cgroup v2")
        .with_hint("/sys/fs/cgroup of this machine is version 1: leave -c out");
  const std::string text = sys::read_file(out_.process.borrow(), "cgroup").or_throw("failed to get cgroup path");
  constexpr std::string_view kUnified = "0::/";
  const std::size_t begin = text.starts_with(kUnified) ? 0 : text.find(text::join('\n', kUnified));
  if (begin == std::string::npos) throw Error(ErrorKind::Host, "failed to get cgroup path");
  const std::size_t path = text.find(kUnified, begin) + kUnified.size();
  const std::string group(text, path, text.find('\n', path) - path);
  if (group.starts_with(".."))
    throw Error(ErrorKind::Host, text::join("failed to open cgroup.procs of /", group))
        .with_hint("the target's cgroup is outside of the caller's cgroup namespace");
  const std::string file = text::join(kCgroupTree, '/', group, group.empty() ? "" : "/", "cgroup.procs");
  auto opened = sys::open_at(sys::kCwd, file.c_str(), O_WRONLY | O_APPEND);
  if (!opened.ok())
    throw Error(ErrorKind::Kernel, "failed to open cgroup.procs", opened.err())
        .with_hint(text::join("it is ", file, "; an ordinary user needs a cgroup that was delegated to him"));
  out_.cgroup_procs = std::move(opened).value();
}

void Opening::open_the_rest() {
  out_.root = open_directory(plan_.root, "root");
  out_.directory = open_directory(plan_.directory, "cwd");
  const bool follows = plan_.uid.how == plan::IdChoice::How::OfTarget || plan_.gid.how == plan::IdChoice::How::OfTarget;
  const std::pair<bool, std::string_view> readers[] = {
      {plan_.environment, "environ"}, {follows, ""}, {plan_.join_cgroup, "cgroup"}};
  for (const auto& [wanted, name] : readers) {
    if (!wanted || out_.process.valid()) continue;
    if (!plan_.target) throw Error(ErrorKind::Usage, text::join("neither filename nor target pid supplied for ", name));
    out_.process = open_path(of_target(""));
  }
  if (plan_.environment) open_environment();
  if (plan_.join_cgroup) open_cgroup();
}

void Opening::require_target(std::uint64_t wanted) const {
  if (plan_.target) return;
  if (wanted != 0 || plan_.net_socket || (plan_.user_parent && !out_.file(Type::User).valid()))
    throw Error(ErrorKind::Usage, "no target PID specified");
}

void Opening::open(std::vector<ns::OpenNamespace> opened) {
  for (ns::OpenNamespace& one : opened) out_.file(one.type) = std::move(one.fd);
  open_files();
  if (plan_.all && !plan_.target) throw Error(ErrorKind::Usage, "no target PID specified for --all");
  const std::uint64_t wanted = wanted_of_target();
  require_target(wanted);
  if (plan_.target) open_target();
  open_namespaces(wanted);
  if (plan_.user_parent) open_user_parent();
  if (plan_.net_socket) open_network_of_socket();
  open_the_rest();
  // /proc/PID was the target's only if the target is still there.
  if (out_.target.valid() && sys::has_ended(out_.target))
    throw Error(ErrorKind::Kernel, text::join("cannot open /proc/", *plan_.target), ESRCH).with_hint("the process has ended");
  if (!out_.enters_any()) throw Error(ErrorKind::Usage, "no namespace specified");
}

}  // namespace

bool EnterSources::enters(Type type) const noexcept { return (by_target & ns::kind_of(type).flag) != 0 || file(type).valid(); }

bool EnterSources::enters_any() const noexcept {
  return std::ranges::any_of(ns::kKinds, [&](const ns::Kind& kind) { return enters(kind.type); });
}

EnterSources open_sources(const plan::EnterPlan& plan, std::vector<ns::OpenNamespace> opened) {
  EnterSources out;
  Opening(plan, out).open(std::move(opened));
  return out;
}

}  // namespace caisson::launch
