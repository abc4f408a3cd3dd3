#include "json/writer.hpp"

#include "base/json_text.hpp"

namespace caisson::json {

Writer& Writer::key(std::string_view name) {
  begin_value();
  text::append_json(out_, name);
  out_ += style_.indent.empty() ? ":" : ": ";
  after_key_ = true;
  return *this;
}

Writer& Writer::string(std::string_view value) {
  begin_value();
  text::append_json(out_, value);
  return *this;
}

Writer& Writer::open(char bracket) {
  begin_value();
  out_ += bracket;
  ++depth_;
  empty_ = true;
  return *this;
}

Writer& Writer::close(char bracket) {
  --depth_;
  if (!empty_) new_line();
  out_ += bracket;
  empty_ = false;
  return *this;
}

Writer& Writer::scalar(std::string_view written) {
  begin_value();
  out_ += written;
  return *this;
}

// Puts the comma and the line break that come before a key or an element.
void Writer::begin_value() {
  if (after_key_ || depth_ == 0) {
    after_key_ = false;
    return;
  }
  if (!empty_) out_ += ',';
  empty_ = false;
  new_line();
}

void Writer::new_line() {
  if (style_.indent.empty()) return;
  out_ += '\n';
  for (std::size_t i = 0; i < depth_; ++i) out_ += style_.indent;
}

}  // namespace caisson::json
