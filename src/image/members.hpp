// Members of a document: those that may be missing, and lists of texts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"
#include "json/writer.hpp"

namespace caisson::image {

// Empty when there is none. Throws Error(Spec) for another type.
inline std::string text_member(const json::Value& object, std::string_view name) {
  const json::Value value = object[name];
  return value.present() ? value.string() : std::string();
}

inline void write_texts(json::Writer& out, std::string_view key, const std::vector<std::string>& texts) {
  out.key(key).begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

// Sets are written as objects whose members are empty.
inline void write_set(json::Writer& out, std::string_view key, const std::vector<std::string>& members) {
  out.key(key).begin_object();
  for (const std::string& member : members) out.key(member).begin_object().end_object();
  out.end_object();
}

}  // namespace caisson::image
