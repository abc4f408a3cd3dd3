// caisson stats: what containers use, as a table that is drawn again each second.
#include <algorithm>

#include "app/caisson/commands.hpp"
#include "app/caisson/life_rows.hpp"
#include "app/report.hpp"
#include "app/text_table.hpp"
#include "base/text.hpp"
#include "inspect/cgroup_use.hpp"
#include "json/writer.hpp"
#include "life/name.hpp"
#include "life/process_use.hpp"
#include "life/processes.hpp"
#include "life/usage.hpp"
#include "lifecycle/container.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/terminal.hpp"

extern char** environ;

namespace caisson::app::human {
namespace {

// The program's memory only grows (toolchain/musl): after so many tables it begins anew.
constexpr int kTablesOfOneProgram = 20;
constexpr std::uint64_t kFirstGapNs = 200'000'000, kGapNs = 1'000'000'000;

struct Sample {
  std::string id, name;
  life::Usage before, now;
};

// The limit of a group that has none of its own is the machine.
std::uint64_t machine_memory() {
  const std::string text = sys::read_file(sys::kCwd, "/proc/meminfo").value_or({});
  for (const std::string_view line : text::split(text, '\n'))
    if (line.starts_with("MemTotal:"))
      return text::parse_number<std::uint64_t>(text::trim(line.substr(9, line.find("kB") - 9))).value_or(0) * 1024;
  return 0;
}

life::Usage usage_of(const DetachedContainers& containers, std::string_view id) {
  const lifecycle::Container container = lifecycle::open_container(containers.context(), id);
  const cgroup::LiveCgroup cgroup = container.cgroup();
  life::Usage usage = life::read_usage(cgroup.places());
  if (!usage.is_whole()) life::add_use_of(life::processes_of(container), usage);
  return usage;
}

// Those that are named, or all that run; with what was known of each.
std::vector<Sample> take(const Invocation& invocation, const DetachedContainers& containers, const std::vector<Sample>& last) {
  std::vector<LifeRow> rows;
  for (const std::string_view word : invocation.line.operands) {
    const life::Entry entry = containers.find(word);
    rows.push_back(life_row(entry.record, life::look(containers.context(), entry)));
  }
  if (rows.empty()) rows = life_rows(containers, false);
  std::vector<Sample> samples;
  for (const LifeRow& row : rows) {
    if (!life::is_live(row.seen.phase)) continue;
    Sample sample{.id = row.record.id, .name = row.record.name, .before = {}, .now = {}};
    try {
      sample.now = usage_of(containers, row.record.id);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::State) throw;  // it has just ended
      continue;
    }
    for (const Sample& earlier : last)
      if (earlier.id == sample.id) sample.before = earlier.now;
    samples.push_back(std::move(sample));
  }
  return samples;
}

std::string in_words(std::optional<std::uint64_t> bytes) {
  return bytes ? inspect::bytes_in_words(text::join(*bytes)) : std::string("--");
}

// What was read, and what was written.
std::string blocks_in_words(const std::optional<life::BlockUse>& blocks) {
  return blocks ? text::join(in_words(blocks->read), " / ", in_words(blocks->written)) : std::string("--");
}

std::string as_table(const std::vector<Sample>& samples) {
  TextTable table({"CONTAINER ID", "NAME", "CPU %", "MEM USAGE / LIMIT", "MEM %", "BLOCK I/O", "PIDS"});
  const std::uint64_t machine = machine_memory();
  for (const Sample& sample : samples) {
    const std::uint64_t limit = std::min(sample.now.memory_limit.value_or(machine), machine);
    table.add({life::short_id(sample.id), sample.name, life::cpu_percent(sample.before, sample.now),
               text::join(in_words(sample.now.memory), " / ", in_words(limit)), life::share_percent(sample.now.memory, limit),
               blocks_in_words(sample.now.blocks), sample.now.processes ? text::join(*sample.now.processes) : "--"});
  }
  return table.text();
}

void write_figure(json::Writer& out, std::string_view name, std::optional<std::uint64_t> figure) {
  out.key(name);
  if (figure)
    out.integer(*figure);
  else
    out.null();
}

std::string as_json(const std::vector<Sample>& samples) {
  json::Writer out(json::kTwoSpaces);
  out.begin_array();
  for (const Sample& sample : samples) {
    out.begin_object().key("Id").string(sample.id).key("Name").string(sample.name);
    out.key("CPUPercent").string(life::cpu_percent(sample.before, sample.now));
    write_figure(out, "CPUNanoseconds", sample.now.cpu_ns);
    write_figure(out, "MemoryBytes", sample.now.memory);
    write_figure(out, "MemoryLimitBytes", sample.now.memory_limit);
    write_figure(out, "Processes", sample.now.processes);
    const auto& blocks = sample.now.blocks;
    write_figure(out, "BlockReadBytes", blocks ? std::optional(blocks->read) : std::nullopt);
    write_figure(out, "BlockWrittenBytes", blocks ? std::optional(blocks->written) : std::nullopt);
    out.end_object();
  }
  out.end_array();
  return out.take() + '\n';
}

// With the same words. Comes back when it cannot, and then nothing is lost.
void begin_anew() {
  const std::string line = sys::read_file(sys::kCwd, "/proc/self/cmdline").value_or({});
  std::vector<const char*> words;
  for (std::size_t at = 0; at < line.size(); at = line.find('\0', at) + 1) words.push_back(line.c_str() + at);
  words.push_back(nullptr);
  static_cast<void>(sys::execute("/proc/self/exe", words.data(), environ));
}

}  // namespace

int stats(const Invocation& invocation) {
  const DetachedContainers containers(invocation);
  const OptionValues& options = invocation.options();
  const bool live = sys::is_terminal(sys::BorrowedFd(1)) && !options.flag("no-stream") && !options.flag("json");
  std::vector<Sample> samples = take(invocation, containers, {});
  sys::sleep_ns(kFirstGapNs);
  for (int tables = 1;; ++tables) {
    samples = take(invocation, containers, samples);
    if (!live) break;
    print_out(text::join("\x1b[H\x1b[J", as_table(samples)));  // to the upper left corner, and what was there is gone
    sys::sleep_ns(kGapNs);
    if (tables % kTablesOfOneProgram == 0) begin_anew();
  }
  print_out(options.flag("json") ? as_json(samples) : as_table(samples));
  return 0;
}

}  // namespace caisson::app::human
