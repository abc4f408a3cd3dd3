// A document for people as a tree of values that know where they stand in it, whether it was written as TOML or as JSON.
// Members keep the order of the text. Places count from 1, columns in bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::toml {

struct Place {
  std::size_t line = 1, column = 1;
};
// Of a byte of the text.
Place place_of(std::string_view text, std::size_t offset);

enum class Kind : std::uint8_t { Text, Integer, Real, Boolean, Moment, List, Table };
// "a string", "a table": for messages.
std::string_view kind_name(Kind kind) noexcept;

// How a table or list came to be, which decides who may still add to it.
enum class Made : std::uint8_t {
  AsValue,   // "{...}", "[...]": nobody
  Implicit,  // by the header of a table inside of it
  ByHeader,  // a table by its own header; a list by headers in two brackets
  ByDots,    // by a key with dots
};

struct Member;

struct Value {
  Kind kind = Kind::Table;
  Made made = Made::AsValue;
  Place place;
  std::string text;  // Text: what it says; Integer: in decimal; Real, Moment: as written, without the underscores
  bool truth = false;
  std::vector<Value> items;     // List
  std::vector<Member> members;  // Table

  const Member* find(std::string_view name) const noexcept;
};

struct Member {
  std::string name;
  Place place;  // of the name
  Value value;
};

// Throws Error(Spec, "FILE:LINE:COLUMN: problem").
[[noreturn]] void refuse(std::string_view file, Place place, std::string_view problem, std::string_view hint = {});

}  // namespace caisson::toml
