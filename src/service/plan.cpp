#include "service/plan.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "life/restart_policy.hpp"
#include "process/signals.hpp"
#include "process/user.hpp"

namespace caisson::service {
namespace {

std::uint32_t place_of(const std::vector<Wish>& wishes, std::string_view name) {
  return static_cast<std::uint32_t>(std::ranges::find(wishes, name, &Wish::name) - wishes.begin());
}

void plan_user(plan::ServicePlan& plan, const Wish& wish, const Around& around) {
  if (wish.user.empty()) return;
  if (around.process.user.uid != 0)
    throw Error(ErrorKind::Usage,
                text::join("--service: ", text::quoted(wish.name), ": user: only root changes to another user"))
        .with_hint("leave --user of the container out; PID 1 is root then");
  const process::ResolvedUser user = process::resolve_user(wish.user, around.passwd, around.group);
  plan.switches_user = true;
  plan.uid = user.uid;
  plan.gid = user.gid;
  plan.groups.assign(user.additional_gids.begin(), user.additional_gids.end());
  const bool has_home = std::ranges::any_of(wish.env, [](const std::string& one) { return one.starts_with("HOME="); });
  if (!has_home) plan.env.push_back(text::join("HOME=", process::home_of(user.uid, around.passwd)));
}

plan::ServiceRestart restart_of(life::RestartWhen when) {
  if (when == life::RestartWhen::Always) return plan::ServiceRestart::Always;
  return when == life::RestartWhen::OnFailure ? plan::ServiceRestart::OnFailure : plan::ServiceRestart::Never;
}

plan::ServicePlan plan_one(const Wish& wish, const std::vector<Wish>& all, const Around& around) {
  plan::ServicePlan plan{.name = wish.name,
                         .directory = wish.workdir.empty() ? around.process.cwd : wish.workdir,
                         .args = wish.args,
                         .env = wish.env};
  for (const std::string& other : wish.after) plan.after.push_back(place_of(all, other));
  plan_user(plan, wish, around);
  plan.stop_signal = process::parse_signal(wish.stop_signal);
  plan.stop_timeout_ms = wish.stop_timeout_s * 1000;
  const life::RestartPolicy policy = life::parse_restart_policy(wish.restart);
  plan.restart = restart_of(policy.when);
  plan.most_restarts = policy.most;
  return plan;
}

}  // namespace

plan::ServicesPlan plan_services(const std::vector<Wish>& wishes, std::string_view ends_with, const Around& around) {
  plan::ServicesPlan plan;
  for (const Wish& wish : wishes) plan.all.push_back(plan_one(wish, wishes, around));
  if (ends_with.empty() || ends_with == "all") return plan;
  plan.ends_with = ends_with == "first" ? plan::EndsWith::First : plan::EndsWith::One;
  if (plan.ends_with == plan::EndsWith::First) return plan;
  plan.last = place_of(wishes, ends_with);
  if (plan.last < wishes.size()) return plan;
  std::vector<std::string_view> names{"all", "first"};
  for (const Wish& wish : wishes) names.push_back(wish.name);
  const std::string_view near = text::nearest(ends_with, names);
  throw Error(ErrorKind::Usage, text::join("--ends-with: there is no service ", text::quoted(ends_with)))
      .with_hint(near.empty() ? "write all, first, or the name of a service" : text::join("did you mean ", near));
}

void apply(spec::Process& process, const Wish& wish, const Around& around) {
  const plan::ServicePlan plan = plan_one(wish, {}, around);
  process.cwd = plan.directory;
  for (const std::string& entry : plan.env) {
    const std::string start = entry.substr(0, entry.find('=') + 1);
    std::erase_if(process.env, [&start](const std::string& one) { return one.starts_with(start); });
    process.env.push_back(entry);
  }
  if (!plan.switches_user) return;
  process.user.uid = plan.uid;
  process.user.gid = plan.gid;
  process.user.additional_gids.assign(plan.groups.begin(), plan.groups.end());
}

}  // namespace caisson::service
