#include "launch/wire.hpp"

#include <cstring>
#include <string_view>
#include <vector>

namespace caisson::launch {
namespace {

constexpr std::string_view kCutMarker = " [cut]";
constexpr std::size_t kMostFrames = 255;

// The next NUL-ended text of `rest`, which is advanced past it; a missing NUL ends with the bytes.
std::string take_text(std::string_view& rest) {
  const std::size_t end = rest.find('\0');
  std::string text(rest.substr(0, end));
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return text;
}

}  // namespace

std::string encode_failure(const Error& error) {
  FailureHeader header;
  header.kind = static_cast<std::uint8_t>(error.kind());
  header.errno_value = error.errno_value();
  std::string texts;
  std::size_t frames = 0;
  for (const std::string& frame : error.frames()) {
    if (frames == kMostFrames) break;
    ++frames;
    texts.append(frame).push_back('\0');
  }
  header.frame_count = static_cast<std::uint8_t>(frames);
  texts.append(error.hint()).push_back('\0');
  constexpr std::size_t kRoom = kMaxMessage - sizeof header;
  if (texts.size() > kRoom) {
    texts.resize(kRoom - kCutMarker.size() - 1);
    texts.append(kCutMarker).push_back('\0');
  }
  std::string record(sizeof header, '\0');
  std::memcpy(record.data(), &header, sizeof header);
  return record + texts;
}

Error decode_failure(std::span<const std::byte> record) {
  FailureHeader header;
  if (record.size() < sizeof header || record.front() != static_cast<std::byte>(Message::Failure))
    return Error(ErrorKind::Kernel, "the container's first process sent a failure that cannot be read");
  std::memcpy(&header, record.data(), sizeof header);
  std::string_view rest(reinterpret_cast<const char*>(record.data()) + sizeof header, record.size() - sizeof header);
  const auto kind =
      header.kind <= static_cast<std::uint8_t>(ErrorKind::Payload) ? static_cast<ErrorKind>(header.kind) : ErrorKind::Kernel;
  Error error(kind, take_text(rest), header.errno_value);
  for (unsigned i = 1; i < header.frame_count && !rest.empty(); ++i) error.within(take_text(rest));
  if (std::string hint = take_text(rest); !hint.empty()) error.with_hint(std::move(hint));
  return error;
}

}  // namespace caisson::launch
