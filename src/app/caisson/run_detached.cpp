#include "app/caisson/run_detached.hpp"

#include <algorithm>
#include <cstdlib>

#include "app/caisson/run_container.hpp"
#include "app/caisson/run_grammar.hpp"
#include "app/caisson/run_image.hpp"
#include "app/caisson/run_wish.hpp"
#include "app/caisson/state_root.hpp"
#include "app/paths.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "launch/monitor.hpp"
#include "life/clock.hpp"
#include "life/look.hpp"
#include "life/name.hpp"
#include "life/restart_policy.hpp"
#include "life/unnamed.hpp"
#include "process/signals.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::app::human {
namespace {

constexpr std::uint64_t kLogBytes = std::uint64_t{10} << 20;
constexpr std::uint64_t kLeastLogBytes = 4096;
constexpr unsigned kLogFiles = 3, kMostLogFiles = 99;

// Of the run, not of the container: they are not repeated when it is built again.
constexpr std::string_view kOnceOptions[] = {"name", "rm", "dry-run", "explain", "trace"};
constexpr std::string_view kDetachedOptions[] = {"restart", "stop-signal", "log-max-size", "log-max-files"};

std::string_view variable_of_caller(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? std::string_view() : std::string_view(value);
}

std::uint64_t parse_size(std::string_view text) {
  constexpr std::string_view kUnits = "bkmg";
  std::string_view digits = text;
  const std::size_t unit = text.empty() ? std::string_view::npos : kUnits.find(text::lower_case(text.substr(text.size() - 1)));
  if (unit != std::string_view::npos) digits.remove_suffix(1);
  const auto number = text::parse_number<std::uint64_t>(digits);
  const unsigned shift = unit == std::string_view::npos ? 0 : static_cast<unsigned>(unit) * 10;
  if (!number || *number > (std::uint64_t{1} << 32U))
    throw Error(ErrorKind::Usage, text::join("--log-max-size: ", text::quoted(text), " is no size"))
        .with_hint("write a number of bytes, or one with k, m or g behind it; 0 sets no limit");
  const std::uint64_t bytes = *number << shift;
  if (bytes > 0 && bytes < kLeastLogBytes)
    throw Error(ErrorKind::Usage, text::join("--log-max-size: less than ", kLeastLogBytes, " bytes hold no log"));
  return bytes;
}

unsigned log_files(const OptionValues& options) {
  const unsigned files = options.number("log-max-files").value_or(kLogFiles);
  if (files == 0 || files > kMostLogFiles)
    throw Error(ErrorKind::Usage, text::join("--log-max-files: ", files, " is not from 1 to ", kMostLogFiles));
  return files;
}

// As given; what the caller's environment says now is written down.
std::vector<life::GivenOption> options_to_repeat(const OptionValues& options) {
  std::vector<life::GivenOption> all;
  const auto environment = options.values("env");
  const bool names_terminal =
      std::ranges::any_of(environment, [](std::string_view one) { return one == "TERM" || one.starts_with("TERM="); });
  if (const std::string_view term = variable_of_caller("TERM"); options.flag("tty") && !term.empty() && !names_terminal)
    all.push_back({.name = "env", .value = text::join("TERM=", term)});
  for (const Given& given : options.all()) {
    if (std::ranges::find(kOnceOptions, given.option->name) != std::end(kOnceOptions)) continue;
    life::GivenOption option{.name = std::string(given.option->name), .value = {}};
    if (given.value) option.value = std::string(*given.value);
    if (option.name == "env" && option.value && option.value->find('=') == std::string::npos) {
      const char* value = std::getenv(option.value->c_str());
      if (value == nullptr) continue;
      option.value = text::join(*option.value, "=", value);
    }
    all.push_back(std::move(option));
  }
  if (auto word = usual_network(options)) all.push_back({.name = "net", .value = *std::move(word)});
  return all;
}

// The image that the name means now, wherever its store is; one of that name that comes later is another one.
void note_image(life::Record& record, const OptionValues& options, const MeantImage& image) {
  std::erase_if(record.options, [](const life::GivenOption& given) { return given.name == "image" || given.name == "store"; });
  record.options.push_back({.name = "image", .value = image.id});
  record.options.push_back({.name = "store", .value = image.store});
  record.image = image.name;
  record.volumes = image.volumes;
  record.exposed = image.ports;
  if (!options.has("image")) record.command.erase(record.command.begin());
  // PID 1 of services has signals of its own.
  const bool stop_signal = !options.has("stop-signal") && !options.has("service");
  if (stop_signal && !image.stop_signal.empty()) record.stop_signal = image.stop_signal;
}

void refuse_watching(const OptionValues& options) {
  for (const std::string_view watched : {"explain", "trace"})
    if (options.has(watched))
      throw Error(ErrorKind::Usage, text::join("--", watched, ": is for containers in the foreground"))
          .with_hint("leave out --detach to watch how the container is made");
}

}  // namespace

life::Record record_of(const Parsed& line) {
  const OptionValues& options = line.options;
  life::Record record{.id = life::new_id()};
  record.created = life::current_moment();
  record.name = options.has("name") ? options.text("name") : life::short_id(record.id);
  record.directory = sys::current_dir().or_throw("name the working directory");
  record.options = options_to_repeat(options);
  for (const std::string_view word : line.operands) record.command.emplace_back(word);
  record.remove_at_end = options.flag("rm");
  record.restart = options.value("restart").value_or("no");
  record.stop_signal = options.value("stop-signal").value_or("TERM");
  if (const auto image = meant_image(line)) note_image(record, options, *image);
  record.log_most_bytes = options.has("log-max-size") ? parse_size(*options.value("log-max-size")) : kLogBytes;
  record.log_files = log_files(options);
  life::check_name(record.name);
  static_cast<void>(process::parse_signal(record.stop_signal));
  if (life::parse_restart_policy(record.restart).when != life::RestartWhen::Never && record.remove_at_end)
    throw Error(ErrorKind::Usage, "--rm with --restart: a container that is removed at its end cannot be started again");
  return record;
}

const Option& option_of(const life::GivenOption& given) {
  const auto option = std::ranges::find(kRunOptions, given.name, &Option::name);
  if (option == std::end(kRunOptions))
    throw Error(ErrorKind::State,
                text::join("the container was made with --", given.name, ", which this version does not know"))
        .with_hint("run it again, or use the version that made it");
  return *option;
}

Parsed line_of(const life::Record& record) {
  Parsed line;
  line.command = &kRunCommand;
  for (const life::GivenOption& given : record.options) {
    line.options.add(
        {.option = &option_of(given), .value = given.value ? std::optional<std::string_view>(*given.value) : std::nullopt});
  }
  line.operands.assign(record.command.begin(), record.command.end());
  line.dashes_before_operands = true;
  return line;
}

void refuse_detached_options(const OptionValues& options) {
  for (const std::string_view name : kDetachedOptions)
    if (options.has(name) && !options.flag("detach"))
      throw Error(ErrorKind::Usage, text::join("--", name, ": is for detached containers"))
          .with_hint("a container in the foreground is removed when its program ends; --detach leaves it running");
}

std::string store_path_of(std::string given_root) {
  return life::store_path({.given_root = std::move(given_root),
                           .user = sys::effective_uid(),
                           .data_home = variable_of_caller("XDG_DATA_HOME"),
                           .home = variable_of_caller("HOME")});
}

DetachedContainers::DetachedContainers(const Invocation& invocation)
    : DetachedContainers(invocation, store_path_of(absolute_path(invocation.line.global.text("root")))) {}

DetachedContainers::DetachedContainers(const Invocation& invocation, std::string store_path)
    : context_{.state_root = state_root_of(invocation), .program_name = "caisson"}, store_path_(std::move(store_path)) {
  context_.log = &invocation.log;
}

life::Entry DetachedContainers::find(std::string_view word) const {
  auto all = store();
  auto entry = all ? all->try_find(word) : std::nullopt;
  if (entry && life::look_and_repair(context_, *entry)) return *std::move(entry);
  life::refuse_unnamed(context_, word);
  life::throw_unknown(word);
}

lifecycle::ContainerWish DetachedContainers::wish_of(const life::Record& record) {
  sys::change_dir(record.directory.c_str())
      .or_throw("go to ", record.directory, ", from where relative paths of the container count");
  const Parsed line = line_of(record);
  request::RunWish wish = run_wish(line, false);
  wish.id = record.id;
  RunContainer made = run_container(line, std::move(wish), {context_.state_root, store_path_});
  made.wish.request.end = plan::End::ByItself;
  if (made.wish.request.host_view && record.remove_at_end) made.wish.request.host_view->keeps_stage = true;
  made.net.wish.names.push_back(record.name);
  take_network(made, context_.state_root, *context_.log, record.id);
  joined_ = std::move(made.joined);
  network_ = std::move(made.network);
  return std::move(made.wish);
}

life::KeepContext DetachedContainers::keep_context() {
  return {
      .life = context_, .store_path = store_path_, .wish_of = [this](const life::Record& record) { return wish_of(record); }};
}

int run_detached(const Invocation& invocation) {
  refuse_watching(invocation.options());
  DetachedContainers containers(invocation);
  life::Record record = record_of(invocation.line);
  lifecycle::ContainerWish wish = containers.wish_of(record);
  const life::Store store = life::Store::open_or_create(containers.store_path());
  life::Entry entry = store.create(std::move(record));
  const std::string id = entry.id();
  try {
    life::start(containers.keep_context(), entry, std::move(wish));
  } catch (const Error&) {
    entry.lock();
    entry.remove();
    throw;
  }
  print_out(text::join(id, "\n"));
  return 0;
}

int keep(const Invocation& invocation) {
  DetachedContainers containers(invocation, invocation.operand(1));
  const auto store = containers.store();
  auto entry = store ? store->find_id(invocation.operand(2)) : std::nullopt;
  if (!entry) return 0;  // removed meanwhile
  entry->adopt_keeper(sys::UniqueFd(launch::kPassedExitFile));
  const life::KeepContext context = containers.keep_context();
  return invocation.operand(0) == life::kEnded ? life::after_end(context, *entry) : life::again(context, *entry);
}

}  // namespace caisson::app::human
