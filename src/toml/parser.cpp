#include "toml/parser.hpp"

#include <utility>

#include "base/text.hpp"
#include "toml/scalar.hpp"
#include "toml/text_reader.hpp"

namespace caisson::toml {
namespace {

constexpr unsigned kMaxDepth = 64;

struct KeyPart {
  std::string name;
  std::size_t at;  // offset in the text
};

class Parser {
 public:
  Parser(std::string_view text, std::string_view file) : in_(text, file) {}

  Value parse() {
    Value root{.made = Made::ByHeader};
    Value* table = &root;
    for (in_.skip_space(); !in_.at_end(); in_.skip_space()) {
      if (in_.peek() == '[')
        table = &read_header(root);
      else
        read_member(*table, 0);
      in_.end_line();
    }
    return root;
  }

 private:
  [[noreturn]] void refuse_twice(const KeyPart& key) const {
    in_.refuse_at(key.at, text::join(text::quoted(key.name), " is there already"));
  }

  KeyPart read_key_part() {
    const std::size_t at = in_.offset();
    if (in_.peek() == '"' || in_.peek() == '\'') return {in_.take_short_string(), at};
    const std::string_view word = in_.take_word({});
    if (word.empty()) in_.refuse("expected a name", "names with other characters than a-z, 0-9, _ and - stand in quotes");
    return {std::string(word), at};
  }

  std::vector<KeyPart> read_key() {
    std::vector<KeyPart> parts;
    do {
      in_.skip_blanks();
      parts.push_back(read_key_part());
      in_.skip_blanks();
      if (parts.size() > kMaxDepth) in_.refuse("more than 64 tables inside each other");
    } while (in_.take_if('.'));
    return parts;
  }

  static Member* find(Value& table, std::string_view name) { return const_cast<Member*>(table.find(name)); }
  Value& add(Value& table, const KeyPart& key, Value value) const {
    const Place place = place_at(key.at);
    value.place = place;
    return table.members.emplace_back(Member{key.name, place, std::move(value)}).value;
  }
  Place place_at(std::size_t offset) const { return in_.place_at(offset); }

  // The table in which the last name of a header stands.
  Value& walk_header(Value& root, const std::vector<KeyPart>& key) const {
    Value* table = &root;
    for (std::size_t i = 0; i + 1 < key.size(); ++i) {
      Member* const member = find(*table, key[i].name);
      if (member == nullptr) {
        table = &add(*table, key[i], {.made = Made::Implicit});
        continue;
      }
      table = &member->value;
      if (table->kind == Kind::List && table->made == Made::ByHeader) table = &table->items.back();
      if (table->kind != Kind::Table || table->made == Made::AsValue) refuse_twice(key[i]);
    }
    return *table;
  }

  Value& read_header(Value& root) {
    const bool one_of_many = in_.sees("[[");
    in_.skip(one_of_many ? 2 : 1);
    const std::vector<KeyPart> key = read_key();
    if (!in_.take_if(']') || (one_of_many && !in_.take_if(']')))
      in_.refuse(one_of_many ? "expected ]] behind the name of a table" : "expected ] behind the name of a table");
    Value& outer = walk_header(root, key);
    Member* const member = find(outer, key.back().name);
    if (one_of_many) return add_to_list(outer, member, key.back());
    if (member == nullptr) return add(outer, key.back(), {.made = Made::ByHeader});
    if (member->value.kind != Kind::Table || member->value.made != Made::Implicit) refuse_twice(key.back());
    member->value.made = Made::ByHeader;
    return member->value;
  }

  Value& add_to_list(Value& outer, Member* member, const KeyPart& key) const {
    Value& list = member != nullptr ? member->value : add(outer, key, {.kind = Kind::List, .made = Made::ByHeader});
    if (list.kind != Kind::List || list.made != Made::ByHeader) refuse_twice(key);
    return list.items.emplace_back(Value{.made = Made::ByHeader, .place = place_at(key.at)});
  }

  // NAME = VALUE
  void read_member(Value& outer, unsigned depth) {
    const std::vector<KeyPart> key = read_key();
    if (!in_.take_if('=')) in_.refuse("expected = behind a name");
    in_.skip_blanks();
    Value* table = &outer;
    for (std::size_t i = 0; i + 1 < key.size(); ++i) {
      Member* const member = find(*table, key[i].name);
      if (member != nullptr && (member->value.kind != Kind::Table || member->value.made != Made::ByDots)) refuse_twice(key[i]);
      table = member != nullptr ? &member->value : &add(*table, key[i], {.made = Made::ByDots});
    }
    if (table->find(key.back().name) != nullptr) refuse_twice(key.back());
    const Place place = place_at(key.back().at);
    table->members.push_back({key.back().name, place, read_value(depth)});
  }

  Value read_value(unsigned depth) {
    if (depth >= kMaxDepth) in_.refuse("more than 64 values inside each other");
    const Place place = in_.place();
    Value value = read_bare_value(depth);
    value.place = place;
    return value;
  }

  Value read_bare_value(unsigned depth) {
    switch (in_.peek()) {
      case '"':
      case '\'':
        return {.kind = Kind::Text, .text = in_.take_string()};
      case '[':
        return read_list(depth);
      case '{':
        return read_inline_table(depth);
      default:
        return read_word();
    }
  }

  Value read_list(unsigned depth) {
    Value list{.kind = Kind::List};
    in_.skip(1);
    for (in_.skip_space(); !in_.take_if(']'); in_.skip_space()) {
      if (in_.at_end()) in_.refuse("expected ] at the end of a list");
      list.items.push_back(read_value(depth + 1));
      in_.skip_space();
      if (!in_.take_if(',') && in_.peek() != ']') in_.refuse("expected a comma or ] behind an item of a list");
    }
    return list;
  }

  Value read_inline_table(unsigned depth) {
    Value table;
    in_.skip(1);
    in_.skip_blanks();
    if (in_.take_if('}')) return table;
    do {
      in_.skip_blanks();
      read_member(table, depth + 1);
      in_.skip_blanks();
    } while (in_.take_if(','));
    if (!in_.take_if('}'))
      in_.refuse("expected a comma or } behind a member of a table", "a table in braces stands on one line");
    return table;
  }

  Value read_word() {
    const std::size_t begin = in_.offset();
    constexpr std::string_view kBesides = "+.:";
    std::string word(in_.take_word(kBesides));
    const char next = in_.peek(1);
    if (is_date(word) && in_.peek() == ' ' && next >= '0' && next <= '9') {
      in_.skip(1);
      word += ' ';
      word += in_.take_word(kBesides);
    }
    if (word.empty()) in_.refuse("expected a value");
    auto value = read_scalar(word);
    if (!value)
      in_.refuse_at(begin, text::join(text::quoted(word), " is no value"), "text stands between quotes: \"like this\"");
    return *std::move(value);
  }

  TextReader in_;
};

}  // namespace

Value parse(std::string_view text, std::string_view file) { return Parser(text, file).parse(); }

}  // namespace caisson::toml
