#include "launch/trampoline/service_start.hpp"

#include <asm/signal.h>
#include <linux/close_range.h>
#include <linux/errno.h>
#include <linux/fcntl.h>

#include "launch/trampoline/freestanding.hpp"

namespace caisson::launch {
namespace {

constexpr uint32_t kMostWords = 4096, kMostPath = 4096;
constexpr int kWorkingDirectory = -100;  // AT_FDCWD
constexpr const char* kStandardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

class Child {
 public:
  Child(const ServiceStart& start, int report) : start_(start), service_(start.service), report_(report) {}

  [[noreturn]] void become() {
    call(__NR_setsid);
    const long null = call(__NR_openat, kWorkingDirectory, "/dev/null", O_RDONLY);
    check(null, ServiceStep::Null);
    check(call(__NR_dup3, null, 0, 0), ServiceStep::Null);
    for (int i = 0; i < 2; ++i) check(call(__NR_dup3, start_.outputs[i], i + 1, 0), ServiceStep::Output);
    become_user();
    check(call(__NR_chdir, text_at(service_.directory)), ServiceStep::Directory);
    call(__NR_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
    call(__NR_rt_sigprocmask, SIG_SETMASK, &start_.signals, 0, sizeof start_.signals);
    fill_words();
    fail(execute(), ServiceStep::Execute);
  }

 private:
  const char* text_at(Text text) const { return reinterpret_cast<const char*>(&start_.config) + text.at; }
  const Text* texts_at(uint32_t at) const { return reinterpret_cast<const Text*>(text_at({at, 0})); }

  [[noreturn]] void fail(long result, ServiceStep step) const {
    const ServiceFailure failure{static_cast<int32_t>(-result), static_cast<uint32_t>(step)};
    call(__NR_write, report_, &failure, sizeof failure);
    for (;;) call(__NR_exit_group, result == -ENOENT ? 127 : 126);
  }
  void check(long result, ServiceStep step) const {
    if (result < 0) fail(result, step);
  }

  void become_user() const {
    if (service_.switches_user == 0) return;
    // Its own /dev/stdout must open for it; a file system that has no owners is none of its business.
    for (int fd = 1; fd <= 2; ++fd) call(__NR_fchown, fd, service_.uid, -1);
    check(call(__NR_setgroups, service_.group_count, text_at({service_.groups_at, 0})), ServiceStep::User);
    check(call(__NR_setresgid, service_.gid, service_.gid, service_.gid), ServiceStep::User);
    check(call(__NR_setresuid, service_.uid, service_.uid, service_.uid), ServiceStep::User);
  }

  static bool same_name(const char* one, const char* other) {
    size_t i = 0;
    while (one[i] != 0 && one[i] == other[i] && one[i] != '=') ++i;
    return one[i] == '=' && other[i] == '=';
  }
  bool is_replaced(const char* entry) const {
    const Text* own = texts_at(service_.env_at);
    for (uint32_t i = 0; i < service_.env_count; ++i)
      if (same_name(entry, text_at(own[i]))) return true;
    return false;
  }

  void fill_words() {
    if (service_.argc >= kMostWords) fail(-E2BIG, ServiceStep::Execute);
    const Text* words = texts_at(service_.argv_at);
    for (uint32_t i = 0; i < service_.argc; ++i) argv_[i] = text_at(words[i]);
    argv_[service_.argc] = nullptr;
    uint32_t count = 0;
    for (char** entry = start_.envp; *entry != nullptr; ++entry)
      if (!is_replaced(*entry) && count + service_.env_count + 1 < kMostWords) env_[count++] = *entry;
    const Text* own = texts_at(service_.env_at);
    for (uint32_t i = 0; i < service_.env_count && count + 1 < kMostWords; ++i) env_[count++] = text_at(own[i]);
    env_[count] = nullptr;
  }

  const char* search_path() const {
    constexpr const char* kName = "PATH=";
    const char* found = kStandardPath;
    for (uint32_t i = 0; env_[i] != nullptr; ++i)
      if (same_name(env_[i], kName)) found = env_[i] + 5;
    return found;
  }

  // Only returns with a reason: of the last place, but that one is there and may not be executed counts more.
  long execute() {
    const char* name = argv_[0];
    for (const char* at = name; *at != 0; ++at)
      if (*at == '/') return call(__NR_execve, name, argv_, env_);
    long reason = -ENOENT;
    for (const char* at = search_path();; ++at) {
      const char* end = at;
      while (*end != 0 && *end != ':') ++end;
      const long result = execute_in(at, static_cast<size_t>(end - at), name);
      if (result != -ENOENT && result != -ENOTDIR) reason = result;
      if (*end == 0) return reason;
      at = end;
    }
  }
  long execute_in(const char* directory, size_t size, const char* name) {
    const size_t name_size = length_of(name);
    if (size + name_size + 2 > sizeof path_) return -ENAMETOOLONG;
    if (size == 0)
      path_[size++] = '.';
    else
      __builtin_memcpy(path_, directory, size);
    path_[size] = '/';
    __builtin_memcpy(path_ + size + 1, name, name_size + 1);
    return call(__NR_execve, path_, argv_, env_);
  }

  const ServiceStart& start_;
  const TrampolineService& service_;
  int report_;
  const char* argv_[kMostWords];
  const char* env_[kMostWords];
  char path_[kMostPath];
};

}  // namespace

long start_service(const ServiceStart& start, ServiceFailure& failure) noexcept {
  int ends[2];
  if (const long made = call(__NR_pipe2, ends, O_CLOEXEC); made < 0) {
    failure = {static_cast<int32_t>(-made), static_cast<uint32_t>(ServiceStep::Pipe)};
    return 0;
  }
  const long child = call(__NR_clone, SIGCHLD, 0, 0, 0, 0);
  if (child == 0) Child(start, ends[1]).become();
  call(__NR_close, ends[1]);
  long got = -EINTR;
  while (child > 0 && got == -EINTR) got = call(__NR_read, ends[0], &failure, sizeof failure);
  call(__NR_close, ends[0]);
  if (child < 0) failure = {static_cast<int32_t>(-child), static_cast<uint32_t>(ServiceStep::Process)};
  return child > 0 && got == 0 ? child : 0;
}

}  // namespace caisson::launch
