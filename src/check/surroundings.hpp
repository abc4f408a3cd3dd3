// The parts of a measurement that are texts of files: whose distribution this is, which container this program runs in, which
// settings there are. The parsers are pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "check/measured.hpp"

namespace caisson::check {

// man 5 os-release
Distribution parse_os_release(std::string_view text);

// What is seen from inside of a container, none of it promised by anybody.
struct OuterSigns {
  // The machine's own process ids, host name and queues: no container, whatever files a root file system was made with.
  bool initial_namespaces = false;
  bool dockerenv = false, containerenv = false, kubernetes_secrets = false;
  std::string manager;      // /run/host/container-manager (systemd's convention), or $container
  std::string own_cgroups;  // /proc/self/cgroup
};
Outer outer_of(const OuterSigns& signs);
std::string_view outer_name(Outer outer) noexcept;  // "docker"; empty for None

// Mount points below `directory` that are no part of the file systems that a host mounts there itself: what hides files.
std::vector<std::string> covers_of(std::string_view mountinfo, std::string_view directory);
// The mount point above the path, when that mount has nosuid; else empty.
std::string nosuid_mount_of(std::string_view mountinfo, std::string_view path);
// No mount at "/": the root is a directory within a mount, so it was changed by chroot(2).
bool chrooted_by(std::string_view mountinfo);

// "y", "m", "n"; empty: not in the text, or the text is empty.
std::string config_value(std::string_view config, std::string_view option);

Distribution read_distribution();
Outer read_outer();
Security read_security();
Subordinates read_subordinates(uid_t uid, const std::string& user_name, std::string_view mountinfo);
std::array<NamespaceLimit, ns::kKinds.size()> read_limits();
Cgroups read_cgroups(uid_t uid);
std::string read_kernel_config(const std::string& release);

}  // namespace caisson::check
