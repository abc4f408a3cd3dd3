// What the freestanding program does when its quiet zone is behind it. Two programs are linked of main.cpp: the trampoline
// becomes a payload (payload.cpp), the supervisor starts services (services.cpp).
#pragma once

#include "launch/trampoline/config.hpp"

namespace caisson::launch {

struct ServicesPage;

inline constexpr int kErrorKindKernel = 3;
inline constexpr int kErrorKindPayload = 5;
inline constexpr int kSetupFailed = 125;

struct LastStep {
  const Config& config;
  char** argv;  // the path of the payload, then its own arguments
  char** envp;
  int report;
  ServicesPage* services_page = nullptr;  // mapped by prepare, of a container with services
};

// While every descriptor is still open.
void prepare(LastStep& step);
[[noreturn]] void carry_out(const LastStep& step);

[[noreturn]] void leave(int status);
// result: a negative errno, reported to the runtime.
[[noreturn]] void fail(int report, long result, const char* doing, const char* detail = nullptr);

}  // namespace caisson::launch
