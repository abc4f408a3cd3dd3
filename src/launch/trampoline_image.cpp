#include "launch/trampoline_image.hpp"

#include <elf.h>
#include <fcntl.h>
#include <linux/filter.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "sys/file.hpp"

extern "C" {
extern const char caisson_trampoline_begin[];
extern const char caisson_trampoline_end[];
}

namespace caisson::launch {
namespace {

constexpr int kSealSeal = 1, kSealShrink = 2, kSealGrow = 4, kSealWrite = 8, kSealExec = 0x20;  // man 2 fcntl; EXEC since 6.3

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
  for (const TrampolineStartHook& hook : orders.hooks)
    hooks.push_back({.path = block.add(hook.path),
                     .argv_at = block.add_texts(hook.args),
                     .argc = static_cast<std::uint32_t>(hook.args.size()),
                     .envp_at = block.add_texts(hook.env),
                     .envc = static_cast<std::uint32_t>(hook.env.size()),
                     .timeout_s = hook.timeout_s});
  config.hooks_at = block.add_array(hooks.data(), hooks.size());
  config.hook_state = block.add(orders.hook_state);
  return std::move(block).finish(config);
}

// The last loadable segment is the configuration's (layout.ld): it grows to the size of the block.
void grow_last_segment(std::string& elf, std::size_t& config_at, std::size_t size) {
  Elf64_Ehdr header;
  std::memcpy(&header, elf.data(), sizeof header);
  std::size_t last = 0;
  Elf64_Phdr segment{};
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr one;
    const std::size_t at = header.e_phoff + i * sizeof one;
    std::memcpy(&one, elf.data() + at, sizeof one);
    if (one.p_type != PT_LOAD) continue;
    last = at;
    segment = one;
  }
  config_at = segment.p_offset;
  segment.p_filesz = segment.p_memsz = size;
  std::memcpy(elf.data() + last, &segment, sizeof segment);
  // The section table lies behind the block's place and nobody needs it.
  header.e_shoff = 0;
  header.e_shnum = header.e_shstrndx = 0;
  std::memcpy(elf.data(), &header, sizeof header);
}

}  // namespace

std::string build_trampoline(const TrampolineOrders& orders) {
  const std::string config = build_config(orders);
  const auto size = static_cast<std::size_t>(caisson_trampoline_end - caisson_trampoline_begin);
  std::string elf;
  elf.reserve(size + config.size());
  elf.assign(caisson_trampoline_begin, size);
  std::size_t config_at = 0;
  grow_last_segment(elf, config_at, config.size());
  elf.resize(config_at);
  elf += config;
  return elf;
}

sys::UniqueFd make_trampoline(const TrampolineOrders& orders) {
  const std::string image = build_trampoline(orders);
  auto memfd = sys::make_memfd("caisson", sys::abi::kMfdCloexec | sys::abi::kMfdAllowSealing | sys::abi::kMfdExec);
  // MFD_EXEC came with 6.3; before, every memfd is executable.
  if (memfd.err() == EINVAL) memfd = sys::make_memfd("caisson", sys::abi::kMfdCloexec | sys::abi::kMfdAllowSealing);
  sys::UniqueFd fd = std::move(memfd).or_throw("make a memfd for the trampoline");
  sys::write_full(fd.borrow(), image).or_throw("write the trampoline");
  sys::change_mode(fd.borrow(), 0111).or_throw("set the mode of the trampoline");
  constexpr int kSeals = kSealSeal | kSealShrink | kSealGrow | kSealWrite;
  if (sys::seal(fd.borrow(), kSeals | kSealExec).err() == 0) return fd;
  sys::seal(fd.borrow(), kSeals).or_throw("seal the trampoline");
  return fd;
}

}  // namespace caisson::launch
