#include <algorithm>
#include <iterator>

#include "app/caisson/commands.hpp"
#include "app/caisson/enter_options.hpp"
#include "app/caisson/state_root.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/find_namespace.hpp"
#include "inspect/namespace_choice.hpp"
#include "launch/enter.hpp"
#include "sys/file.hpp"

extern char** environ;

namespace caisson::app::human {
namespace {

// As util-linux, whose SELinux builds do nothing then; for people a wish that cannot be met is an error.
void check_context(plan::EnterPlan& plan, CalledAs called_as) {
  if (!plan.follow_context || sys::status_at(sys::kCwd, "/sys/fs/selinux/enforce").ok()) return;
  if (called_as == CalledAs::Caisson)
    throw Error(ErrorKind::Host, "--follow-context: SELinux is not enabled here")
        .with_hint("boot with selinux=1 and a policy, or leave -Z out");
  plan.follow_context = false;
}

// "-W /tmp pwd" runs /tmp: a value that may be left out has to be attached.
std::string_view option_without_value(const Invocation& invocation) {
  const auto& given = invocation.options().all();
  if (given.empty() || invocation.line.operands.empty()) return {};
  const Given& last = given.back();
  return !last.value && last.option->argument.starts_with('[') ? last.option->name : std::string_view();
}

Error& explain(Error& error, const Invocation& invocation) {
  if (error.kind() == ErrorKind::Usage) return error.with_hint("caisson nsenter --help has the options, and examples");
  const std::string_view name = option_without_value(invocation);
  if (error.kind() != ErrorKind::Payload || invocation.line.operands.empty()) return error;
  const std::string_view program = invocation.line.operands.front();
  if (!name.empty() && program.find('/') != std::string_view::npos)
    return error.with_hint(text::join("if ", program, " belongs to --", name, ", write --", name, "=", program));
  if (error.errno_value() == ENOENT)
    error.with_hint(program.find('/') == std::string_view::npos
                        ? "no directory of PATH has it, as seen from inside; -e takes the target's PATH"
                        : "there is no such file inside, or the interpreter that it names is missing");
  return error;
}

void open_by_id(const plan::EnterPlan& plan, std::vector<ns::OpenNamespace>& opened) {
  for (const ns::Kind& kind : ns::kKinds) {
    const plan::NamespaceSource& source = plan.source(kind.type);
    if (source.from != plan::NamespaceSource::From::Id) continue;
    const std::string doing = text::join("cannot open namespace of id ", source.id);
    auto found = inspect::find_by_id(source.id);
    if (!found)
      throw Error(ErrorKind::Host, text::join(doing, ": there is none that you may see"))
          .with_hint("caisson ns ls lists the ids; a file with a colon in front of its name is written ./:NAME");
    if (found->type != kind.type)
      throw Error(ErrorKind::Host, text::join(doing, ": it is a ", ns::kind_of(found->type).proc, " namespace, not a ",
                                              kind.proc, " namespace"));
    opened.push_back({kind.type, text::join(':', source.id), std::move(found->fd)});
  }
}

int enter(const Invocation& invocation) {
  plan::EnterPlan plan = enter_plan(invocation.line);
  check_context(plan, invocation.called_as);
  if (invocation.called_as == CalledAs::Caisson) {
    plan.when_groups_stay = plan::WhenGroupsStay::GoOn;
    if (invocation.options().has("wdns") && plan.inner_directory.empty())
      throw Error(ErrorKind::Usage, "--wdns needs a directory").with_hint("write --wdns=DIR or -WDIR");
  }
  std::vector<ns::OpenNamespace> opened;
  open_by_id(plan, opened);
  if (const auto words = invocation.options().values("ns"); !words.empty())
    std::ranges::move(inspect::open_choices(words, places_of(invocation)), std::back_inserter(opened));
  return launch::run_enter({plan, environ, std::move(opened)});
}

}  // namespace

int nsenter(const Invocation& invocation) {
  if (invocation.called_as == CalledAs::Face) return enter(invocation);
  try {
    return enter(invocation);
  } catch (Error& error) {
    throw explain(error, invocation);
  }
}

}  // namespace caisson::app::human
