#include "inspect/map_svg.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "inspect/map_card_face.hpp"
#include "inspect/map_colours.hpp"
#include "inspect/map_layout.hpp"

namespace caisson::inspect {
namespace {

constexpr std::string_view kStyle = R"(
text { font-family: "DejaVu Sans", Verdana, "Segoe UI", Arial, sans-serif; fill: #1c2733; }
.Heading { font-size: 20px; font-weight: bold; }
.Note { font-size: 12px; fill: #47566a; }
.FrameLabel { font-size: 12px; font-weight: bold; fill: #3b4a5e; }
.CardName { font-size: 13px; font-weight: bold; }
.CardTag { font-size: 10px; fill: #47566a; text-anchor: end; }
.CardLine { font-size: 11px; font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #33404f; }
.WireLabel { font-size: 10px; paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; }
.chip { font-size: 9px; text-anchor: middle; }
.own rect { fill: #33475b; stroke: #33475b; } .own text { fill: #ffffff; }
.shared rect { fill: #ffffff; stroke: #d4dbe3; } .shared text { fill: #8593a3; }
.wire path { fill: none; stroke-width: 2px; }
)";

class Svg {
 public:
  explicit Svg(const Map& map) : map_(map), picture_(lay_out(map)) {}

  std::string draw() {
    add("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", picture_.width,
        "\" height=\"", picture_.height, "\" viewBox=\"0 0 ", picture_.width, ' ', picture_.height,
        "\" role=\"img\">\n<title>Namespaces of ", xml_escaped(map_.host), "</title>\n<style>", kStyle,
        "</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    for (const PlacedText& text : picture_.texts) draw(text);
    draw_legend();
    for (const PlacedFrame& frame : picture_.frames) draw(frame);
    for (const PlacedWire& wire : picture_.wires) draw(wire);
    for (const PlacedCard& card : picture_.cards) draw(card);
    return std::move(out_) + "</svg>\n";
  }

 private:
  template <class... Parts>
  void add(const Parts&... parts) {
    (text::detail::append(out_, parts), ...);
  }
  void rect(const Rect& area, std::string_view attributes) {
    add("<rect x=\"", area.x, "\" y=\"", area.y, "\" width=\"", area.width, "\" height=\"", area.height, "\" ", attributes,
        "/>\n");
  }
  void draw(const PlacedText& text) {
    constexpr std::string_view kClasses[] = {"Heading", "Note", "FrameLabel", "CardName", "CardTag", "CardLine", "WireLabel"};
    add("<text class=\"", kClasses[static_cast<std::size_t>(text.role)], "\" x=\"", text.x, "\" y=\"", text.y, "\">",
        xml_escaped(text.text), "</text>\n");
  }

  void draw(const PlacedFrame& frame) {
    const MapBox& box = map_.boxes[frame.box];
    std::string look = text::join("rx=\"8\" fill=\"", frame.depth % 2 == 0 ? "#f3f6fa" : "#e8eef6",
                                  "\" stroke=\"#8ea3bd\" stroke-width=\"1.2\"");
    if (box.kind == BoxKind::Pid)
      look = "rx=\"3\" fill=\"#fbf3f8\" stroke=\"#a8558a\" stroke-width=\"1.4\" stroke-dasharray=\"6 3\"";
    if (box.kind == BoxKind::Network)
      look = "rx=\"14\" fill=\"#eef8f4\" stroke=\"#00795a\" stroke-width=\"1.4\" stroke-dasharray=\"2 2\"";
    add("<g class=\"frame\"><title>", xml_escaped(box.label), box.detail.empty() ? "" : ", ", xml_escaped(box.detail),
        "</title>\n");
    rect(frame.area, look);
    draw(frame.label);
    add("</g>\n");
  }

  void draw(const PlacedWire& placed) {
    const MapWire& wire = map_.wires[placed.wire];
    const std::string_view colour = wire_colour(placed.wire), dash = wire_dash(wire, placed.wire);
    add("<g class=\"wire\"><title>", xml_escaped(tooltip(wire)), "</title>\n<path stroke=\"", colour, '"');
    if (!dash.empty()) add(" stroke-dasharray=\"", dash, '"');
    add(" d=\"");
    for (const Segment& line : placed.lines) add('M', line.x1, ' ', line.y1, 'L', line.x2, ' ', line.y2);
    add("\"/>\n");
    for (const Segment& joint : placed.joints)
      add("<circle cx=\"", joint.x1, "\" cy=\"", joint.y1, "\" r=\"3\" fill=\"", colour, "\"/>\n");
    for (const PlacedText& label : placed.labels) draw(label);
    add("</g>\n");
  }

  void draw(const PlacedCard& placed) {
    const MapCard& card = map_.cards[placed.card];
    const std::string_view colour = card_colour(card.kind);
    add("<g class=\"card\"><title>", xml_escaped(tooltip(card)), "</title>\n");
    if (card.copies() > 1)
      for (const int shift : {6, 3}) {
        Rect behind = placed.area;
        behind.x += shift;
        behind.y -= shift;
        rect(behind, text::join("rx=\"5\" fill=\"#ffffff\" stroke=\"", colour, "\" stroke-opacity=\"0.6\""));
      }
    rect(placed.area, text::join("rx=\"5\" fill=\"#ffffff\" stroke=\"", colour, "\" stroke-width=\"1.2\"",
                                 card.kind == CardKind::Held ? " stroke-dasharray=\"4 2\"" : ""));
    rect({placed.area.x, placed.area.y + 5, 4, placed.area.height - 10}, text::join("fill=\"", colour, '"'));
    for (const PlacedChip& chip : placed.chips) draw_chip(chip.area, chip.type, chip.own);
    for (const PlacedPort& port : placed.ports) rect(port.mark, text::join("fill=\"", wire_colour(port.wire), '"'));
    for (const PlacedText& text : placed.texts) draw(text);
    add("</g>\n");
  }

  void draw_chip(const Rect& area, ns::Type type, bool own) {
    add("<g class=\"", own ? "own" : "shared", "\">");
    rect(area, "rx=\"3\"");
    add("<text class=\"chip\" x=\"", area.x + area.width / 2, "\" y=\"", area.y + 10, "\">", short_name(type), "</text></g>\n");
  }

  static std::string tooltip(const MapWire& wire) {
    constexpr std::string_view kWords[] = {"bridge", "devices on", "veth pair", "routed", "one"};
    return text::join(kWords[static_cast<std::size_t>(wire.kind)], ' ', wire.name, ", ", wire.ends.size(), " ends");
  }

  static std::string tooltip(const MapDevice& device) {
    std::string words = text::join(device.name, ' ', device.kind, device.up ? "" : ", down");
    for (const std::string& address : device.addresses) words += " " + address;
    return words + (device.beyond.empty() ? "" : ", ") + device.beyond + "\n";
  }

  static std::string tooltip(const MapCard& card) {
    constexpr std::size_t kMost = 12;
    std::string words = text::join(card.name, " (", kind_words(card.kind), ")\n", card.detail, "\n");
    for (std::size_t i = 0; i < kKindCount; ++i)
      if (card.own[i] && card.namespaces[i] != kUnknown)
        words += text::join(ns::kKinds[i].proc, ":[", card.namespaces[i], "] own\n");
    for (std::size_t i = 0; i < card.processes.size() && i < kMost; ++i)
      words += text::join(card.processes[i].pid, "  ", card.processes[i].command, "\n");
    if (card.processes.size() > kMost) words += text::join("and ", card.processes.size() - kMost, " more processes\n");
    for (std::size_t i = 0; i < card.devices.size() && i < kMost; ++i) words += tooltip(card.devices[i]);
    for (std::size_t i = 0; i < card.stands_for.size() && i < kMost; ++i) words += "stands for " + card.stands_for[i] + "\n";
    return words;
  }

  void draw_legend() {
    int x = picture_.legend.x;
    const int y = picture_.legend.y + 8;
    const auto say = [&](std::string_view words) {
      draw(PlacedText{TextRole::Note, x, y + 11, std::string(words), picture_.legend});
      x += text_width(TextRole::Note, words) + 16;
    };
    for (const CardKind kind : {CardKind::Container, CardKind::Processes, CardKind::Held}) {
      rect({x, y, 20, 14}, text::join("rx=\"3\" fill=\"#ffffff\" stroke=\"", card_colour(kind), "\" stroke-width=\"1.5\""));
      rect({x, y + 2, 4, 10}, text::join("fill=\"", card_colour(kind), '"'));
      x += 26;
      say(kind_words(kind));
    }
    for (const bool own : {true, false}) {
      draw_chip({x, y, 26, 13}, ns::Type::Mount, own);
      x += 32;
      say(own ? "namespace of its own" : "the host's");
    }
    add("<path d=\"M", x, ' ', y + 7, "h24\" stroke=\"", wire_colour(0), "\" stroke-width=\"2\"/>\n");
    x += 30;
    say("network between namespaces");
  }

  const Map& map_;
  const Picture picture_;
  std::string out_;
};

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  return out;
}

std::string map_svg(const Map& map) { return Svg(map).draw(); }

}  // namespace caisson::inspect
