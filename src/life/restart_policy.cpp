#include "life/restart_policy.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::life {
namespace {

constexpr std::uint32_t kFirstDelayMs = 100, kLongestDelayMs = 60'000;
constexpr std::int64_t kLongRunMs = 10'000;

}  // namespace

RestartPolicy parse_restart_policy(std::string_view text) {
  if (text == "no") return {};
  if (text == "always") return {.when = RestartWhen::Always};
  if (text == "on-failure") return {.when = RestartWhen::OnFailure};
  constexpr std::string_view kLimited = "on-failure:";
  if (text.starts_with(kLimited))
    if (const auto most = text::parse_number<std::uint32_t>(text.substr(kLimited.size())); most && *most > 0)
      return {.when = RestartWhen::OnFailure, .most = *most};
  throw Error(ErrorKind::Usage, text::join("--restart: unknown policy ", text::quoted(text)))
      .with_hint("policies are no, on-failure, on-failure:N and always");
}

bool wants_restart(const RestartPolicy& policy, int exit_code, std::uint32_t restarts) noexcept {
  if (policy.when == RestartWhen::Always) return true;
  return policy.when == RestartWhen::OnFailure && exit_code != 0 && (policy.most == 0 || restarts < policy.most);
}

std::uint32_t restart_delay_ms(std::uint32_t last_ms, std::int64_t ran_for_ms) noexcept {
  if (last_ms == 0 || ran_for_ms >= kLongRunMs) return kFirstDelayMs;
  return std::min(last_ms * 2, kLongestDelayMs);
}

}  // namespace caisson::life
