#include "app/caisson/net_wish.hpp"

#include <algorithm>
#include <cstdlib>

#include "app/caisson/run_wish.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "network/definition.hpp"
#include "sys/process.hpp"

namespace caisson::app::human {
namespace {

constexpr std::string_view kContainer = "container:", kNamespace = "ns:";

// A network namespace belongs to a user namespace, without whose rights its devices cannot be seen: it is joined, too, unless
// the user says which.
void join_container(NetWish& net, const OptionValues& options, std::string_view target) {
  net.joined.push_back(text::join("net=", target));
  const auto shared = options.values("share");
  const auto joined = options.values("ns");
  const bool user_is_said = std::ranges::find(shared, "user") != shared.end() ||
                            std::ranges::any_of(joined, [](std::string_view one) { return one.starts_with("user="); });
  if (!user_is_said) net.joined.push_back(text::join("user=", target));
}

void read_word(NetWish& net, const OptionValues& options, std::string_view word) {
  if (word == "none") return;
  if (word == "user") {
    if (sys::effective_uid() == 0)
      throw Error(ErrorKind::Usage, "--net user is the network of ordinary users")
          .with_hint("root has better ones: --net default");
    net.wish.from_user_space = true;
    return;
  }
  if (word == "host")
    net.kind = request::NetworkWish::Host;
  else if (word.starts_with(kContainer))
    join_container(net, options, word);
  else if (word.starts_with(kNamespace))
    net.joined.push_back(text::join("net=", word.substr(kNamespace.size())));
  else
    net.wish.endpoints.push_back(network::parse_endpoint(word));
}

bool stands_alone(std::string_view word) {
  return word == "none" || word == "host" || word == "user" || word.starts_with(kContainer) || word.starts_with(kNamespace);
}

bool shares_network(const OptionValues& options) {
  const auto shared = options.values("share");
  return std::ranges::find(shared, "net") != shared.end();
}

bool joins_network(const OptionValues& options) {
  return std::ranges::any_of(options.values("ns"), [](std::string_view one) { return one.starts_with("net="); });
}

void refuse_mixture(const OptionValues& options) {
  const auto words = options.values("net");
  const auto alone = std::ranges::find_if(words, stands_alone);
  if (alone != words.end() && words.size() > 1)
    throw Error(ErrorKind::Usage, text::join("--net ", *alone, " cannot be combined with another --net"));
  const bool host_shared = shares_network(options);
  if (!words.empty() && words.front() != "none" && words.front() != "host" && (host_shared || joins_network(options)))
    throw Error(ErrorKind::Usage, text::join("--net ", words.front(), " and ", host_shared ? "--share net" : "--ns net",
                                             " cannot both say which network the container has"));
}

}  // namespace

std::optional<std::string> usual_network(const OptionValues& options) {
  if (options.has("net") || shares_network(options) || joins_network(options)) return std::nullopt;
  if (const char* word = std::getenv("CAISSON_NET"); word != nullptr && *word != '\0') return word;
  if (sys::effective_uid() == 0) return std::string(network::kDefaultNetwork);
  return options.has("publish") || options.flag("publish-all") ? "user" : "none";
}

NetWish net_wish(const OptionValues& options) {
  refuse_mixture(options);
  NetWish net;
  if (const auto word = usual_network(options)) read_word(net, options, *word);
  for (const std::string_view word : options.values("net")) read_word(net, options, word);
  network::Wish& wish = net.wish;
  for (const std::string_view text : options.values("publish"))
    for (network::PublishedPort& port : network::parse_publish(text)) wish.ports.push_back(port);
  for (const std::string_view text : options.values("add-host")) wish.host_lines.push_back(network::parse_host_line(text));
  wish.resolver = {texts(options, "dns"), texts(options, "dns-search"), texts(options, "dns-option")};
  const std::string named = options.text("hostname");
  if (!named.empty()) wish.names.push_back(named);
  const auto shared = options.values("share");
  const auto others = options.values("ns");
  const bool own_name = std::ranges::find(shared, "uts") == shared.end() &&
                        std::ranges::none_of(others, [](std::string_view one) { return one.starts_with("uts="); });
  if (own_name) wish.host_name = named.empty() ? request::kUsualHostName : named;
  wish.shares_host = net.kind == request::NetworkWish::Host || shares_network(options);
  network::check_wish(wish);
  return net;
}

void publish_exposed(NetWish& net, const std::vector<std::string>& exposed) {
  const std::vector<network::PublishedPort> given = net.wish.ports;
  for (const std::string& text : exposed) {
    const auto ports = network::parse_exposed(text);
    if (!ports)
      throw Error(ErrorKind::Spec,
                  text::join("--publish-all: the image exposes ", text::quoted(text), ", which cannot be published"))
          .with_hint("ports of TCP and UDP can: publish those that are needed with --publish 0:PORT");
    for (const network::PublishedPort& port : *ports)
      if (std::ranges::find(given, inside_text(port), network::inside_text) == given.end()) net.wish.ports.push_back(port);
  }
  network::check_wish(net.wish);
}

}  // namespace caisson::app::human
