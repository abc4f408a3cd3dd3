#include "app/caisson/live_words.hpp"

#include <algorithm>
#include <set>

#include "app/caisson/image_store.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/pin.hpp"
#include "network/store.hpp"
#include "ns/kinds.hpp"
#include "process/signals.hpp"
#include "security/capabilities.hpp"
#include "state/store.hpp"
#include "sys/file.hpp"

namespace caisson::app::human {
namespace {

using Words = std::vector<Candidate>;

std::string read(const std::string& path) {
  return sys::read_file(sys::kCwd, path.c_str(), std::size_t{16} << 20).value_or({});
}

void add_pids(Words& words, const std::string& begun) {
  const auto proc = sys::open_at(sys::kCwd, "/proc", O_RDONLY | O_DIRECTORY);
  if (!proc.ok()) return;
  const auto entries = sys::list_dir(proc.value().borrow());
  if (!entries.ok()) return;
  for (const sys::DirEntry& entry : entries.value()) {
    if (!entry.name.starts_with(begun) || !text::parse_number<pid_t>(entry.name)) continue;
    const std::string name = read(text::join("/proc/", entry.name, "/comm"));
    if (!name.empty()) words.push_back({entry.name, std::string(text::trim(name))});
  }
}

void add_containers(Words& words, const std::string& state_root, std::string_view ahead) {
  const auto root = state::StateRoot::open(state_root);
  if (!root) return;
  for (const state::Entry& entry : root->list()) words.push_back({text::join(ahead, entry.id), "container"});
}

void add_pins(Words& words, const std::string& state_root) {
  std::set<std::string> bare;
  for (const inspect::Pin& pin : inspect::list_pins(state_root)) {
    const char* kind = ns::kind_of(pin.type).proc;
    words.push_back({text::join(kind, ':', pin.name), pin.by == inspect::PinnedBy::IpNetns ? "named by ip netns" : "pin"});
    if (bare.insert(pin.name).second) words.push_back({pin.name, "pin"});
  }
}

// Of the usual store: which one --store names is not known here.
void add_images(Words& words) {
  const auto store = image::Store::open(store_path({}), image::StoreUse::Look);
  if (!store) return;
  for (std::string& name : store->tags()) words.push_back({std::move(name), "image"});
}

void add_users(Words& words) {
  const std::string passwd = read("/etc/passwd");
  for (const std::string_view line : text::split(passwd, '\n')) {
    const auto fields = text::split(line, ':');
    if (fields.size() == 7) words.push_back({std::string(fields[0]), text::join("uid ", fields[2])});
  }
}

void add_signals(Words& words) {
  for (int number = 1; number < process::kFirstRealtimeSignal - 2; ++number) {
    std::string name = process::signal_name(number);
    if (name.starts_with("SIG")) words.push_back({name.substr(3), text::join(number)});
  }
}

void add(Words& words, Wanted wanted, const std::string& begun, const std::string& state_root) {
  switch (wanted) {
    case Wanted::Containers:
      return add_containers(words, state_root, {});
    case Wanted::Pids:
      return add_pids(words, begun);
    case Wanted::Pins:
      return add_pins(words, state_root);
    case Wanted::Users:
      return add_users(words);
    case Wanted::Signals:
      return add_signals(words);
    case Wanted::Images:
      return add_images(words);
    case Wanted::Networks:
      for (std::string& name : network::network_names(network::places_of(state_root)))
        words.push_back({std::move(name), "network"});
      return;
    case Wanted::Targets:
      add_containers(words, state_root, {});
      add_containers(words, state_root, "container:");
      add_pins(words, state_root);
      return add_pids(words, begun);
    case Wanted::Kinds:
      for (const ns::Kind& kind : ns::kKinds) words.push_back({kind.proc, std::string(kind.isolates)});
      return;
    case Wanted::Capabilities:
      for (const std::string& name : security::capability_names(security::kAllCapabilities)) words.push_back({name, {}});
      return;
    case Wanted::Nothing:
    case Wanted::Files:
    case Wanted::Directories:
    case Wanted::CommandLine:
      return;
  }
}

}  // namespace

std::vector<Candidate> live_words(Wanted wanted, const std::string& begun, const std::string& state_root) {
  Words words;
  try {
    add(words, wanted, begun, state_root);
  } catch (const Error&) {
    // What was found until then.
  }
  return words;
}

}  // namespace caisson::app::human
