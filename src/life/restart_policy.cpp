#include "life/restart_policy.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::life {
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
  return launch::wants_restart(policy.when, policy.most, exit_code, restarts);
}

std::uint32_t restart_delay_ms(std::uint32_t last_ms, std::int64_t ran_for_ms) noexcept {
  return launch::restart_delay_ms(last_ms, ran_for_ms);
}

}  // namespace caisson::life
