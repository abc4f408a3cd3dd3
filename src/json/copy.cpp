#include "json/copy.hpp"

#include <algorithm>

namespace caisson::json {

void copy(const Value& value, Writer& out) {
  if (!value.present()) {
    out.null();
  } else if (value.is_object()) {
    out.begin_object();
    copy_members(value, out, {});
    out.end_object();
  } else if (value.is_array()) {
    out.begin_array();
    for (std::size_t i = 0; i < value.array_size(); ++i) copy(value.element(i), out);
    out.end_array();
  } else if (value.is_string()) {
    out.string(value.text());
  } else if (value.is_integer()) {
    out.integer(value.integer<std::int64_t>());
  } else {
    out.boolean(value.boolean());
  }
}

void copy_members(const Value& object, Writer& out, std::span<const std::string_view> but) {
  for (std::size_t i = 0; object.present() && i < object.object_size(); ++i)
    if (std::ranges::find(but, object.key(i)) == but.end()) copy(object.member(i), out.key(object.key(i)));
}

}  // namespace caisson::json
