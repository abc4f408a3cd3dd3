#include <algorithm>

#include "base/text.hpp"
#include "inspect/display_text.hpp"
#include "inspect/map_parts.hpp"

namespace caisson::inspect {
namespace {

// Inside a pid namespace process 2 is anybody.
bool has_kernel_threads(const Machine& machine) {
  const auto second = std::ranges::find(machine.processes, 2, &Process::pid);
  return second != machine.processes.end() && second->parent == 0 && second->command == "kthreadd";
}
bool is_kernel_thread(const Process& process) { return process.pid == 2 || process.parent == 2; }

NamespaceInodes masked(NamespaceInodes inodes, const KindSet& kinds) {
  for (std::size_t i = 0; i < kKindCount; ++i)
    if (!kinds[i]) inodes[i] = kUnknown;
  return inodes;
}

// The namespaces of the host: those of process 1, or where it may not be read, those that most processes are in.
NamespaceInodes host_namespaces(const Machine& machine) {
  NamespaceInodes host{};
  for (std::size_t i = 0; i < kKindCount; ++i) {
    std::map<std::uint64_t, std::size_t> counts;
    for (const Process& process : machine.processes) {
      if (process.pid == 1 && process.namespaces[i] != kUnknown) counts[process.namespaces[i]] += machine.processes.size();
      if (process.namespaces[i] != kUnknown) ++counts[process.namespaces[i]];
    }
    const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
    if (most != counts.end()) host[i] = most->first;
  }
  return host;
}

// "nginx" of "/usr/sbin/nginx -g daemon off;".
std::string program_of(const std::string& command) {
  const std::string word = command.substr(0, command.find_first_of(" \t\n"));
  return displayable(std::string_view(word).substr(word.rfind('/') + 1), 60);
}

// "docker:4f1e5d6c7b8a" of the 64 digits that engines number containers with.
std::string short_container(const std::string& name) {
  constexpr std::size_t kDigits = 12;
  const std::size_t begin = name.rfind(':') + 1;
  const std::string_view id = std::string_view(name).substr(begin);
  const bool is_number = id.size() >= 32 && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return is_number ? name.substr(0, begin + kDigits) : displayable(name, 80);
}

CardKind kind_of(const Process& process, bool on_host) {
  if (!process.container.empty()) return CardKind::Container;
  return on_host ? CardKind::Host : CardKind::Processes;
}

// Cards are found again by what makes their processes belong together.
using Key = std::tuple<CardKind, std::string, NamespaceInodes>;

class CardMaker {
 public:
  CardMaker(const MapOptions& options, const NamespaceInodes& host, Map& map) : options_(options), host_(host), map_(map) {
    MapCard card{.kind = CardKind::Host, .name = "host", .namespaces = host};
    index_[{CardKind::Host, "", host}] = 0;
    map_.cards.push_back(std::move(card));
  }

  void add_kernel_thread(const Process& process) { add(process, CardKind::KernelThreads, host_); }
  void add(const Process& process) {
    const NamespaceInodes inodes = masked(process.namespaces, options_.kinds);
    add(process, kind_of(process, inodes == host_), inodes);
  }

 private:
  void add(const Process& process, CardKind kind, const NamespaceInodes& inodes) {
    const Key key{kind, process.container, inodes};
    const auto [found, is_new] = index_.try_emplace(key, map_.cards.size());
    if (is_new) map_.cards.push_back(new_card(kind, process, inodes));
    map_.cards[found->second].processes.push_back({process.pid, displayable(process.command)});
  }

  MapCard new_card(CardKind kind, const Process& process, const NamespaceInodes& inodes) {
    MapCard card{.kind = kind, .namespaces = inodes};
    for (std::size_t i = 0; i < kKindCount; ++i) card.own[i] = inodes[i] != kUnknown && inodes[i] != host_[i];
    if (kind == CardKind::KernelThreads) {
      card.name = "kernel threads";
    } else if (kind == CardKind::Container) {
      const bool again = !containers_.insert({process.container, 0}).second;
      card.container = displayable(process.container);
      card.name = short_container(card.container);
      // Not the container as it was made: a process in it has namespaces of its own, or left some.
      if (again) card.name += " · " + program_of(process.command);
      card.detail = program_of(process.command);
    } else {
      card.name = program_of(process.command);
      card.detail = displayable(process.command);
    }
    return card;
  }

  const MapOptions& options_;
  const NamespaceInodes& host_;
  Map& map_;
  std::map<Key, std::size_t> index_;
  std::map<std::string, int> containers_;
};

std::string holder_words(const Holder& holder) {
  const auto of = [&] { return text::join(" of process ", holder.pid); };
  switch (holder.how) {
    case HeldBy::Thread:
      return text::join("thread ", holder.thread, of());
    case HeldBy::Descriptor:
      return text::join("descriptor ", holder.descriptor, of());
    case HeldBy::Socket:
      return text::join("socket ", holder.descriptor, of());
    case HeldBy::Mount:
      return text::join("mount ", displayable(holder.path, 120),
                        holder.mount_namespace == 0 ? std::string() : " seen by" + of().substr(3));
    case HeldBy::Children:
      return "namespaces inside it";
    case HeldBy::FutureChildren:
      return "future children" + of();
  }
  return {};
}

std::string held_by(const NamespaceEntry& entry) {
  constexpr std::size_t kMost = 4;
  std::vector<std::string> words;
  for (const Holder& holder : entry.holders)
    if (words.size() < kMost) words.push_back(holder_words(holder));
  if (entry.holders.size() > kMost) words.push_back(text::join("and ", entry.holders.size() - kMost, " more"));
  return words.empty() ? "held by something that cannot be seen" : "held by " + text::join_with(words, ", ");
}

// A user or pid namespace that only has others inside is a frame, not a card.
bool is_only_a_frame(const NamespaceEntry& entry) {
  return !entry.holders.empty() &&
         std::ranges::all_of(entry.holders, [](const Holder& one) { return one.how == HeldBy::Children; });
}

void add_held(const NamespaceEntry& entry, const NamespaceInodes& host, const KindSet& kinds, Map& map) {
  const std::string words = namespace_words(entry.type, entry.inode), names = names_of(entry);
  MapCard card{.kind = CardKind::Held, .name = names.empty() ? words : names, .detail = held_by(entry)};
  card.lines = {words + ", no process, " + card.detail};
  const std::uint64_t owner = entry.type == ns::Type::User ? entry.parent : entry.owner;
  if (kinds[at(ns::Type::User)]) card.namespaces[at(ns::Type::User)] = owner == kUnknown ? host[at(ns::Type::User)] : owner;
  card.namespaces[at(entry.type)] = entry.inode;
  card.own[at(entry.type)] = true;
  map.cards.push_back(std::move(card));
}

}  // namespace

std::string namespace_words(ns::Type type, std::uint64_t inode) { return text::join(ns::kind_of(type).proc, ":[", inode, "]"); }

std::string names_of(const NamespaceEntry& entry) {
  std::vector<std::string> names;
  for (const std::string& name : entry.names) names.push_back(displayable(name, 80));
  return text::join_with(names, ", ");
}

NamespaceIndex index_of(const Machine& machine) {
  NamespaceIndex index;
  for (const NamespaceEntry& entry : machine.namespaces) index[{entry.type, entry.inode}] = &entry;
  return index;
}

void add_cards(const Machine& machine, const MapOptions& options, Map& map) {
  const NamespaceInodes host = masked(host_namespaces(machine), options.kinds);
  CardMaker maker(options, host, map);
  std::size_t kernel_threads = 0;
  const bool some_are = has_kernel_threads(machine);
  for (const Process& process : machine.processes) {
    if (some_are && is_kernel_thread(process)) {
      ++kernel_threads;
      if (options.kernel_threads) maker.add_kernel_thread(process);
    } else if (std::ranges::any_of(process.namespaces, [](std::uint64_t inode) { return inode != kUnknown; })) {
      maker.add(process);
    }
  }
  map.cards.front().detail = displayable(options.host, 60);
  for (const NamespaceEntry& entry : machine.namespaces)
    if (options.kinds[at(entry.type)] && entry.members.empty() && !is_only_a_frame(entry))
      add_held(entry, host, options.kinds, map);
  if (machine.unreadable != 0)
    map.notes.push_back(text::join(machine.unreadable, machine.unreadable == 1 ? " process is" : " processes are",
                                   " not drawn: what they are in may not be read"));
  if (kernel_threads != 0 && !options.kernel_threads)
    map.notes.push_back(text::join(kernel_threads, " kernel threads not drawn (--all draws them)"));
}

}  // namespace caisson::inspect
