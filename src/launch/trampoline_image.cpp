#include "launch/trampoline_image.hpp"

#include <linux/filter.h>

#include <cstring>
#include <string_view>

#include "launch/trampoline/restart_delay.hpp"

extern "C" {
extern const char caisson_trampoline_begin[];
extern const char caisson_trampoline_end[];
extern const char caisson_supervisor_begin[];
extern const char caisson_supervisor_end[];
}

namespace caisson::launch {
namespace {

// Appends to the block and gives offsets from its start.
class Block {
 public:
  Block() : bytes_(sizeof(Config), '\0') {}

  Text add(std::string_view text) {
    const Text placed{static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(text.size())};
    bytes_.append(text).push_back('\0');
    return placed;
  }
  template <class Item>
  std::uint32_t add_array(const Item* items, std::size_t count) {
    bytes_.resize((bytes_.size() + alignof(std::uint64_t) - 1) & ~(alignof(std::uint64_t) - 1));
    const auto at = static_cast<std::uint32_t>(bytes_.size());
    bytes_.append(reinterpret_cast<const char*>(items), count * sizeof(Item));
    return at;
  }
  std::uint32_t add_texts(const std::vector<std::string>& texts) {
    std::vector<Text> placed;
    for (const std::string& text : texts) placed.push_back(add(text));
    return add_array(placed.data(), placed.size());
  }
  std::string finish(const Config& config) && {
    std::memcpy(bytes_.data(), &config, sizeof config);
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
};

RestartWhen when_of(plan::ServiceRestart restart) {
  switch (restart) {
    case plan::ServiceRestart::Never:
      break;
    case plan::ServiceRestart::OnFailure:
      return RestartWhen::OnFailure;
    case plan::ServiceRestart::Always:
      return RestartWhen::Always;
  }
  return RestartWhen::Never;
}

// What the array holds has its place in the block first.
void add_services(Block& block, Config& config, const TrampolineOrders& orders) {
  std::vector<TrampolineService> all;
  for (const plan::ServicePlan& one : orders.services.all)
    all.push_back({.name = block.add(one.name),
                   .directory = block.add(one.directory),
                   .argv_at = block.add_texts(one.args),
                   .argc = static_cast<std::uint32_t>(one.args.size()),
                   .env_at = block.add_texts(one.env),
                   .env_count = static_cast<std::uint32_t>(one.env.size()),
                   .after_at = block.add_array(one.after.data(), one.after.size()),
                   .after_count = static_cast<std::uint32_t>(one.after.size()),
                   .switches_user = one.switches_user ? 1U : 0U,
                   .uid = one.uid,
                   .gid = one.gid,
                   .groups_at = block.add_array(one.groups.data(), one.groups.size()),
                   .group_count = static_cast<std::uint32_t>(one.groups.size()),
                   .stop_signal = one.stop_signal,
                   .stop_timeout_ms = one.stop_timeout_ms,
                   .restart = static_cast<std::uint32_t>(when_of(one.restart)),
                   .most_restarts = one.most_restarts});
  config.services_at = block.add_array(all.data(), all.size());
  config.service_count = static_cast<std::uint32_t>(all.size());
  switch (orders.services.ends_with) {
    case plan::EndsWith::All:
      config.ends_with = kEndsWithAll;
      break;
    case plan::EndsWith::First:
      config.ends_with = kEndsWithFirst;
      break;
    case plan::EndsWith::One:
      config.ends_with = orders.services.last;
  }
  config.services_page = orders.services_page;
}

std::string build_config(const TrampolineOrders& orders) {
  Block block;
  Config config{.magic = kConfigMagic,
                .channel = orders.channel,
                .listener = orders.listener,
                .proc = orders.proc,
                .preserved = orders.preserved,
                .filter_length = orders.filter_length,
                .filter_flags = orders.filter_flags,
                .label_count = static_cast<std::uint32_t>(orders.labels.size()),
                .hook_count = static_cast<std::uint32_t>(orders.hooks.size()),
                .dies_with_runtime = orders.dies_with_runtime ? 1U : 0U,
                .init = orders.init ? 1U : 0U,
                .holds = orders.holds ? 1U : 0U};
  if (orders.filter_length > 0) config.filter_at = block.add_array(orders.filter, orders.filter_length);
  std::vector<Label> labels;
  for (const TrampolineLabel& label : orders.labels)
    labels.push_back({block.add(label.file), block.add(label.older_file), block.add(label.value)});
  config.labels_at = block.add_array(labels.data(), labels.size());
  std::vector<TrampolineHook> hooks;
  for (const TrampolineStartHook& hook : orders.hooks) {
    const std::vector<std::string> env = hook.env.value_or(std::vector<std::string>());
    hooks.push_back({.path = block.add(hook.path),
                     .title = block.add(hook.title),
                     .argv_at = block.add_texts(hook.args),
                     .argc = static_cast<std::uint32_t>(hook.args.size()),
                     .envp_at = block.add_texts(env),
                     .envc = static_cast<std::uint32_t>(env.size()),
                     .inherits_env = hook.env ? 0U : 1U,
                     .timeout_s = hook.timeout_s});
  }
  config.hooks_at = block.add_array(hooks.data(), hooks.size());
  config.hook_state = block.add(orders.hook_state);
  if (!orders.services.empty()) add_services(block, config, orders);
  return std::move(block).finish(config);
}

}  // namespace

ProgramImage build_trampoline(const TrampolineOrders& orders) {
  // Two programs, since every start pays for each byte of the first.
  const std::string_view program = orders.services.empty() ? std::string_view(caisson_trampoline_begin, caisson_trampoline_end)
                                                           : std::string_view(caisson_supervisor_begin, caisson_supervisor_end);
  return with_block(program, build_config(orders));
}

sys::UniqueFd make_trampoline(const TrampolineOrders& orders) { return seal_program(build_trampoline(orders)); }

}  // namespace caisson::launch
