// caisson ns map: a picture of the machine, in the terminal or in a file.
#include <stdlib.h>

#include <array>
#include <string>

#include "app/caisson/commands.hpp"
#include "app/report.hpp"
#include "app/whole_file.hpp"
#include "base/rfc3339.hpp"
#include "base/text.hpp"
#include "inspect/display_text.hpp"
#include "inspect/kind_choice.hpp"
#include "inspect/map_dot.hpp"
#include "inspect/map_graph.hpp"
#include "inspect/map_html.hpp"
#include "inspect/map_networks.hpp"
#include "inspect/map_svg.hpp"
#include "inspect/map_text.hpp"
#include "sys/process.hpp"
#include "sys/terminal.hpp"

namespace caisson::app::human {
namespace {

enum class Format : std::uint8_t { Text, Svg, Html, Dot };
struct FormatName {
  std::string_view name;
  Format format;
};
constexpr std::array kFormats{FormatName{"text", Format::Text}, FormatName{"svg", Format::Svg},
                              FormatName{"html", Format::Html}, FormatName{"dot", Format::Dot}};

const FormatName* find_format(std::string_view name) {
  for (const FormatName& one : kFormats)
    if (one.name == name) return &one;
  return nullptr;
}

Format chosen_format(const OptionValues& options) {
  if (const auto named = options.value("format")) {
    if (const FormatName* found = find_format(*named)) return found->format;
    throw Error(ErrorKind::Usage, text::join("--format: ", text::quoted(*named), " is none of svg, html, dot, text"));
  }
  if (!options.has("output")) return Format::Text;
  const std::string path = options.text("output");
  if (path == "-") return Format::Svg;
  const std::size_t dot = path.rfind('.');
  const FormatName* found = dot == std::string::npos ? nullptr : find_format(text::lower_case(path.substr(dot + 1)));
  if (found != nullptr && found->format != Format::Text) return found->format;
  throw Error(ErrorKind::Usage, text::join("--output: ", path, " does not end in .svg, .html or .dot"))
      .with_hint("say what to draw with --format svg, html, dot or text");
}

inspect::KindSet chosen_kinds(const OptionValues& options) {
  const inspect::KindChoice choice = inspect::parse_kinds(options.values("kind"));
  if (choice.all || choice.types.empty()) return inspect::kEveryKind;
  inspect::KindSet kinds{};
  for (const ns::Type type : choice.types) kinds[static_cast<std::size_t>(type)] = true;
  return kinds;
}

// What the terminal's locale says about characters beyond ASCII.
inspect::Letters letters() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = ::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string locale = text::lower_case(value);
    const bool is_utf8 = locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    return is_utf8 ? inspect::Letters::Unicode : inspect::Letters::Ascii;
  }
  return inspect::Letters::Ascii;
}

std::size_t chosen_width(const OptionValues& options) {
  if (const auto given = options.number("width")) {
    if (*given >= inspect::kLeastWidth) return *given;
    throw Error(ErrorKind::Usage, text::join("--width: ", *given, " is too narrow; the least is ", inspect::kLeastWidth));
  }
  if (const char* columns = ::getenv("COLUMNS"))
    if (const auto number = text::parse_number<unsigned>(columns); number && *number > 0) return *number;
  const auto size = sys::window_size(sys::BorrowedFd(1));
  return size.ok() && size.value().columns > 0 ? size.value().columns : 80;
}

std::string now() {
  std::string time = rfc3339_nano({.tv_sec = sys::realtime().tv_sec, .tv_nsec = 0});
  return time.replace(time.find('T'), 1, " ").replace(time.find('Z'), 1, " UTC");
}

inspect::Map make(const OptionValues& options) {
  inspect::MapOptions wish{.kinds = chosen_kinds(options), .kernel_threads = options.flag("all")};
  wish.stack_containers_from = options.number("stack").value_or(0);
  wish.host = inspect::displayable(sys::host_name().or_throw("read the host name").node);
  wish.when = now();
  inspect::ScanScope scope = inspect::ScanScope::everything();
  scope.start_times = false;
  inspect::Machine machine = inspect::scan(scope);
  const bool networks = !options.flag("no-net") && wish.kinds[static_cast<std::size_t>(ns::Type::Network)];
  return inspect::make_map(machine, networks ? inspect::read_networks(machine) : std::vector<inspect::NetworkDevices>{}, wish);
}

}  // namespace

int ns_map(const Invocation& invocation) {
  const OptionValues& options = invocation.options();
  const Format format = chosen_format(options);
  const std::size_t width = chosen_width(options);
  const inspect::Map map = make(options);
  std::string drawn;
  switch (format) {
    case Format::Text:
      drawn = inspect::map_text(map, width, letters());
      break;
    case Format::Svg:
      drawn = inspect::map_svg(map);
      break;
    case Format::Html:
      drawn = inspect::map_html(map);
      break;
    case Format::Dot:
      drawn = inspect::map_dot(map);
      break;
  }
  const std::string path = options.text("output");
  if (path.empty() || path == "-")
    print_out(drawn);
  else
    write_whole_file(path, drawn);
  return 0;
}

}  // namespace caisson::app::human
