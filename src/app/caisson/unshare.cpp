#include "launch/unshare.hpp"
#include "app/caisson/commands.hpp"
#include "app/caisson/failure.hpp"
#include "app/caisson/unshare_wish.hpp"
#include "host/user_namespaces.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

extern char** environ;

namespace caisson::app::human {
namespace {

std::string text_of(const char* path) {
  constexpr std::size_t kMost = std::size_t{16} << 20;
  return sys::read_file(sys::kCwd, path, kMost).value_or({});
}

// What ranges refer to; nothing of it is read without any.
plan::UnshareFacts facts_for(const plan::UnshareWish& wish, const Accounts& accounts) {
  plan::UnshareFacts facts{.euid = accounts.euid, .egid = accounts.egid};
  if (!wish.has_ranges()) return facts;
  facts.users = host::probe_user_namespaces(facts.euid, true);
  facts.uid_map = text_of("/proc/self/uid_map");
  facts.gid_map = text_of("/proc/self/gid_map");
  return facts;
}

}  // namespace

int unshare(const Invocation& invocation) {
  const Accounts accounts{.euid = sys::effective_uid(), .egid = sys::effective_gid(), .read = text_of};
  const plan::UnshareWish wish = unshare_wish(invocation.line, accounts);
  const plan::UnsharePlan plan = plan::plan_unshare(wish, facts_for(wish, accounts));
  CommandFailure failure(invocation, "unshare");
  if (failure.explains())
    for (const std::string& note : plan::notes_on(plan)) invocation.log.warning(note);
  return launch::run_unshare({plan, environ, failure});
}

}  // namespace caisson::app::human
