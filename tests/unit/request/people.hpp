// Who asks `caisson run` for what: made-up users, machines and surroundings.
#pragma once

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "request/make_spec.hpp"
#include "security/capabilities.hpp"

namespace caisson::request {

inline host::HostFacts root() { return {.effective_capabilities = security::kAllCapabilities}; }

inline host::HostFacts ann() {
  return {.euid = 1000,
          .egid = 1001,
          .users = host::UserNamespaceFacts{.subordinate_uids = {{100000, 65536}, {300000, 10}},
                                            .subordinate_gids = {{200000, 65536}},
                                            .newuidmap = "/usr/bin/newuidmap",
                                            .newgidmap = "/usr/bin/newgidmap"}};
}

inline host::HostFacts ann_without_ranges() {
  host::HostFacts facts = ann();
  facts.users->subordinate_gids.clear();
  return facts;
}

inline Surroundings around() {
  return {.passwd = "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34::/srv:/bin/sh\n",
          .group = "root:x:0:\nweb:x:34:\nlog:x:4:web,other\n",
          .shell = "/bin/sh",
          .directory = "/home/ann",
          .seccomp_profile = "",
          .environment = {{"TERM", "linux"}, {"EDITOR", "vi"}}};
}

inline spec::Spec spec_of(const RunWish& wish, const host::HostFacts& facts = root()) {
  return make_spec(wish, facts, around());
}

inline std::string refusal_of(const RunWish& wish, const host::HostFacts& facts = root()) {
  try {
    static_cast<void>(spec_of(wish, facts));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    return error.message();
  }
  return "no error";
}

}  // namespace caisson::request
