// Which container a process is in, by the paths of its cgroups: man 7 cgroups. Pure. Names are "ENGINE:ID":
//   docker:ID  podman:ID  crio:ID  nerdctl:ID    64 hexadecimal digits, whole
//   kubernetes:POD/ID                            POD: the uid of the pod
//   nspawn:MACHINE  lxc:NAME  caisson:ID
// A container inside a container goes by the inner one. What watches over a container is not in it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace caisson::inspect {

// A cgroup that a record of caisson names: a path below the mount point, without a leading slash.
struct CaissonCgroup {
  std::string path, id;
};

// The text of /proc/PID/cgroup. Empty: in none.
std::string container_name(std::string_view cgroups, std::span<const CaissonCgroup> known = {});

}  // namespace caisson::inspect
