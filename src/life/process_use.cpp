#include "life/process_use.hpp"

#include <string>

#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process_stat.hpp"

namespace caisson::life {
namespace {

constexpr std::uint64_t kNanosecondsOfTick = 10'000'000;  // what the kernel tells programs is in 1/100 s (USER_HZ)

std::string file_of(pid_t pid, std::string_view name) {
  return sys::read_file(sys::kCwd, text::join("/proc/", pid, "/", name).c_str()).value_or({});
}

std::uint64_t memory_of(pid_t pid) {
  if (const auto share = bytes_behind(file_of(pid, "smaps_rollup"), "Pss:")) return *share;
  return bytes_behind(file_of(pid, "status"), "VmRSS:").value_or(0);
}

}  // namespace

std::optional<std::uint64_t> bytes_behind(std::string_view file, std::string_view word) {
  for (const std::string_view line : text::split(file, '\n')) {
    if (!line.starts_with(word) || !line.ends_with(" kB")) continue;
    const auto kibibytes =
        text::parse_number<std::uint64_t>(text::trim(line.substr(word.size(), line.size() - word.size() - 3)));
    if (kibibytes) return *kibibytes * 1024;
  }
  return std::nullopt;
}

std::optional<BlockUse> parse_process_io(std::string_view io) {
  BlockUse use;
  bool told = false;
  for (const std::string_view line : text::split(io, '\n')) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    const auto bytes = text::parse_number<std::uint64_t>(line.substr(colon + 2));
    if (line.starts_with("read_bytes:")) use.read = bytes.value_or(0);
    if (line.starts_with("write_bytes:")) use.written = bytes.value_or(0);
    told = told || line.starts_with("read_bytes:");
  }
  return told ? std::optional(use) : std::nullopt;
}

void add_use_of(std::span<const pid_t> processes, Usage& usage) {
  std::uint64_t ticks = 0, threads = 0, memory = 0;
  std::optional<BlockUse> blocks;
  for (const pid_t pid : processes) {
    const std::string text = file_of(pid, "stat");
    const auto stat = sys::parse_process_stat(text);
    if (!stat) continue;  // it has just ended
    ticks += stat->ticks;
    threads += stat->threads;
    if (!usage.memory) memory += memory_of(pid);
    const auto io = usage.blocks ? std::nullopt : parse_process_io(file_of(pid, "io"));
    if (io)
      blocks = BlockUse{.read = blocks.value_or(BlockUse{}).read + io->read,
                        .written = blocks.value_or(BlockUse{}).written + io->written};
  }
  if (!usage.cpu_ns) usage.cpu_ns = ticks * kNanosecondsOfTick;
  if (!usage.memory) usage.memory = memory;
  if (!usage.processes) usage.processes = threads;
  if (!usage.blocks) usage.blocks = blocks;
}

}  // namespace caisson::life
