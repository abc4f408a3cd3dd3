#include "net/nft_rule.hpp"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <cstddef>

namespace caisson::net {
namespace {

// Fields of the two headers: linux/ip.h, linux/ipv6.h. Ports stand at the same place in TCP and UDP.
struct HeaderField {
  std::uint32_t base, offset, length;
};
constexpr HeaderField address_field(Family family, Field field) {
  const bool v4 = family == Family::V4, from = field == Field::From;
  return {NFT_PAYLOAD_NETWORK_HEADER, v4 ? (from ? 12U : 16U) : (from ? 8U : 24U), v4 ? 4U : 16U};
}
constexpr HeaderField kDestinationPort{NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2};

constexpr std::uint32_t slot_register(unsigned slot) { return NFT_REG32_00 + slot; }

std::string name_bytes(std::string_view device) {
  std::string bytes(device);
  bytes.resize(16, '\0');  // IFNAMSIZ
  return bytes;
}

}  // namespace

NftRule::NftRule(NftBatch& batch, std::string_view table, std::string_view chain) : batch_(batch) {
  batch_.message(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
  batch_.words(NFTA_RULE_TABLE, table);
  batch_.words(NFTA_RULE_CHAIN, chain);
  expressions_ = batch_.begin_nest(NFTA_RULE_EXPRESSIONS);
}

void NftRule::end() { batch_.end_nest(expressions_); }

template <class Fill>
NftRule& NftRule::expression(std::string_view name, const Fill& fill) {
  batch_.nest(NFTA_LIST_ELEM, [&] {
    batch_.words(NFTA_EXPR_NAME, name);
    batch_.nest(NFTA_EXPR_DATA, fill);
  });
  return *this;
}

NftRule& NftRule::compare(Compare how, std::string_view value, unsigned slot) {
  return expression("cmp", [&] {
    batch_.number(NFTA_CMP_SREG, slot_register(slot));
    batch_.number(NFTA_CMP_OP, how == Compare::Equal ? NFT_CMP_EQ : NFT_CMP_NEQ);
    batch_.nest(NFTA_CMP_DATA, [&] { batch_.bytes(NFTA_DATA_VALUE, value); });
  });
}

NftRule& NftRule::keep_bits(std::string_view mask_bits) {
  return expression("bitwise", [&] {
    batch_.number(NFTA_BITWISE_SREG, slot_register(0));
    batch_.number(NFTA_BITWISE_DREG, slot_register(0));
    batch_.number(NFTA_BITWISE_LEN, static_cast<std::uint32_t>(mask_bits.size()));
    batch_.nest(NFTA_BITWISE_MASK, [&] { batch_.bytes(NFTA_DATA_VALUE, mask_bits); });
    batch_.nest(NFTA_BITWISE_XOR, [&] { batch_.bytes(NFTA_DATA_VALUE, std::string(mask_bits.size(), '\0')); });
  });
}

NftRule& NftRule::family(Family family) {
  const std::uint8_t number = family == Family::V4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
  expression("meta", [&] {
    batch_.number(NFTA_META_DREG, slot_register(0));
    batch_.number(NFTA_META_KEY, NFT_META_NFPROTO);
  });
  return compare(Compare::Equal, bytes_of(number));
}

NftRule& NftRule::load_device(Side side, unsigned slot) {
  return expression("meta", [&] {
    batch_.number(NFTA_META_DREG, slot_register(slot));
    batch_.number(NFTA_META_KEY, side == Side::In ? NFT_META_IIFNAME : NFT_META_OIFNAME);
  });
}

NftRule& NftRule::load_address(Family family, Field field, unsigned slot) {
  const HeaderField place = address_field(family, field);
  return expression("payload", [&] {
    batch_.number(NFTA_PAYLOAD_DREG, slot_register(slot));
    batch_.number(NFTA_PAYLOAD_BASE, place.base);
    batch_.number(NFTA_PAYLOAD_OFFSET, place.offset);
    batch_.number(NFTA_PAYLOAD_LEN, place.length);
  });
}

NftRule& NftRule::load_protocol(unsigned slot) {
  return expression("meta", [&] {
    batch_.number(NFTA_META_DREG, slot_register(slot));
    batch_.number(NFTA_META_KEY, NFT_META_L4PROTO);
  });
}

NftRule& NftRule::load_port(unsigned slot) {
  return expression("payload", [&] {
    batch_.number(NFTA_PAYLOAD_DREG, slot_register(slot));
    batch_.number(NFTA_PAYLOAD_BASE, kDestinationPort.base);
    batch_.number(NFTA_PAYLOAD_OFFSET, kDestinationPort.offset);
    batch_.number(NFTA_PAYLOAD_LEN, kDestinationPort.length);
  });
}

NftRule& NftRule::device(Side side, Compare how, std::string_view name) {
  return load_device(side, 0).compare(how, name_bytes(name));
}

NftRule& NftRule::in_set(std::string_view set, Compare how) {
  return expression("lookup", [&] {
    batch_.words(NFTA_LOOKUP_SET, set);
    batch_.number(NFTA_LOOKUP_SREG, slot_register(0));
    batch_.number(NFTA_LOOKUP_FLAGS, how == Compare::Equal ? 0 : NFT_LOOKUP_F_INV);
  });
}

NftRule& NftRule::mapped_by(std::string_view map) {
  return expression("lookup", [&] {
    batch_.words(NFTA_LOOKUP_SET, map);
    batch_.number(NFTA_LOOKUP_SREG, slot_register(0));
    batch_.number(NFTA_LOOKUP_DREG, slot_register(0));
  });
}

NftRule& NftRule::address_within(Family family, Field field, Compare how, std::string_view base, std::string_view mask_bits) {
  return load_address(family, field, 0).keep_bits(mask_bits).compare(how, base);
}

NftRule& NftRule::connection_bits(std::uint32_t key, std::uint32_t bits) {
  constexpr std::uint32_t kNone = 0;
  expression("ct", [&] {
    batch_.number(NFTA_CT_DREG, slot_register(0));
    batch_.number(NFTA_CT_KEY, key);
  });
  return keep_bits(bytes_of(bits)).compare(Compare::Differs, bytes_of(kNone));
}

NftRule& NftRule::connection_is(State state) { return connection_bits(NFT_CT_STATE, static_cast<std::uint32_t>(state)); }

NftRule& NftRule::destination_was_translated() { return connection_bits(NFT_CT_STATUS, IPS_DST_NAT); }

NftRule& NftRule::to_local_address() {
  constexpr std::uint32_t kLocal = RTN_LOCAL;
  expression("fib", [&] {
    batch_.number(NFTA_FIB_DREG, slot_register(0));
    batch_.number(NFTA_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE);
    batch_.number(NFTA_FIB_FLAGS, NFTA_FIB_F_DADDR);
  });
  return compare(Compare::Equal, bytes_of(kLocal));
}

NftRule& NftRule::verdict(std::int32_t code, std::string_view chain) {
  return expression("immediate", [&] {
    batch_.number(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
    batch_.nest(NFTA_IMMEDIATE_DATA, [&] {
      batch_.nest(NFTA_DATA_VERDICT, [&] {
        batch_.number(NFTA_VERDICT_CODE, static_cast<std::uint32_t>(code));
        if (!chain.empty()) batch_.words(NFTA_VERDICT_CHAIN, chain);
      });
    });
  });
}

NftRule& NftRule::accept() { return verdict(NF_ACCEPT); }
NftRule& NftRule::drop() { return verdict(NF_DROP); }
NftRule& NftRule::jump(std::string_view chain) { return verdict(NFT_JUMP, chain); }

NftRule& NftRule::masquerade() {
  return expression("masq", [] {});
}

NftRule& NftRule::translate_destination(Family family) {
  return expression("nat", [&] {
    batch_.number(NFTA_NAT_TYPE, NFT_NAT_DNAT);
    batch_.number(NFTA_NAT_FAMILY, family == Family::V4 ? NFPROTO_IPV4 : NFPROTO_IPV6);
    batch_.number(NFTA_NAT_REG_ADDR_MIN, slot_register(0));
    batch_.number(NFTA_NAT_REG_PROTO_MIN, slot_register(family == Family::V4 ? 1 : 4));
  });
}

}  // namespace caisson::net
