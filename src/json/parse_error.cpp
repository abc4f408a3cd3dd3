#include "json/parse_error.hpp"

#include <rapidjson/error/error.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace caisson::json {
namespace {

struct Problem {
  rapidjson::ParseErrorCode code;
  std::string_view words;
};

constexpr std::array kProblems{
    Problem{rapidjson::kParseErrorDocumentEmpty, "the document is empty"},
    Problem{rapidjson::kParseErrorDocumentRootNotSingular, "text after the end of the document"},
    Problem{rapidjson::kParseErrorValueInvalid, "expected a value"},
    Problem{rapidjson::kParseErrorObjectMissName, "expected a member name in double quotes"},
    Problem{rapidjson::kParseErrorObjectMissColon, "expected ':' after a member name"},
    Problem{rapidjson::kParseErrorObjectMissCommaOrCurlyBracket, "expected ',' or '}' after an object member"},
    Problem{rapidjson::kParseErrorArrayMissCommaOrSquareBracket, "expected ',' or ']' after an array element"},
    Problem{rapidjson::kParseErrorStringUnicodeEscapeInvalidHex, "\\u is not followed by four hexadecimal digits"},
    Problem{rapidjson::kParseErrorStringUnicodeSurrogateInvalid, "half of a surrogate pair in a string"},
    Problem{rapidjson::kParseErrorStringEscapeInvalid, "unknown escape in a string"},
    Problem{rapidjson::kParseErrorStringMissQuotationMark, "a string without its closing quote"},
    Problem{rapidjson::kParseErrorStringInvalidEncoding, "a control character in a string"},
    Problem{rapidjson::kParseErrorNumberTooBig, "a number too big to be read"},
    Problem{rapidjson::kParseErrorNumberMissFraction, "expected a digit after the decimal point"},
    Problem{rapidjson::kParseErrorNumberMissExponent, "expected a digit in the exponent"},
};

}  // namespace

Error error_at(std::string_view text, std::size_t offset, std::string_view problem) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return Error(ErrorKind::Spec, text::join("line ", line, ", column ", before.size() - line_start + 1, ": ", problem));
}

Error syntax_error(std::string_view text, std::size_t offset, int parser_code) {
  for (const Problem& problem : kProblems) {
    if (problem.code == parser_code) return error_at(text, offset, problem.words);
  }
  return error_at(text, offset, "not JSON");
}

}  // namespace caisson::json
