#include "spec/check_rules.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "spec/vocabulary.hpp"

namespace caisson::spec {
namespace {

constexpr std::size_t kMaxMapLines = 340;   // UID_GID_MAP_MAX_EXTENTS, Linux 4.15
constexpr std::size_t kMaxMapBytes = 4096;  // the kernel takes one write of less than a page

struct Range {
  std::uint64_t first, size;
};

bool overlap(const Range& a, const Range& b) { return a.first < b.first + b.size && b.first < a.first + a.size; }

void require_range(const Range& range, const JsonPath& path) {
  if (range.first + range.size > kNoId) {
    refuse(path, text::join("ids ", range.first, " to ", range.first + range.size - 1, " go past the last id"),
           "the last user or group id is 4294967294");
  }
}

std::size_t written_size(const IdMapping& mapping) {
  return text::join(mapping.container_id, ' ', mapping.host_id, ' ', mapping.size, '\n').size();
}

}  // namespace

void refuse(const JsonPath& path, std::string_view problem, std::string_view hint) {
  throw Error(ErrorKind::Spec, text::join(path.text(), ": ", problem)).with_hint(std::string(hint));
}

void require_known(std::span<const std::string_view> names, std::string_view what, std::string_view name,
                   const JsonPath& path) {
  if (is_known(names, name)) return;
  std::string hint = "known are ";
  for (const std::string_view known : names) hint.append(known == names.front() ? "" : ", ").append(known);
  refuse(path, text::join("unknown ", what, ' ', text::quoted(name)), hint);
}

void require_absolute(std::string_view value, const JsonPath& path) {
  if (!value.starts_with('/')) refuse(path, text::join(text::quoted(value), " is not an absolute path"));
}

void require_environment(const std::vector<std::string>& env, const JsonPath& path) {
  for (std::size_t i = 0; i < env.size(); ++i) {
    const std::size_t equals = env[i].find('=');
    if (equals == std::string::npos) {
      refuse(child_path(path, i), text::join(text::quoted(env[i]), " has no '='"), "write it as NAME=value");
    }
    if (equals == 0) refuse(child_path(path, i), text::join(text::quoted(env[i]), " has no name"), "write it as NAME=value");
  }
}

void require_id_map(const std::vector<IdMapping>& mappings, const JsonPath& path) {
  if (mappings.size() > kMaxMapLines) {
    refuse(path, text::join(mappings.size(), " lines, more than the ", kMaxMapLines, " that the kernel takes"));
  }
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < mappings.size(); ++i) {
    const IdMapping& line = mappings[i];
    const JsonPath where = child_path(path, i);
    if (line.size == 0) refuse(child_path(where, "size"), "must be at least 1");
    require_range({line.container_id, line.size}, child_path(where, "containerID"));
    require_range({line.host_id, line.size}, child_path(where, "hostID"));
    for (std::size_t j = 0; j < i; ++j) {
      const IdMapping& other = mappings[j];
      if (overlap({line.container_id, line.size}, {other.container_id, other.size})) {
        refuse(where, text::join("maps container ids that ", child_path(path, j).text(), " maps already"));
      }
      if (overlap({line.host_id, line.size}, {other.host_id, other.size})) {
        refuse(where, text::join("maps host ids that ", child_path(path, j).text(), " maps already"));
      }
    }
    bytes += written_size(line);
  }
  if (bytes >= kMaxMapBytes) {
    refuse(path, text::join(bytes, " bytes when written to the kernel, which takes less than ", kMaxMapBytes),
           "join neighbouring ranges");
  }
}

void require_number_list(std::string_view list, const JsonPath& path) {
  const auto number = [&](std::string_view digits) {
    const auto value = text::parse_number<std::uint32_t>(digits);
    if (!value || *value > std::numeric_limits<std::uint16_t>::max()) {
      refuse(path, text::join(text::quoted(list), " is not a list of numbers and ranges"), "write it as \"0-3,7\"");
    }
    return *value;
  };
  for (const std::string_view part : text::split(list, ',')) {
    const std::size_t dash = part.find('-');
    if (dash == std::string_view::npos) {
      number(part);
    } else if (number(part.substr(0, dash)) > number(part.substr(dash + 1))) {
      refuse(path, text::join("the range ", text::quoted(part), " ends before it begins"));
    }
  }
}

const Namespace* find_namespace(const Spec& spec, NamespaceType type) {
  if (!spec.linux_) return nullptr;
  const auto& all = spec.linux_->namespaces;
  const auto found = std::ranges::find(all, type, &Namespace::type);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace caisson::spec
