// Taking names away from namespaces: pins, names of ip-netns(8), holds. Also what a killed attempt left under a name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/kind_choice.hpp"
#include "ns/kinds.hpp"

namespace caisson::inspect {

struct NameWord {
  std::string name;
  KindChoice kinds;  // no choice: all that have the name
};
// "lab" or "net:lab". Throws Error{Usage} for words of another form, or when both the word and --kind name kinds.
NameWord parse_name_word(std::string_view word, const KindChoice& kinds);

// All names are looked for before one is removed. Gives a sentence for each namespace that lives on, as far as it was seen what
// keeps it.
std::vector<std::string> remove_names(const std::string& state_root, const std::vector<NameWord>& names);

// "net:[4026532177] lives on: 2 processes (first 17, sleep), pin:other"; nothing when nothing that keeps it was seen,
// and for the caller's own.
std::optional<std::string> what_keeps(const std::string& state_root, ns::Type type, std::uint64_t inode);

}  // namespace caisson::inspect
