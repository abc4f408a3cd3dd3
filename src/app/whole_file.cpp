#include "app/whole_file.hpp"

#include <fcntl.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::app {
namespace {

sys::SysStatus write_aside(const std::string& aside, const std::string& path, std::string_view content) {
  auto file = sys::open_at(sys::kCwd, aside.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (!file.ok()) return sys::SysStatus::failed(file.err());
  auto written = sys::write_full(file.value().borrow(), content);
  if (written.ok()) written = sys::rename_at(sys::kCwd, aside.c_str(), sys::kCwd, path.c_str());
  if (!written.ok()) static_cast<void>(sys::unlink_at(sys::kCwd, aside.c_str()));
  return written;
}

sys::SysStatus write_in_place(const std::string& path, std::string_view content) {
  auto file = sys::open_at(sys::kCwd, path.c_str(), O_WRONLY | O_TRUNC | O_NOCTTY);
  if (!file.ok()) return sys::SysStatus::failed(file.err());
  return sys::write_full(file.value().borrow(), content);
}

}  // namespace

void write_whole_file(const std::string& path, std::string_view content) {
  const auto there = sys::status_at(sys::kCwd, path.c_str());
  const bool in_place = there.ok() && !there.value().is_regular();
  const std::size_t name = path.rfind('/') + 1;
  const std::string aside = text::join(path.substr(0, name), '.', path.substr(name), '.', sys::process_id(), ".tmp");
  const auto written = in_place ? write_in_place(path, content) : write_aside(aside, path, content);
  if (written.ok()) return;
  Error error(ErrorKind::Kernel, text::join("write ", path), written.err());
  if (written.err() == ENOENT) error.with_hint("make the directory first");
  throw std::move(error);
}

}  // namespace caisson::app
