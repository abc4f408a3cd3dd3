// The directories that pins are mounted in, made on demand:
//   <state root>/.ns    mounted on itself, private: a mount namespace can be pinned only where nothing propagates, and no other
//                       mount namespace gets copies
//   /run/netns          as ip-netns(8) makes it: mounted on itself, shared, so that services started earlier see the names too
#pragma once

#include <optional>
#include <string>

#include "inspect/pin.hpp"
#include "inspect/pin_file.hpp"
#include "ns/kinds.hpp"
#include "sys/fd.hpp"

namespace caisson::inspect {

class PinPlace {
 public:
  // Nothing when there is none yet.
  static std::optional<PinPlace> find(const std::string& state_root, PinnedBy by, ns::Type type);
  static PinPlace make(const std::string& state_root, ns::Type type);

  PinFile file(std::string name) const { return {by_, type_, directory_.borrow(), path_, std::move(name)}; }
  const std::string& path() const noexcept { return path_; }

 private:
  PinPlace(PinnedBy by, ns::Type type, sys::UniqueFd directory, std::string path)
      : by_(by), type_(type), directory_(std::move(directory)), path_(std::move(path)) {}

  PinnedBy by_;
  ns::Type type_;
  sys::UniqueFd directory_;
  std::string path_;
};

// kind net is kept where ip-netns(8) keeps it.
constexpr PinnedBy place_of(ns::Type type) { return type == ns::Type::Network ? PinnedBy::IpNetns : PinnedBy::Mount; }

// Takes the directories below the state root away again when no pin is left in them. Of /run/netns nothing, as ip-netns(8)
// does.
void remove_empty_places(const std::string& state_root);

}  // namespace caisson::inspect
