#include "service/from_table.hpp"

#include "base/error.hpp"
#include "base/shell_words.hpp"
#include "base/text.hpp"

namespace caisson::service {
namespace {

using toml::Kind;
using toml::Value;

class Reader {
 public:
  explicit Reader(std::string_view file) : file_(file) {}

  Wish read(const toml::Member& table) const {
    Wish wish{.name = table.name};
    for (const toml::Member& key : table.value.members) {
      if (key.name == "command")
        read_command(wish, key.value);
      else if (key.name == "env" && key.value.kind == Kind::Table)
        for (const toml::Member& one : key.value.members) set(wish, "env", one.value, text::join(one.name, '='));
      else if (key.value.kind == Kind::List && (key.name == "after" || key.name == "env"))
        for (const Value& item : key.value.items) set(wish, key.name, item);
      else
        set(wish, key.name, key.value, {}, key.place);
    }
    checked(table.place, [&] { wish = parse_wish(wish_word(wish)); });
    return wish;
  }

 private:
  template <class Act>
  void checked(toml::Place place, const Act& act) const {
    try {
      act();
    } catch (const Error& error) {
      toml::refuse(file_, place, error.message(), error.hint());
    }
  }
  std::string_view word(const Value& value) const {
    if (value.kind == Kind::Text || value.kind == Kind::Integer) return value.text;
    toml::refuse(file_, value.place, text::join("expected a string, found ", toml::kind_name(value.kind)));
  }
  void read_command(Wish& wish, const Value& value) const {
    if (value.kind == Kind::List)
      for (const Value& item : value.items) wish.args.emplace_back(word(item));
    else
      checked(value.place, [&] { wish.args = text::shell_words(word(value)); });
  }
  // A key that is none is told at its own place, a value at its.
  void set(Wish& wish, std::string_view key, const Value& value, std::string_view ahead = {},
           toml::Place of_key = {0, 0}) const {
    const bool is_word = value.kind == Kind::Text || value.kind == Kind::Integer;
    const bool known = key == "after" || key == "env" || is_key(key);
    const toml::Place place = known || of_key.line == 0 ? value.place : of_key;
    if (known && !is_word) static_cast<void>(word(value));
    checked(place, [&] { set_key(wish, key, text::join(ahead, is_word ? value.text : std::string())); });
  }

  std::string_view file_;
};

}  // namespace

Wish from_table(const toml::Member& table, std::string_view file) { return Reader(file).read(table); }

}  // namespace caisson::service
