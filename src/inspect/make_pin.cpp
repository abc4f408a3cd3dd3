#include "inspect/make_pin.hpp"

#include <linux/capability.h>

#include <cerrno>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/own_directory.hpp"
#include "inspect/pin_place.hpp"
#include "inspect/taken_name.hpp"
#include "inspect/target_word.hpp"
#include "sys/namespace.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

// Seen first, so that nothing is made for somebody who cannot finish it.
void require_mount_right(const std::string& name) {
  const auto sets = sys::get_capabilities().or_throw("read the capabilities");
  if ((sets.effective >> CAP_SYS_ADMIN & 1) != 0) return;
  throw Error(ErrorKind::Host, text::join("pin ", text::quoted(name), ": pins are mounts, which you may not make"), EPERM)
      .with_hint(text::join("caisson ns hold ", name, " keeps namespaces without any rights"));
}

// What the kernel refuses as EINVAL: a mount namespace is mounted only where it cannot become part of itself.
std::optional<Error> why_unmountable(const ChosenNamespace& chosen, const std::string& name) {
  if (chosen.type != ns::Type::Mount) return std::nullopt;
  const auto own = sys::open_namespace_file(sys::kCwd, "/proc/self/ns/mnt").or_throw("open /proc/self/ns/mnt");
  const bool same = sys::same_namespace(own.borrow(), chosen.fd.borrow()).or_throw("compare mount namespaces");
  const std::string what = text::join(namespace_link(chosen.type, chosen.inode), ": ");
  const std::string hint = text::join("caisson ns hold ", name, " keeps it by a process instead");
  if (same) return Error(ErrorKind::Host, text::join(what, "a mount namespace cannot be pinned inside itself")).with_hint(hint);
  return Error(ErrorKind::Host,
               text::join(what,
                          "the kernel pins a mount namespace only in one that is older than it, or (Linux 6.18) was made on "
                          "another processor with lower numbers"))
      .with_hint(hint);
}

// The pins made so far, until all are.
class Attempt {
 public:
  explicit Attempt(const std::string& state_root) : state_root_(state_root) {}
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  ~Attempt() {
    if (done_) return;
    for (const auto& [place, name] : made_) undo(place.file(name));
    remove_empty_places(state_root_);
  }

  std::string add(const ChosenNamespace& chosen, const std::string& name) {
    PinPlace place = PinPlace::make(state_root_, chosen.type);
    const PinFile file = place.file(name);
    if (file.state() == PinFileState::Left) file.remove();
    file.mount(chosen.fd.borrow());
    std::string path = file.path();
    made_.push_back({std::move(place), name});
    return path;
  }
  void commit() noexcept { done_ = true; }

 private:
  struct Made {
    PinPlace place;
    std::string name;
  };
  static void undo(const PinFile& file) noexcept {
    try {
      file.remove();
    } catch (const Error&) {  // the first failure is the one to tell
    }
  }

  std::string state_root_;
  std::vector<Made> made_;
  bool done_ = false;
};

void refuse_in_the_way(const std::string& state_root, const std::string& name, ns::Type type) {
  const auto place = PinPlace::find(state_root, place_of(type), type);
  if (!place) return;
  const PinFile file = place->file(name);
  const PinFileState state = file.state();
  const std::string what = text::join("the name ", text::quoted(name), " is taken: ", file.path());
  const std::string hint = text::join("caisson ns rm ", kind_and_name(type, name), " removes it");
  if (state == PinFileState::Elsewhere)
    throw Error(ErrorKind::Host, text::join(what, " is a pin in another mount namespace"))
        .with_hint(text::join(hint, ", there too"));
  if (state == PinFileState::Foreign)
    throw Error(ErrorKind::Host, text::join(what, " is there, but no namespace is mounted on it")).with_hint(hint);
}

}  // namespace

MadePins make_pins(const std::string& state_root, const std::string& name, const std::vector<ChosenNamespace>& chosen,
                   Unmountable unmountable) {
  require_mount_right(name);
  const sys::UniqueFd lock = lock_names(state_root);
  refuse_taken(state_root, name, chosen, PinnedBy::Mount);
  for (const ChosenNamespace& one : chosen) refuse_in_the_way(state_root, name, one.type);
  Attempt attempt(state_root);
  MadePins made;
  for (const ChosenNamespace& one : chosen) {
    try {
      made.paths.push_back(attempt.add(one, name));
    } catch (const Error& error) {
      const auto why = error.errno_value() == EINVAL ? why_unmountable(one, name) : std::nullopt;
      if (!why) throw;
      if (unmountable == Unmountable::IsAnError) throw Error(*why);
      made.left_out.push_back(text::join(why->message(), "; ", why->hint()));
    }
  }
  if (made.paths.empty()) throw Error(ErrorKind::Host, text::join("nothing can be pinned: ", made.left_out.front()));
  attempt.commit();
  return made;
}

}  // namespace caisson::inspect
