// Carries out a transaction of nf_tables and hears how it ended.
#pragma once

#include "net/nft_batch.hpp"
#include "net/route_conversation.hpp"
#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::net {

// The first failure of the transaction, of which then nothing was done. socket: sys::make_netfilter_socket().
sys::SysStatus carry_out(sys::BorrowedFd socket, NftBatch batch);

// What the answers in a datagram say about the messages first..last: the errno of the first one that failed, 0 when the last
// was carried out; nothing: there is more to hear.
struct TransactionAnswer {
  int failure = 0;
  bool ended = false;
};
TransactionAnswer read_answers(std::string_view datagram, std::uint32_t first, std::uint32_t last, TransactionAnswer so_far);

// Whether a table of the family inet is there: ENOENT when it is not, EPERM for who may not know.
sys::SysStatus look_for_table(RouteConversation& conversation, sys::BorrowedFd socket, std::string_view table);

}  // namespace caisson::net
