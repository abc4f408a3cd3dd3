#include "inspect/sysctls.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson::inspect {
namespace {

struct Place {
  ns::Type type;
  const char* path;  // below /proc/sys; a directory ends in a slash
};

constexpr Place kPlaces[] = {
    {ns::Type::User, "user/"},
    {ns::Type::Ipc, "fs/mqueue/"},
    {ns::Type::Ipc, "kernel/auto_msgmni"},
    {ns::Type::Ipc, "kernel/msg_next_id"},
    {ns::Type::Ipc, "kernel/msgmax"},
    {ns::Type::Ipc, "kernel/msgmnb"},
    {ns::Type::Ipc, "kernel/msgmni"},
    {ns::Type::Ipc, "kernel/sem"},
    {ns::Type::Ipc, "kernel/sem_next_id"},
    {ns::Type::Ipc, "kernel/shm_next_id"},
    {ns::Type::Ipc, "kernel/shm_rmid_forced"},
    {ns::Type::Ipc, "kernel/shmall"},
    {ns::Type::Ipc, "kernel/shmmax"},
    {ns::Type::Ipc, "kernel/shmmni"},
    {ns::Type::Uts, "kernel/domainname"},
    {ns::Type::Uts, "kernel/hostname"},
    {ns::Type::Network, "net/"},
};

// A counter among the settings.
constexpr std::string_view kChangesByItself = "net.netfilter.nf_conntrack_count";

class Reader {
 public:
  explicit Reader(const sys::ProcHandle& proc) : proc_(proc) {}

  void read_file(const std::string& path) {
    auto file = proc_.open(("sys/" + path).c_str(), O_RDONLY | O_NONBLOCK);
    if (file.err() == ENOENT) return;
    Sysctl one{.name = sysctl_name(path), .value = Fact<std::string>::none(std::string(errno_text(file.err())))};
    if (file.ok()) {
      const auto status = sys::status_of_fd(file.value().borrow());
      if (status.ok() && (status.value().mode & 0444) == 0) return;
      auto content = sys::read_full(file.value().borrow());
      if (content.err() == EIO && path.ends_with("/stable_secret"))
        content = std::string("not set");  // what the kernel says then
      one.value = derived(fact_of(std::move(content)), shown);
    } else if (file.err() == EACCES && is_switch(path)) {
      return;
    }
    all_.push_back(std::move(one));
  }

  // path ends in a slash
  void read_directory(const std::string& path) {
    auto directory = proc_.open(("sys/" + path).c_str(), O_RDONLY | O_DIRECTORY);
    if (directory.err() == ENOENT) return;
    const auto opened = std::move(directory).or_throw("open /proc/sys/", path);
    for (const sys::DirEntry& entry : sys::list_dir(opened.borrow()).or_throw("list /proc/sys/", path)) {
      const std::string below = path + entry.name;
      if (entry.type == DT_DIR)
        read_directory(below + "/");
      else
        read_file(below);
    }
  }

  std::vector<Sysctl> take() {
    std::ranges::sort(all_, {}, &Sysctl::name);
    return std::move(all_);
  }

 private:
  static std::string shown(const std::string& content) { return std::string(text::trim(content)); }

  bool is_switch(const std::string& path) const {
    const auto file = proc_.open(("sys/" + path).c_str(), O_PATH);
    if (!file.ok()) return false;
    const auto status = sys::status_of_fd(file.value().borrow());
    return status.ok() && (status.value().mode & 0444) == 0;
  }

  const sys::ProcHandle& proc_;
  std::vector<Sysctl> all_;
};

std::string_view directory_of(std::string_view name) { return name.substr(0, name.rfind('.')); }

class Comparison {
 public:
  void both(const Sysctl& a, const Sysctl& b) {
    const std::string left = value_in_words(a), right = value_in_words(b);
    if (left != right && a.name != kChangesByItself) out_.values.push_back({a.name, left, right});
  }

  void only(const Sysctl& one, bool in_a) {
    const std::string name = text::join(directory_of(one.name), ".*");
    const auto known = std::ranges::find_if(out_.one_sided, [&](const SysctlDifferences::OneSided& each) {
      return each.only_a == in_a &&
             (each.name == name || (each.settings == 1 && directory_of(each.name) == directory_of(one.name)));
    });
    if (known == out_.one_sided.end()) {
      out_.one_sided.push_back({one.name, 1, in_a});
      return;
    }
    known->name = name;
    ++known->settings;
  }

  SysctlDifferences take() { return std::move(out_); }

 private:
  SysctlDifferences out_;
};

}  // namespace

std::string value_in_words(const Sysctl& one) {
  if (!one.value.known()) return text::join("cannot be read: ", one.value.missing);
  std::string words = *one.value;
  std::ranges::replace(words, '\t', ' ');
  return words;
}

std::string sysctl_name(std::string_view path) {
  std::string name(path);
  for (char& c : name) c = c == '/' ? '.' : c == '.' ? '/' : c;
  return name;
}

std::vector<Sysctl> read_sysctls(const sys::ProcHandle& proc, ns::Type type) {
  Reader reader(proc);
  for (const Place& place : kPlaces) {
    if (place.type != type) continue;
    const std::string path = place.path;
    if (path.ends_with('/'))
      reader.read_directory(path);
    else
      reader.read_file(path);
  }
  return reader.take();
}

SysctlDifferences differences(const std::vector<Sysctl>& a, const std::vector<Sysctl>& b) {
  Comparison comparison;
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() || right != b.end()) {
    if (right == b.end() || (left != a.end() && left->name < right->name))
      comparison.only(*left++, true);
    else if (left == a.end() || right->name < left->name)
      comparison.only(*right++, false);
    else
      comparison.both(*left++, *right++);
  }
  return comparison.take();
}

}  // namespace caisson::inspect
