#include "inspect/target_word.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"

namespace caisson::inspect {
namespace {

constexpr std::string_view kContainer = "container";
constexpr std::string_view kForms = "a target is PID, container:NAME, KIND:NAME, NAME, PATH, KIND:[INODE] or :ID";
constexpr std::size_t kMostNameBytes = 255;

[[noreturn]] void refuse(std::string_view word, std::string_view why, std::string_view hint = kForms) {
  throw Error(ErrorKind::Usage, text::join(text::quoted(word), ": ", why)).with_hint(std::string(hint));
}

bool is_digits(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

std::uint64_t number_of(std::string_view word, std::string_view digits, std::string_view what, std::uint64_t most) {
  const auto number = text::parse_number<std::uint64_t>(digits);
  if (!number || *number == 0 || *number > most) refuse(word, text::join("no ", what));
  return *number;
}

// A name becomes a file name.
void check_name(std::string_view word, std::string_view name) {
  if (name.empty()) refuse(word, "the name is missing");
  if (name == "." || name == ".." || name.size() > kMostNameBytes || name.find('\0') != std::string_view::npos)
    refuse(word, "this cannot be a name");
}

TargetWord parse_behind_kind(std::string_view word, ns::Type type, std::string_view rest) {
  if (!rest.starts_with('[') || !rest.ends_with(']')) {
    check_name(word, rest);
    return {.form = WordForm::Name, .type = type, .text = std::string(rest)};
  }
  const std::string_view digits = rest.substr(1, rest.size() - 2);
  return {.form = WordForm::Inode,
          .type = type,
          .number = number_of(word, digits, "inode of a namespace", std::numeric_limits<std::uint32_t>::max())};
}

bool is_pin_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-' ||
         c == '.';
}

}  // namespace

TargetWord parse_target_word(std::string_view word) {
  if (word.empty()) refuse(word, "no target");
  if (word.find('\0') != std::string_view::npos) refuse(word, "this cannot be a name");
  const std::size_t colon = word.find(':');
  const std::string_view before = word.substr(0, colon);
  if (word.find('/') != std::string_view::npos) return {.form = WordForm::Path, .text = std::string(word)};
  if (is_digits(word))
    return {.form = WordForm::Process, .number = number_of(word, word, "process id", std::numeric_limits<std::int32_t>::max())};
  if (colon == std::string_view::npos) {
    check_name(word, word);
    return {.form = WordForm::Name, .text = std::string(word)};
  }
  const std::string_view rest = word.substr(colon + 1);
  if (before.empty()) {
    if (!is_digits(rest)) refuse(word, "the id of a namespace is a decimal number");
    return {.form = WordForm::Id,
            .number = number_of(word, rest, "id of a namespace", std::numeric_limits<std::uint64_t>::max())};
  }
  if (before == kContainer) {
    check_name(word, rest);
    return {.form = WordForm::Container, .text = std::string(rest)};
  }
  const ns::Kind* kind = ns::find_kind(before);
  if (kind == nullptr)
    refuse(word, text::join("no kind of namespace is called ", text::quoted(before)),
           text::join("kinds are ", kind_names(), "; a container is container:NAME"));
  return parse_behind_kind(word, kind->type, rest);
}

std::string kind_names() {
  std::string names;
  for (const ns::Kind& kind : ns::kKinds) names += text::join(names.empty() ? "" : " ", kind.proc);
  return names;
}

ns::Type parse_kind(std::string_view name) {
  if (const ns::Kind* kind = ns::find_kind(name); kind != nullptr) return kind->type;
  std::vector<std::string_view> known;
  for (const ns::Kind& kind : ns::kKinds) known.insert(known.end(), {kind.proc, kind.oci});
  const std::string_view near = text::nearest(name, known);
  throw Error(ErrorKind::Usage, text::join("no kind of namespace is called ", text::quoted(name)))
      .with_hint(near.empty() ? text::join("kinds are ", kind_names()) : text::join("did you mean ", near, "?"));
}

std::optional<NamespaceLink> parse_namespace_link(std::string_view link) noexcept {
  const std::size_t bracket = link.find(":[");
  if (bracket == std::string_view::npos || !link.ends_with(']')) return std::nullopt;
  const auto inode = text::parse_number<std::uint64_t>(link.substr(bracket + 2, link.size() - bracket - 3));
  if (!inode) return std::nullopt;
  for (const ns::Kind& kind : ns::kKinds)
    if (link.substr(0, bracket) == kind.proc) return NamespaceLink{kind.type, *inode};
  return std::nullopt;
}

std::string namespace_link(ns::Type type, std::uint64_t inode) { return text::join(ns::kind_of(type).proc, ":[", inode, "]"); }

void check_pin_name(std::string_view name) {
  const bool fits = !name.empty() && name.size() <= kMostNameBytes && name.front() != '.' && name.front() != '-' &&
                    std::ranges::all_of(name, is_pin_character);
  if (!fits)
    refuse(name, "this cannot be the name of a pin",
           "a name has 1 to 255 letters, digits and _ + - . and does not begin with a dot or a dash");
  if (is_digits(name)) refuse(name, "a name of digits only would be taken for a process id", "put a letter before it");
}

}  // namespace caisson::inspect
