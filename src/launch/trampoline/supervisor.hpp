// PID 1 of a container with services: starts them in their order, each when those that it comes after run, restarts them by
// their policies, takes their output line by line, reaps every orphan, and stops them in reverse order. TERM, INT, QUIT and
// RTMIN+3 stop all, a second one kills them; a queued SIGRTMAX starts, stops or restarts one (services_page.hpp); nothing else
// is passed on. Freestanding. man 7 pid_namespaces, man 2 signalfd.
#pragma once

#include "launch/trampoline/config.hpp"
#include "launch/trampoline/services_page.hpp"

namespace caisson::launch {

struct SupervisorOrders {
  const Config& config;
  char** envp;
  int report;          // a service that cannot be executed at the beginning is told there, and ends the container
  ServicesPage* page;  // mapped, and empty
};

// The status to exit with. Descriptors from 3 on are closed, with the report once every service runs.
int supervise(const SupervisorOrders& orders) noexcept;

}  // namespace caisson::launch
