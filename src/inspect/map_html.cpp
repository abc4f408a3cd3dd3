#include "inspect/map_html.hpp"

#include "base/text.hpp"
#include "inspect/map_card_face.hpp"
#include "inspect/map_colours.hpp"
#include "inspect/map_svg.hpp"
#include "json/writer.hpp"

extern "C" {
extern const char caisson_map_page_html_begin[], caisson_map_page_html_end[];
extern const char caisson_map_page_css_begin[], caisson_map_page_css_end[];
extern const char caisson_map_page_js_begin[], caisson_map_page_js_end[];
}

namespace caisson::inspect {
namespace {

void write_index(json::Writer& out, std::string_view key, std::size_t index) {
  out.key(key);
  if (index == kNone)
    out.null();
  else
    out.integer(index);
}

template <class Items, class WriteItem>
void write_array(json::Writer& out, std::string_view key, const Items& items, const WriteItem& write) {
  out.key(key).begin_array();
  for (const auto& item : items) write(item);
  out.end_array();
}

void write_texts(json::Writer& out, std::string_view key, const std::vector<std::string>& texts) {
  write_array(out, key, texts, [&](const std::string& text) { out.string(text); });
}

void write_device(json::Writer& out, const MapDevice& device) {
  out.begin_object().key("name").string(device.name).key("kind").string(device.loopback ? "loopback" : device.kind);
  out.key("mac").string(device.mac).key("up").boolean(device.up).key("mtu").integer(device.mtu);
  write_texts(out, "addresses", device.addresses);
  out.key("beyond").string(device.beyond);
  write_index(out, "wire", device.wire);
  out.end_object();
}

void write_face(json::Writer& out, const CardFace& face) {
  out.key("face").begin_object().key("name").string(face.name).key("tag").string(face.tag).key("first").string(face.first);
  write_array(out, "lines", face.lines, [&](const FaceLine& line) {
    out.begin_object().key("text").string(line.text);
    write_index(out, "wire", line.wire);
    out.end_object();
  });
  out.end_object();
}

void write_card(json::Writer& out, const Map& map, std::size_t number) {
  const MapCard& card = map.cards[number];
  out.begin_object().key("kind").string(kind_words(card.kind)).key("colour").string(card_colour(card.kind));
  out.key("name").string(card.name).key("container").string(card.container).key("detail").string(card.detail);
  write_face(out, face_of(map, number));
  write_texts(out, "lines", card.lines);
  write_texts(out, "copies", card.stands_for);
  write_array(out, "processes", card.processes, [&](const MapProcess& process) {
    out.begin_object().key("pid").integer(process.pid).key("command").string(process.command).end_object();
  });
  write_array(out, "namespaces", card.namespaces, [&](std::uint64_t inode) { out.integer(inode); });
  write_array(out, "own", card.own, [&](bool own) { out.boolean(own); });
  write_array(out, "devices", card.devices, [&](const MapDevice& device) { write_device(out, device); });
  out.end_object();
}

void write_box(json::Writer& out, const MapBox& box) {
  constexpr std::string_view kKinds[] = {"user", "pid", "network"};
  out.begin_object().key("kind").string(kKinds[static_cast<std::size_t>(box.kind)]).key("inode").integer(box.inode);
  out.key("label").string(box.label).key("detail").string(box.detail);
  write_array(out, "boxes", box.boxes, [&](std::size_t inner) { out.integer(inner); });
  write_array(out, "cards", box.cards, [&](std::size_t card) { out.integer(card); });
  out.end_object();
}

void write_wire(json::Writer& out, const MapWire& wire, std::size_t number) {
  constexpr std::string_view kKinds[] = {"bridge", "parent", "veth", "routed", "shared"};
  out.begin_object().key("kind").string(kKinds[static_cast<std::size_t>(wire.kind)]).key("name").string(wire.name);
  out.key("colour").string(wire_colour(number)).key("dash").string(wire_dash(wire, number));
  write_index(out, "home", wire.home);
  write_array(out, "ends", wire.ends, [&](const WireEnd& end) {
    out.begin_object();
    write_index(out, "card", end.card);
    write_index(out, "device", end.device);
    out.end_object();
  });
  out.end_object();
}

std::string_view part(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }

}  // namespace

std::string map_json(const Map& map) {
  json::Writer out(json::kCompact);
  out.begin_object().key("host").string(map.host).key("when").string(map.when);
  write_texts(out, "notes", map.notes);
  write_array(out, "kinds", ns::kKinds, [&](const ns::Kind& kind) {
    out.begin_object().key("name").string(kind.proc).key("short").string(short_name(kind.type)).end_object();
  });
  out.key("colours").begin_object();
  for (const CardKind kind : {CardKind::Container, CardKind::Processes, CardKind::Held})
    out.key(kind_words(kind)).string(card_colour(kind));
  out.end_object();
  out.key("cards").begin_array();
  for (std::size_t i = 0; i < map.cards.size(); ++i) write_card(out, map, i);
  out.end_array();
  write_array(out, "boxes", map.boxes, [&](const MapBox& box) { write_box(out, box); });
  out.key("wires").begin_array();
  for (std::size_t i = 0; i < map.wires.size(); ++i) write_wire(out, map.wires[i], i);
  out.end_array().end_object();
  std::string escaped;
  for (const char c : out.take()) {
    if (c == '<')
      escaped += "\\u003c";
    else
      escaped += c;
  }
  return escaped;
}

std::string map_html(const Map& map) {
  return text::join("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Namespaces of ",
                    xml_escaped(map.host), "</title>\n<style>\n", part(caisson_map_page_css_begin, caisson_map_page_css_end),
                    "</style>\n</head>\n<body>\n", part(caisson_map_page_html_begin, caisson_map_page_html_end),
                    "<script id=\"data\" type=\"application/json\">", map_json(map), "</script>\n<script>\n",
                    part(caisson_map_page_js_begin, caisson_map_page_js_end), "</script>\n</body>\n</html>\n");
}

}  // namespace caisson::inspect
