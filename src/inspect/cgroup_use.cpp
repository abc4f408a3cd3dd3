#include "inspect/cgroup_use.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <span>

#include "base/text.hpp"
#include "cgroup/place.hpp"
#include "inspect/process_tables.hpp"
#include "sys/file.hpp"

namespace caisson::inspect {
namespace {

enum class Unit : std::uint8_t { Bytes, Count, Quota, Text, Nanoseconds };
enum class Counts : std::uint8_t { Here, FromAbove };  // FromAbove: the tightest of this group and those above

struct FigureFile {
  const char* file;
  std::string_view meaning;
  Unit unit;
  bool is_limit;
  Counts counts = Counts::Here;
};

constexpr FigureFile kVersion2[] = {
    {"memory.max", "memory limit", Unit::Bytes, true, Counts::FromAbove},
    {"memory.high", "memory throttled above", Unit::Bytes, true, Counts::FromAbove},
    {"memory.low", "memory kept", Unit::Bytes, true},
    {"memory.current", "memory used", Unit::Bytes, false},
    {"memory.swap.max", "swap limit", Unit::Bytes, true, Counts::FromAbove},
    {"memory.swap.current", "swap used", Unit::Bytes, false},
    {"cpu.max", "CPU limit", Unit::Quota, true, Counts::FromAbove},
    {"cpu.weight", "CPU weight", Unit::Text, true},
    {"cpuset.cpus.effective", "CPUs", Unit::Text, true},
    {"pids.max", "limit of processes", Unit::Count, true, Counts::FromAbove},
    {"pids.current", "processes", Unit::Count, false},
    {"io.max", "input and output limits", Unit::Text, true},
    {"cgroup.freeze", "frozen", Unit::Text, false},
};

constexpr FigureFile kVersion1[] = {
    {"memory.limit_in_bytes", "memory limit", Unit::Bytes, true, Counts::FromAbove},
    {"memory.usage_in_bytes", "memory used", Unit::Bytes, false},
    {"memory.memsw.limit_in_bytes", "memory and swap limit", Unit::Bytes, true, Counts::FromAbove},
    {"cpu.cfs_quota_us", "CPU limit", Unit::Quota, true, Counts::FromAbove},
    {"cpu.shares", "CPU shares", Unit::Text, true},
    {"cpuacct.usage", "CPU time used", Unit::Nanoseconds, false},
    {"cpuset.cpus", "CPUs", Unit::Text, true},
    {"cpuset.mems", "memory nodes", Unit::Text, true},
    {"pids.max", "limit of processes", Unit::Count, true, Counts::FromAbove},
    {"pids.current", "processes", Unit::Count, false},
    {"freezer.state", "freezer", Unit::Text, false},
};

bool is_unlimited(std::string_view value) {
  constexpr std::uint64_t kPageCounterMax = 9223372036854771712ULL;  // version 1 writes the largest multiple of a page
  const auto number = text::parse_number<std::uint64_t>(value);
  return value == "max" || value == "-1" || (number && *number >= kPageCounterMax);
}

// "250 ms", "12 s".
std::string time_in_words(std::string_view nanoseconds) {
  const auto number = text::parse_number<std::uint64_t>(nanoseconds);
  if (!number) return std::string(nanoseconds);
  const std::uint64_t milliseconds = *number / 1'000'000;
  return milliseconds < 10'000 ? text::join(milliseconds, " ms") : text::join(milliseconds / 1000, " s");
}

std::string value_in_words(Unit unit, std::string_view value) {
  switch (unit) {
    case Unit::Bytes:
      return bytes_in_words(value);
    case Unit::Quota:
      return cpu_quota_in_words(value);
    case Unit::Nanoseconds:
      return time_in_words(value);
    case Unit::Count:
      return is_unlimited(value) ? "unlimited" : std::string(value);
    case Unit::Text:
      break;
  }
  return value.empty() ? "none" : std::string(value);
}

// A number that is larger the looser the limit is; nothing: unlimited, or no number.
std::optional<std::uint64_t> tightness(Unit unit, std::string_view value) {
  if (unit != Unit::Quota) return is_unlimited(value) ? std::nullopt : text::parse_number<std::uint64_t>(value);
  const auto parts = words(value);
  if (parts.size() != 2) return std::nullopt;
  const auto quota = text::parse_number<std::uint64_t>(parts[0]), period = text::parse_number<std::uint64_t>(parts[1]);
  if (!quota || !period || *period == 0) return std::nullopt;
  return *quota * 1000 / *period;
}

std::string spread(std::string_view lines) {
  std::string out(text::trim(lines));
  std::ranges::replace(out, '\n', ';');
  return out;
}

// The file's value; version 1 keeps the period of a quota in a file of its own.
sys::SysResult<std::string> read_value(sys::BorrowedFd directory, const FigureFile& figure) {
  auto value = sys::read_file(directory, figure.file);
  if (!value.ok() || figure.unit != Unit::Quota || std::string_view(figure.file) == "cpu.max") return value;
  auto period = sys::read_file(directory, "cpu.cfs_period_us");
  if (!period.ok()) return period;
  const std::string_view quota = text::trim(value.value());
  return text::join(quota == "-1" ? "max" : quota, " ", text::trim(period.value()));
}

struct Above {
  std::string path;
  sys::UniqueFd directory;
};

// The groups above, nearest first, as far as the mount shows them.
std::vector<Above> groups_above(const cgroup::Place& place) {
  std::vector<Above> all;
  cgroup::Place up = place;
  while (!up.path.empty()) {
    const std::size_t slash = up.path.rfind('/');
    up.path.resize(slash == std::string::npos ? 0 : slash);
    auto directory = cgroup::open_place(up);
    if (directory.ok()) all.push_back({"/" + up.path, std::move(directory).value()});
  }
  return all;
}

std::string tighter_above(const FigureFile& figure, std::string_view own, const std::vector<Above>& above) {
  std::optional<std::uint64_t> tightest = tightness(figure.unit, own);
  std::string found;
  for (const Above& group : above) {
    const auto value = read_value(group.directory.borrow(), figure);
    if (!value.ok()) continue;  // the root has no such file
    const std::string here = spread(value.value());
    const auto number = tightness(figure.unit, here);
    if (!number || (tightest && *number >= *tightest)) continue;
    tightest = number;
    found = text::join(group.path, ": ", value_in_words(figure.unit, here));
  }
  return found;
}

Fact<std::vector<CgroupFigure>> read_figures(const cgroup::Place& place) {
  const auto directory = cgroup::open_place(place);
  if (!directory.ok()) return Fact<std::vector<CgroupFigure>>::none(std::string(errno_text(directory.err())));
  const std::vector<Above> above = groups_above(place);
  std::vector<CgroupFigure> figures;
  const std::span<const FigureFile> files =
      place.is_v2() ? std::span<const FigureFile>(kVersion2) : std::span<const FigureFile>(kVersion1);
  for (const FigureFile& each : files) {
    const auto value = read_value(directory.value().borrow(), each);
    if (value.err() == ENOENT) continue;  // of a controller that is not on here
    CgroupFigure figure{.file = each.file, .meaning = std::string(each.meaning), .is_limit = each.is_limit};
    if (value.ok()) {
      figure.value = spread(value.value());
      figure.in_words = value_in_words(each.unit, figure.value);
      if (each.counts == Counts::FromAbove) figure.above = tighter_above(each, figure.value, above);
    } else {
      figure.in_words = text::join("cannot be read: ", errno_text(value.err()));
    }
    figures.push_back(std::move(figure));
  }
  return figures;
}

const cgroup::Hierarchy* hierarchy_of(const cgroup::CgroupFacts& here, std::string_view controllers) {
  if (controllers.empty()) return here.v2.mount_point.empty() ? nullptr : &here.v2;
  const auto found = std::ranges::find(here.v1, controllers, &cgroup::Hierarchy::controllers);
  return found == here.v1.end() ? nullptr : &*found;
}

}  // namespace

std::string bytes_in_words(std::string_view value) {
  if (is_unlimited(value)) return "unlimited";
  const auto number = text::parse_number<std::uint64_t>(value);
  if (!number) return std::string(value);
  constexpr std::string_view kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  std::size_t unit = 0;
  std::uint64_t whole = *number, rest = 0;
  for (; whole >= 1024 && unit + 1 < std::size(kUnits); ++unit) {
    rest = whole % 1024;
    whole /= 1024;
  }
  const std::uint64_t tenths = rest * 10 / 1024;
  return tenths == 0 ? text::join(whole, " ", kUnits[unit]) : text::join(whole, ".", tenths, " ", kUnits[unit]);
}

std::string cpu_quota_in_words(std::string_view value) {
  if (value.starts_with("max")) return "unlimited";
  const auto thousandths = tightness(Unit::Quota, value);
  if (!thousandths) return std::string(value);
  std::string out = text::join(*thousandths / 1000);
  if (const std::uint64_t rest = *thousandths % 1000; rest != 0) {
    std::string digits = text::join(1000 + rest).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    out += text::join(".", digits);
  }
  return out + (out == "1" ? " CPU" : " CPUs");
}

std::vector<CgroupSeen> read_cgroups(std::string_view proc_cgroup, const cgroup::CgroupFacts& here) {
  std::vector<CgroupSeen> all;
  for (const cgroup::OwnCgroup& own : cgroup::parse_own_cgroups(proc_cgroup)) {
    CgroupSeen seen{.controllers = own.controllers, .path = own.path};
    const cgroup::Hierarchy* hierarchy = hierarchy_of(here, own.controllers);
    if (hierarchy == nullptr) {
      seen.figures = Fact<std::vector<CgroupFigure>>::none("this hierarchy is not mounted here");
    } else if (own.path.starts_with("/..")) {
      seen.figures = Fact<std::vector<CgroupFigure>>::none("it is outside of the caller's cgroup namespace");
    } else {
      const cgroup::Place place{hierarchy->mount_point, own.path.substr(1), own.controllers};
      seen.directory = place.directory();
      seen.figures = read_figures(place);
    }
    all.push_back(std::move(seen));
  }
  return all;
}

}  // namespace caisson::inspect
