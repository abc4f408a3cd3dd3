#include "network/user_network.hpp"

#include "base/text.hpp"
#include "json/writer.hpp"

namespace caisson::network {
namespace {

constexpr std::string_view kSlirpGuest = "10.0.2.100";

// "8080:80", "127.0.0.1/8080:80".
std::string pasta_port(const PublishedPort& port) {
  return text::join(port.host.given() ? port.host.text() + "/" : std::string(), port.host_port, ":", port.port);
}

void add_ports(std::vector<std::string>& words, std::string_view option, net::Protocol protocol,
               const std::vector<PublishedPort>& ports) {
  const std::size_t before = words.size();
  for (const PublishedPort& port : ports)
    if (port.protocol == protocol) words.insert(words.end(), {std::string(option), pasta_port(port)});
  // Without it the program would lead every port that is in use.
  if (words.size() == before) words.insert(words.end(), {std::string(option), "none"});
}

}  // namespace

std::vector<std::string> pasta_words(const std::vector<PublishedPort>& ports, const PassedFiles& files) {
  std::vector<std::string> words{std::string(kPasta), "--foreground", "--quiet", "--config-net", "--no-map-gw"};
  words.insert(words.end(), {"--dns-forward", std::string(kPastaResolver)});
  add_ports(words, "-t", net::Protocol::Tcp, ports);
  add_ports(words, "-u", net::Protocol::Udp, ports);
  words.insert(words.end(), {"-T", "none", "-U", "none", "--no-netns-quit", "-P", "/proc/self/fd/3", files.process});
  return words;
}

std::vector<std::string> slirp_words(const std::vector<PublishedPort>& ports, const PassedFiles& files) {
  std::vector<std::string> words{std::string(kSlirp), "--configure", "--mtu=65520", "--disable-host-loopback", "--ready-fd=3"};
  if (!ports.empty()) words.push_back(text::join("--api-socket=", files.directory, "/", kSlirpSocket));
  words.insert(words.end(), {"--userns-path=" + files.user, "--netns-type=path", files.network, "eth0"});
  return words;
}

std::string slirp_request(const PublishedPort& port) {
  json::Writer out(json::kCompact);
  out.begin_object().key("execute").string("add_hostfwd").key("arguments").begin_object();
  out.key("proto").string(port.protocol == net::Protocol::Udp ? "udp" : "tcp");
  out.key("host_addr").string(port.host.given() ? port.host.text() : "0.0.0.0").key("host_port").integer(port.host_port);
  out.key("guest_addr").string(kSlirpGuest).key("guest_port").integer(port.port).end_object().end_object();
  return out.take();
}

std::string slirp_refusal(std::string_view answer) {
  if (answer.find("\"error\"") == std::string_view::npos && answer.find("\"return\"") != std::string_view::npos) return {};
  return answer.empty() ? "no answer" : std::string(text::trim(answer));
}

}  // namespace caisson::network
