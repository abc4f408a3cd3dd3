#include "inspect/explain.hpp"

#include <algorithm>

#include "base/printable.hpp"
#include "base/text.hpp"
#include "inspect/rows.hpp"

namespace caisson::inspect {
namespace {

struct Lesson {
  ns::Type type;
  std::string_view flag;
  std::string_view says;
  std::string_view look;  // a command; PID stands for the process
};

constexpr Lesson kLessons[] = {
    {ns::Type::User, "CLONE_NEWUSER",
     "Ids inside stand for other ids outside, by two maps. Whoever is in it can have every capability, but only over what "
     "belongs "
     "to it: the namespaces that were made in it.",
     "cat /proc/PID/uid_map /proc/PID/gid_map"},
    {ns::Type::Pid, "CLONE_NEWPID",
     "Processes are numbered from 1 again, and see only each other. When its process 1 ends, the kernel kills the others.",
     "grep NSpid /proc/PID/status"},
    {ns::Type::Ipc, "CLONE_NEWIPC", "It has its own shared memory, semaphores and message queues, with their own limits.",
     "nsenter --target PID --user --ipc ipcs"},
    {ns::Type::Uts, "CLONE_NEWUTS", "It has a host name of its own.", "nsenter --target PID --user --uts hostname"},
    {ns::Type::Network, "CLONE_NEWNET",
     "It has its own devices, addresses, routes, firewall and ports. A new one has a loopback only, which is down; a pair of "
     "veth "
     "devices is a cable to another one.",
     "nsenter --target PID --user --net ip address"},
    {ns::Type::Mount, "CLONE_NEWNS",
     "It has its own list of mounts, which begins as a copy. Whether a later mount is seen on the other side is the "
     "propagation of "
     "the mount below it: shared, private, slave, unbindable.",
     "cat /proc/PID/mountinfo"},
    {ns::Type::Cgroup, "CLONE_NEWCGROUP",
     "The cgroup that the process stood in when it was made is shown as the root of the tree. It hides names; it limits "
     "nothing.",
     "nsenter --target PID --user --cgroup cat /proc/self/cgroup"},
    {ns::Type::Time, "CLONE_NEWTIME", "The clocks since boot are shifted; the time of day is the machine's.",
     "cat /proc/PID/timens_offsets"},
};

const Lesson& lesson_of(ns::Type type) { return *std::ranges::find(kLessons, type, &Lesson::type); }

std::string with_pid(std::string_view command, pid_t pid) {
  std::string out(command);
  for (std::size_t at = out.find("PID"); at != std::string::npos; at = out.find("PID", at)) out.replace(at, 3, text::join(pid));
  return out;
}

// Lines of at most 100 columns, each indented.
std::string folded(std::string_view words_of, std::string_view indent) {
  constexpr std::size_t kWidth = 100;
  std::string out, line(indent);
  for (const std::string_view word : words(words_of)) {
    if (line.size() > indent.size() && line.size() + 1 + word.size() > kWidth) {
      out += line + "\n";
      line = indent;
    }
    line += text::join(line.size() > indent.size() ? " " : "", word);
  }
  return out + line + "\n";
}

std::string indented(std::string_view lines, std::string_view indent) {
  std::string out;
  for (const std::string_view line : text::split(lines, '\n')) out += line.empty() ? "\n" : text::join(indent, line, "\n");
  return out;
}

// What is special about this one, below the lesson of its kind.
Rows particulars(const ByHand& facts, ns::Type type) {
  const Subject& subject = facts.subject;
  switch (type) {
    case ns::Type::User:
      return map_rows(subject.process);
    case ns::Type::Uts:
      return host_name_rows(subject.inside);
    case ns::Type::Network:
      return device_rows(subject.inside.links);
    case ns::Type::Time:
      return clock_rows(subject.inside.clocks);
    case ns::Type::Pid: {
      Rows rows = identity_rows(subject.process);
      rows.erase(rows.begin() + 1, rows.end());
      return rows;
    }
    case ns::Type::Mount:
      return {{"root", subject.process.root.known() ? *subject.process.root : missing_in_words(subject.process.root.missing)},
              {"mounts", subject.process.mounts.known() ? text::join(subject.process.mounts->size())
                                                        : missing_in_words(subject.process.mounts.missing)}};
    case ns::Type::Ipc:
    case ns::Type::Cgroup:
      break;
  }
  return {};
}

std::string namespaces_text(const ByHand& facts) {
  std::string out, shared, unknown;
  for (const NamespaceSeen& seen : facts.subject.process.namespaces) {
    const ns::Kind& kind = ns::kind_of(seen.type);
    if (!seen.own.known()) {
      unknown += text::join("  ", kind.proc, "  ", missing_in_words(seen.own.missing), "\n");
      continue;
    }
    if (!seen.differs_from_callers()) {
      shared += text::join(shared.empty() ? "" : ", ", kind.proc);
      continue;
    }
    const Lesson& lesson = lesson_of(seen.type);
    out += text::join("\n", kind.oci, " namespace ", kind.proc, ":[", *seen.own, "]   ", lesson.flag, "\n");
    out += folded(lesson.says, "  ");
    out += aligned(particulars(facts, seen.type));
    out += text::join("  look: ", with_pid(lesson.look, facts.subject.process.pid), "\n");
  }
  if (out.empty()) out = "\nIt has no namespace of its own: it stands where you stand.\n";
  if (!shared.empty()) out += text::join("\nShared with you: ", shared, "\n");
  return out + (unknown.empty() ? "" : text::join("\nNot for you to see\n", unknown));
}

std::string privileges_text(const ByHand& facts) {
  const ProcessFacts& process = facts.subject.process;
  Rows rows = capability_rows(process.status);
  for (Row& row : security_rows(process)) rows.push_back(std::move(row));
  std::string out = "\nWhat it may do\n";
  out += folded(
      "Root's powers are cut into capabilities. The bounding set is what no program it starts can ever get; no_new_privs makes "
      "setuid "
      "programs ordinary ones; a seccomp filter decides on every system call.",
      "  ");
  return out + aligned(rows) + text::join("  look: grep -E 'Cap|NoNewPrivs|Seccomp' /proc/", process.pid, "/status\n");
}

std::string cgroup_text(const ByHand& facts) {
  const ProcessFacts& process = facts.subject.process;
  std::string out = "\nWhat it may use\n";
  out += folded("A cgroup is a directory; whoever is listed in its cgroup.procs shares its limits, with all children.", "  ");
  return out + aligned(cgroup_rows(process.cgroups, Figures::Limits)) +
         text::join("  look: cat /proc/", process.pid, "/cgroup\n");
}

std::string enter_text(const Script& script, pid_t pid) {
  if (!script.needs_holder) return {};
  std::string line = script.enter;
  const std::string_view holder = "$first";
  line.replace(line.find(holder), holder.size(), text::join(pid));
  return text::join("\nEnter it\n  ", line, " sh\n");
}

}  // namespace

std::string explain_text(const ByHand& facts) {
  const Subject& subject = facts.subject;
  const ProcessFacts& process = subject.process;
  const std::string command = process.command.known() ? *process.command : missing_in_words(process.command.missing);
  const std::string title = text::join("process ", process.pid, ": ", text::printable(command));
  const Script script = script_of(facts);
  std::string out = text::join(
      subject.container.empty() ? "" : text::join("container ", text::printable(subject.container), ", "), title, "\n");
  out += "\n";
  out += folded(
      "The kernel has no containers. It has processes, and each belongs to one namespace of every kind: what it sees of the "
      "machine "
      "is what is in them. A container is a process that has some of its own, with a root directory, privileges and limits to "
      "match.",
      "");
  out += namespaces_text(facts);
  out += privileges_text(facts);
  out += cgroup_text(facts);
  out += enter_text(script, process.pid);
  out += "\nThe same by hand\n";
  return out + indented(shell_text(script, title), "  ");
}

std::vector<std::string> parse_gateways(std::string_view table) {
  std::vector<std::string> out;
  for (const std::string_view line : text::split(table, '\n')) {
    const auto fields = words(line);
    if (fields.size() < 8 || fields[1] != "00000000" || fields[2] == "00000000" || fields[7] != "00000000") continue;
    const auto address = text::parse_number<std::uint32_t>(fields[2], 16);
    if (!address) continue;
    out.push_back(text::join("default via ", *address & 255, ".", *address >> 8 & 255, ".", *address >> 16 & 255, ".",
                             *address >> 24, " dev ", shell_word(fields[0])));
  }
  return out;
}

}  // namespace caisson::inspect
