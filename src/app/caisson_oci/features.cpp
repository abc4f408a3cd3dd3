#include "spec/features.hpp"
#include "app/caisson_oci/commands.hpp"
#include "app/report.hpp"
#include "mount/options.hpp"
#include "security/seccomp.hpp"
#include "spec/vocabulary.hpp"
#include "sys/seccomp.hpp"

namespace caisson::app::oci {

namespace {

std::vector<std::string> copies(std::span<const std::string_view> names) { return {names.begin(), names.end()}; }

caisson::spec::SeccompFeatures seccomp_features() {
  caisson::spec::SeccompFeatures out{.enabled = true, .known_flags = copies(security::seccomp_flag_names())};
  const unsigned supported = sys::supported_seccomp_flags();
  for (const std::string& name : out.known_flags) {
    const unsigned bit = security::seccomp_flag_bit(name);
    if ((supported & bit) == bit) out.supported_flags.push_back(name);
  }
  return out;
}

}  // namespace

int features(const Invocation&) {
  caisson::spec::FeaturesInput input;
  input.mount_options = mount::option_names();
  input.cgroup = {.v1 = true, .v2 = true};
  input.seccomp = seccomp_features();
  input.apparmor = true;
  input.memory_policy_modes = copies(caisson::spec::memory_policy_modes());
  input.memory_policy_flags = copies(caisson::spec::memory_policy_flags());
  input.idmap_mounts = true;
  input.annotations = {{"io.caisson.version", CAISSON_VERSION}, {"io.caisson.commit", CAISSON_COMMIT}};
  input.potentially_unsafe_config_annotations = {"run.oci.keep_original_groups"};
  print_out(caisson::spec::write_features(input) + '\n');
  return 0;
}

}  // namespace caisson::app::oci
