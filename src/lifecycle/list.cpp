#include "base/text.hpp"
#include "host/facts.hpp"
#include "host/subordinate_ids.hpp"
#include "lifecycle/commands.hpp"
#include "lifecycle/container.hpp"
#include "sys/file.hpp"

namespace caisson::lifecycle {

namespace {

ListEntry broken(std::string id, std::string problem) {
  ListEntry entry;
  entry.state.id = std::move(id);
  entry.problem = std::move(problem);
  return entry;
}

std::string owner_name(std::string_view passwd, uid_t uid) {
  std::string name = host::user_name_of(passwd, uid);
  return name.empty() ? text::join('#', uid) : name;
}

}  // namespace

std::vector<ListEntry> list(const Context& context) {
  std::vector<ListEntry> out;
  const std::optional<state::StateRoot> root = state::StateRoot::open(context.state_root);
  if (!root) return out;
  const std::string boot_id = host::read_boot_id();
  const std::string passwd = sys::read_file(sys::kCwd, "/etc/passwd").value_or({});
  for (state::Entry& entry : root->list()) {
    if (!entry.problem.empty()) {
      out.push_back(broken(std::move(entry.id), std::move(entry.problem)));
      continue;
    }
    try {
      std::optional<state::ContainerFile> file = root->find(entry.id);
      if (!file) continue;  // deleted meanwhile
      const Container container = read_container(*std::move(file), boot_id);
      ListEntry good{.state = state_of(container), .problem = {}};
      if (container.record) good.state.owner = owner_name(passwd, container.record->owner);
      out.push_back(std::move(good));
    } catch (const Error& error) {
      out.push_back(broken(std::move(entry.id), error.message()));
    }
  }
  return out;
}

}  // namespace caisson::lifecycle
