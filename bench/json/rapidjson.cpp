#include <rapidjson/document.h>

#include <string>

std::size_t parse(const std::string& text) {
  std::string copy = text;
  rapidjson::Document document;
  document.ParseInsitu(copy.data());
  return document.MemberCount();
}
