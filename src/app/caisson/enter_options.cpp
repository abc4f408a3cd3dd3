#include "app/caisson/enter_options.hpp"

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "process/user.hpp"

namespace caisson::app::human {
namespace {

using plan::EnterPlan;
using plan::IdChoice;
using plan::NamespaceSource;

// "-n=/run/netns/blue": getopt_long hands the letter's value on with its "=".
std::string_view without_equals(std::string_view value) { return value.starts_with('=') ? value.substr(1) : value; }

void read_target(EnterPlan& plan, std::string_view text) {
  if (plan.target) throw Error(ErrorKind::Usage, "option --target may be given only once");
  const std::size_t colon = text.find(':');
  const auto pid = text::parse_number<pid_t>(text.substr(0, colon));
  std::optional<std::uint64_t> inode = 0;
  if (colon != std::string_view::npos) inode = text::parse_number<std::uint64_t>(text.substr(colon + 1));
  const bool inode_missing = colon != std::string_view::npos && inode == 0U;
  const std::string doing = text::join("failed to parse PID argument '", text, "'");
  if (!pid || !inode) throw Error(ErrorKind::Usage, doing, EINVAL);
  if (*pid <= 0 || inode_missing) throw Error(ErrorKind::Usage, doing, ERANGE);
  plan.target = *pid;
  plan.target_inode = *inode;
}

void read_source(EnterPlan& plan, ns::Type type, std::optional<std::string_view> value) {
  NamespaceSource& source = plan.source(type);
  if (!value) {
    // What a file said before stays.
    if (source.from == NamespaceSource::From::Nowhere) source.from = NamespaceSource::From::Target;
    return;
  }
  const std::string_view text = without_equals(*value);
  if (!text.starts_with(':')) {
    source = {.from = NamespaceSource::From::Path, .path = std::string(text)};
    return;
  }
  const auto id = text::parse_number<std::uint64_t>(text.substr(1));
  if (!id) throw Error(ErrorKind::Usage, text::join("failed to parse nsid: ", text.substr(1)));
  source = {.from = NamespaceSource::From::Id, .path = {}, .id = *id};
}

IdChoice read_id(std::string_view text, std::string_view what) {
  if (text == "follow") return {.how = IdChoice::How::OfTarget};
  const auto number = text::parse_number<std::uint32_t>(text);
  if (!number || *number > process::kHighestId)
    throw Error(ErrorKind::Usage, text::join("failed to parse ", what, ": '", text, "'"));
  return {.how = IdChoice::How::Number, .number = *number};
}

plan::DirectoryChoice read_directory(std::optional<std::string_view> value) {
  return {.wanted = true, .path = std::string(without_equals(value.value_or("")))};
}

using OptionValue = const std::optional<std::string_view>&;
struct Reader {
  std::string_view option;
  void (*read)(EnterPlan&, OptionValue);
};

void read_socket(EnterPlan& plan, OptionValue value) {
  const auto number = text::parse_number<int>(*value);
  if (!number || *number < 0) throw Error(ErrorKind::Usage, text::join("failed to parse file descriptor: '", *value, "'"));
  plan.net_socket = *number;
}

constexpr Reader kReaders[] = {
    {"all", [](EnterPlan& plan, OptionValue) { plan.all = true; }},
    {"target", [](EnterPlan& plan, OptionValue value) { read_target(plan, *value); }},
    {"net-socket", read_socket},
    {"user-parent", [](EnterPlan& plan, OptionValue) { plan.user_parent = true; }},
    {"setuid", [](EnterPlan& plan, OptionValue value) { plan.uid = read_id(*value, "uid"); }},
    {"setgid", [](EnterPlan& plan, OptionValue value) { plan.gid = read_id(*value, "gid"); }},
    {"preserve-credentials", [](EnterPlan& plan, OptionValue) { plan.preserve_credentials = true; }},
    {"keep-caps", [](EnterPlan& plan, OptionValue) { plan.keep_capabilities = true; }},
    {"root", [](EnterPlan& plan, OptionValue value) { plan.root = read_directory(value); }},
    {"wd", [](EnterPlan& plan, OptionValue value) { plan.directory = read_directory(value); }},
    {"wdns", [](EnterPlan& plan, OptionValue value) { plan.inner_directory = without_equals(value.value_or("")); }},
    {"env", [](EnterPlan& plan, OptionValue) { plan.environment = true; }},
    {"no-fork", [](EnterPlan& plan, OptionValue) { plan.fork = false; }},
    {"join-cgroup", [](EnterPlan& plan, OptionValue) { plan.join_cgroup = true; }},
    {"follow-context", [](EnterPlan& plan, OptionValue) { plan.follow_context = true; }},
};

void read_option(EnterPlan& plan, const Given& given) {
  for (const Reader& reader : kReaders)
    if (reader.option == given.option->name) return reader.read(plan, given.value);
  if (const ns::Kind* kind = ns::find_kind(given.option->name)) read_source(plan, kind->type, given.value);
}

}  // namespace

plan::EnterPlan enter_plan(const Parsed& line) {
  EnterPlan plan;
  for (const Given& given : line.options.all()) read_option(plan, given);
  if (line.options.has("wd") && line.options.has("wdns"))
    throw Error(ErrorKind::Usage, "mutually exclusive arguments: --wdns --wd");
  for (const std::string_view word : line.operands) plan.command.emplace_back(word);
  return plan;
}

}  // namespace caisson::app::human
