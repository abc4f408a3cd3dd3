// What a seccomp profile costs at the start of a container: building the program and loading it, ours and libseccomp's as runc
// uses it, for Docker's profile on x86_64, x86 and x32. Each sample is a fresh child, as for a real start; the two take turns.
//   bench_seccomp [ROUNDS]
// Bar: building plus loading below 1 ms.
#include <linux/filter.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "security/seccomp.hpp"
#include "sys/process.hpp"
#include "sys/seccomp.hpp"
#include "unit/security/libseccomp_oracle.hpp"
#include "unit/security/profiles.hpp"

namespace {

using namespace caisson;

struct Sample {
  double build_us, load_us;
  std::size_t instructions;
};

std::vector<sock_filter> built_by_caisson(const spec::Seccomp& profile) { return security::compile(profile, {}).instructions; }

std::vector<sock_filter> built_by_libseccomp(const spec::Seccomp& profile) {
  return security::test::libseccomp_program(profile, security::native_seccomp_architecture()).value();
}

using Builder = std::vector<sock_filter> (*)(const spec::Seccomp&);

Sample measured_in_child(Builder build, const spec::Seccomp& profile, Sample* shared) {
  const pid_t child = fork();
  if (child == 0) {
    if (!sys::process_control(PR_SET_NO_NEW_PRIVS, 1).ok()) _exit(1);
    const std::uint64_t start = sys::monotonic_ns();
    const std::vector<sock_filter> program = build(profile);
    const std::uint64_t built = sys::monotonic_ns();
    if (!sys::load_seccomp_filter(program, 0).ok()) _exit(1);
    const std::uint64_t loaded = sys::monotonic_ns();
    *shared = {static_cast<double>(built - start) / 1e3, static_cast<double>(loaded - built) / 1e3, program.size()};
    _exit(0);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
    std::fputs("bench_seccomp: a child failed\n", stderr);
    std::exit(1);
  }
  return *shared;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

void report(const char* name, const std::vector<Sample>& samples) {
  std::vector<double> build, load, both;
  for (const Sample& sample : samples) {
    build.push_back(sample.build_us);
    load.push_back(sample.load_us);
    both.push_back(sample.build_us + sample.load_us);
  }
  std::printf("%-12s %5zu instructions  build %8.1f us  load %8.1f us  together %8.1f us\n", name, samples.front().instructions,
              median(build), median(load), median(both));
}

}  // namespace

int main(int argc, char** argv) {
  const long rounds = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 100;
  const spec::Seccomp profile = security::test::profile_from_file("docker");
  auto* shared = static_cast<Sample*>(mmap(nullptr, sizeof(Sample), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (shared == MAP_FAILED || rounds <= 0) return 1;
  std::vector<Sample> ours, theirs;
  for (long round = 0; round < rounds; ++round) {
    ours.push_back(measured_in_child(built_by_caisson, profile, shared));
    theirs.push_back(measured_in_child(built_by_libseccomp, profile, shared));
  }
  std::puts("Docker's profile, x86_64 + x86 + x32, medians:");
  report("caisson", ours);
  report("libseccomp", theirs);
}
