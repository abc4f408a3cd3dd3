#include "inspect/container_name.hpp"

#include <algorithm>
#include <array>

#include "base/path_prefix.hpp"
#include "base/text.hpp"

namespace caisson::inspect {
namespace {

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) {
  constexpr std::size_t kIdLength = 64;
  return text.size() == kIdLength && is_hex(text);
}

// What stands between a beginning and an end, if the text has both.
std::string_view between(std::string_view text, std::string_view begin, std::string_view end) {
  if (text.size() <= begin.size() + end.size() || !text.starts_with(begin) || !text.ends_with(end)) return {};
  return text.substr(begin.size(), text.size() - begin.size() - end.size());
}

// systemd writes "-" in the name of a unit as "\x2d".
std::string unit_text(std::string_view escaped) {
  std::string out;
  while (!escaped.empty()) {
    if (escaped.starts_with("\\x") && escaped.size() >= 4) {
      if (const auto byte = text::parse_number<unsigned char>(escaped.substr(2, 2), 16)) {
        out += static_cast<char>(*byte);
        escaped.remove_prefix(4);
        continue;
      }
    }
    out += escaped.front();
    escaped.remove_prefix(1);
  }
  return out;
}

// "pod8c1e..." of cgroupfs, "kubepods-burstable-pod8c1e_....slice" of systemd; empty for other components.
std::string pod_of(std::string_view component) {
  std::string_view uid;
  if (component.starts_with("kubepods")) {
    const std::size_t pod = component.find("-pod");
    if (pod != std::string_view::npos && component.ends_with(".slice"))
      uid = component.substr(pod + 4, component.size() - pod - 4 - std::string_view(".slice").size());
  } else if (component.starts_with("pod")) {
    uid = component.substr(3);
  }
  constexpr std::size_t kUidLength = 36, kStaticLength = 32;  // static pods go by a hash
  std::string out(uid);
  std::ranges::replace(out, '_', '-');
  const bool good = std::ranges::all_of(out, [](char c) { return c == '-' || is_hex(std::string_view(&c, 1)); });
  return good && (out.size() == kUidLength || out.size() == kStaticLength) ? out : std::string();
}

struct Scope {
  std::string_view prefix, engine;  // of "PREFIX-ID.scope"
};
constexpr std::array kScopes{Scope{"docker-", "docker"}, Scope{"libpod-", "podman"}, Scope{"crio-", "crio"},
                             Scope{"nerdctl-", "nerdctl"}, Scope{"cri-containerd-", "containerd"}};
struct Folder {
  std::string_view name, engine;  // of "NAME/ID"
};
constexpr std::array kFolders{Folder{"docker", "docker"}, Folder{"libpod_parent", "podman"}, Folder{"k8s.io", "containerd"}};

std::string nspawn_name(std::string_view component) {
  if (const auto unit = between(component, "systemd-nspawn@", ".service"); !unit.empty()) return unit_text(unit);
  const std::string machine = unit_text(between(component, "machine-", ".scope"));
  // libvirt registers its virtual machines in the same way.
  return machine.starts_with("qemu-") ? std::string() : machine;
}

std::string lxc_name(std::string_view before, std::string_view component) {
  if (before == "lxc" || before == "lxc.payload") return std::string(component);
  const std::string_view payload = between(component, "lxc.payload.", "");
  return std::string(payload);
}

class Path {
 public:
  std::string name_of(std::string_view path) {
    for (const std::string_view component : text::split(path, '/')) {
      look_at(component);
      before_ = component;
    }
    return std::move(name_);
  }

 private:
  void look_at(std::string_view component) {
    if (const std::string pod = pod_of(component); !pod.empty()) {
      pod_ = pod;
      return;
    }
    if (const auto [engine, id] = engine_and_id(component); !id.empty()) {
      name_ = pod_.empty() ? text::join(engine, ":", id) : text::join("kubernetes:", pod_, "/", id);
      return;
    }
    if (const std::string machine = nspawn_name(component); !machine.empty()) name_ = "nspawn:" + machine;
    // The half of a machine's cgroup that systemd-nspawn itself stays in.
    if (component == "supervisor" && name_.starts_with("nspawn:")) name_.clear();
    if (const std::string lxc = lxc_name(before_, component); !lxc.empty()) name_ = "lxc:" + lxc;
  }

  std::pair<std::string_view, std::string_view> engine_and_id(std::string_view component) const {
    for (const Scope& scope : kScopes)
      if (const auto id = between(component, scope.prefix, ".scope"); is_id(id)) return {scope.engine, id};
    if (const auto id = between(component, "libpod-", ""); is_id(id)) return {"podman", id};
    if (!is_id(component)) return {};
    if (!pod_.empty()) return {"kubernetes", component};
    for (const Folder& folder : kFolders)
      if (folder.name == before_) return {folder.engine, component};
    return {};
  }

  std::string_view before_;
  std::string pod_, name_;
};

// The path of one line: "4:memory:/a/b", "0::/a/b".
std::string_view path_of(std::string_view line) {
  const std::size_t first = line.find(':');
  const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
  return second == std::string_view::npos ? std::string_view() : line.substr(second + 1);
}

bool is_below(std::string_view path, std::string_view folder) {
  if (path.starts_with('/')) path.remove_prefix(1);
  return !folder.empty() && text::is_at_or_below(path, folder);
}

}  // namespace

std::string container_name(std::string_view cgroups, std::span<const CaissonCgroup> known) {
  const auto lines = text::split(cgroups, '\n');
  for (const std::string_view line : lines)
    if (std::string name = Path().name_of(path_of(line)); !name.empty()) return name;
  // Only then: caisson-oci below an engine is that engine's container.
  for (const std::string_view line : lines)
    for (const CaissonCgroup& one : known)
      if (is_below(path_of(line), one.path)) return "caisson:" + one.id;
  return {};
}

}  // namespace caisson::inspect
