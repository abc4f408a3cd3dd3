#include "net/nft_transaction.hpp"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <string>

#include "net/route_message.hpp"
#include "sys/netlink.hpp"

namespace caisson::net {
namespace {

constexpr std::size_t kUsualRoom = 100'000;  // of a send buffer, whatever the machine's default is

}  // namespace

TransactionAnswer read_answers(std::string_view datagram, std::uint32_t first, std::uint32_t last, TransactionAnswer so_far) {
  while (const auto message = take_message(datagram)) {
    if (message->type != NLMSG_ERROR || message->sequence < first || message->sequence > last) continue;
    const int failure = -number_in<std::int32_t>(message->body);
    if (so_far.failure == 0) so_far.failure = failure;
    // A failure of the whole is told as one of its first message, and then nothing else need come.
    if (message->sequence == last || (message->sequence == first && failure != 0)) so_far.ended = true;
  }
  return so_far;
}

sys::SysStatus carry_out(sys::BorrowedFd socket, NftBatch batch) {
  const std::uint32_t first = batch.first_sequence(), last = batch.last_sequence();
  const std::string bytes = batch.finish();
  if (bytes.size() > kUsualRoom)
    if (const auto room = sys::make_room_to_send(socket, 2 * bytes.size()); !room.ok()) return room;
  if (const auto sent = sys::send_to_kernel(socket, bytes); !sent.ok()) return sent;
  TransactionAnswer answer;
  std::string buffer;
  while (!answer.ended) {
    const auto length = sys::next_from_kernel(socket);
    if (!length.ok()) return sys::SysStatus::failed(length.err());
    buffer.resize(length.value());
    const auto received = sys::receive_from_kernel(socket, buffer);
    if (!received.ok()) return sys::SysStatus::failed(received.err());
    answer = read_answers(std::string_view(buffer).substr(0, received.value()), first, last, answer);
  }
  return answer.failure == 0 ? sys::SysStatus(sys::Unit{}) : sys::SysStatus::failed(answer.failure);
}

sys::SysStatus look_for_table(RouteConversation& conversation, sys::BorrowedFd socket, std::string_view table) {
  nfgenmsg header{};
  header.nfgen_family = NFPROTO_INET;
  header.version = NFNETLINK_V0;
  const std::uint16_t type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETTABLE;
  RouteRequest request(type, 0, conversation.next_sequence(), bytes_of(header));
  request.add_words(NFTA_TABLE_NAME, table);
  return conversation.ask(socket, request, [](const RouteMessage&) {});
}

}  // namespace caisson::net
