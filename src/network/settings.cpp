#include "network/settings.hpp"

#include <cerrno>

#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson::network {

sys::SysStatus write_setting(const Setting& setting) {
  const auto written = sys::write_file(sys::kCwd, text::join("/proc/sys/net/", setting.path).c_str(), setting.value);
  return written.err() == ENOENT ? sys::SysStatus(sys::Unit{}) : written;
}

std::string read_setting(const std::string& path) {
  const auto text = sys::read_file(sys::kCwd, text::join("/proc/sys/net/", path).c_str());
  return text.ok() ? std::string(text::trim(text.value())) : std::string();
}

void apply_setting(const Setting& setting) {
  if (read_setting(setting.path) != setting.value) write_setting(setting).or_throw("set /proc/sys/net/", setting.path);
}

}  // namespace caisson::network
