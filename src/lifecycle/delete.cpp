#include "base/text.hpp"
#include "host/facts.hpp"
#include "lifecycle/commands.hpp"
#include "lifecycle/container.hpp"
#include "process/hooks.hpp"

namespace caisson::lifecycle {

namespace {

// The file, locked; nothing when there is no such container, also when another delete was faster.
std::optional<state::ContainerFile> open_locked(const Context& context, const DeleteRequest& request) {
  state::check_container_id(request.id);
  const std::optional<state::StateRoot> root = state::StateRoot::open(context.state_root);
  std::optional<state::ContainerFile> file;
  if (root) file = root->find(request.id);
  if (!file) return std::nullopt;
  try {
    file->lock();
  } catch (const Error&) {
    if (root->find(request.id)) throw;
    return std::nullopt;
  }
  return file;
}

// What can still be read of a damaged container: --force must always lead back to a free id.
Container read_damaged(state::ContainerFile file, const Context& context, const Error& damage) {
  context.log->warning(
      text::join("the record of container ", file.id(), " cannot be read, removing what is known: ", damage.message()));
  std::optional<state::Intent> intent;
  try {
    intent = file.read_intent();
  } catch (const Error& error) {
    context.log->warning(text::join("its intent cannot be read either, processes and cgroups may be left: ", error.message()));
  }
  return Container{std::move(file), std::nullopt, std::move(intent), {}};
}

Container read_locked(state::ContainerFile file, const Context& context, const DeleteRequest& request) {
  const std::string boot_id = host::read_boot_id();
  try {
    return read_container(std::move(file), boot_id);
  } catch (const Error& error) {
    if (!request.force) throw;
    return read_damaged(std::move(file), context, error);
  }
}

void refuse_live(const Container& container, const DeleteRequest& request) {
  const state::Status status = container.live.status;
  if (request.force || status == state::Status::Stopped || status == state::Status::Created) return;
  throw Error(ErrorKind::State,
              text::join("cannot delete container ", container.id(), " that is not stopped: ", state::status_name(status)))
      .with_hint("delete --force kills it first");
}

void run_poststop(const Container& container, LogSink& log) {
  if (!container.record || container.record->poststop.empty()) return;
  spec::State stopped = state_of(container);
  stopped.status = state::status_name(state::Status::Stopped);
  stopped.pid = 0;
  const std::string json = spec::write_hook_state(stopped);
  process::run_hooks_and_warn({"poststop", container.record->poststop, json, container.record->bundle}, log);
}

}  // namespace

void destroy(const Context& context, const DeleteRequest& request) {
  std::optional<state::ContainerFile> file = open_locked(context, request);
  if (!file) {
    if (request.force) return;
    state::throw_container_missing(request.id);
  }
  Container container = read_locked(*std::move(file), context, request);
  refuse_live(container, request);
  remove_container(container, *context.log);
}

void remove_container(Container& container, LogSink& log) {
  kill_and_wait(container);
  container.cgroup().remove().throw_if_any();
  run_poststop(container, log);
  container.file.remove();
}

}  // namespace caisson::lifecycle
