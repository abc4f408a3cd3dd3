#include "toml/from_json.hpp"

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"
#include "json/document.hpp"

namespace caisson::toml {
namespace {

// "line 3, column 7: problem" of the JSON reader in the form of all others.
[[noreturn]] void refuse_syntax(std::string_view file, std::string_view message) {
  constexpr std::string_view kLine = "line ", kColumn = ", column ";
  const std::size_t column = message.find(kColumn);
  if (!message.starts_with(kLine) || column == std::string_view::npos)
    throw Error(ErrorKind::Spec, text::join(text::printable(file), ": ", message));
  throw Error(ErrorKind::Spec, text::join(text::printable(file), ':', message.substr(kLine.size(), column - kLine.size()), ':',
                                          message.substr(column + kColumn.size())));
}

class Copier {
 public:
  Copier(std::string_view text, std::string_view file) : text_(text), file_(file) {}

  Value copy(const json::Value& from) const {
    const std::size_t at = from.offset(text_);
    Value to{.place = place_of(text_, at)};
    if (from.is_object()) {
      copy_members(from, to);
    } else if (from.is_array()) {
      to.kind = Kind::List;
      for (std::size_t i = 0; i < from.array_size(); ++i) to.items.push_back(copy(from.element(i)));
    } else if (from.is_string()) {
      to.kind = Kind::Text;
      to.text = from.text();
    } else if (from.is_boolean()) {
      to.kind = Kind::Boolean;
      to.truth = from.boolean();
    } else {
      if (!from.present()) refuse(file_, to.place, "null stands for nothing here", "leave the member out");
      to.kind = from.is_integer() ? Kind::Integer : Kind::Real;
      to.text = number_at(at);
    }
    return to;
  }

 private:
  void copy_members(const json::Value& from, Value& to) const {
    for (std::size_t i = 0; i < from.object_size(); ++i) {
      const Place place = place_of(text_, from.key_offset(i));
      if (to.find(from.key(i)) != nullptr) refuse(file_, place, text::join(text::quoted(from.key(i)), " is there already"));
      to.members.push_back({std::string(from.key(i)), place, copy(from.member(i))});
    }
  }
  std::string number_at(std::size_t at) const {
    const std::size_t end = text_.find_first_of(" \t\r\n,]}", at);
    return std::string(text_.substr(at, end == std::string_view::npos ? end : end - at));
  }

  std::string_view text_, file_;
};

json::Document document_of(std::string_view text, std::string_view file) {
  try {
    return json::Document(text);
  } catch (const Error& error) {
    refuse_syntax(file, error.message());
  }
}

}  // namespace

Value parse_json(std::string_view text, std::string_view file) {
  const json::Document document = document_of(text, file);
  return Copier(text, file).copy(document.root());
}

}  // namespace caisson::toml
