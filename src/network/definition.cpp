#include "network/definition.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/foreign_filter.hpp"
#include "network/address_fields.hpp"

namespace caisson::network {
namespace {

constexpr std::size_t kMostLetters = 64;
constexpr std::array<std::string_view, 7> kTakenWords = {"host", "none", "user", "container", "ns", "bridge", "all"};

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kMostLetters && is_letter_or_digit(name.front()) &&
         std::ranges::all_of(name, [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.'; });
}

std::string hex_digits(std::uint64_t number, unsigned digits) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out(digits, '0');
  for (unsigned i = digits; i-- > 0; number >>= 4) out[i] = kDigits[number & 0xf];
  return out;
}

}  // namespace

template <class Fields, json::same_struct<Definition> D>
void visit_fields(Fields& fields, D& definition) {
  fields.required("name", definition.name);
  fields.required("subnet", definition.subnet);
  fields.required("gateway", definition.gateway);
  fields.optional("subnet6", definition.subnet6);
  fields.optional("gateway6", definition.gateway6);
  fields.optional("mtu", definition.mtu);
  fields.optional("internal", definition.internal);
}

void check_network_name(std::string_view name) {
  if (!is_name(name))
    throw Error(ErrorKind::Usage, text::join("invalid name of a network: ", text::quoted(name)))
        .with_hint("it has 1 to 64 letters, digits and _ - . and begins with a letter or digit");
  if (std::ranges::find(kTakenWords, name) != kTakenWords.end())
    throw Error(ErrorKind::Usage, text::join("no network can be called ", name, ": the word means something else after --net"));
}

std::string to_json(const Definition& definition) { return json::write_document(definition, json::kTwoSpaces) + "\n"; }

Definition parse_definition(std::string_view json, std::string_view path) {
  try {
    auto definition = json::read_document<Definition>(json);
    const auto fits = [](const net::Subnet& subnet, const net::Ip& gateway) { return subnet.contains(gateway); };
    if (!fits(definition.subnet, definition.gateway) || !definition.subnet.base.is_v4())
      throw Error(ErrorKind::Spec, "gateway and subnet do not fit together");
    if (definition.has_v6() && (!fits(definition.subnet6, definition.gateway6) || !definition.subnet6.base.is_v6()))
      throw Error(ErrorKind::Spec, "gateway6 and subnet6 do not fit together");
    return definition;
  } catch (const Error& error) {
    throw Error(ErrorKind::State, text::join(path, ": ", error.message()))
        .with_hint("correct the file, or remove the network with caisson net rm");
  }
}

// FNV-1a.
std::uint64_t mark_of(std::string_view state_root, std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto take = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  };
  take(state_root);
  take("\n");
  take(name);
  // The upper bits of short words differ little.
  return (hash ^ hash >> 32) * 0x9e3779b97f4a7c15;
}

std::uint32_t device_group(std::string_view state_root) { return static_cast<std::uint32_t>(mark_of(state_root) >> 33); }

std::string bridge_name(std::string_view state_root, std::string_view network) {
  return std::string(net::kBridgePrefix) + hex_digits(mark_of(state_root, network) >> 32, 8);
}

std::string hardware_address(std::string_view state_root, std::string_view owner) {
  const std::uint64_t mark = mark_of(state_root, owner);
  std::string bytes = "\x02";
  for (int shift = 56; shift > 16; shift -= 8) bytes += static_cast<char>(mark >> shift & 0xff);
  return bytes;
}

}  // namespace caisson::network
