#include "launch/program.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "process/login_shell.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::launch {
namespace {

constexpr std::string_view kPathWithoutPath = "/bin:/usr/bin";
constexpr std::size_t kMostPasswd = std::size_t{16} << 20;

const char* entry_of(const char* const* environment, std::string_view name) {
  for (const char* const* entry = environment; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (text.size() > name.size() && text.starts_with(name) && text[name.size()] == '=') return *entry;
  }
  return nullptr;
}

// Gives back why not.
int try_file(const char* file, std::vector<const char*>& argv, const char* const* environment) {
  const int refused = sys::execute(file, argv.data(), environment).err();
  if (refused != ENOEXEC) return refused;
  std::vector<const char*> script{"/bin/sh", file};
  script.insert(script.end(), argv.begin() + 1, argv.end());
  return sys::execute("/bin/sh", script.data(), environment).err();
}

bool another_directory_may_have_it(int refused) {
  return refused == ENOENT || refused == ENOTDIR || refused == EACCES || refused == ESTALE || refused == ENODEV ||
         refused == ETIMEDOUT;
}

int try_path(std::vector<const char*>& argv, const char* const* environment) {
  const char* entry = entry_of(environment, "PATH");
  const std::string_view path = entry == nullptr ? kPathWithoutPath : std::string_view(entry).substr(5);
  bool denied = false;
  std::string file;
  for (const std::string_view directory : text::split(path.empty() ? ":" : path, ':')) {
    file.assign(directory);
    if (!file.empty()) file += '/';
    file += argv.front();
    const int refused = try_file(file.c_str(), argv, environment);
    if (!another_directory_may_have_it(refused)) return refused;
    denied = denied || refused == EACCES;
  }
  return denied ? EACCES : ENOENT;
}

}  // namespace

std::string_view variable(const char* const* environment, std::string_view name) {
  const char* entry = entry_of(environment, name);
  return entry == nullptr ? std::string_view() : std::string_view(entry).substr(name.size() + 1);
}

std::vector<const char*> listed_variables(const char* const* environment, const std::vector<std::string>& names) {
  std::vector<const char*> kept;
  for (const std::string& name : names) {
    const char* entry = entry_of(environment, name);
    if (entry != nullptr && std::ranges::find(kept, entry) == kept.end()) kept.push_back(entry);
  }
  return kept;
}

void execute_program(const std::vector<std::string>& command, const char* const* environment) {
  std::vector<const char*> argv;
  argv.reserve(command.size() + 1);
  for (const std::string& word : command) argv.push_back(word.c_str());
  argv.push_back(nullptr);
  const std::string& name = command.front();
  int refused = ENOENT;
  if (name.find('/') != std::string::npos)
    refused = try_file(name.c_str(), argv, environment);
  else if (!name.empty())
    refused = try_path(argv, environment);
  throw Error(ErrorKind::Payload, text::join("failed to execute ", name), refused);
}

void execute_shell(const char* const* environment) {
  const std::string_view wanted = variable(environment, "SHELL");
  std::string passwd;
  if (wanted.empty()) passwd = sys::read_file(sys::kCwd, "/etc/passwd", kMostPasswd).value_or({});
  const std::string shell = process::login_shell(wanted, passwd, sys::effective_uid());
  const std::string name = process::login_name(shell);
  const char* const argv[] = {name.c_str(), nullptr};
  const int refused = sys::execute(shell.c_str(), argv, environment).err();
  throw Error(ErrorKind::Payload, text::join("failed to execute ", shell), refused);
}

}  // namespace caisson::launch
