// The sentences that our rules are made of, as nf_tables expressions. Each function adds one expression to the rule that is
// being written; a rule goes on as long as its comparisons hold. Values travel in sixteen registers of four bytes.
#pragma once

#include <cstdint>
#include <string_view>

#include "net/nft_batch.hpp"

namespace caisson::net {

enum class Compare : std::uint8_t { Equal = 0, Differs = 1 };
enum class Family : std::uint8_t { V4, V6 };
enum class Field : std::uint8_t { From, To };
enum class Side : std::uint8_t { In, Out };

class NftRule {
 public:
  // Begins a rule at the end of the chain; the expressions follow, then end().
  NftRule(NftBatch& batch, std::string_view table, std::string_view chain);

  NftRule& family(Family family);
  // The device's name, its address, the port: into the register of that number (an address of IPv6 and a name fill four).
  NftRule& load_device(Side side, unsigned slot);
  NftRule& load_address(Family family, Field field, unsigned slot);
  NftRule& load_protocol(unsigned slot);
  NftRule& load_port(unsigned slot);
  NftRule& device(Side side, Compare compare, std::string_view name);
  // The registers from the first on are an element of the set, or not.
  NftRule& in_set(std::string_view set, Compare compare = Compare::Equal);
  // ... a key of the map, whose value then stands in them.
  NftRule& mapped_by(std::string_view map);
  NftRule& address_within(Family family, Field field, Compare how, std::string_view base, std::string_view mask_bits);
  enum class State : std::uint32_t { Invalid = 1, Known = 2 | 4 };  // Known: established or related
  NftRule& connection_is(State state);
  NftRule& destination_was_translated();
  NftRule& to_local_address();
  NftRule& accept();
  NftRule& drop();
  NftRule& jump(std::string_view chain);
  NftRule& masquerade();
  // To the address in the first registers and the port behind it.
  NftRule& translate_destination(Family family);

  void end();

 private:
  template <class Fill>
  NftRule& expression(std::string_view name, const Fill& fill);
  NftRule& compare(Compare how, std::string_view value, unsigned slot = 0);
  NftRule& keep_bits(std::string_view mask_bits);
  NftRule& connection_bits(std::uint32_t key, std::uint32_t bits);
  NftRule& verdict(std::int32_t code, std::string_view chain = {});

  NftBatch& batch_;
  std::size_t expressions_;  // where their nest begins
};

}  // namespace caisson::net
