// The word by which a user names a process, container, pin or namespace, taken apart. Pure: whether there is such a thing is
// target.hpp's question. What has a slash is a path, whatever else it looks like; only digits are a process id.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ns/kinds.hpp"

namespace caisson::inspect {

enum class WordForm : std::uint8_t { Process, Container, Name, Path, Inode, Id };

struct TargetWord {
  WordForm form = WordForm::Name;
  std::optional<ns::Type> type;  // Inode: always; Name: when it was given
  std::string text;              // Container: its id; Name; Path
  std::uint64_t number = 0;      // Process, Inode, Id
};

// Throws Error{Usage} for words that can mean nothing.
TargetWord parse_target_word(std::string_view word);

// "user pid ipc uts net mnt cgroup time": for messages.
std::string kind_names();
// "mnt" or "mount". Throws Error{Usage} with the nearest known kind as its hint.
ns::Type parse_kind(std::string_view name);
// "net:[4026531833]", as links of /proc/PID/ns, descriptors and mounts show a namespace. Nothing for other texts, and for the
// links of pidfds and of other files.
struct NamespaceLink {
  ns::Type type = ns::Type::User;
  std::uint64_t inode = 0;
  bool operator==(const NamespaceLink&) const = default;
};
std::optional<NamespaceLink> parse_namespace_link(std::string_view link) noexcept;
std::string namespace_link(ns::Type type, std::uint64_t inode);

// What a new pin may be called: 1 to 255 letters, digits and _ + - . that do not begin with a dot or a dash, and not only
// digits, which would be taken for a process id. Throws Error{Usage}.
void check_pin_name(std::string_view name);

}  // namespace caisson::inspect
