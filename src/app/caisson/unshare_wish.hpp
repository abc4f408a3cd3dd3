// The options of unshare as a wish: what each says, and what it implies. Pure but for names of users, which are looked up in
// the texts given.
#pragma once

#include <string>

#include "app/options.hpp"
#include "plan/unshare_plan.hpp"

namespace caisson::app::human {

struct Accounts {
  uid_t euid;
  gid_t egid;
  std::string (*read)(const char* path);  // /etc/passwd and /etc/group, read when a name has to be looked up
};

// Throws Error{Usage} with the words of util-linux.
plan::UnshareWish unshare_wish(const Parsed& line, const Accounts& accounts);

}  // namespace caisson::app::human
