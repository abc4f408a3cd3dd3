// A process that does nothing but keep descriptors open, so that the namespaces behind them live on (man 7 namespaces). Its
// user must be able to open them again by /proc/PID/fd, so unlike a waiting container it is dumpable; it knows no secrets.
#pragma once

namespace caisson::launch {

// Says Ready on the channel, waits there for Continue, and closes it. Without Continue it ends: then nobody knows of it.
[[noreturn]] void hold_descriptors(int channel) noexcept;

}  // namespace caisson::launch
