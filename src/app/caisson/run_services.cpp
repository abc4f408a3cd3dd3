#include "app/caisson/run_services.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "process/signals.hpp"
#include "service/plan.hpp"
#include "service/steer.hpp"

namespace caisson::app::human {

std::vector<service::Wish> service_wishes(const OptionValues& options) {
  std::vector<service::Wish> wishes;
  for (const std::string_view word : options.values("service")) wishes.push_back(service::parse_wish(word));
  if (wishes.empty() && options.has("ends-with"))
    throw Error(ErrorKind::Usage, "--ends-with: belongs to --service").with_hint("a container with one program ends with that");
  return service::in_order(std::move(wishes));
}

void check_services(const Parsed& line, const request::RunWish& wish) {
  const OptionValues& options = line.options;
  const bool image_operand = wish.image && !options.has("image");
  if (line.operands.size() > (image_operand ? 1U : 0U))
    throw Error(ErrorKind::Usage, text::join("--service: beside services there is no command ",
                                             text::quoted(line.operands[image_operand ? 1 : 0])))
        .with_hint("make it a service, too: --service 'NAME=CMD'");
  if (wish.terminal)
    throw Error(ErrorKind::Usage, "--tty: services have no terminal").with_hint("caisson exec -it opens one in the container");
  if (options.flag("interactive"))
    throw Error(ErrorKind::Usage, "--interactive: services read nothing from the caller")
        .with_hint("caisson exec -i runs a program that does");
  if (options.has("entrypoint")) throw Error(ErrorKind::Usage, "--entrypoint: services have commands of their own");
  const auto stop = options.value("stop-signal");
  constexpr std::string_view kAllStop[] = {"SIGTERM", "SIGINT", "SIGQUIT", "SIGRTMIN+3"};
  if (stop && std::ranges::find(kAllStop, process::signal_name(process::parse_signal(*stop))) == std::end(kAllStop))
    throw Error(ErrorKind::Usage, text::join("--stop-signal: services are stopped by TERM, INT, QUIT or RTMIN+3, not ", *stop))
        .with_hint("each service has a stop-signal of its own: --service 'NAME[stop-signal=HUP]=CMD'");
}

void set_services(lifecycle::ContainerWish& made, const std::vector<service::Wish>& wishes, const OptionValues& options,
                  const request::Surroundings& around) {
  spec::Process& process = *made.spec.process;
  process.args = {"services"};
  for (const service::Wish& wish : wishes) process.args.push_back(wish.name);
  made.request.services = service::plan_services(wishes, options.text("ends-with"),
                                                 {.process = process, .passwd = around.passwd, .group = around.group});
}

service::Wish service_of(const life::Record& record, std::string_view name) {
  std::vector<std::string> names;
  for (const life::GivenOption& given : record.options) {
    if (given.name != "service" || !given.value) continue;
    service::Wish wish = service::parse_wish(*given.value);
    if (wish.name == name) return wish;
    names.push_back(std::move(wish.name));
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string_view near = text::nearest(name, known);
  throw Error(ErrorKind::State, text::join("container ", record.name, " has no service ", text::quoted(name)))
      .with_hint(near.empty() ? "caisson ps --services lists them" : text::join("did you mean ", near));
}

void steer_services(const OptionValues& options, const lifecycle::Context& context, std::string_view id,
                    launch::ServiceOrder order) {
  for (const std::string_view name : options.values("service")) service::steer(context, id, name, order);
}

}  // namespace caisson::app::human
