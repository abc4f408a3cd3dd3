#include "process/personality.hpp"

#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/scheduling.hpp"

namespace caisson::process {
namespace {

struct Domain {
  std::string_view name;
  unsigned long value;
};
constexpr std::array kDomains{Domain{"LINUX", 0x0000}, Domain{"LINUX32", 0x0008}};  // linux/personality.h

}  // namespace

unsigned long plan_personality(const spec::Personality& personality) {
  if (!personality.flags.empty())
    throw Error(ErrorKind::Spec, text::join("unknown personality flag ", text::quoted(personality.flags.front())))
        .with_hint("the OCI specification defines no personality flags");
  for (const Domain& domain : kDomains)
    if (domain.name == personality.domain) return domain.value;
  throw Error(ErrorKind::Spec, text::join("unknown personality domain ", text::quoted(personality.domain)))
      .with_hint("the domains are LINUX and LINUX32");
}

void apply_personality(unsigned long persona) {
  sys::set_personality(persona).or_throw("set personality to ", text::hex(persona));
}

}  // namespace caisson::process
