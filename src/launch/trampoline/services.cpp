// Stays as PID 1 and starts services.
#include <linux/mman.h>

#include "launch/trampoline/freestanding.hpp"
#include "launch/trampoline/last_step.hpp"
#include "launch/trampoline/supervisor.hpp"

namespace caisson::launch {

void prepare(LastStep& step) {
  const long at = call(__NR_mmap, 0, sizeof(ServicesPage), PROT_READ | PROT_WRITE, MAP_SHARED, step.config.services_page, 0);
  if (at < 0) fail(step.report, at, "map the page of the services");
  step.services_page = reinterpret_cast<ServicesPage*>(at);
}

void carry_out(const LastStep& step) {
  leave(supervise({.config = step.config, .envp = step.envp, .report = step.report, .page = step.services_page}));
}

}  // namespace caisson::launch
