#include "process/oom_score.hpp"

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::process {
namespace {

constexpr std::int32_t kLowest = -1000, kHighest = 1000;
constexpr const char* kFile = "self/oom_score_adj";

}  // namespace

void check_oom_score_adj(std::int32_t value) {
  if (value < kLowest || value > kHighest)
    throw Error(ErrorKind::Spec, text::join("oomScoreAdj ", value, " is not within ", kLowest, " to ", kHighest));
}

void apply_oom_score_adj(const sys::ProcHandle& proc, std::int32_t value) {
  const auto current = proc.read(kFile);
  // The value that is there already can be written by nobody without privilege once it is below the lowest ever set.
  if (current.ok() && text::parse_number<std::int32_t>(text::trim(current.value())) == value) return;
  const auto written = proc.write(kFile, text::join(value));
  if (written.ok()) return;
  Error error(ErrorKind::Kernel, text::join("set oom_score_adj to ", value), written.err());
  if (written.err() == EACCES || written.err() == EPERM) error.with_hint("lowering it needs CAP_SYS_RESOURCE on the host");
  throw error;
}

}  // namespace caisson::process
