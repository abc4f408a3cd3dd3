#include "network/way_out.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/foreign_filter.hpp"
#include "network/settings.hpp"
#include "sys/netlink.hpp"
#include "sys/packet_table.hpp"

namespace caisson::network {
namespace {

// Switching it on changes more than a container: everything that this machine is connected with.
void forward(const std::string& path, LogSink& log) {
  if (read_setting(path) != "0") return;
  const auto written = write_setting({path, "1"});
  if (!written.ok())
    throw Error(ErrorKind::Kernel, text::join("switch on forwarding: /proc/sys/net/", path), written.err())
        .with_hint("containers need it to reach others; --net none runs one without a network");
  log.warning(text::join("this machine now forwards packets between its networks, which containers need to reach others: ",
                         "/proc/sys/net/", path, " was 0"));
}

void warn(const net::DroppingChain& chain, LogSink& log) {
  log.warning(text::join("containers do not reach the outside, since this machine's packet filter drops what it forwards (",
                         chain_text(chain), "); these commands let them through: ", mending_commands(chain)));
}

// What cannot be read is somebody else's affair: no reason to keep a container from starting.
void look_at_filters(bool v6, LogSink& log) {
  const auto socket = sys::make_netfilter_socket();
  if (socket.ok())
    for (const net::DroppingChain& chain : net::find_dropping_chains(socket.value().borrow()))
      if (v6 || chain.family != net::FilterFamily::V6) warn(chain, log);
  const auto table = sys::read_legacy_filter();
  if (table.ok() && net::legacy_drops(table.value()))
    warn({.family = net::FilterFamily::V4, .table = "filter", .chain = "FORWARD", .legacy = true}, log);
}

}  // namespace

void open_way_out(const std::vector<Definition>& networks, LogSink& log) {
  const auto leads_out = [](const Definition& network) { return !network.internal; };
  if (std::ranges::none_of(networks, leads_out)) return;
  const bool v6 = std::ranges::any_of(networks, [&](const Definition& one) { return leads_out(one) && one.has_v6(); });
  forward("ipv4/ip_forward", log);
  if (v6) forward("ipv6/conf/all/forwarding", log);
  look_at_filters(v6, log);
}

}  // namespace caisson::network
