#include "json/copy.hpp"

namespace caisson::json {

void copy(const Value& value, Writer& out) {
  if (!value.present()) {
    out.null();
  } else if (value.is_object()) {
    out.begin_object();
    for (std::size_t i = 0; i < value.object_size(); ++i) copy(value.member(i), out.key(value.key(i)));
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

}  // namespace caisson::json
