#include "inspect/map_text.hpp"

#include <algorithm>
#include <array>

#include "base/character_width.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "inspect/display_text.hpp"
#include "inspect/map_card_face.hpp"

namespace caisson::inspect {
namespace {

constexpr std::size_t kNarrowestCard = 32, kNarrowestFrame = 20, kGap = 1;

struct Strokes {
  std::string_view across, down, corners[4];  // of a box: top left, top right, bottom left, bottom right
  std::string_view arrow, cut;
};
constexpr Strokes kDrawn{"─", "│", {"┌", "┐", "└", "┘"}, " → ", "…"};
constexpr Strokes kHeavy{"═", "║", {"╔", "╗", "╚", "╝"}, " → ", "…"};
constexpr Strokes kTyped{"-", "|", {"+", "+", "+", "+"}, " > ", "~"};
constexpr Strokes kTypedHeavy{"=", "|", {"+", "+", "+", "+"}, " > ", "~"};

// What the drawing itself says in more than ASCII; anything else of others' becomes a question mark.
std::string in_ascii(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 4> kKnown{{{"…", '~'}, {"–", '-'}, {"×", 'x'}, {"·", '-'}}};
  std::string out;
  while (!text.empty()) {
    const text::Character character = text::first_character(text);
    const auto known = std::ranges::find(kKnown, character.bytes, &std::pair<std::string_view, char>::first);
    if (character.code < 0x80)
      out += character.bytes;
    else if (known != kKnown.end())
      out += known->second;
    else
      out += text::columns_of(character.code) == 2 ? "??" : text::columns_of(character.code) == 1 ? "?" : "";
    text.remove_prefix(character.bytes.size());
  }
  return out;
}

using Lines = std::vector<std::string>;

class Drawing {
 public:
  Drawing(const Map& map, Letters letters) : map_(map), is_ascii_(letters == Letters::Ascii) {
    for (std::size_t i = 0; i < map.cards.size(); ++i) faces_.push_back(face_of(map, i));
  }

  std::string draw(std::size_t width) const {
    Lines lines{line("Namespaces of " + map_.host + (map_.when.empty() ? "" : ", " + map_.when), width)};
    for (const std::string& note : map_.notes) lines.push_back(line(note, width));
    append(lines, box(0, width));
    std::string out;
    for (std::string& one : lines) {
      one.erase(one.find_last_not_of(' ') + 1);
      out += one + '\n';
    }
    return out;
  }

 private:
  const Strokes& strokes(bool heavy) const {
    if (is_ascii_) return heavy ? kTypedHeavy : kTyped;
    return heavy ? kHeavy : kDrawn;
  }
  static void append(Lines& to, Lines more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  std::string cut(std::string_view text, std::size_t width) const {
    return clipped(is_ascii_ ? in_ascii(text) : std::string(text), width, strokes(false).cut);
  }
  // Exactly as wide.
  std::string line(std::string_view text, std::size_t width) const {
    std::string out = cut(text, width);
    return out.append(width - text::columns_of(out), ' ');
  }
  static std::string repeated(std::string_view stroke, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += stroke;
    return out;
  }

  // "┌─ title ───── tag ─┐", the lines inside, "└──────┘".
  Lines framed(const Lines& inside, std::string_view title, std::string_view tag, std::size_t width, bool heavy) const {
    const Strokes& with = strokes(heavy);
    std::string right = tag.empty() ? std::string() : " " + cut(tag, width / 3) + " ";
    const std::size_t room = width - 6 - text::columns_of(right);
    const std::string left = cut(title, room);
    Lines out{text::join(with.corners[0], with.across, ' ', left, ' ', repeated(with.across, room - text::columns_of(left)),
                         right, with.across, with.corners[1])};
    for (const std::string& one : inside) out.push_back(text::join(with.down, ' ', one, ' ', with.down));
    out.push_back(text::join(with.corners[2], repeated(with.across, width - 2), with.corners[3]));
    return out;
  }

  static std::string own_words(const MapCard& card, std::size_t width) {
    constexpr std::string_view kOwn = "own: ";
    std::string words;
    for (std::size_t i = 0; i < kKindCount; ++i)
      if (card.own[i]) words += text::join(words.empty() ? "" : " ", short_name(ns::kKinds[i].type));
    return words.empty() || words.size() + kOwn.size() > width ? words : text::join(kOwn, words);
  }

  Lines card(std::size_t number, std::size_t width) const {
    const MapCard& card = map_.cards[number];
    const CardFace& face = faces_[number];
    const std::size_t inner = width - 4;
    Lines inside{line(face.first, inner)};
    if (const std::string own = own_words(card, inner); !own.empty()) inside.push_back(line(own, inner));
    for (const FaceLine& one : face.lines) inside.push_back(device_line(one, number, inner));
    return framed(inside, face.name, face.tag, width, false);
  }

  // The wire's name stays when there is not room for all.
  std::string device_line(const FaceLine& one, std::size_t card, std::size_t width) const {
    const bool says_so = one.wire == kNone || card == 0 || map_.wires[one.wire].kind == WireKind::Shared ||
                         map_.wires[one.wire].kind == WireKind::Veth || map_.wires[one.wire].home == card;
    if (says_so) return line(one.text, width);
    const std::string wire = cut(text::join(strokes(false).arrow, map_.wires[one.wire].name), width / 2);
    return line(cut(one.text, width - text::columns_of(wire)) + wire, width);
  }

  // Blocks of one width side by side, padded to one height.
  Lines beside(const std::vector<Lines>& blocks, std::size_t each, std::size_t width) const {
    std::size_t height = 0;
    for (const Lines& block : blocks) height = std::max(height, block.size());
    Lines out;
    for (std::size_t i = 0; i < height; ++i) {
      std::string row;
      for (const Lines& block : blocks) {
        if (!row.empty()) row.append(kGap, ' ');
        row += i < block.size() ? block[i] : std::string(each, ' ');
      }
      row.append(width - blocks.size() * each - (blocks.size() - 1) * kGap, ' ');
      out.push_back(std::move(row));
    }
    return out;
  }

  bool holds_one_card(const MapBox& box) const { return box.boxes.empty() && box.cards.size() == 1; }

  Lines contents(const MapBox& box, std::size_t width) const {
    Lines out;
    const std::size_t columns = std::max<std::size_t>(1, (width + kGap) / (kNarrowestCard + kGap));
    const std::size_t each = (width - (columns - 1) * kGap) / columns;
    std::vector<Lines> row;
    const auto flush = [&] {
      if (!row.empty()) append(out, beside(row, each, width));
      row.clear();
    };
    const auto put = [&](Lines block) {
      row.push_back(std::move(block));
      if (row.size() == columns) flush();
    };
    for (const std::size_t number : box.cards) {
      if (number == 0)
        append(out, card(0, width));
      else
        put(card(number, each));
    }
    for (const std::size_t inner : box.boxes)
      if (holds_one_card(map_.boxes[inner])) put(this->box(inner, each));
    flush();
    for (const std::size_t inner : box.boxes)
      if (!holds_one_card(map_.boxes[inner])) append(out, this->box(inner, width));
    return out;
  }

  Lines box(std::size_t number, std::size_t width) const {
    const MapBox& box = map_.boxes[number];
    const std::string title = box.detail.empty() ? box.label : box.label + ", " + box.detail;
    if (width >= kNarrowestFrame + 4) return framed(contents(box, width - 4), title, "", width, true);
    // Nested deeper than the width allows: a heading instead of a frame.
    Lines out{line(title + ":", width)};
    append(out, contents(box, width));
    return out;
  }

  const Map& map_;
  bool is_ascii_;
  std::vector<CardFace> faces_;
};

}  // namespace

std::string map_text(const Map& map, std::size_t width, Letters letters) {
  return Drawing(map, letters).draw(std::max(width, kLeastWidth));
}

}  // namespace caisson::inspect
