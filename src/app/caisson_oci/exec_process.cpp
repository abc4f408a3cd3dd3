#include "app/caisson_oci/exec_process.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "process/user.hpp"
#include "security/capabilities.hpp"

namespace caisson::app::oci {

namespace {

void change_user(spec::User& user, const OptionValues& options) {
  if (const auto text = options.value("user")) {
    const process::NumericUser numeric = process::parse_numeric_user(*text);
    user.uid = numeric.uid;
    if (numeric.gid) user.gid = *numeric.gid;
  }
  for (const std::string_view text : options.values("additional-gids")) {
    const auto gid = text::parse_number<std::uint32_t>(text);
    if (!gid || *gid > process::kHighestId) {
      throw Error(ErrorKind::Usage, text::join("option --additional-gids needs a group number, not ", text::quoted(text)));
    }
    user.additional_gids.push_back(*gid);
  }
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

// Not inheritable, as runc: a capability granted here ends with the next program that is not marked for it, unless the
// configuration has it as inheritable, which lets it be ambient. An unknown one is left out with a warning by the plan.
void add_capabilities(spec::Process& process, const OptionValues& options) {
  for (const std::string_view text : options.values("cap")) {
    const std::optional<unsigned> number = security::capability_number_of_user(text);
    const std::string name(number ? security::capability_name(*number) : text);
    if (!process.capabilities) process.capabilities.emplace();
    spec::Capabilities& sets = *process.capabilities;
    add_once(sets.bounding, name);
    add_once(sets.effective, name);
    add_once(sets.permitted, name);
    if (std::ranges::find(sets.inheritable, name) != sets.inheritable.end()) add_once(sets.ambient, name);
  }
}

}  // namespace

spec::Process exec_process(spec::Process base, const OptionValues& options, std::span<const std::string_view> words) {
  base.args.assign(words.begin(), words.end());
  base.terminal = options.flag("tty");
  if (options.has("cwd")) base.cwd = options.text("cwd");
  if (options.has("apparmor")) base.apparmor_profile = options.text("apparmor");
  if (options.has("process-label")) base.selinux_label = options.text("process-label");
  if (options.has("no-new-privs")) base.no_new_privileges = options.flag("no-new-privs");
  for (const std::string_view variable : options.values("env")) base.env.emplace_back(variable);
  change_user(base.user, options);
  add_capabilities(base, options);
  return base;
}

}  // namespace caisson::app::oci
