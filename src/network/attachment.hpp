// The networks of one container, from before it is made until nothing of them is left. The order, which a crash may cut
// anywhere, since whoever comes next takes back what the record of a dead owner names:
//   prepare   record with addresses and ports, files to be bound into the container     (owner: the runtime)
//   attach    record "attached" and owner: the container's first process; packet filter; devices; the others' hosts files
//   release   the same back, the record last
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "network/member.hpp"
#include "network/store.hpp"
#include "network/wish.hpp"
#include "sys/fd.hpp"

namespace caisson::network {

// What every command is told.
struct Machine {
  Places places;
  std::string boot_id;
  LogSink* log = nullptr;  // never null
};

// Takes back what dead containers have left. Failures are warnings: they must not keep others from starting.
void reclaim(const Machine& machine, const Store& store);
// Everything that the networks hold for a container that has ended, or never began; nothing when there is nothing. Can be
// repeated after any interruption.
void release(const Machine& machine, std::string_view id);

// Whether a release lasts until the kernel has let go of the devices, or only until they are gone for everybody, some twenty
// milliseconds earlier: then a process that is nobody's to wait for stays that long (net/early_removal.hpp).
enum class Wait : bool { No, ForTheKernel };

class Attachment {
 public:
  // Throws Error{Usage} for an unknown network, Error{State} for an address or a port that is taken; then nothing is made.
  Attachment(Machine machine, std::string id, const Wish& wish);
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;
  // Releases, unless that is done, or is left to others.
  ~Attachment();

  // Once the first process is in the container's network namespace, and before its program begins.
  void attach(pid_t first_process);
  void release(Wait wait = Wait::ForTheKernel);
  // The container outlives this object: release(id) is for whoever cleans up after it.
  void leave_to_others() noexcept { mine_ = false; }
  std::vector<sys::BorrowedFd> kept_ports() const;
  // With the numbers that were found for those of the wish that may be any.
  const std::vector<PublishedPort>& ports() const noexcept { return ports_; }

 private:
  void keep_port(PublishedPort& port);

  Machine machine_;
  std::string id_;
  std::vector<PublishedPort> ports_;
  std::vector<sys::UniqueFd> kept_ports_;
  sys::UniqueFd filter_;  // open_firewall_for
  bool mine_ = true;
};

}  // namespace caisson::network
