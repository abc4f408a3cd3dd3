#include "mount/options.hpp"

#include <sys/mount.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace caisson::mount {
namespace {

using namespace sys::abi;
using enum OptionScope;

constexpr std::uint64_t special(SpecialOption option) { return static_cast<std::uint64_t>(option); }
constexpr std::uint64_t kAtime = kMountAttrAtimeMask;

// An access-time mode replaces any other; "atime" and the "norelatime" kind give back the kernel's default, relatime.
constexpr std::array kOptions{
    OptionRow{"defaults", Nothing, 0, 0},
    OptionRow{"ro", Mount, kMountAttrRdonly, 0},
    OptionRow{"rw", Mount, 0, kMountAttrRdonly},
    OptionRow{"suid", Mount, 0, kMountAttrNosuid},
    OptionRow{"nosuid", Mount, kMountAttrNosuid, 0},
    OptionRow{"dev", Mount, 0, kMountAttrNodev},
    OptionRow{"nodev", Mount, kMountAttrNodev, 0},
    OptionRow{"exec", Mount, 0, kMountAttrNoexec},
    OptionRow{"noexec", Mount, kMountAttrNoexec, 0},
    OptionRow{"symfollow", Mount, 0, kMountAttrNosymfollow},
    OptionRow{"nosymfollow", Mount, kMountAttrNosymfollow, 0},
    OptionRow{"atime", Mount, kMountAttrRelatime, kAtime},
    OptionRow{"noatime", Mount, kMountAttrNoatime, kAtime},
    OptionRow{"diratime", Mount, 0, kMountAttrNodiratime},
    OptionRow{"nodiratime", Mount, kMountAttrNodiratime, 0},
    OptionRow{"relatime", Mount, kMountAttrRelatime, kAtime},
    OptionRow{"norelatime", Mount, kMountAttrRelatime, kAtime},
    OptionRow{"strictatime", Mount, kMountAttrStrictatime, kAtime},
    OptionRow{"nostrictatime", Mount, kMountAttrRelatime, kAtime},
    OptionRow{"sync", Filesystem, MS_SYNCHRONOUS, 0},
    OptionRow{"async", Filesystem, 0, MS_SYNCHRONOUS},
    OptionRow{"dirsync", Filesystem, MS_DIRSYNC, 0},
    OptionRow{"mand", Filesystem, MS_MANDLOCK, 0},
    OptionRow{"nomand", Filesystem, 0, MS_MANDLOCK},
    OptionRow{"iversion", Filesystem, MS_I_VERSION, 0},
    OptionRow{"noiversion", Filesystem, 0, MS_I_VERSION},
    OptionRow{"lazytime", Filesystem, kMsLazytime, 0},
    OptionRow{"nolazytime", Filesystem, 0, kMsLazytime},
    OptionRow{"silent", Filesystem, MS_SILENT, 0},
    OptionRow{"loud", Filesystem, 0, MS_SILENT},
    OptionRow{"private", Propagation, MS_PRIVATE, 0},
    OptionRow{"shared", Propagation, MS_SHARED, 0},
    OptionRow{"slave", Propagation, MS_SLAVE, 0},
    OptionRow{"unbindable", Propagation, MS_UNBINDABLE, 0},
    OptionRow{"rprivate", Propagation, MS_PRIVATE | MS_REC, 0},
    OptionRow{"rshared", Propagation, MS_SHARED | MS_REC, 0},
    OptionRow{"rslave", Propagation, MS_SLAVE | MS_REC, 0},
    OptionRow{"runbindable", Propagation, MS_UNBINDABLE | MS_REC, 0},
    OptionRow{"rro", Tree, kMountAttrRdonly, 0},
    OptionRow{"rrw", Tree, 0, kMountAttrRdonly},
    OptionRow{"rsuid", Tree, 0, kMountAttrNosuid},
    OptionRow{"rnosuid", Tree, kMountAttrNosuid, 0},
    OptionRow{"rdev", Tree, 0, kMountAttrNodev},
    OptionRow{"rnodev", Tree, kMountAttrNodev, 0},
    OptionRow{"rexec", Tree, 0, kMountAttrNoexec},
    OptionRow{"rnoexec", Tree, kMountAttrNoexec, 0},
    OptionRow{"rsymfollow", Tree, 0, kMountAttrNosymfollow},
    OptionRow{"rnosymfollow", Tree, kMountAttrNosymfollow, 0},
    OptionRow{"ratime", Tree, kMountAttrRelatime, kAtime},
    OptionRow{"rnoatime", Tree, kMountAttrNoatime, kAtime},
    OptionRow{"rdiratime", Tree, 0, kMountAttrNodiratime},
    OptionRow{"rnodiratime", Tree, kMountAttrNodiratime, 0},
    OptionRow{"rrelatime", Tree, kMountAttrRelatime, kAtime},
    OptionRow{"rnorelatime", Tree, kMountAttrRelatime, kAtime},
    OptionRow{"rstrictatime", Tree, kMountAttrStrictatime, kAtime},
    OptionRow{"rnostrictatime", Tree, kMountAttrRelatime, kAtime},
    OptionRow{"bind", Special, special(SpecialOption::Bind), 0},
    OptionRow{"rbind", Special, special(SpecialOption::RecursiveBind), 0},
    OptionRow{"remount", Special, special(SpecialOption::Remount), 0},
    OptionRow{"tmpcopyup", Special, special(SpecialOption::CopyUp), 0},
    OptionRow{"idmap", Special, special(SpecialOption::IdMap), 0},
    OptionRow{"ridmap", Special, special(SpecialOption::RecursiveIdMap), 0},
};

constexpr bool names_are_unique() {
  for (std::size_t a = 0; a < kOptions.size(); ++a)
    for (std::size_t b = a + 1; b < kOptions.size(); ++b)
      if (kOptions[a].name == kOptions[b].name) return false;
  return true;
}
static_assert(names_are_unique());

// mount_setattr(2) wants the whole access-time mask cleared when a mode is set.
void apply(AttributeChange& change, const OptionRow& row) {
  change.set = (change.set & ~row.clear) | row.set;
  change.clear = (change.clear & ~row.set) | row.clear;
}

void apply_special(SpecialOption option, Options& out) {
  switch (option) {
    case SpecialOption::Bind:
      out.bind = true;
      return;
    case SpecialOption::RecursiveBind:
      out.bind = out.recursive_bind = true;
      return;
    case SpecialOption::Remount:
      out.remount = true;
      return;
    case SpecialOption::CopyUp:
      out.copy_up = true;
      return;
    case SpecialOption::IdMap:
      out.idmap = IdMapping::Mount;
      return;
    case SpecialOption::RecursiveIdMap:
      out.idmap = IdMapping::Tree;
      return;
  }
}

void apply_row(const OptionRow& row, Options& out) {
  switch (row.scope) {
    case Nothing:
      return;
    case Mount:
      return apply(out.mount, row);
    case Tree:
      return apply(out.tree, row);
    case Filesystem:
      return apply(out.filesystem, row);
    case Propagation:
      out.propagation.push_back(row.set);
      return;
    case Special:
      return apply_special(static_cast<SpecialOption>(row.set), out);
  }
}

void name_changes(const AttributeChange& change, OptionScope scope, std::vector<std::string>& out) {
  bool atime_named = false;
  for (const OptionRow& row : kOptions) {
    if (row.scope != scope) continue;
    const bool is_atime = row.clear == kAtime && scope != Filesystem;
    const bool fits = is_atime ? !atime_named && (change.clear & kAtime) == kAtime && (change.set & kAtime) == row.set
                               : (change.set & row.set) == row.set && (change.clear & row.clear) == row.clear;
    if (!fits) continue;
    atime_named = atime_named || is_atime;
    out.emplace_back(row.name);
  }
}

}  // namespace

std::span<const OptionRow> option_table() noexcept { return kOptions; }

std::vector<std::string> option_names() {
  std::vector<std::string> names;
  for (const OptionRow& row : kOptions) names.emplace_back(row.name);
  return names;
}

Options parse_options(std::span<const std::string> options) {
  Options out;
  for (const std::string& option : options) {
    const auto row = std::ranges::find(kOptions, option, &OptionRow::name);
    if (row != kOptions.end()) {
      apply_row(*row, out);
    } else if (!option.empty()) {
      out.data.push_back(option);
    }
  }
  return out;
}

unsigned long mount_flags_of(std::uint64_t attributes) noexcept {
  struct Pair {
    std::uint64_t attribute;
    unsigned long flag;
  };
  constexpr Pair kPairs[] = {
      {kMountAttrRdonly, MS_RDONLY},   {kMountAttrNosuid, MS_NOSUID},           {kMountAttrNodev, MS_NODEV},
      {kMountAttrNoexec, MS_NOEXEC},   {kMountAttrNosymfollow, kMsNosymfollow}, {kMountAttrNodiratime, MS_NODIRATIME},
      {kMountAttrNoatime, MS_NOATIME}, {kMountAttrStrictatime, MS_STRICTATIME}};
  unsigned long flags = 0;
  for (const auto& [attribute, flag] : kPairs)
    if ((attributes & attribute) != 0) flags |= flag;
  return flags;
}

std::string_view propagation_name(unsigned long flags) noexcept {
  const auto row = std::ranges::find_if(
      kOptions, [flags](const OptionRow& candidate) { return candidate.scope == Propagation && candidate.set == flags; });
  return row == kOptions.end() ? std::string_view() : row->name;
}

std::string describe(const Options& options) {
  std::vector<std::string> words;
  if (options.bind) words.emplace_back(options.recursive_bind ? "rbind" : "bind");
  if (options.remount) words.emplace_back("remount");
  name_changes(options.mount, Mount, words);
  name_changes(options.filesystem, Filesystem, words);
  name_changes(options.tree, Tree, words);
  for (const unsigned long flags : options.propagation) words.emplace_back(propagation_name(flags));
  if (options.copy_up) words.emplace_back("tmpcopyup");
  if (options.idmap != IdMapping::None) words.emplace_back(options.idmap == IdMapping::Tree ? "ridmap" : "idmap");
  words.insert(words.end(), options.data.begin(), options.data.end());
  return text::join_with(words, ",");
}

}  // namespace caisson::mount
