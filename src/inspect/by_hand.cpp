#include "inspect/by_hand.hpp"

#include <algorithm>

#include "base/printable.hpp"
#include "base/text.hpp"
#include "inspect/rows.hpp"
#include "security/capabilities.hpp"

namespace caisson::inspect {
namespace {

bool is_new(const ByHand& facts, ns::Type type) {
  const NamespaceSeen* seen = facts.subject.process.find(type);
  return seen != nullptr && seen->differs_from_callers();
}

struct UnshareOption {
  ns::Type type;
  std::string_view option;
};
constexpr UnshareOption kUnshareOptions[] = {
    {ns::Type::User, "--user"},   {ns::Type::Mount, "--mount"},   {ns::Type::Uts, "--uts"},   {ns::Type::Ipc, "--ipc"},
    {ns::Type::Network, "--net"}, {ns::Type::Cgroup, "--cgroup"}, {ns::Type::Time, "--time"}, {ns::Type::Pid, "--pid"},
};

bool needs_fork(const ByHand& facts) { return is_new(facts, ns::Type::Pid) || is_new(facts, ns::Type::Time); }

bool all_private(const std::vector<mount::MountInfo>& mounts) {
  return std::ranges::none_of(mounts,
                              [](const mount::MountInfo& mount) { return mount.shared || mount.master || mount.unbindable; });
}

std::string unshare_line(const ByHand& facts) {
  std::string line = "unshare";
  for (const UnshareOption& row : kUnshareOptions)
    if (is_new(facts, row.type)) line += text::join(" ", row.option);
  const auto& mounts = facts.subject.process.mounts;
  if (is_new(facts, ns::Type::Mount) && mounts.known() && !has_own_root(facts) && !all_private(*mounts))
    line += " --propagation unchanged";
  const auto& clocks = facts.subject.inside.clocks;
  if (is_new(facts, ns::Type::Time) && clocks.known())
    for (const ClockOffset& offset : *clocks)
      if (offset.seconds != 0) line += text::join(" --", offset.clock, "=", offset.seconds);
  if (needs_fork(facts)) line += " --fork";
  return line + " sleep infinity &";
}

// At the end of the script the holder ends, and what was made besides is removed.
std::string trap_line(std::string_view besides) {
  return text::join("trap 'kill -KILL $started $first 2>/dev/null || :", besides, "' EXIT");
}

Part namespace_part(const ByHand& facts) {
  Part part{.purpose = "New namespaces, held by a process that only waits"};
  const auto& clocks = facts.subject.inside.clocks;
  if (is_new(facts, ns::Type::Time) && clocks.known())
    for (const ClockOffset& offset : *clocks)
      if (offset.nanoseconds != 0)
        part.lines.push_back(text::join("# unshare sets whole seconds only; ", offset.clock, " is ", offset_in_words(offset)));
  part.lines.push_back(unshare_line(facts));
  part.lines.push_back("started=$!");
  if (needs_fork(facts)) {
    part.lines.push_back("until first=$(pgrep -P $started); do sleep 0.1; done");
  } else {
    part.lines.push_back("first=$started");
  }
  part.lines.push_back(trap_line({}));
  part.lines.push_back("until [ \"$(cat /proc/$first/comm)\" = sleep ]; do sleep 0.1; done");
  return part;
}

std::string map_lines(const std::vector<spec::IdMapping>& map, std::string_view separator) {
  std::string out;
  for (const spec::IdMapping& range : map)
    out += text::join(range.container_id, " ", range.host_id, " ", range.size, separator);
  return out;
}

bool is_one_id(const std::vector<spec::IdMapping>& map) { return map.size() == 1 && map.front().size == 1; }

void add_map(const ByHand& facts, std::string_view file, std::string_view program,
             const Fact<std::vector<spec::IdMapping>>& map, std::vector<std::string>& lines) {
  if (!map.known()) {
    lines.push_back(text::join("# ", file, " ", missing_in_words(map.missing)));
  } else if (!map->empty() && (facts.caller_is_root || is_one_id(*map))) {
    lines.push_back(text::join("printf '", map_lines(*map, "\\n"), "' >/proc/$first/", file));
  } else if (!map->empty()) {
    lines.push_back(text::join(program, " $first ", text::trim(map_lines(*map, " "))));
  }
}

Part map_part(const ByHand& facts) {
  const IdMaps& maps = facts.subject.process.maps;
  Part part{.purpose = "Which ids inside are which outside: \"inside outside count\""};
  if (maps.setgroups.known() && *maps.setgroups == "deny") part.lines.push_back("echo deny >/proc/$first/setgroups");
  add_map(facts, "uid_map", "newuidmap", maps.uids, part.lines);
  add_map(facts, "gid_map", "newgidmap", maps.gids, part.lines);
  return part;
}

Part name_part(const ByHand& facts) {
  Part part{.purpose = "Its name"};
  const InsideFacts& inside = facts.subject.inside;
  if (inside.host_name.known()) part.lines.push_back(text::join("hostname ", shell_word(*inside.host_name)));
  if (inside.domain_name.known() && !inside.domain_name->empty() && *inside.domain_name != "(none)")
    part.lines.push_back(text::join("domainname ", shell_word(*inside.domain_name)));
  return part;
}

// The kinds that nsenter(1) is to enter: those that are new.
std::string enter_line(const ByHand& facts, std::string_view target) {
  std::string line = text::join("nsenter --target ", target);
  for (const UnshareOption& row : kUnshareOptions)
    if (is_new(facts, row.type)) line += text::join(" ", row.option);
  return line;
}

bool maps_root(const IdMaps& maps) {
  const auto has_zero = [](const Fact<std::vector<spec::IdMapping>>& map) {
    return map.known() && std::ranges::any_of(*map, [](const spec::IdMapping& range) { return range.container_id == 0; });
  };
  return has_zero(maps.uids) && has_zero(maps.gids);
}

}  // namespace

std::uint32_t inside_id(const Fact<std::vector<spec::IdMapping>>& map, std::uint32_t id) {
  constexpr std::uint32_t kOverflow = 65534;
  if (!map.known()) return id;
  for (const spec::IdMapping& range : *map)
    if (id >= range.host_id && id - range.host_id < range.size) return range.container_id + (id - range.host_id);
  return kOverflow;
}

std::string privilege_command(const ProcessFacts& process) {
  if (!process.status.known()) return {};
  const StatusFile& status = *process.status;
  const auto names = [](std::uint64_t mask) {
    std::string out = "-all";
    for (const std::string& name : security::capability_names(mask)) out += text::join(",+", text::lower_case(name.substr(4)));
    return out;
  };
  std::string line;
  const std::uint32_t user = inside_id(process.maps.uids, status.users[1]),
                      group = inside_id(process.maps.gids, status.groups[1]);
  if (user != 0) line += text::join(" --reuid=", user);
  if (group != 0) line += text::join(" --regid=", group);
  if ((user != 0 || group != 0) && process.maps.setgroups.value != "deny") line += " --clear-groups";
  if ((status.capabilities.bounding & security::kAllCapabilities) != security::kAllCapabilities)
    line += text::join(" --bounding-set=", names(status.capabilities.bounding));
  if (status.capabilities.inheritable != 0) line += text::join(" --inh-caps=", names(status.capabilities.inheritable));
  if (status.capabilities.ambient != 0) line += text::join(" --ambient-caps=", names(status.capabilities.ambient));
  if (status.no_new_privs.value_or(false)) line += " --no-new-privs";
  return line.empty() ? std::string() : "setpriv" + line;
}

namespace {

// nsenter becomes root inside. Without a root there it cannot; and who may not change his groups must be that root already.
std::string_view credentials_option(const ByHand& facts) {
  const IdMaps& maps = facts.subject.process.maps;
  if (!maps_root(maps)) return " --preserve-credentials --keep-caps";
  return !facts.caller_is_root && maps.setgroups.value == "deny" ? " --preserve-credentials" : "";
}

// Directories out here that are mounted on inside, and removed at the end.
Part place_part(bool own_root, bool layers) {
  Part part{own_root ? "A place to build its root at" : "A place for what its file systems keep", {}};
  std::string names, words;
  const auto place = [&](std::string_view name) {
    part.lines.push_back(text::join(name, "=$(mktemp -d)"));
    names += text::join(" ", name);
    words += text::join(" \"$", name, "\"");
  };
  if (own_root) place("new");
  if (layers) place("layers");
  if (part.lines.empty()) return part;
  part.lines.push_back("export" + names);
  part.lines.push_back(trap_line("; rmdir" + words));
  return part;
}

}  // namespace

Script script_of(const ByHand& facts) {
  Script script;
  const ProcessFacts& process = facts.subject.process;
  script.needs_holder = std::ranges::any_of(process.namespaces, &NamespaceSeen::differs_from_callers);
  if (script.needs_holder) script.outside.push_back(namespace_part(facts));
  if (is_new(facts, ns::Type::User)) script.outside.push_back(map_part(facts));
  if (is_new(facts, ns::Type::Network)) {
    if (auto lines = device_commands_outside(facts); !lines.empty())
      script.outside.push_back({"Network devices with an end out here", std::move(lines)});
    if (auto lines = device_commands_inside(facts); !lines.empty())
      script.inside.push_back({"Network devices and addresses", std::move(lines)});
  }
  if (is_new(facts, ns::Type::Uts)) script.inside.push_back(name_part(facts));
  if (is_new(facts, ns::Type::Mount)) {
    MountCommands mounts = mount_commands(facts);
    if (Part places = place_part(has_own_root(facts), mounts.use_layers); !places.lines.empty())
      script.outside.push_back(std::move(places));
    if (!mounts.lines.empty()) script.inside.push_back({"Mounts", std::move(mounts.lines)});
  }
  if (script.needs_holder) script.enter = enter_line(facts, "$first");
  if (is_new(facts, ns::Type::User)) script.enter += credentials_option(facts);
  if (facts.caller_is_root || is_new(facts, ns::Type::User)) script.privileges = privilege_command(process);
  script.command = process.command.known() && !process.command->starts_with('[') ? *process.command : std::string("sh");
  if (process.status.known() && process.status->seccomp.value_or(0) == 2)
    script.beyond.push_back("its seccomp filters: a program has to load them itself");
  if (process.label.known()) script.beyond.push_back("its security label");
  return script;
}

std::string shell_text(const Script& script, std::string_view title) {
  std::string out = text::join("#!/bin/bash\n# ", text::printable(title), "\nset -eu\n");
  const auto add = [&out](const Part& part) {
    out += text::join("\n# ", part.purpose, "\n");
    for (const std::string& line : part.lines) out += line + "\n";
  };
  for (const Part& part : script.outside) add(part);
  if (!script.inside.empty()) {
    out += text::join("\n# Inside\n", script.enter, " bash -eu <<'INSIDE'\n");
    for (const Part& part : script.inside) add(part);
    out += "INSIDE\n";
  }
  out += "\n# The program, or another one\n";
  out += text::join("[ $# -gt 0 ] || set -- ", script.command, "\n");
  for (const std::string& one : script.beyond) out += text::join("# What no command can give it: ", one, "\n");
  const auto word = [](const std::string& words) { return words.empty() ? std::string() : words + " "; };
  return out + word(script.enter) + word(script.privileges) + "\"$@\"\n";
}

}  // namespace caisson::inspect
