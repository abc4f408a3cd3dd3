#include "net/nft_batch.hpp"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

namespace caisson::net {
NftBatch::NftBatch(std::uint32_t first) : first_(first), sequence_(first) {
  begin_message(NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
}

void NftBatch::begin_message(std::uint16_t type, std::uint16_t flags, std::uint8_t family, std::uint16_t resource) {
  begin_ = out_.size();
  nlmsghdr header{};
  header.nlmsg_type = type;
  header.nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST);
  header.nlmsg_seq = sequence_;
  nfgenmsg family_header{};
  family_header.nfgen_family = family;
  family_header.version = NFNETLINK_V0;
  family_header.res_id = htons(resource);
  out_ += bytes_of(header);
  out_ += bytes_of(family_header);
}

void NftBatch::end_message() {
  const auto length = static_cast<std::uint32_t>(out_.size() - begin_);
  std::memcpy(out_.data() + begin_ + offsetof(nlmsghdr, nlmsg_len), &length, sizeof length);
}

void NftBatch::message(std::uint16_t type, std::uint16_t flags) {
  end_message();
  ++sequence_;
  begin_message(static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | type), flags, NFPROTO_INET, 0);
}

void NftBatch::number(std::uint16_t type, std::uint32_t value) {
  const std::uint32_t in_network_order = htonl(value);
  bytes(type, bytes_of(in_network_order));
}

void NftBatch::words(std::uint16_t type, std::string_view value) { bytes(type, std::string(value) + '\0'); }

void NftBatch::bytes(std::uint16_t type, std::string_view value) {
  const nlattr header{static_cast<std::uint16_t>(sizeof header + value.size()), type};
  out_ += bytes_of(header);
  out_ += value;
  out_.resize(aligned(out_.size()), '\0');
}

std::size_t NftBatch::begin_nest(std::uint16_t type) {
  const std::size_t begin = out_.size();
  bytes(static_cast<std::uint16_t>(type | NLA_F_NESTED), {});
  return begin;
}

void NftBatch::end_nest(std::size_t begin) {
  const auto length = static_cast<std::uint16_t>(out_.size() - begin);
  std::memcpy(out_.data() + begin + offsetof(nlattr, nla_len), &length, sizeof length);
}

std::string NftBatch::finish() {
  std::uint16_t flags = 0;
  std::memcpy(&flags, out_.data() + begin_ + offsetof(nlmsghdr, nlmsg_flags), sizeof flags);
  flags |= NLM_F_ACK;
  std::memcpy(out_.data() + begin_ + offsetof(nlmsghdr, nlmsg_flags), &flags, sizeof flags);
  end_message();
  begin_message(NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
  const auto sequence = sequence_ + 1;
  std::memcpy(out_.data() + begin_ + offsetof(nlmsghdr, nlmsg_seq), &sequence, sizeof sequence);
  end_message();
  return std::move(out_);
}

}  // namespace caisson::net
