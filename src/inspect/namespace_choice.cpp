#include "inspect/namespace_choice.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/target.hpp"
#include "inspect/target_word.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

// A name need not be unique among all kinds, since the kind is known.
Target resolve(const NamespaceChoice& choice, const Places& places) {
  const TargetWord word = parse_target_word(choice.target);
  if (word.form != WordForm::Name || word.type) return resolve_target(choice.target, places);
  try {
    return resolve_target(text::join(ns::kind_of(choice.type).proc, ':', choice.target), places);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Host) throw;
    return resolve_target(choice.target, places);
  }
}

}  // namespace

NamespaceChoice parse_namespace_choice(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals + 1 == word.size())
    throw Error(ErrorKind::Usage, text::join("--ns ", text::quoted(word), ": not KIND=TARGET"))
        .with_hint("for example net=blue, pid=4242, mnt=container:web, uts=/run/pins/lab");
  return {parse_kind(word.substr(0, equals)), std::string(word.substr(equals + 1))};
}

std::vector<ns::OpenNamespace> open_choices(const std::vector<std::string_view>& words, const Places& places) {
  std::vector<ns::OpenNamespace> opened;
  for (const std::string_view word : words) {
    const NamespaceChoice choice = parse_namespace_choice(word);
    if (std::ranges::find(opened, choice.type, &ns::OpenNamespace::type) != opened.end())
      throw Error(ErrorKind::Usage,
                  text::join("--ns ", text::quoted(word), ": ", ns::kind_of(choice.type).proc, " is given twice"));
    const Target target = resolve(choice, places);
    opened.push_back({choice.type, choice.target, open_namespace(target, choice.type)});
  }
  return opened;
}

bool denies_setgroups(const sys::NamespaceFd& user) {
  constexpr int kDenied = 1;
  const sys::Cloned child = sys::clone_with_pidfd().or_throw("clone a process to look into a user namespace");
  if (child.pid == 0) {
    const auto entered = sys::set_namespace(user.borrow(), ns::kind_of(ns::Type::User).flag);
    // EINVAL: the caller is there already.
    if (!entered.ok() && entered.err() != EINVAL) sys::exit_now(0);
    const auto text = sys::read_file(sys::kCwd, "/proc/self/setgroups");
    sys::exit_now(text.ok() && text.value() == "deny\n" ? kDenied : 0);
  }
  return sys::wait_for(child.process).or_throw("wait for it").as_shell() == kDenied;
}

}  // namespace caisson::inspect
