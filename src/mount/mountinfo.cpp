#include "mount/mountinfo.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::mount {
namespace {

[[noreturn]] void malformed(std::string_view line) {
  throw Error(ErrorKind::Host, text::join("mountinfo line is not in the kernel's format: ", text::quoted(line.substr(0, 200))));
}

template <class Number>
Number number_or_throw(std::string_view digits, std::string_view line) {
  const auto value = text::parse_number<Number>(digits);
  if (!value) malformed(line);
  return *value;
}

bool is_octal(char c) { return c >= '0' && c <= '7'; }

// "\040" is a space: fs/seq_file.c mangle_path.
std::string unescape(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\\' && i + 3 < raw.size() && raw[i + 1] <= '3' && is_octal(raw[i + 1]) && is_octal(raw[i + 2]) &&
        is_octal(raw[i + 3])) {
      out.push_back(static_cast<char>((raw[i + 1] - '0') * 64 + (raw[i + 2] - '0') * 8 + (raw[i + 3] - '0')));
      i += 3;
    } else {
      out.push_back(raw[i]);
    }
  }
  return out;
}

void read_optional_field(std::string_view field, std::string_view line, MountInfo& out) {
  const std::size_t colon = field.find(':');
  const std::string_view name = field.substr(0, colon);
  const std::string_view value = colon == std::string_view::npos ? std::string_view() : field.substr(colon + 1);
  if (name == "shared") out.shared = number_or_throw<std::uint64_t>(value, line);
  if (name == "master") out.master = number_or_throw<std::uint64_t>(value, line);
  if (name == "propagate_from") out.propagate_from = number_or_throw<std::uint64_t>(value, line);
  if (name == "unbindable") out.unbindable = true;  // other names are for later kernels: man 5 proc says to ignore them
}

MountInfo parse_line(std::string_view line) {
  constexpr std::size_t kFixedFields = 6, kFieldsAfterDash = 3;
  const auto fields = text::split(line, ' ');
  if (fields.size() < kFixedFields + 1 + kFieldsAfterDash) malformed(line);
  MountInfo out;
  out.id = number_or_throw<std::uint64_t>(fields[0], line);
  out.parent = number_or_throw<std::uint64_t>(fields[1], line);
  const auto device = text::split(fields[2], ':');
  if (device.size() != 2) malformed(line);
  out.major = number_or_throw<std::uint32_t>(device[0], line);
  out.minor = number_or_throw<std::uint32_t>(device[1], line);
  out.root = unescape(fields[3]);
  out.mount_point = unescape(fields[4]);
  out.options = std::string(fields[5]);
  std::size_t at = kFixedFields;
  while (at < fields.size() && fields[at] != "-") read_optional_field(fields[at++], line, out);
  if (at + kFieldsAfterDash >= fields.size()) malformed(line);
  out.type = unescape(fields[at + 1]);
  out.source = unescape(fields[at + 2]);
  out.super_options = std::string(fields[at + 3]);
  return out;
}

}  // namespace

std::vector<MountInfo> parse_mountinfo(std::string_view text) {
  std::vector<MountInfo> mounts;
  for (const std::string_view line : text::split(text, '\n'))
    if (!line.empty()) mounts.push_back(parse_line(line));
  return mounts;
}

std::string propagation_of_mount(const MountInfo& mount) {
  std::string out;
  const auto add = [&out](std::string_view name, const std::optional<std::uint64_t>& group) {
    if (group) out += text::join(out.empty() ? "" : " ", name, *group);
  };
  add("shared:", mount.shared);
  add("master:", mount.master);
  add("propagate_from:", mount.propagate_from);
  if (mount.unbindable) out += out.empty() ? "unbindable" : " unbindable";
  return out.empty() ? "private" : out;
}

}  // namespace caisson::mount
