#include "life/usage.hpp"

#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::life {
namespace {

constexpr std::string_view kUnknown = "--";

class Group {
 public:
  explicit Group(const cgroup::Place& place) {
    auto opened = cgroup::open_place(place);
    if (opened.ok()) directory_ = std::move(opened).value();
  }
  // Nothing: the group has no such file.
  std::optional<std::string> file(const char* name) const {
    if (!directory_.valid()) return std::nullopt;
    auto read = sys::read_file(directory_.borrow(), name);
    return read.ok() ? std::optional(std::move(read).value()) : std::nullopt;
  }
  std::string text(const char* name) const { return file(name).value_or(std::string()); }
  std::optional<std::uint64_t> number(const char* file) const {
    return text::parse_number<std::uint64_t>(text::trim(text(file)));
  }

 private:
  sys::UniqueFd directory_;
};

// What the kernel would give back at once does not count.
std::optional<std::uint64_t> without_cache(std::optional<std::uint64_t> used, std::optional<std::uint64_t> cache) {
  if (!used || !cache || *cache > *used) return used;
  return *used - *cache;
}

void read_version_two(const Group& group, Usage& usage) {
  if (const auto microseconds = figure_of(group.text("cpu.stat"), "usage_usec")) usage.cpu_ns = *microseconds * 1000;
  usage.memory = without_cache(group.number("memory.current"), figure_of(group.text("memory.stat"), "inactive_file"));
  usage.memory_limit = group.number("memory.max");
  usage.processes = group.number("pids.current");
  if (const auto blocks = group.file("io.stat")) usage.blocks = parse_io_stat(*blocks);
}

void read_version_one(const cgroup::Place& place, const Group& group, Usage& usage) {
  constexpr std::uint64_t kUnlimited = std::uint64_t{1} << 62U;
  if (place.has_controller("cpuacct")) usage.cpu_ns = group.number("cpuacct.usage");
  if (place.has_controller("pids")) usage.processes = group.number("pids.current");
  if (place.has_controller("blkio"))
    if (const auto blocks = group.file("blkio.throttle.io_service_bytes_recursive"))
      usage.blocks = parse_io_service_bytes(*blocks);
  if (!place.has_controller("memory")) return;
  usage.memory =
      without_cache(group.number("memory.usage_in_bytes"), figure_of(group.text("memory.stat"), "total_inactive_file"));
  usage.memory_limit = group.number("memory.limit_in_bytes");
  if (usage.memory_limit && *usage.memory_limit >= kUnlimited) usage.memory_limit.reset();
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::string(kUnknown);
  const std::uint64_t hundredths =
      static_cast<std::uint64_t>(static_cast<double>(part) * 10'000.0 / static_cast<double>(whole) + 0.5);
  return text::join(hundredths / 100, ".", hundredths / 10 % 10, hundredths % 10, "%");
}

}  // namespace

Usage read_usage(std::span<const cgroup::Place> places) {
  Usage usage{.taken_ns = sys::monotonic_ns()};
  for (const cgroup::Place& place : places) {
    const Group group(place);
    if (!place.is_v2())
      read_version_one(place, group, usage);
    else if (!group.text("cgroup.controllers").empty() || places.size() == 1)
      read_version_two(group, usage);
  }
  return usage;
}

std::optional<std::uint64_t> figure_of(std::string_view file, std::string_view word) {
  for (const std::string_view line : text::split(file, '\n'))
    if (line.starts_with(word) && line.size() > word.size() && line[word.size()] == ' ')
      return text::parse_number<std::uint64_t>(line.substr(word.size() + 1));
  return std::nullopt;
}

BlockUse parse_io_stat(std::string_view file) {
  BlockUse use;
  for (const std::string_view line : text::split(file, '\n'))
    for (const std::string_view word : text::split(line, ' ')) {
      const std::size_t value = word.find('=') + 1;
      if (word.starts_with("rbytes=")) use.read += text::parse_number<std::uint64_t>(word.substr(value)).value_or(0);
      if (word.starts_with("wbytes=")) use.written += text::parse_number<std::uint64_t>(word.substr(value)).value_or(0);
    }
  return use;
}

BlockUse parse_io_service_bytes(std::string_view file) {
  BlockUse use;
  for (const std::string_view line : text::split(file, '\n')) {
    const auto words = text::split(line, ' ');
    if (words.size() != 3) continue;  // the sum of all
    const std::uint64_t bytes = text::parse_number<std::uint64_t>(words[2]).value_or(0);
    if (words[1] == "Read") use.read += bytes;
    if (words[1] == "Write") use.written += bytes;
  }
  return use;
}

std::string cpu_percent(const Usage& before, const Usage& now) {
  if (!before.cpu_ns || !now.cpu_ns || *now.cpu_ns < *before.cpu_ns || now.taken_ns <= before.taken_ns)
    return std::string(kUnknown);
  return percent(*now.cpu_ns - *before.cpu_ns, now.taken_ns - before.taken_ns);
}

std::string share_percent(std::optional<std::uint64_t> part, std::optional<std::uint64_t> whole) {
  return part && whole ? percent(*part, *whole) : std::string(kUnknown);
}

}  // namespace caisson::life
