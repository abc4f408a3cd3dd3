// The configuration that the kernel was built with, where a distribution left it: a hint for trials that failed.
#include "base/error.hpp"
#include "base/text.hpp"
#include "check/surroundings.hpp"
#include "host/find_program.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::check {
namespace {

constexpr std::size_t kMostConfig = std::size_t{4} << 20;

// Empty when there is no such program, or it fails: then there is no hint.
std::string output_of(const char* const* argv) {
  auto pipe = sys::make_pipe();
  if (!pipe.ok()) return {};
  const auto child = sys::clone_the_old_way();
  if (!child.ok()) return {};
  if (child.value().pid == 0) {
    const char* const no_environment[] = {nullptr};
    const auto nowhere = sys::open_at(sys::kCwd, "/dev/null", O_WRONLY);
    if (nowhere.ok() && sys::duplicate_onto(nowhere.value().borrow(), 2).ok() &&
        sys::duplicate_onto(pipe.value().write.borrow(), 1).ok())
      static_cast<void>(sys::execute(argv[0], argv, no_environment));
    sys::exit_now(127);
  }
  pipe.value().write.reset();
  std::string text = sys::read_full(pipe.value().read.borrow(), kMostConfig).value_or({});
  pipe.value().read.reset();
  const auto end = sys::wait_for(child.value().process);
  return end.ok() && end.value().as_shell() == 0 ? text : std::string();
}

}  // namespace

std::string read_kernel_config(const std::string& release) {
  for (const std::string& path : {text::join("/boot/config-", release), text::join("/lib/modules/", release, "/config"),
                                  text::join("/lib/modules/", release, "/build/.config")}) {
    auto text = sys::read_file(sys::kCwd, path.c_str(), kMostConfig);
    if (text.ok()) return std::move(text).value();
  }
  if (!sys::status_at(sys::kCwd, "/proc/config.gz").ok()) return {};
  const std::string gzip = host::find_program("gzip");
  if (gzip.empty()) return {};
  const char* const argv[] = {gzip.c_str(), "-dc", "/proc/config.gz", nullptr};
  return output_of(argv);
}

}  // namespace caisson::check
