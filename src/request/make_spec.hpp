// A person's wishes as an OCI configuration: from here on `caisson run` walks the same road as caisson-oci. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "host/facts.hpp"
#include "request/run_wish.hpp"
#include "spec/spec.hpp"

namespace caisson::request {

// What was read for the wish: of the root that the container will see, and of the caller.
struct Surroundings {
  std::string passwd, group;                                    // texts of /etc/passwd and /etc/group of that root
  std::string shell;                                            // for a wish without a command
  bool host_shows_queues = true;                                // the machine has /dev/mqueue
  bool groups_stay = false;                                     // setgroups(2) is denied in the user namespace that is joined
  std::string directory;                                        // the caller's working directory, for relative volumes
  std::string seccomp_profile;                                  // text of the file of --security-opt seccomp=FILE; empty: none
  std::map<std::string, std::string, std::less<>> environment;  // of the caller
};

// The file that --security-opt seccomp= names; empty: none. Throws Error{Usage} for an unknown option.
std::string seccomp_file(const RunWish& wish);

spec::Spec make_spec(const RunWish& wish, const host::HostFacts& facts, const Surroundings& around);

}  // namespace caisson::request
