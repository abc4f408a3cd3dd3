#include "inspect/map_card_face.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "inspect/map_rows.hpp"

namespace caisson::inspect {
namespace {

constexpr std::size_t kMostDeviceLines = 5;
constexpr int kInset = 12, kNameLine = 22, kLine = 15, kChipsHeight = 20, kBottom = 8;
constexpr int kChipWidth = 26, kChipHeight = 13, kChipGap = 1;
constexpr int kMark = 8;

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return text::join(count, ' ', count == 1 ? one : many);
}

void add_wires_of_host(const Map& map, CardFace& face) {
  for (const std::size_t number : wires_of_host(map)) {
    const MapWire& wire = map.wires[number];
    const auto own = std::ranges::find_if(map.cards.front().devices,
                                          [&](const MapDevice& device) { return device.wire == number && device.is_wire; });
    std::string words = wire.name;
    if (own != map.cards.front().devices.end()) words += " · " + device_words(*own);
    if (wire.kind == WireKind::Veth)
      words += " · pair";
    else if (wire.kind != WireKind::Routed)
      words += " · " + counted(wire.ends.size(), "connection", "connections");
    face.lines.push_back({std::move(words), number});
  }
}

void add_devices(const MapCard& card, bool is_host, CardFace& face) {
  std::size_t shown = 0, left_out = 0;
  bool any = false;
  for (const MapDevice& device : card.devices) {
    any = any || !device.loopback;
    if (device.loopback || device.is_port || (is_host && device.wire != kNone)) continue;
    if (!is_host && shown == kMostDeviceLines) {
      ++left_out;
      continue;
    }
    ++shown;
    face.lines.push_back({device.name + " " + device_words(device), device.wire});
  }
  if (left_out != 0) face.lines.push_back({"and " + counted(left_out, "more device", "more devices")});
  if (!card.devices.empty() && !any) face.lines.push_back({"no device but loopback"});
}

std::string tag_of(const MapCard& card) {
  if (card.copies() > 1) return text::join("× ", card.copies());
  if (card.processes.size() < 2) return {};
  return text::join(card.processes.size(), " procs");
}

}  // namespace

std::string_view short_name(ns::Type type) {
  if (type == ns::Type::Cgroup) return "cgr";
  return ns::kind_of(type).proc;
}

std::string_view kind_words(CardKind kind) {
  constexpr std::string_view kWords[] = {"host", "kernel threads", "container", "processes", "held without a process"};
  return kWords[static_cast<std::size_t>(kind)];
}

std::string device_words(const MapDevice& device) {
  // A veth is what one expects; a stack of cards has the addresses of all of them.
  std::string words = device.kind == "veth" ? std::string() : device.kind;
  const auto add = [&](const std::string& more, std::string_view between) {
    if (!words.empty()) words += between;
    words += more;
  };
  if (!device.addresses.empty())
    add(device.addresses.front(), " ");
  else if (!device.beyond.empty())
    add(device.beyond, ", ");
  if (device.addresses.size() > 1) add(text::join("+", device.addresses.size() - 1), " ");
  if (!device.up) add("down", ", ");
  return words.empty() ? "no address" : words;
}

CardFace face_of(const Map& map, std::size_t number) {
  const MapCard& card = map.cards[number];
  CardFace face{.name = card.name, .tag = tag_of(card)};
  if (!card.processes.empty())
    face.first = text::join(card.processes.front().pid, ' ', card.processes.front().command);
  else
    face.first = card.detail;
  if (number == 0 && !card.detail.empty()) face.name += " " + card.detail;
  if (card.kind != CardKind::Held)
    for (const std::string& line : card.lines) face.lines.push_back({line});
  if (!card.unread.empty()) face.lines.push_back({"devices: " + card.unread});
  add_devices(card, number == 0, face);
  if (number == 0) add_wires_of_host(map, face);
  for (std::size_t i = 0; i < map.wires.size(); ++i)
    if (map.wires[i].kind == WireKind::Shared &&
        std::ranges::any_of(map.wires[i].ends, [&](const WireEnd& end) { return end.card == number; }))
      face.lines.push_back({"in the " + map.wires[i].name, i});
  return face;
}

int card_height(const CardFace& face) {
  return kNameLine + kLine + kChipsHeight + static_cast<int>(face.lines.size()) * kLine + kBottom;
}

PlacedCard place_card(const Map& map, std::size_t number, const CardFace& face, Rect area) {
  PlacedCard placed{.card = number, .area = area};
  const int left = area.x + kInset, right = area.right() - 8;
  const auto put = [&](TextRole role, std::string_view text, int x, int base) {
    placed.texts.push_back({role, x, base, fitted(role, text, right - x), area});
  };
  const int tag_width = text_width(TextRole::CardTag, face.tag);
  placed.texts.push_back(
      {TextRole::CardName, left, area.y + 17, fitted(TextRole::CardName, face.name, right - left - tag_width - 8), area});
  if (!face.tag.empty()) placed.texts.push_back({TextRole::CardTag, right, area.y + 16, face.tag, area});
  int y = area.y + kNameLine;
  put(TextRole::CardLine, face.first, left, y + 11);
  y += kLine;
  for (std::size_t i = 0; i < kKindCount; ++i)
    placed.chips.push_back({ns::kKinds[i].type,
                            map.cards[number].own[i],
                            {left + static_cast<int>(i) * (kChipWidth + kChipGap), y + 3, kChipWidth, kChipHeight}});
  y += kChipsHeight;
  for (const FaceLine& line : face.lines) {
    if (line.wire != kNone) placed.ports.push_back({line.wire, {left, y + 3, kMark, kMark}});
    put(TextRole::CardLine, line.text, line.wire == kNone ? left : left + kMark + 5, y + 11);
    y += kLine;
  }
  return placed;
}

}  // namespace caisson::inspect
