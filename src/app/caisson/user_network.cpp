#include "app/caisson/user_network.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"
#include "host/find_program.hpp"
#include "launch/companion.hpp"
#include "network/store.hpp"
#include "network/user_network.hpp"
#include "sys/file.hpp"
#include "sys/namespace_relations.hpp"
#include "sys/process.hpp"
#include "sys/socket.hpp"

namespace caisson::app::human {
namespace {

constexpr int kPatienceMs = 5000;
constexpr std::size_t kMostAnswer = 4096;

void check_tun_device() {
  constexpr const char* kTun = "/dev/net/tun";
  const auto opened = sys::open_at(sys::kCwd, kTun, O_RDWR);
  if (opened.ok()) return;
  throw Error(ErrorKind::Host, text::join("--net user: open ", kTun), opened.err())
      .with_hint(opened.err() == EACCES ? "root can let everybody use it: chmod 0666 /dev/net/tun"
                                        : "root can load the module: modprobe tun");
}

void publish_by_slirp(const network::PublishedPort& port, sys::BorrowedFd directory) {
  const auto subject = [&] { return text::join("--publish: port ", port.host_port, " by slirp4netns"); };
  const sys::UniqueFd connection =
      sys::connect_to(directory, network::kSlirpSocket, sys::SocketType::Stream, kPatienceMs).or_throw(subject());
  sys::send_with_fds(connection.borrow(), network::slirp_request(port)).or_throw(subject());
  const auto ready = sys::wait_readable(connection.borrow(), kPatienceMs).or_throw(subject());
  if (ready == sys::Readiness::TimedOut) throw Error(ErrorKind::Host, subject(), ETIMEDOUT);
  const std::string answer = sys::receive_with_fds(connection.borrow(), kMostAnswer).or_throw(subject()).data;
  if (const std::string refusal = network::slirp_refusal(answer); !refusal.empty())
    throw Error(ErrorKind::Host, text::join(subject(), ": ", text::printable(refusal)));
}

}  // namespace

UserNetworkProgram find_user_network(const network::Wish& wish) {
  const bool other_numbers = std::ranges::any_of(wish.ports, [](const network::PublishedPort& port) {
    return port.protocol == net::Protocol::Udp && port.host_port != port.port;
  });
  const UserNetworkProgram pasta{.path = host::find_program(network::kPasta)};
  UserNetworkProgram found = pasta;
  if (pasta.path.empty() || other_numbers) found = {.slirp = true, .path = host::find_program(network::kSlirp)};
  if (found.path.empty()) found = pasta;
  if (found.path.empty())
    throw Error(ErrorKind::Host, "--net user: neither pasta nor slirp4netns is installed, of which one carries the packets")
        .with_hint("install the package passt (or slirp4netns); --net host and --net none need neither");
  check_tun_device();
  return found;
}

network::Wish prepared_for(const UserNetworkProgram& program, network::Wish wish) {
  wish.resolver_inside = program.slirp ? network::kSlirpResolver : network::kPastaResolver;
  if (program.slirp)
    for (const network::PublishedPort& port : wish.ports)
      if (port.host.is_v6())
        throw Error(ErrorKind::Usage, text::join("--publish: slirp4netns cannot lead ", port.host.text(), " into a container"))
            .with_hint("install the package passt, or publish at an address of IPv4");
  return wish;
}

void start_user_network(const UserNetworkProgram& program, const UserNetwork& network) {
  const sys::Pidfd container = sys::open_pidfd(network.first_process).or_throw("open the container's first process");
  const sys::NamespaceFd owner = sys::owning_user_namespace(network.network_namespace)
                                     .or_throw("--net user: find the user namespace that owns the container's network");
  sys::UniqueFd lock, files;
  {
    const network::Store store(network.places);
    lock = store.companion_lock(network.id);
    files = store.open_files(network.id);
  }
  const std::vector<network::PublishedPort>& ports = network.wish.ports;
  const network::PassedFiles names{.process = std::string(launch::kStandIn),
                                   .user = launch::companion_file(launch::kFirstPassed),
                                   .network = launch::companion_file(launch::kFirstPassed + 1),
                                   .directory = launch::companion_file(launch::kFirstPassed + 2)};
  launch::start_companion({.program = program.path,
                           .words = program.slirp ? network::slirp_words(ports, names) : network::pasta_words(ports, names),
                           .container = container,
                           .lock = lock.borrow(),
                           .passed = {owner.borrow(), network.network_namespace, files.borrow()}});
  if (program.slirp)
    for (const network::PublishedPort& port : ports) publish_by_slirp(port, files.borrow());
}

}  // namespace caisson::app::human
