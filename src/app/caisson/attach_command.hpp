// What attach and start --attach share.
#pragma once

#include "app/caisson/run_detached.hpp"
#include "app/options.hpp"
#include "life/attach.hpp"

namespace caisson::app::human {

struct AttachOptions {
  life::DetachKeys keys;
  bool forwards = true;
  bool reads_input = false;
};
AttachOptions attach_options(const OptionValues& options);

// Until the run ends: its status. 0 when the keys came.
int stay_attached(const lifecycle::Context& context, const life::Entry& entry, const sys::UniqueFd& monitor,
                  const process::HeldSignals& signals, AttachOptions options);

}  // namespace caisson::app::human
