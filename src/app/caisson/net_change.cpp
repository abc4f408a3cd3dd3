// caisson net connect, disconnect, attach, detach, link: what changes the network of a container that runs.
#include <algorithm>

#include "app/caisson/commands.hpp"
#include "app/caisson/run_detached.hpp"
#include "app/caisson/run_network.hpp"
#include "app/caisson/state_root.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/namespace_choice.hpp"
#include "lifecycle/container.hpp"
#include "network/host_device.hpp"
#include "network/running.hpp"

namespace caisson::app::human {
namespace {

class FoundContainer {
 public:
  FoundContainer(const Invocation& invocation, std::string_view word) : id_(word), name_(word) {
    network::refuse_ordinary_user();
    const DetachedContainers detached(invocation);
    if (const auto store = detached.store())
      if (const auto entry = store->try_find(word)) {
        id_ = entry->id();
        name_ = entry->record.name;
      }
    const lifecycle::Container container = lifecycle::open_container(detached.context(), id_);
    if (!container.live.init || !container.record)
      throw Error(ErrorKind::State, text::join("container ", name_, " is not running"));
    lifecycle::require_made(container, name_);
    first_process_ = container.record->init;
    refuse_foreign_network(*container.record);
    opened_ = inspect::open_choices({text::join("net=container:", id_)}, {detached.context().state_root});
  }
  network::Running running() const {
    return {.id = id_, .name = name_, .first_process = first_process_, .network_namespace = opened_.front().fd.borrow()};
  }

 private:
  void refuse_foreign_network(const state::Record& record) const {
    const auto own = std::ranges::find(record.namespaces, spec::NamespaceType::Network, &state::NamespaceRecord::type);
    if (own != record.namespaces.end() && own->path.empty()) return;
    throw Error(ErrorKind::State, text::join("container ", name_, " has no network of its own: it shares ",
                                             own == record.namespaces.end() ? "this machine's" : "that of another"));
  }

  std::string id_, name_;
  state::Identity first_process_;
  std::vector<ns::OpenNamespace> opened_;
};

network::Machine machine_of(const Invocation& invocation) { return network_machine(state_root_of(invocation), invocation.log); }

std::string device_option(const Invocation& invocation, std::string_view option) {
  const std::string name = invocation.options().text(option);
  if (!name.empty()) network::check_device_name(text::join("--", option), name);
  return name;
}

std::string needed_device(const Invocation& invocation) {
  std::string name = invocation.options().text("dev");
  if (name.empty()) throw Error(ErrorKind::Usage, "--dev: which network device?");
  return name;
}

network::PairEnd pair_end(const Invocation& invocation, const network::Running& container, std::string_view letter) {
  network::PairEnd end{.container = container, .device = device_option(invocation, text::join("name-", letter))};
  const std::string option = text::join("ip-", letter), text = invocation.options().text(option);
  if (text.empty()) return end;
  const std::size_t slash = text.find('/');
  const auto ip = net::Ip::parse(std::string_view(text).substr(0, slash));
  const auto bits = slash == std::string::npos ? std::nullopt : text::parse_number<unsigned>(text.substr(slash + 1));
  if (!ip || !bits || *bits > ip->bits())
    throw Error(ErrorKind::Usage, text::join("--", option, ": cannot read ", text::quoted(text)))
        .with_hint("the form is ADDRESS/BITS, as 10.9.9.1/30 or fd00:9::1/64");
  end.ip = *ip;
  end.prefix = *bits;
  return end;
}

}  // namespace

int net_connect(const Invocation& invocation) {
  const network::EndpointWish wish = network::parse_endpoint(invocation.operand(0));
  const FoundContainer container(invocation, invocation.operand(1));
  const network::Endpoint made = network::connect(machine_of(invocation), container.running(), wish);
  print_out(text::join(made.device, " ", made.ip.text(), made.ip6.given() ? " " + made.ip6.text() : "", "\n"));
  return 0;
}

int net_disconnect(const Invocation& invocation) {
  const FoundContainer container(invocation, invocation.operand(1));
  network::disconnect(machine_of(invocation), container.running(), invocation.operand(0));
  return 0;
}

int net_attach(const Invocation& invocation) {
  const std::string device = needed_device(invocation), name = device_option(invocation, "name");
  const FoundContainer container(invocation, invocation.operand(0));
  network::attach_device(machine_of(invocation), container.running(), device, name);
  return 0;
}

int net_detach(const Invocation& invocation) {
  const std::string device = needed_device(invocation);
  const FoundContainer container(invocation, invocation.operand(0));
  network::detach_device(machine_of(invocation), container.running(), device);
  return 0;
}

int net_link(const Invocation& invocation) {
  const FoundContainer one(invocation, invocation.operand(0)), other(invocation, invocation.operand(1));
  const network::Running first = one.running(), second = other.running();
  network::link_pair(machine_of(invocation), pair_end(invocation, first, "a"), pair_end(invocation, second, "b"));
  return 0;
}

}  // namespace caisson::app::human
