#include "launch/enter_namespaces.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/namespace.hpp"
#include "sys/namespace_relations.hpp"
#include "sys/process.hpp"

namespace caisson::launch {
namespace {

using ns::Type;

constexpr std::uint64_t flag_of(Type type) { return ns::kind_of(type).flag; }
constexpr std::uint64_t kUserFlag = flag_of(Type::User);

std::string hint_for_user(sys::BorrowedFd user, int errno_value) {
  if (errno_value == EINVAL) return "the caller is in that user namespace already: leave -U out";
  if (errno_value != EPERM) return {};
  std::string who = "its owner";
  if (const auto maker = sys::maker_of_user_namespace(user); maker.ok()) who += text::join(" (uid ", maker.value(), ")");
  return text::join("a user namespace lets in ", who, ", from the user namespace above it, and root there; nobody else");
}

std::string hint_for(Type type, int errno_value) {
  if (errno_value == EPERM && type == Type::Mount)
    return "this needs CAP_SYS_ADMIN in the user namespace that owns the mount namespace, and CAP_SYS_ADMIN and CAP_SYS_CHROOT "
           "in "
           "the caller's: enter its user namespace too (-U), or be root";
  if (errno_value == EPERM)
    return "this needs CAP_SYS_ADMIN in the user namespace that owns it and in the caller's: enter its user namespace too "
           "(-U), or "
           "be root";
  if (errno_value == EINVAL && type == Type::Pid)
    return "only the caller's own pid namespace and those below it can be entered";
  if (errno_value == EINVAL && type == Type::Mount)
    return "the caller shares its root and working directory with another process";
  if (errno_value == EUSERS) return "only a process with one thread can enter a time namespace";
  return {};
}

[[noreturn]] void throw_not_entered(Type type, sys::BorrowedFd file, int errno_value) {
  const ns::Kind& kind = ns::kind_of(type);
  Error error(ErrorKind::Kernel, text::join("reassociate to namespace 'ns/", kind.proc, "' failed"), errno_value);
  const auto found = sys::namespace_type(file);
  if (found.ok() && found.value() != kind.flag)
    error.with_hint(text::join("the file is a namespace of another kind than ", kind.proc));
  else
    error.with_hint(type == Type::User ? hint_for_user(file, errno_value) : hint_for(type, errno_value));
  throw error;
}

class Entering {
 public:
  Entering(EnterSources& sources, const plan::EnterPlan& plan) : sources_(sources), plan_(plan) {}
  void enter();

 private:
  bool enter_by_target(std::uint64_t kinds);
  bool enter_file(Type type);
  void enter_without_user();
  void enter_rest();
  void enter_one_by_one();
  void take_files_of_target();
  void leave_out_what_is_the_callers();
  std::vector<sys::NamespaceFd> ancestors_to_enter() const;
  void enter_owned_by(sys::BorrowedFd user);
  void require_file(Type type);

  EnterSources& sources_;
  const plan::EnterPlan& plan_;
};

bool Entering::enter_by_target(std::uint64_t kinds) {
  const std::uint64_t wanted = sources_.by_target & kinds;
  if (wanted == 0) return true;
  if (!sys::set_namespace(sources_.target.borrow(), wanted).ok()) return false;
  sources_.by_target &= ~wanted;
  return true;
}

bool Entering::enter_file(Type type) {
  sys::NamespaceFd& file = sources_.file(type);
  if (!file.valid()) return true;
  if (!sys::set_namespace(file.borrow(), flag_of(type)).ok()) return false;
  file = {};
  return true;
}

void Entering::require_file(Type type) {
  const sys::NamespaceFd& file = sources_.file(type);
  if (!file.valid()) return;
  const auto entered = sys::set_namespace(file.borrow(), flag_of(type));
  if (!entered.ok()) throw_not_entered(type, file.borrow(), entered.err());
  sources_.file(type) = {};
}

// Root loses the right to enter the others with the user namespace. Whoever gains it there fails here, and tries again after.
void Entering::enter_without_user() {
  enter_by_target(~kUserFlag);
  for (const Type type : kEnterOrder)
    if (type != Type::User) enter_file(type);
}

// The kernel enters the user namespace first when it is given several kinds.
void Entering::enter_rest() {
  if (enter_file(Type::User) && enter_by_target(~std::uint64_t{0}))
    for (const Type type : kEnterOrder) enter_file(type);
  if (sources_.enters_any()) enter_one_by_one();
}

void Entering::take_files_of_target() {
  for (const Type type : kEnterOrder) {
    if ((sources_.by_target & flag_of(type)) == 0) continue;
    const std::string path = text::join("/proc/", *plan_.target, "/ns/", ns::kind_of(type).proc);
    auto file = sys::namespace_of(sources_.target, flag_of(type));
    if (file.err() == ENOTTY || file.err() == EINVAL) file = sys::open_namespace_file(sys::kCwd, path.c_str());
    if (!file.ok())
      throw Error(ErrorKind::Kernel, text::join("cannot open ", path), file.err())
          .with_hint(file.err() == EACCES || file.err() == EPERM
                         ? "the namespaces of a process can be opened by its user and by root"
                         : "");
    sources_.file(type) = std::move(file).value();
  }
  sources_.by_target = 0;
  if (sources_.target.valid() && sys::has_ended(sources_.target))
    throw Error(ErrorKind::Kernel, text::join("cannot open /proc/", *plan_.target), ESRCH).with_hint("the process has ended");
}

// Re-entering what one is in needs rights as entering does. Where only every kind was asked for, being there is enough.
void Entering::leave_out_what_is_the_callers() {
  for (const Type type : kEnterOrder) {
    sys::NamespaceFd& file = sources_.file(type);
    if (!file.valid() || (sources_.by_all & flag_of(type)) == 0) continue;
    const std::string path = text::join("/proc/self/ns/", ns::kind_of(type).proc);
    const auto own = sys::open_at(sys::kCwd, path.c_str(), O_RDONLY);
    if (own.ok() && sys::same_namespace(own.value().borrow(), file.borrow()).value_or(false)) file = {};
  }
}

// The user namespace and those between it and the caller's, the outermost first.
std::vector<sys::NamespaceFd> Entering::ancestors_to_enter() const {
  std::vector<sys::NamespaceFd> chain;
  const auto own = sys::open_at(sys::kCwd, "/proc/self/ns/user", O_RDONLY);
  if (!own.ok() || !sources_.file(Type::User).valid()) return chain;
  auto next = sys::owning_user_namespace(sources_.file(Type::User).borrow());
  while (next.ok() && !sys::same_namespace(next.value().borrow(), own.value().borrow()).value_or(true)) {
    auto above = sys::owning_user_namespace(next.value().borrow());
    chain.push_back(std::move(next).value());
    next = std::move(above);
  }
  std::ranges::reverse(chain);
  return chain;
}

void Entering::enter_owned_by(sys::BorrowedFd user) {
  for (const Type type : kEnterOrder) {
    const sys::NamespaceFd& file = sources_.file(type);
    if (!file.valid() || type == Type::User) continue;
    const auto owner = sys::owning_user_namespace(file.borrow());
    if (owner.ok() && sys::same_namespace(owner.value().borrow(), user).value_or(false)) enter_file(type);
  }
}

// A program may have nested its user namespaces (bubblewrap does): then what it entered first belongs to the outer one, and is
// entered from there.
void Entering::enter_one_by_one() {
  take_files_of_target();
  leave_out_what_is_the_callers();
  for (const sys::NamespaceFd& user : ancestors_to_enter()) {
    if (!sys::set_namespace(user.borrow(), kUserFlag).ok()) break;
    enter_owned_by(user.borrow());
  }
  for (const Type type : kEnterOrder) require_file(type);
}

void Entering::enter() {
  enter_without_user();
  if (sources_.enters_any()) enter_rest();
}

}  // namespace

void enter_namespaces(EnterSources& sources, const plan::EnterPlan& plan) { Entering(sources, plan).enter(); }

}  // namespace caisson::launch
