#include <nlohmann/json.hpp>
#include <string>

std::size_t parse(const std::string& text) { return nlohmann::json::parse(text).size(); }
