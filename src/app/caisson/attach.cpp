// caisson attach, and start --attach: the caller's streams at a detached container.
#include <signal.h>

#include "app/caisson/attach_command.hpp"
#include "app/caisson/commands.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "life/attach.hpp"
#include "life/look.hpp"
#include "lifecycle/container.hpp"

namespace caisson::app::human {
AttachOptions attach_options(const OptionValues& options) {
  return {.keys = life::DetachKeys(options.value("detach-keys").value_or(life::kDetachKeys)),
          .forwards = options.truth("sig-proxy").value_or(true)};
}

int stay_attached(const lifecycle::Context& context, const life::Entry& entry, const sys::UniqueFd& monitor,
                  const process::HeldSignals& signals, AttachOptions options) {
  const life::Record& record = entry.record;
  life::AttachWish wish{.keys = std::move(options.keys),
                        .reads_input = options.reads_input,
                        .has_terminal = record.option("tty") != nullptr,
                        .forward = {}};
  // Without a terminal nobody else would tell the container of ctrl-c.
  if (options.forwards)
    wish.forward = [&](int signal) {
      const lifecycle::Container container = lifecycle::open_container(context, entry.id());
      if (container.live.init) static_cast<void>(sys::send_signal(*container.live.init, signal));  // it may just have ended
    };
  switch (life::attach(entry, monitor, signals, std::move(wish))) {
    case life::AttachEnd::RunEnded:
      return entry.exit()->code;
    case life::AttachEnd::Detached:
      return 0;
    case life::AttachEnd::LostOutput:
      break;
  }
  throw Error(ErrorKind::State, text::join("container ", record.name, " is not attached any more"))
      .with_hint("its output was not read for three seconds, or its monitor was killed; caisson ps -a tells");
}

int attach(const Invocation& invocation) {
  const OptionValues& options = invocation.options();
  AttachOptions wanted = attach_options(options);
  const DetachedContainers containers(invocation);
  const life::Entry entry = containers.find(invocation.operand(0));
  wanted.reads_input =
      !options.flag("no-stdin") && (entry.record.option("interactive") != nullptr || entry.record.option("tty") != nullptr);
  const process::HeldSignals signals;
  const sys::UniqueFd monitor = life::connect_to_monitor(entry);
  return stay_attached(containers.context(), entry, monitor, signals, std::move(wanted));
}

}  // namespace caisson::app::human
