#include "request/parse.hpp"

#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "ns/kinds.hpp"

namespace caisson::request {
namespace {

Error bad(std::string_view option, std::string_view text, std::string_view form) {
  return Error(ErrorKind::Usage, text::join(option, ": cannot read ", text::quoted(text)))
      .with_hint(text::join("the form is ", form));
}

constexpr std::string_view kOffsetForm = "monotonic=SECONDS,boottime=SECONDS, each with a unit s, m, h or d if wanted";

std::int64_t unit_of(std::string_view& number) {
  if (number.empty()) return 1;
  std::int64_t unit = 0;
  switch (number.back()) {
    case 's':
      unit = 1;
      break;
    case 'm':
      unit = 60;
      break;
    case 'h':
      unit = 3600;
      break;
    case 'd':
      unit = 86400;
      break;
    default:
      return 1;
  }
  number.remove_suffix(1);
  return unit;
}

// "-1.5" -> one and a half seconds back: {-2, 500000000}, since nanoseconds only count forwards.
std::optional<spec::TimeOffset> parse_seconds(std::string_view text) {
  const std::int64_t unit = unit_of(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::string_view fraction;
  if (const std::size_t dot = text.find('.'); dot != std::string_view::npos) {
    fraction = text.substr(dot + 1);
    text = text.substr(0, dot);
    if (fraction.empty() || fraction.size() > 9 || unit != 1) return std::nullopt;
  }
  const auto whole = text::parse_number<std::uint32_t>(text);
  if (!whole) return std::nullopt;
  std::uint32_t nanosecs = 0;
  if (!fraction.empty()) {
    const auto digits = text::parse_number<std::uint32_t>(fraction);
    if (!digits) return std::nullopt;
    nanosecs = *digits;
    for (std::size_t i = fraction.size(); i < 9; ++i) nanosecs *= 10;
  }
  const std::int64_t secs = *whole * unit;
  if (!negative) return spec::TimeOffset{secs, nanosecs};
  if (nanosecs == 0) return spec::TimeOffset{-secs, 0};
  return spec::TimeOffset{-secs - 1, 1'000'000'000U - nanosecs};
}

std::vector<std::string> options_of(std::string_view text) {
  std::vector<std::string> options;
  for (const std::string_view option : text::split(text, ',')) options.emplace_back(option);
  return options;
}

}  // namespace

spec::Mount parse_volume(std::string_view text, std::string_view directory) {
  constexpr std::string_view kForm = "SRC:DST[:opt,opt...]";
  const auto parts = text::split(text, ':');
  if (parts.size() < 2 || parts.size() > 3 || parts[0].empty()) throw bad("--volume", text, kForm);
  if (!parts[1].starts_with('/'))
    throw Error(ErrorKind::Usage,
                text::join("--volume: the place inside, ", text::quoted(parts[1]), ", must be an absolute path"));
  spec::Mount mount{.destination = std::string(parts[1]), .type = "bind"};
  mount.source = parts[0].starts_with('/') ? std::string(parts[0]) : text::join(directory, '/', parts[0]);
  mount.options = {"rbind", "rprivate"};
  if (parts.size() == 3)
    for (std::string& option : options_of(parts[2])) mount.options.push_back(std::move(option));
  return mount;
}

spec::Mount parse_tmpfs(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view place = text.substr(0, colon);
  if (!place.starts_with('/')) throw bad("--tmpfs", text, "DST[:opt,opt...], DST being an absolute path");
  spec::Mount mount{.destination = std::string(place), .type = "tmpfs", .source = "tmpfs", .options = {"nosuid", "nodev"}};
  if (colon != std::string_view::npos)
    for (std::string& option : options_of(text.substr(colon + 1))) mount.options.push_back(std::move(option));
  return mount;
}

spec::IdMapping parse_id_map(std::string_view text, std::string_view option) {
  const auto parts = text::split(text, ':');
  if (parts.size() != 3) throw bad(option, text, "INSIDE:OUTSIDE:COUNT");
  const auto inside = text::parse_number<std::uint32_t>(parts[0]);
  const auto outside = text::parse_number<std::uint32_t>(parts[1]);
  const auto count = text::parse_number<std::uint32_t>(parts[2]);
  if (!inside || !outside || !count || *count == 0) throw bad(option, text, "INSIDE:OUTSIDE:COUNT, three numbers");
  return {.container_id = *inside, .host_id = *outside, .size = *count};
}

std::map<std::string, spec::TimeOffset> parse_time_offset(std::string_view text) {
  std::map<std::string, spec::TimeOffset> offsets;
  for (const std::string_view part : text::split(text, ',')) {
    const std::size_t equals = part.find('=');
    const std::string_view clock = part.substr(0, equals);
    if (equals == std::string_view::npos || (clock != "monotonic" && clock != "boottime"))
      throw bad("--time-offset", part, kOffsetForm);
    const auto offset = parse_seconds(part.substr(equals + 1));
    if (!offset) throw bad("--time-offset", part, kOffsetForm);
    offsets[std::string(clock)] = *offset;
  }
  return offsets;
}

spec::NamespaceType parse_namespace(std::string_view text, std::string_view option) {
  if (const ns::Kind* kind = ns::find_kind(text)) return kind->type;
  throw bad(option, text, "user, pid, ipc, uts, net, mnt, cgroup or time");
}

}  // namespace caisson::request
