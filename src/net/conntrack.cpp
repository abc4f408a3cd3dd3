#include "net/conntrack.hpp"

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <netinet/in.h>

#include <cerrno>

#include "net/route_conversation.hpp"

namespace caisson::net {
namespace {

// Which parts of a tuple count: bits that no public header of the kernel has (net/netfilter/nf_internals.h).
constexpr std::uint32_t kByProtocol = 1U << 3, kByDestinationPort = 1U << 5;

}  // namespace

RouteRequest forget_datagrams_to(std::uint32_t sequence, std::uint8_t family, std::uint16_t port) {
  nfgenmsg header{};
  header.nfgen_family = family;
  header.version = NFNETLINK_V0;
  RouteRequest request(NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE, NLM_F_ACK, sequence, bytes_of(header));
  request.add_nest(CTA_TUPLE_ORIG, [&] {
    request.add_nest(CTA_TUPLE_PROTO, [&] {
      constexpr std::uint8_t kUdp = IPPROTO_UDP;
      const std::uint16_t in_network_order = htons(port);
      request.add(CTA_PROTO_NUM, bytes_of(kUdp));
      request.add(CTA_PROTO_DST_PORT, bytes_of(in_network_order));
    });
  });
  request.add_nest(CTA_FILTER, [&] {
    request.add_number(CTA_FILTER_ORIG_FLAGS, kByProtocol | kByDestinationPort);
    request.add_number(CTA_FILTER_REPLY_FLAGS, 0);
  });
  return request;
}

sys::SysStatus forget_datagrams(sys::BorrowedFd socket, std::uint16_t port) {
  RouteConversation conversation;
  for (const std::uint8_t family : {std::uint8_t{AF_INET}, std::uint8_t{AF_INET6}}) {
    const auto request = forget_datagrams_to(conversation.next_sequence(), family, port);
    const auto done = conversation.ask(socket, request, [](const RouteMessage&) {});
    const bool cannot = done.err() == EINVAL || done.err() == EOPNOTSUPP || done.err() == ENOENT;
    if (!done.ok() && !cannot) return done;
  }
  return sys::Unit{};
}

}  // namespace caisson::net
