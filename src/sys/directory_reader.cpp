#include "sys/directory_reader.hpp"

#include <cstring>

#include "sys/call.hpp"

namespace caisson::sys {
namespace {

// struct linux_dirent64 before the name: inode, offset, length of the record, type.
constexpr std::size_t kLengthAt = 16, kNameAt = 19;
constexpr std::size_t kLongestRecord = kNameAt + 256 + 7;  // NAME_MAX, the NUL, and padding

}  // namespace

SysResult<std::string_view> DirectoryReader::next() noexcept {
  for (;;) {
    if (at_ == filled_) {
      if (fills_ && filled_ != 0 && filled_ + kLongestRecord <= buffer_.size()) return std::string_view();
      const long got = call(SYS_getdents64, dir_.get(), buffer_.data(), buffer_.size());
      if (got < 0) return SysResult<std::string_view>::failed(static_cast<int>(-got));
      if (got == 0) return std::string_view();
      filled_ = static_cast<std::size_t>(got);
      at_ = 0;
    }
    const char* const record = buffer_.data() + at_;
    std::uint16_t length = 0;
    std::memcpy(&length, record + kLengthAt, sizeof length);
    at_ += length;
    const std::string_view name(record + kNameAt);
    if (name != "." && name != "..") return name;
  }
}

}  // namespace caisson::sys
