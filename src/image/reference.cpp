#include "image/reference.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::image {
namespace {

constexpr std::size_t kLongestReference = 200, kLongestTag = 128, kShortestId = 12, kWholeId = 64;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_word(char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_'; }

[[noreturn]] void refuse_name(std::string_view text, std::string_view problem) {
  throw Error(ErrorKind::Usage, text::join("image name ", text::quoted(text), ": ", problem))
      .with_hint("a name is like debian, debian:12 or registry.example:5000/team/app:1.0");
}

bool is_path_part(std::string_view part) {
  if (part.empty() || !is_lower_or_digit(part.front()) || !is_lower_or_digit(part.back())) return false;
  return std::ranges::all_of(part, [](char c) { return is_lower_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

bool is_host(std::string_view part) {
  const std::size_t colon = std::min(part.find(':'), part.size());
  const std::string_view name = part.substr(0, colon), port = part.substr(std::min(colon + 1, part.size()));
  if (colon < part.size() && !text::parse_number<std::uint16_t>(port)) return false;
  return !name.empty() && is_word(name.front()) &&
         std::ranges::all_of(name, [](char c) { return (is_word(c) && c != '_') || c == '.' || c == '-'; });
}

bool is_tag(std::string_view tag) {
  if (tag.empty() || tag.size() > kLongestTag || !is_word(tag.front())) return false;
  return std::ranges::all_of(tag, [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

}  // namespace

std::string parse_reference(std::string_view text) {
  if (text.empty()) refuse_name(text, "is empty");
  if (text.size() > kLongestReference) refuse_name(text.substr(0, kLongestReference), "is longer than 200 characters");
  if (text.find('@') != std::string_view::npos) refuse_name(text, "digests in names are not supported");
  const std::size_t last_slash = text.rfind('/');
  const std::size_t colon = text.find(':', last_slash == std::string_view::npos ? 0 : last_slash);
  const std::string_view tag = colon == std::string_view::npos ? std::string_view("latest") : text.substr(colon + 1);
  if (!is_tag(tag)) refuse_name(text, "its tag may have letters, digits, and _ . - behind the first");
  const auto parts = text::split(text.substr(0, colon), '/');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool host = i == 0 && parts.size() > 1 && is_host(parts[i]);
    if (!host && !is_path_part(parts[i]))
      refuse_name(text, "its parts are of lower-case letters and digits, with . _ - between them");
  }
  return text::join(text.substr(0, colon), ':', tag);
}

bool names(std::string_view word, std::string_view name) noexcept {
  if (!name.ends_with(word)) return false;
  return name.size() == word.size() || name[name.size() - word.size() - 1] == '/';
}

bool is_id_prefix(std::string_view word) noexcept {
  if (word.starts_with("sha256:")) word.remove_prefix(7);
  if (word.size() < kShortestId || word.size() > kWholeId) return false;
  return std::ranges::all_of(word, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Only ':' and '/' of a name's characters need it.
std::string file_name_of(std::string_view reference) {
  std::string out;
  for (const char c : reference) {
    if (c == '/')
      out += "%2F";
    else if (c == ':')
      out += "%3A";
    else
      out.push_back(c);
  }
  return out;
}

std::string reference_of(std::string_view file_name) {
  std::string out;
  while (!file_name.empty()) {
    const bool slash = file_name.starts_with("%2F"), colon = file_name.starts_with("%3A");
    out.push_back(slash ? '/' : colon ? ':' : file_name.front());
    file_name.remove_prefix(slash || colon ? 3 : 1);
  }
  return out;
}

}  // namespace caisson::image
