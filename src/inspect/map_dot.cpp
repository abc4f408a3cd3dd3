#include "inspect/map_dot.hpp"

#include "base/text.hpp"
#include "inspect/map_card_face.hpp"
#include "inspect/map_colours.hpp"

namespace caisson::inspect {
namespace {

// In double quotes; what would end a label or be one of graphviz's own escapes is escaped.
std::string dot_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\l";
    else
      out += c;
  }
  return out + '"';
}

std::string card_node(const Map& map, std::size_t number) {
  const MapCard& card = map.cards[number];
  const CardFace face = face_of(map, number);
  std::string label = face.name + (face.tag.empty() ? "" : " (" + face.tag + ")") + "\n" + face.first + "\n", own;
  for (std::size_t i = 0; i < kKindCount; ++i)
    if (card.own[i]) own += text::join(' ', short_name(ns::kKinds[i].type));
  if (!own.empty()) label += "own:" + own + "\n";
  for (const FaceLine& line : face.lines) label += line.text + "\n";
  return text::join("card", number, " [label=", dot_quoted(label), " color=\"", card_colour(card.kind), "\"",
                    card.kind == CardKind::Held ? " style=\"rounded,dashed\"" : "", "];\n");
}

void add_box(const Map& map, std::size_t number, std::string indent, std::string& out) {
  const MapBox& box = map.boxes[number];
  out += text::join(indent, "subgraph cluster", number, " {\n");
  indent += "  ";
  const std::string label = box.detail.empty() ? box.label : box.label + ", " + box.detail;
  constexpr std::string_view kLooks[] = {"style=rounded color=\"#8ea3bd\"", "style=dashed color=\"#a8558a\"",
                                         "style=dotted color=\"#00795a\""};
  out += text::join(indent, "label=", dot_quoted(label), " ", kLooks[static_cast<std::size_t>(box.kind)], ";\n");
  for (const std::size_t card : box.cards) out += indent + card_node(map, card);
  for (const std::size_t inner : box.boxes) add_box(map, inner, indent, out);
  indent.resize(indent.size() - 2);
  out += indent + "}\n";
}

std::string device_name(const Map& map, const WireEnd& end) {
  return end.device == kNone ? std::string() : map.cards[end.card].devices[end.device].name;
}

void add_wire(const Map& map, std::size_t number, std::string& out) {
  const MapWire& wire = map.wires[number];
  const std::string look =
      text::join("color=\"", wire_colour(number), "\"", wire.kind == WireKind::Shared ? " style=dotted" : "");
  if (wire.kind == WireKind::Veth) {
    out += text::join("  card", wire.ends[0].card, " -- card", wire.ends[1].card, " [label=", dot_quoted(wire.name), ' ', look,
                      "];\n");
    return;
  }
  out += text::join("  wire", number, " [shape=ellipse label=", dot_quoted(wire.name), ' ', look, "];\n");
  if (wire.home != kNone) out += text::join("  card", wire.home, " -- wire", number, " [", look, " penwidth=2];\n");
  for (const WireEnd& end : wire.ends)
    out += text::join("  wire", number, " -- card", end.card, " [label=", dot_quoted(device_name(map, end)), ' ', look, "];\n");
}

}  // namespace

std::string map_dot(const Map& map) {
  std::string title = "Namespaces of " + map.host + "\n" + map.when + "\n";
  for (const std::string& note : map.notes) title += note + "\n";
  std::string out =
      text::join("graph namespaces {\n  graph [rankdir=LR labelloc=t fontname=\"sans-serif\" label=", dot_quoted(title),
                 "];\n  node [shape=box style=rounded fontname=\"sans-serif\" fontsize=10];\n"
                 "  edge [fontname=\"sans-serif\" fontsize=8];\n");
  add_box(map, 0, "  ", out);
  for (std::size_t i = 0; i < map.wires.size(); ++i) add_wire(map, i, out);
  return out + "}\n";
}

}  // namespace caisson::inspect
