// A process built again with plain commands: a shell script of unshare(1), mount(8), ip(8) and nsenter(1), in an order that
// works. Pure: made from facts alone. What cannot be done by hand is said in a comment where it would stand.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inspect/subject.hpp"
#include "mount/mountinfo.hpp"

namespace caisson::inspect {

// What a script needs to know besides the process.
struct ByHand {
  const Subject& subject;
  const std::vector<mount::MountInfo>& callers_mounts;
  // Of a root in memory: symbolic links that stand in it ("bin" -> "usr/bin").
  std::vector<std::pair<std::string, std::string>> root_links;
  std::vector<std::string> gateways;  // "default via 10.0.0.1 dev eth0"
  bool caller_is_root = false;
};

// One part of the script: what it is for, and its lines.
struct Part {
  std::string purpose;
  std::vector<std::string> lines;
};

// Parts that run outside first, then those inside the new namespaces, then the program.
struct Script {
  std::vector<Part> outside, inside;
  bool needs_holder = false;        // there are new namespaces, and a process that holds them
  std::string enter;                // "nsenter --target $first ..."; empty without new namespaces
  std::string privileges;           // "setpriv ..."; empty: those of whoever runs it
  std::string command;              // as a shell reads it
  std::vector<std::string> beyond;  // what no command can give it
};

Script script_of(const ByHand& facts);
// The whole of it, to be run by bash(1), which can write every character. "$@" of the script is run in place of the program
// when there is any.
std::string shell_text(const Script& script, std::string_view title);

// Parts of script_of.
struct MountCommands {
  std::vector<std::string> lines;
  // They read $layers, a directory out here, and put what a copy-on-write file system keeps into it, in memory.
  bool use_layers = false;
};
MountCommands mount_commands(const ByHand& facts);
// Whether the process has another root file system than the caller, so that a tree is built beside and moved into.
bool has_own_root(const ByHand& facts);
std::vector<std::string> device_commands_outside(const ByHand& facts);
std::vector<std::string> device_commands_inside(const ByHand& facts);
// What an id out here is inside; the overflow id where it is none, the same where there is no map.
std::uint32_t inside_id(const Fact<std::vector<spec::IdMapping>>& map, std::uint32_t id);
// "setpriv --bounding-set ... --no-new-privs": what the program may do.
std::string privilege_command(const ProcessFacts& process);

}  // namespace caisson::inspect
