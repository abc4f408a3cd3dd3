#include "inspect/kind_choice.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/target_word.hpp"
#include "sys/file.hpp"
#include "sys/namespace.hpp"
#include "sys/namespace_relations.hpp"

namespace caisson::inspect {
namespace {

bool kernel_has(const ns::Kind& kind) {
  return sys::status_at(sys::kCwd, text::join("/proc/self/ns/", kind.proc).c_str()).ok();
}

std::vector<ns::Type> types_of(const Target& target, const KindChoice& choice) {
  if (target.pid == 0 && (choice.all || choice.types.empty())) return {*target.type};
  if (!choice.all) return choice.types;
  std::vector<ns::Type> types;
  for (const ns::Kind& kind : ns::kKinds)
    if (kernel_has(kind)) types.push_back(kind.type);
  return types;
}

// Only those below the caller's own can be told: of others no process has a number here.
bool is_below_own(sys::BorrowedFd pid_namespace) {
  const auto own = sys::open_namespace_file(sys::kCwd, "/proc/self/ns/pid").or_throw("open /proc/self/ns/pid");
  auto next = sys::duplicate(pid_namespace);
  while (next.ok()) {
    const auto same = sys::same_namespace(next.value().borrow(), own.borrow());
    if (same.ok() && same.value()) return true;
    auto parent = sys::parent_namespace(next.value().borrow());
    if (!parent.ok()) return false;
    next = std::move(parent.value().fd);
  }
  return false;
}

void refuse_dead(const Target& target, const ChosenNamespace& chosen) {
  if (chosen.type != ns::Type::Pid || sys::pid_from_namespace(chosen.fd.borrow(), 1).err() != ESRCH) return;
  if (!is_below_own(chosen.fd.borrow())) return;
  throw Error(ErrorKind::Host, text::join("the pid namespace of ", text::quoted(target.name), ", ",
                                          namespace_link(ns::Type::Pid, chosen.inode), ", has no process 1"))
      .with_hint("when that has ended, nothing can run in the namespace any more: there is nothing to keep");
}

}  // namespace

KindChoice parse_kinds(const std::vector<std::string_view>& words) {
  KindChoice choice;
  for (const std::string_view word : words) {
    if (word == "all") {
      choice.all = true;
      continue;
    }
    const ns::Type type = parse_kind(word);
    if (std::ranges::find(choice.types, type) == choice.types.end()) choice.types.push_back(type);
  }
  return choice;
}

std::vector<ChosenNamespace> open_chosen(const Target& target, const KindChoice& choice) {
  const std::vector<ns::Type> types = types_of(target, choice);
  if (types.empty())
    throw Error(ErrorKind::Usage, text::join(text::quoted(target.name), " is a process: which of its namespaces?"))
        .with_hint(text::join("--kind KIND, more than once if you like, or --kind all; kinds are ", kind_names()));
  std::vector<ChosenNamespace> opened;
  for (const ns::Type type : types) {
    sys::NamespaceFd fd = open_namespace(target, type);
    const auto status = sys::status_of_fd(fd.borrow()).or_throw("look at a namespace of ", target.name);
    opened.push_back({type, status.inode, std::move(fd)});
    refuse_dead(target, opened.back());
  }
  return opened;
}

std::string kind_and_name(ns::Type type, std::string_view name) { return text::join(ns::kind_of(type).proc, ":", name); }

}  // namespace caisson::inspect
