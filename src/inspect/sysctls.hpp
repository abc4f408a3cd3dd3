// The settings below /proc/sys that a namespace has of its own: user, ipc, uts and net. What is read are those of the calling
// process. man 5 proc_sys, Documentation/admin-guide/sysctl.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inspect/fact.hpp"
#include "ns/kinds.hpp"
#include "sys/proc_handle.hpp"

namespace caisson::inspect {

struct Sysctl {
  std::string name;  // as sysctl(8) writes it: "net.ipv4.ip_forward"; a dot within a part is a slash there
  Fact<std::string> value;
};

// Sorted by name. Settings that nobody can read (switches like net.ipv4.route.flush) are left out; a kind without settings has
// none. Throws Error{Host} when /proc/sys itself cannot be listed.
std::vector<Sysctl> read_sysctls(const sys::ProcHandle& proc, ns::Type type);

// "net/ipv4/conf/eth0.5/forwarding" -> "net.ipv4.conf.eth0/5.forwarding".
std::string sysctl_name(std::string_view path);

// The value on one line, or why there is none.
std::string value_in_words(const Sysctl& one);

struct SysctlDifference {
  std::string name;
  std::string a, b;  // the value, or why it is not known
};
struct SysctlDifferences {
  std::vector<SysctlDifference> values;
  // Settings that only one side has, by their directory: those of a network device, those that only the machine's first
  // network namespace has.
  struct OneSided {
    std::string name;  // "net.ipv4.conf.eth0.*", or of the setting when it is one
    std::size_t settings = 0;
    bool only_a = false;
  };
  std::vector<OneSided> one_sided;

  bool none() const noexcept { return values.empty() && one_sided.empty(); }
};
// Both sorted by name. Counters that change by themselves are no settings and do not count.
SysctlDifferences differences(const std::vector<Sysctl>& a, const std::vector<Sysctl>& b);

}  // namespace caisson::inspect
