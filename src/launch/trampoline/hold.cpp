#include "launch/trampoline/hold.hpp"

#include <linux/prctl.h>

#include "launch/trampoline/freestanding.hpp"

namespace caisson::launch {

void hold_descriptors(int channel) noexcept {
  call(__NR_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
  call(__NR_prctl, PR_SET_NAME, "caisson-hold", 0, 0, 0);
  Message message = Message::Ready;
  call(__NR_write, channel, &message, 1);
  if (call(__NR_read, channel, &message, 1) != 1 || message != Message::Continue) {
    for (;;) call(__NR_exit_group, 1);
  }
  call(__NR_close, channel);
  for (;;) call(__NR_ppoll, nullptr, 0, nullptr, nullptr, 0);
}

}  // namespace caisson::launch
