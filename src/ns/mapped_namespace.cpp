#include "ns/mapped_namespace.hpp"

#include <fcntl.h>

#include "base/error.hpp"
#include "ns/id_map.hpp"
#include "ns/kinds.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::ns {
namespace {

// A process that stands in the new namespace while its maps are written, and ends with this object.
class Holder {
 public:
  Holder() {
    sys::PipeEnds pipe = sys::make_pipe().or_throw("make a pipe for the process that holds a user namespace");
    auto cloned = sys::clone_with_pidfd(kind_of(Type::User).flag);
    if (cloned.err() == EPERM || cloned.err() == ENOSPC)
      throw Error(ErrorKind::Kernel, "make a user namespace for the id mapping of a mount", cloned.err())
          .with_hint("see /proc/sys/user/max_user_namespaces and kernel.unprivileged_userns_clone");
    child_ = std::move(cloned).or_throw("make a user namespace for the id mapping of a mount");
    if (child_.pid == 0) {
      pipe.write.reset();
      char byte;
      // Until the end of the runtime at the latest.
      static_cast<void>(sys::read_some(pipe.read.borrow(), &byte, 1));
      sys::exit_now(0);
    }
    end_ = std::move(pipe.write);
  }
  Holder(const Holder&) = delete;
  ~Holder() { sys::end_child(child_.pid, child_.process); }

  pid_t pid() const noexcept { return child_.pid; }

 private:
  sys::Cloned child_;
  sys::UniqueFd end_;
};

}  // namespace

sys::NamespaceFd make_mapped_namespace(const std::vector<spec::IdMapping>& uids, const std::vector<spec::IdMapping>& gids,
                                       sys::BorrowedFd proc) {
  const Holder holder;
  const IdMapPlan plan{.method = MapMethod::Write, .uids = uids, .gids = gids, .newuidmap = {}, .newgidmap = {}};
  write_maps(plan, proc, holder.pid());
  const std::string path = text::join(holder.pid(), "/ns/user");
  return sys::NamespaceFd{
      sys::open_at(proc, path.c_str(), O_RDONLY).or_throw("open the user namespace for the id mapping of a mount")};
}

}  // namespace caisson::ns
