// One transaction of nf_tables as bytes: the kernel does all of it or none. Numbers inside are in network order; names end with
// a zero. The vocabulary of linux/netfilter/nf_tables.h; pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/route_message.hpp"

namespace caisson::net {

class NftBatch {
 public:
  // first: the sequence number of the message that opens the transaction; the others count on from there.
  explicit NftBatch(std::uint32_t first);

  // Begins a message of the family inet (NFPROTO_INET); what is added after it belongs to it.
  // type: NFT_MSG_*; flags: NLM_F_*.
  void message(std::uint16_t type, std::uint16_t flags);
  void number(std::uint16_t type, std::uint32_t value);
  void words(std::uint16_t type, std::string_view value);
  void bytes(std::uint16_t type, std::string_view value);
  template <class Fill>
  void nest(std::uint16_t type, const Fill& fill) {
    const std::size_t begin = begin_nest(type);
    fill();
    end_nest(begin);
  }
  // The same in two halves, for who writes the inside in several steps.
  std::size_t begin_nest(std::uint16_t type);
  void end_nest(std::size_t begin);
  // Closes the transaction. The last message before it asks for an answer, which therefore comes for success as well.
  std::string finish();

  std::uint32_t first_sequence() const noexcept { return first_; }
  std::uint32_t last_sequence() const noexcept { return sequence_; }

 private:
  void begin_message(std::uint16_t type, std::uint16_t flags, std::uint8_t family, std::uint16_t resource);
  void end_message();

  std::uint32_t first_, sequence_;
  std::size_t begin_ = 0;  // of the message that is being written
  std::string out_;
};

}  // namespace caisson::net
