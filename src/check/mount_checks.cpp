// File systems and mounts, as root and in a user namespace.
#include <linux/capability.h>

#include <cerrno>

#include "base/text.hpp"
#include "check/advice.hpp"
#include "check/finding.hpp"
#include "check/surroundings.hpp"

namespace caisson::check {
namespace {

Judgement unknown_type(const Measured& measured, const Attempt& attempt, std::string_view module, std::string_view option) {
  const std::string set = config_value(measured.config, option);
  if (set == "n") return missing(attempt, text::join("the kernel has none: ", option, " is not set"), kernel_with(option));
  return missing(attempt, words_of(attempt), load_module(measured, module));
}

template <Trial kTrial>
Judgement as_root(const Measured& measured) {
  return judge_as_root(measured, measured.trials.alone[kTrial]);
}
template <Trial kTrial>
Judgement in_user(const Measured& measured) {
  return judge_inside(measured, measured.trials.in_user[kTrial]);
}

Judgement overlay(const Measured& measured, const Attempt& attempt, Judgement otherwise) {
  if (attempt.error == ENODEV) return unknown_type(measured, attempt, "overlay", "CONFIG_OVERLAY_FS");
  return otherwise;
}
Judgement overlay_as_root(const Measured& measured) {
  return overlay(measured, measured.trials.alone[Trial::Overlay], as_root<Trial::Overlay>(measured));
}
Judgement overlay_in_user(const Measured& measured) {
  const Attempt& attempt = measured.trials.in_user[Trial::Overlay];
  if (attempt.error == EPERM && measured.kernel < host::KernelVersion{5, 11})
    return missing(attempt, words_of(attempt), newer_kernel("5.11"));
  return overlay(measured, attempt, in_user<Trial::Overlay>(measured));
}

// "Too revealing": a user namespace gets a fresh procfs or sysfs only where the one that it sees hides nothing.
Judgement revealing(const Measured& measured, Trial trial, const std::vector<std::string>& covers, std::string_view directory) {
  const Attempt& attempt = measured.trials.in_user[trial];
  if (attempt.error != EPERM || measured.switches.apparmor_restrict.value_or(0) != 0) return judge_inside(measured, attempt);
  if (covers.empty())
    return missing(attempt, text::join("none that is seen hides nothing: is one mounted at ", directory, "?"),
                   text::join("mount -t ", directory == "/proc" ? "proc proc " : "sysfs sysfs ", directory));
  const std::string why = text::join("parts of ", directory, " are hidden by mounts at ", text::join_with(covers, " "));
  if (measured.outer != Outer::None) return missing(attempt, why, nest_rootless(measured.outer));
  return missing(attempt, why, text::join("umount ", text::join_with(covers, " ")));
}
Judgement proc_in_user(const Measured& measured) { return revealing(measured, Trial::Proc, measured.proc_covered, "/proc"); }
Judgement sysfs_in_user(const Measured& measured) { return revealing(measured, Trial::Sysfs, measured.sys_covered, "/sys"); }

Judgement idmap(const Measured& measured, const Attempt& attempt, std::string_view needs) {
  if (attempt.works()) return {};
  if (attempt.error == EINVAL)  // the file system cannot
    return {
        .state = State::Limited, .value = "this file system cannot", .turn_on = newer_kernel(needs), .error = attempt.error};
  return judge_as_root(measured, attempt);
}
Judgement judged_idmap_root(const Measured& measured) {
  Judgement judged = idmap(measured, measured.trials.alone[Trial::IdmapRoot], "5.12");
  if (judged.state == State::Limited) {
    judged.value = "the file system of / cannot";
    judged.turn_on = "keep root file systems on ext4, xfs or btrfs";
  }
  return judged;
}
Judgement judged_idmap_tmpfs(const Measured& measured) {
  return idmap(measured, measured.trials.alone[Trial::IdmapTmpfs], "6.3");
}
Judgement idmap_in_user(const Measured& measured) {
  const Attempt& attempt = measured.trials.in_user[Trial::IdmapTmpfs];
  if (attempt.error == EINVAL)
    return {.state = State::Limited, .value = "tmpfs cannot", .turn_on = newer_kernel("6.3"), .error = attempt.error};
  return judge_inside(measured, attempt);
}

Judgement binfmt_on_host(const Measured& measured) {
  if (!measured.binfmt.empty()) return {.value = text::join("mounted at ", measured.binfmt)};
  const Attempt& attempt = measured.trials.alone[Trial::BinfmtMisc];
  if (attempt.error == ENODEV) return unknown_type(measured, attempt, "binfmt_misc", "CONFIG_BINFMT_MISC");
  if (measured.caller.uid != 0)
    return {.state = State::Limited,
            .value = "not mounted",
            .turn_on = on_host(measured, "mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc")};
  if (!attempt.works()) return judge_as_root(measured, attempt);
  return {.state = State::Limited,
          .value = "known to the kernel, not mounted",
          .turn_on = "mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc"};
}
Judgement binfmt_in_user(const Measured& measured) {
  const Attempt& attempt = measured.trials.in_user[Trial::BinfmtMisc];
  if (attempt.error == ENODEV) return unknown_type(measured, attempt, "binfmt_misc", "CONFIG_BINFMT_MISC");
  if (attempt.error == EPERM && measured.kernel < host::KernelVersion{6, 7})
    return missing(attempt, words_of(attempt), newer_kernel("6.7"));
  return judge_inside(measured, attempt);
}

constexpr std::string_view kRoot = "as root", kUser = "in a user namespace";

constexpr Check root_row(std::string_view name, std::string_view title, Judgement (*judge)(const Measured&),
                         Needed needed = Needed::ForNothing) {
  return {.name = name, .title = title, .group = kRoot, .needed = needed, .judge = judge};
}
constexpr Check user_row(std::string_view name, std::string_view title, Judgement (*judge)(const Measured&),
                         Needed needed = Needed::ForNothing) {
  return {.name = name, .title = title, .group = kUser, .needed = needed, .judge = judge};
}

constexpr Check kMounts[] = {
    root_row("mounts.fsopen", "fsopen", as_root<Trial::NewFilesystem>, Needed::Rootful),
    root_row("mounts.move_mount", "move_mount", as_root<Trial::AttachMount>, Needed::Rootful),
    root_row("mounts.open_tree", "open_tree", as_root<Trial::CloneTree>, Needed::Rootful),
    root_row("mounts.mount_setattr", "mount_setattr", as_root<Trial::MountAttributes>, Needed::Rootful),
    root_row("mounts.overlay", "overlay", overlay_as_root),
    root_row("mounts.idmap_root", "id-mapped mounts of /", judged_idmap_root),
    root_row("mounts.idmap_tmpfs", "id-mapped mounts of tmpfs", judged_idmap_tmpfs),
    root_row("mounts.binfmt_misc", "binfmt_misc", binfmt_on_host),
    user_row("mounts.in-user.fsopen", "fsopen", in_user<Trial::NewFilesystem>, Needed::Rootless),
    user_row("mounts.in-user.move_mount", "move_mount", in_user<Trial::AttachMount>, Needed::Rootless),
    user_row("mounts.in-user.open_tree", "open_tree", in_user<Trial::CloneTree>, Needed::Rootless),
    user_row("mounts.in-user.mount_setattr", "mount_setattr", in_user<Trial::MountAttributes>, Needed::Rootless),
    user_row("mounts.in-user.proc", "a fresh /proc", proc_in_user, Needed::Rootless),
    user_row("mounts.in-user.sysfs", "a fresh /sys", sysfs_in_user, Needed::Rootless),
    user_row("mounts.in-user.overlay", "overlay", overlay_in_user),
    user_row("mounts.in-user.idmap_tmpfs", "id-mapped mounts of tmpfs", idmap_in_user),
    user_row("mounts.in-user.binfmt_misc", "binfmt_misc", binfmt_in_user),
};

}  // namespace

std::span<const Check> mount_checks() noexcept { return kMounts; }

}  // namespace caisson::check
