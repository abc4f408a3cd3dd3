#include "service/steer.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "lifecycle/container.hpp"
#include "service/page.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::service {
namespace {

using launch::ServiceOrder;
using launch::ServiceState;

constexpr int kLookAgainMs = 20;
constexpr int kMostLooks = 60'000 / kLookAgainMs;

std::vector<Seen> services_of(const lifecycle::Context& context, std::string_view id) {
  auto all = look(context.state_root, id);
  if (!all) throw Error(ErrorKind::State, "the container has no services").with_hint("caisson run --service makes some");
  return *std::move(all);
}

std::size_t place_of(const std::vector<Seen>& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &Seen::name);
  if (found != all.end()) return static_cast<std::size_t>(found - all.begin());
  std::vector<std::string_view> names;
  for (const Seen& one : all) names.push_back(one.name);
  const std::string_view near = text::nearest(name, names);
  throw Error(ErrorKind::State, text::join("the container has no service ", text::quoted(name)))
      .with_hint(near.empty() ? "caisson ps --services lists them" : text::join("did you mean ", near));
}

bool is_up(const Seen& seen) { return seen.state == ServiceState::Running || seen.state == ServiceState::Stopping; }

bool is_done(const Seen& before, const Seen& now, ServiceOrder order) {
  if (order == ServiceOrder::Stop) return !is_up(now) && now.state != ServiceState::Restarting;
  return now.starts > before.starts;
}

void check_start(const Seen& now) {
  if (is_up(now) || now.status == 0) return;
  throw Error(ErrorKind::State, text::join("service ", now.name, " was started and ended with status ", now.status))
      .with_hint("caisson logs --service shows what it printed");
}

}  // namespace

void steer(const lifecycle::Context& context, std::string_view id, std::string_view name, ServiceOrder order) {
  const std::vector<Seen> all = services_of(context, id);
  const std::size_t place = place_of(all, name);
  const Seen& before = all[place];
  if (order == ServiceOrder::Start && is_up(before)) return;
  if (order == ServiceOrder::Stop && before.state == ServiceState::Stopped) return;
  const lifecycle::Container container = lifecycle::open_container(context, id);
  if (!container.live.init) throw Error(ErrorKind::State, "the container is not running");
  if (container.live.status == state::Status::Paused)
    throw Error(ErrorKind::State, "the container is paused").with_hint("caisson unpause lets it go on");
  const auto value = static_cast<int>(launch::order_value(order, static_cast<std::uint32_t>(place)));
  sys::queue_signal(*container.live.init, launch::kServiceOrderSignal, value).or_throw("tell PID 1 of the container");
  for (int looks = 0; looks < kMostLooks; ++looks) {
    const auto ended = sys::wait_readable(container.live.init->borrow(), kLookAgainMs).or_throw("wait for the service");
    if (ended == sys::Readiness::Ready) {
      if (order == ServiceOrder::Stop) return;
      throw Error(ErrorKind::State, "the container ended meanwhile");
    }
    const std::vector<Seen> now = services_of(context, id);
    if (place >= now.size() || !is_done(before, now[place], order)) continue;
    if (order != ServiceOrder::Stop) check_start(now[place]);
    return;
  }
  throw Error(ErrorKind::State, text::join("service ", name, " has not done it within a minute"))
      .with_hint("caisson ps --services shows what it does");
}

}  // namespace caisson::service
