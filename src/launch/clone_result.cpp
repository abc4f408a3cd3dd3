#include "launch/clone_result.hpp"

#include <cerrno>

#include "sys/process.hpp"

namespace caisson::launch {

std::vector<sys::BorrowedFd> kept_descriptors(const Channel& channel, const Opened& opened) {
  std::vector<sys::BorrowedFd> kept{channel.borrow()};
  if (opened.start_listener.valid()) kept.push_back(opened.start_listener.borrow());
  if (opened.services_page.valid()) kept.push_back(opened.services_page.borrow());
  if (opened.labels_need_proc) kept.push_back(opened.proc.borrow());
  return kept;
}

void add_security(TrampolineOrders& orders, const plan::ProcessPlan& plan, const sys::ProcHandle& proc) {
  if (plan.filter && !plan.filters_early()) {
    orders.filter = plan.filter->instructions.data();
    orders.filter_length = static_cast<std::uint32_t>(plan.filter->instructions.size());
    orders.filter_flags = plan.filter->load_flags;
  }
  if (!plan.lsm.apparmor_profile.empty())
    orders.labels.push_back({"thread-self/attr/apparmor/exec", "thread-self/attr/exec", "exec " + plan.lsm.apparmor_profile});
  if (!plan.lsm.selinux_label.empty()) orders.labels.push_back({"thread-self/attr/exec", "", plan.lsm.selinux_label});
  if (!orders.labels.empty()) orders.proc = proc.borrow().get();
}

std::string clone_hint(int errno_value, bool with_user_namespace) {
  if (errno_value == EAGAIN) return "a process limit is reached: pids.max of a cgroup, or RLIMIT_NPROC of this user";
  if (errno_value == ENOSPC) return "a limit in /proc/sys/user/max_*_namespaces is reached";
  if (errno_value == EPERM && with_user_namespace)
    return "user namespaces are forbidden inside a chroot, and may be for this user by kernel.unprivileged_userns_clone or "
           "kernel.apparmor_restrict_unprivileged_userns";
  if (errno_value == EPERM) return "new namespaces need CAP_SYS_ADMIN or a user namespace";
  if (errno_value == EBUSY) return "the cgroup has children with controllers and cannot hold processes itself";
  return {};
}

void throw_clone_failure(std::string_view what, int errno_value, bool with_user_namespace) {
  throw Error(ErrorKind::Kernel, text::join("clone ", what), errno_value)
      .with_hint(clone_hint(errno_value, with_user_namespace));
}

InitContext first_process(const plan::Plan& plan, Opened& opened, const Channel& channel, const FirstProcessWishes& wishes) {
  return {.plan = plan,
          .opened = opened,
          .copies = std::move(opened.copies),
          .process = {.plan = plan.process,
                      .channel = channel,
                      .proc = opened.proc,
                      .trampoline = opened.trampoline.borrow(),
                      .kept = kept_descriptors(channel, opened)},
          .begin = wishes.begin,
          .groups = wishes.groups,
          .options = wishes.options};
}

sys::UniqueFd fetch_listener(const sys::Pidfd& process, std::string_view number) {
  const auto fd = text::parse_number<int>(number);
  if (!fd) throw Error(ErrorKind::Kernel, "the container's first process named no seccomp listener");
  return sys::descriptor_of(process, *fd).or_throw("fetch the seccomp listener");
}

}  // namespace caisson::launch
