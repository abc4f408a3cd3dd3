#include <string>

#include "json/document.hpp"

std::size_t parse(const std::string& text) { return caisson::json::Document(text).root().object_size(); }
