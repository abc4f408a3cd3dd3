// One list of fields per struct, walked both to read it and to write it. A struct takes part by a function found beside it:
//   template <class Fields, json::same_struct<Root> R>
//   void visit_fields(Fields& fields, R& root) {
//     fields.always("path", root.path);
//     fields.optional("readonly", root.readonly);
//   }
// required: must be there when reading; always: written even when empty; optional: written only when it holds something.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

#include "json/document.hpp"
#include "json/field_reader.hpp"
#include "json/field_writer.hpp"
#include "json/writer.hpp"

namespace caisson::json {

// Constrains visit_fields to Struct& (reading) and const Struct& (writing).
template <class Deduced, class Struct>
concept same_struct = std::same_as<std::remove_const_t<Deduced>, Struct>;

template <class Struct>
Struct read_document(std::string_view text) {
  const Document document(text);
  Struct out;
  read_value(document.root(), out);
  return out;
}
template <class Struct>
std::string write_document(const Struct& value, Style style) {
  Writer out(style);
  write_value(out, value);
  return out.take();
}

}  // namespace caisson::json
