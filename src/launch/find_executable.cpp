// Which file args[0] means: looked up in the container's PATH, at create time, so that a wrong name is an error of create.
// The texts are the ones that engines look for (runtime callers match "executable file not found in $PATH").
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "launch/process_steps.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::launch {
namespace {

constexpr std::string_view kStandardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::string_view search_path(const std::vector<std::string>& env) {
  for (auto entry = env.rbegin(); entry != env.rend(); ++entry)
    if (entry->starts_with("PATH=")) return std::string_view(*entry).substr(5);
  return kStandardPath;
}

// 0, or why this file cannot be executed.
int refusal(const std::string& path) {
  if (const auto allowed = sys::check_access(path.c_str(), X_OK); !allowed.ok()) return allowed.err();
  const auto file = sys::open_at(sys::kCwd, path.c_str(), O_PATH);
  if (!file.ok()) return file.err();
  const auto status = sys::status_of_fd(file.value().borrow());
  if (!status.ok()) return status.err();
  if (status.value().is_dir()) return EISDIR;
  return status.value().is_regular() ? 0 : EACCES;
}

// In lower case, as Go's runtimes write it: engines search for these words.
Error refused(const std::string& name, int errno_value) {
  Error error(ErrorKind::Payload, text::join("exec: ", text::quoted(name), ": ", text::lower_case(errno_text(errno_value))));
  if (errno_value == EACCES) error.with_hint("the file needs its execute permission for this user");
  if (errno_value == EISDIR) error.with_hint("name a program, not a directory");
  if (errno_value == ENOENT) error.with_hint("the path is looked up inside the container's root filesystem");
  return error;
}

}  // namespace

void find_executable(ProcessStage& stage) {
  const std::string& name = stage.plan.args.front();
  if (!stage.plan.services.empty()) {  // each is looked up by the process that becomes it
    stage.executable = name;
    return;
  }
  if (name.find('/') != std::string::npos) {
    if (const int reason = refusal(name); reason != 0) throw refused(name, reason);
    stage.executable = name;
    return;
  }
  int denied = 0;
  for (std::string_view dir : text::split(search_path(stage.plan.env), ':')) {
    if (dir.empty()) dir = ".";
    std::string candidate = text::join(dir, '/', name);
    const int reason = refusal(candidate);
    if (reason == 0) {
      stage.executable = std::move(candidate);
      return;
    }
    if (reason == EACCES) denied = EACCES;
  }
  if (denied != 0) throw refused(name, denied);
  throw Error(ErrorKind::Payload, text::join("exec: ", text::quoted(name), ": executable file not found in $PATH"))
      .with_hint("give an absolute path, or set PATH: by --env, or process.env of config.json");
}

}  // namespace caisson::launch
