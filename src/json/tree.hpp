// The parser's tree and the text it points into. Included by this folder's sources only: nothing else sees RapidJSON.
#pragma once

#include <rapidjson/document.h>

#include <string>
#include <string_view>

#include "json/document.hpp"

namespace caisson::json {

using ParserNode = rapidjson::Value;

inline const ParserNode& parser_node(const Node* node) { return *reinterpret_cast<const ParserNode*>(node); }
inline const Node* opaque(const ParserNode& node) { return reinterpret_cast<const Node*>(&node); }
inline std::string_view text_of(const ParserNode& node) { return {node.GetString(), node.GetStringLength()}; }

class Tree {
 public:
  explicit Tree(std::string_view text);
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  const ParserNode& root() const { return document_; }

 private:
  std::string buffer_;  // parsed in place: strings of the tree point into it
  rapidjson::Document document_;
};

}  // namespace caisson::json
