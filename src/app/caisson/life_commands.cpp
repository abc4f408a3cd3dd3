// caisson stop, restart, start, kill, wait, rm, pause, unpause, rename, prune: what they do to each container that is named.
#include <functional>

#include "app/caisson/attach_command.hpp"
#include "app/caisson/commands.hpp"
#include "app/caisson/run_detached.hpp"
#include "app/caisson/run_services.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "life/abandoned.hpp"
#include "life/end.hpp"
#include "lifecycle/container.hpp"
#include "process/signals.hpp"

namespace caisson::app::human {
namespace {

constexpr int kPatienceS = 10;
// All of them, also when one fails; the word is printed when it went well.
int for_each(const Invocation& invocation, DetachedContainers& containers, const std::function<void(life::Entry&)>& act) {
  ErrorList errors;
  for (const std::string_view word : invocation.line.operands) {
    try {
      life::Entry entry = containers.find(word);
      act(entry);
      print_out(text::join(word, "\n"));
    } catch (const Error& error) {
      errors.add(error);
    }
  }
  errors.throw_if_any();
  return 0;
}

int patience_of(const Invocation& invocation) {
  const auto text = invocation.options().value("time");
  if (!text) return kPatienceS;
  const auto seconds = text::parse_number<int>(*text);
  if (!seconds || *seconds > 1'000'000)
    throw Error(ErrorKind::Usage, text::join("--time: ", text::quoted(*text), " is no number of seconds"))
        .with_hint("0 kills at once, -1 waits for ever");
  return *seconds;
}

// What a start finds, and what it calls when somebody can attach.
void start_one(DetachedContainers& containers, life::Entry& entry, const std::function<void()>& listening = {}) {
  entry.lock();
  const life::Seen seen = life::look(containers.context(), entry);
  if (life::is_live(seen.phase)) {
    entry.unlock();
    return;
  }
  life::end_waiting_keeper(entry);
  lifecycle::ContainerWish wish = containers.wish_of(entry.record);
  life::start(containers.keep_context(), entry, std::move(wish), listening);
}

// Connected before the program runs, so that nothing of what it prints is missed.
int start_attached(const Invocation& invocation) {
  if (invocation.line.operands.size() != 1)
    throw Error(ErrorKind::Usage, "--attach and --interactive: one container at a time");
  AttachOptions wanted = attach_options(invocation.options());
  wanted.reads_input = invocation.options().flag("interactive");
  DetachedContainers containers(invocation);
  life::Entry entry = containers.find(invocation.operand(0));
  sys::UniqueFd monitor;
  start_one(containers, entry, [&] { monitor = life::connect_to_monitor(entry); });
  const process::HeldSignals signals;
  if (!monitor.valid()) monitor = life::connect_to_monitor(entry);  // it ran already
  return stay_attached(containers.context(), entry, monitor, signals, std::move(wanted));
}

int steer_each(const Invocation& invocation, DetachedContainers& containers, launch::ServiceOrder order) {
  if (invocation.options().has("time"))
    throw Error(ErrorKind::Usage, "--time: a service has a stop-timeout of its own").with_hint("leave out --time or --service");
  return for_each(invocation, containers, [&](life::Entry& entry) {
    try {
      steer_services(invocation.options(), containers.context(), entry.id(), order);
    } catch (Error& error) {
      throw std::move(error.within(text::join("container ", entry.record.name)));
    }
  });
}

// Of a container in that phase, which is Running or Paused.
cgroup::LiveCgroup cgroup_of(const DetachedContainers& containers, const life::Entry& entry, life::Phase wanted) {
  const life::Phase phase = life::look(containers.context(), entry).phase;
  if (phase == wanted) return lifecycle::open_container(containers.context(), entry.id()).cgroup();
  const std::string& name = entry.record.name;
  if (!life::is_live(phase))
    throw Error(ErrorKind::State, text::join("container ", name, " is not running"))
        .with_hint(text::join("caisson start ", name, " starts it"));
  if (wanted == life::Phase::Paused)
    throw Error(ErrorKind::State, text::join("container ", name, " is not paused"))
        .with_hint(text::join("caisson pause ", name, " freezes it"));
  throw Error(ErrorKind::State, text::join("container ", name, " is paused already"))
      .with_hint(text::join("caisson unpause ", name, " lets it go on"));
}

}  // namespace

int stop(const Invocation& invocation) {
  DetachedContainers containers(invocation);
  if (invocation.options().has("service")) return steer_each(invocation, containers, launch::ServiceOrder::Stop);
  const int patience = patience_of(invocation);
  return for_each(invocation, containers, [&](life::Entry& entry) { life::stop(containers.context(), entry, patience); });
}

int restart(const Invocation& invocation) {
  DetachedContainers containers(invocation);
  if (invocation.options().has("service")) return steer_each(invocation, containers, launch::ServiceOrder::Restart);
  const int patience = patience_of(invocation);
  return for_each(invocation, containers, [&](life::Entry& entry) {
    life::stop(containers.context(), entry, patience);
    start_one(containers, entry);
  });
}

int start(const Invocation& invocation) {
  if (invocation.options().flag("attach") || invocation.options().flag("interactive")) return start_attached(invocation);
  DetachedContainers containers(invocation);
  if (invocation.options().has("service")) return steer_each(invocation, containers, launch::ServiceOrder::Start);
  return for_each(invocation, containers, [&](life::Entry& entry) { start_one(containers, entry); });
}

int kill(const Invocation& invocation) {
  DetachedContainers containers(invocation);
  const int signal = process::parse_signal(invocation.options().value("signal").value_or("KILL"));
  return for_each(invocation, containers, [&](life::Entry& entry) { life::kill(containers.context(), entry, signal); });
}

int wait(const Invocation& invocation) {
  const DetachedContainers containers(invocation);
  for (const std::string_view word : invocation.line.operands) {
    life::Entry entry = containers.find(word);
    const std::optional<int> status = life::wait(containers.context(), entry);
    if (!status) invocation.log.warning(text::join("nobody saw how container ", word, " ended: its monitor was killed"));
    print_out(text::join(status.value_or(life::kUnknownStatus), "\n"));
  }
  return 0;
}

int rm(const Invocation& invocation) {
  DetachedContainers containers(invocation);
  const bool force = invocation.options().flag("force");
  ErrorList errors;
  for (const std::string_view word : invocation.line.operands) {
    try {
      const auto store = containers.store();
      auto entry = store && force ? store->try_find(word) : std::optional(containers.find(word));
      if (!entry) continue;
      life::remove(containers.context(), *entry, force ? life::RemoveLive::Kill : life::RemoveLive::Refuse);
      print_out(text::join(word, "\n"));
    } catch (const Error& error) {
      errors.add(error);
    }
  }
  errors.throw_if_any();
  return 0;
}

int pause(const Invocation& invocation) {
  DetachedContainers containers(invocation);
  return for_each(invocation, containers,
                  [&](life::Entry& entry) { cgroup_of(containers, entry, life::Phase::Running).freeze(); });
}

int unpause(const Invocation& invocation) {
  DetachedContainers containers(invocation);
  return for_each(invocation, containers,
                  [&](life::Entry& entry) { cgroup_of(containers, entry, life::Phase::Paused).thaw(); });
}

int rename(const Invocation& invocation) {
  const DetachedContainers containers(invocation);
  life::Entry entry = containers.find(invocation.operand(0));
  containers.store()->rename(entry, invocation.operand(1));
  return 0;
}

int prune(const Invocation& invocation) {
  const DetachedContainers containers(invocation);
  for (const std::string& id : life::remove_abandoned(containers.context())) print_out(text::join(id, "\n"));
  const auto store = containers.store();
  if (!store) return 0;
  ErrorList errors;
  for (life::Entry& entry : store->list()) {
    try {
      const auto seen = life::look_and_repair(containers.context(), entry);
      if (seen && (life::is_live(seen->phase) || seen->has_keeper)) continue;
      if (seen) life::remove(containers.context(), entry, life::RemoveLive::Refuse);
      print_out(text::join(entry.id(), "\n"));
    } catch (const Error& error) {
      errors.add(error);
    }
  }
  store->remove_leftovers();
  errors.throw_if_any();
  return 0;
}

}  // namespace caisson::app::human
