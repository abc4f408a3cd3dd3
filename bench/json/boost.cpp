#include <boost/json/src.hpp>
#include <string>

std::size_t parse(const std::string& text) { return boost::json::parse(text).as_object().size(); }
