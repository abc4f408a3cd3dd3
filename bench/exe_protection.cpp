// What it costs that no container gets at the runtime's own binary (CVE-2019-5736), per start (docs/adr/0006-trampoline.md):
//   trampoline   the embedded trampoline in a sealed memfd, which executes the payload
//   memfd copy   the whole runtime in a sealed memfd, started a second time; this program plays the runtime
//   bind         a read-only detached copy of the mount of the binary (open_tree, mount_setattr), started a second time
//   overlay      the same by a read-only overlay of the binary's directory, as runc does
//   nothing      the payload at once
// Every round runs each once in random order; medians, and ratios taken within a round. Needs root.
//   exe_protection PAYLOAD [ROUNDS [GAP_MS]]
#include <linux/mount.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "launch/trampoline_image.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"
#include "sys/process.hpp"
#include "sys/socket.hpp"

namespace {

using namespace caisson;

constexpr const char* kSecondStart = "--second-start";
constexpr const char* kOwnBinary = "/proc/self/exe";
constexpr const char* const kNoEnvironment[] = {nullptr};

// Up to the size of caisson-oci, of which this program links only a part.
[[gnu::used, gnu::retain]] constinit std::array<char, 1'100'000> padding{1};

struct Start {
  const char* payload;
  sys::BorrowedFd channel;  // whose other end is held by the parent
};

[[noreturn]] void execute_payload(const char* payload) {
  const char* const argv[] = {payload, nullptr};
  static_cast<void>(sys::execute(payload, argv, kNoEnvironment));
  _exit(1);
}

[[noreturn]] void payload_at_once(const Start& start) { execute_payload(start.payload); }

[[noreturn]] void start_again(sys::BorrowedFd binary, const Start& start) {
  const char* const argv[] = {"caisson", kSecondStart, start.payload, nullptr};
  static_cast<void>(sys::execute_fd(binary, argv, kNoEnvironment));
  _exit(1);
}

[[noreturn]] void by_trampoline(const Start& start) {
  const sys::UniqueFd trampoline = launch::make_trampoline({.channel = start.channel.get()});
  sys::keep_across_exec(start.channel).or_throw("keep the channel");
  const char* const argv[] = {start.payload, start.payload, nullptr};
  static_cast<void>(sys::execute_fd(trampoline.borrow(), argv, kNoEnvironment));
  _exit(1);
}

[[noreturn]] void by_memfd_copy(const Start& start) {
  using namespace sys::abi;
  const auto self = sys::open_at(sys::kCwd, kOwnBinary, O_RDONLY).or_throw("open the own binary");
  const auto copy = sys::make_memfd("runtime", kMfdCloexec | kMfdAllowSealing | kMfdExec).or_throw("make a memfd");
  // In the kernel, without a buffer in between.
  ssize_t moved = 0;
  do moved = ::sendfile(copy.get(), self.get(), nullptr, 1 << 30);
  while (moved > 0);
  if (moved < 0) _exit(1);
  sys::seal(copy.borrow(), 1 | 2 | 4 | 8).or_throw("seal the copy");  // man 2 fcntl: SEAL, SHRINK, GROW, WRITE
  start_again(copy.borrow(), start);
}

[[noreturn]] void by_bind(const Start& start) {
  const sys::MountFd copy =
      sys::clone_tree_with(sys::kCwd, kOwnBinary, false, {.attr_set = sys::abi::kMountAttrRdonly}).or_throw("copy the mount");
  start_again(copy.borrow(), start);
}

[[noreturn]] void by_overlay(const Start& start) {
  char path[4096];
  const ssize_t length = ::readlink(kOwnBinary, path, sizeof path - 1);
  if (length < 0) _exit(1);
  path[length] = '\0';
  char* const slash = std::strrchr(path, '/');
  *slash = '\0';
  const auto context = sys::fs_open("overlay").or_throw("open an overlay");
  // Two lower directories and no upper one make it read-only; the second only has to be there.
  sys::fs_set(context.borrow(), "lowerdir", (std::string(path) + ":/sys").c_str()).or_throw("set the directories");
  sys::fs_create(context.borrow()).or_throw("make the overlay");
  const sys::MountFd mount = sys::fs_mount(context.borrow(), sys::abi::kMountAttrRdonly).or_throw("mount the overlay");
  start_again(sys::open_at(mount.borrow(), slash + 1, O_PATH).or_throw("open the binary").borrow(), start);
}

struct Way {
  const char* name;
  void (*start)(const Start& start);
};
constexpr Way kWays[] = {{"nothing", payload_at_once},
                         {"trampoline", by_trampoline},
                         {"memfd copy", by_memfd_copy},
                         {"bind", by_bind},
                         {"overlay", by_overlay}};
constexpr std::size_t kCount = std::size(kWays);

struct Cost {
  double wall_us, cpu_us;
};

double microseconds(const timeval& time) { return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec); }

Cost measured(const Way& way, const char* payload) {
  const auto pair = sys::seqpacket_pair().or_throw("make a channel");
  const std::uint64_t begin = sys::monotonic_ns();
  const pid_t child = fork();
  if (child == 0) {
    try {
      way.start({payload, pair.theirs.borrow()});
    } catch (const Error& error) {
      std::fprintf(stderr, "exe_protection: %s: %s\n", way.name, error.what());
    }
    _exit(1);
  }
  int status = 0;
  rusage used{};
  if (child < 0 || wait4(child, &status, 0, &used) != child || status != 0) {
    std::fprintf(stderr, "exe_protection: %s failed\n", way.name);
    std::exit(1);
  }
  return {static_cast<double>(sys::monotonic_ns() - begin) / 1e3, microseconds(used.ru_utime) + microseconds(used.ru_stime)};
}

double quantile(std::vector<double> values, double part) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

void report(const std::array<std::vector<Cost>, kCount>& costs) {
  std::printf("%-12s %9s %9s   %-24s %s\n", "", "wall us", "CPU us", "wall / nothing", "more than nothing, us");
  for (std::size_t way = 0; way < kCount; ++way) {
    std::vector<double> wall, cpu, ratio, more;
    for (std::size_t round = 0; round < costs[way].size(); ++round) {
      const Cost& cost = costs[way][round];
      wall.push_back(cost.wall_us);
      cpu.push_back(cost.cpu_us);
      ratio.push_back(cost.wall_us / costs[0][round].wall_us);
      more.push_back(cost.wall_us - costs[0][round].wall_us);
    }
    std::printf("%-12s %9.0f %9.0f   %.2f [%.2f-%.2f]         %.0f\n", kWays[way].name, quantile(wall, 0.5), quantile(cpu, 0.5),
                quantile(ratio, 0.5), quantile(ratio, 0.25), quantile(ratio, 0.75), quantile(more, 0.5));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], kSecondStart) == 0) execute_payload(argv[2]);
  if (argc < 2) {
    std::fputs("usage: exe_protection PAYLOAD [ROUNDS [GAP_MS]]\n", stderr);
    return 2;
  }
  const long rounds = argc > 2 ? std::strtol(argv[2], nullptr, 10) : 200;
  const long gap_ms = argc > 3 ? std::strtol(argv[3], nullptr, 10) : 0;
  std::array<std::vector<Cost>, kCount> costs;
  std::array<std::size_t, kCount> order{};
  for (std::size_t i = 0; i < kCount; ++i) order[i] = i;
  std::mt19937 random(1);
  for (const Way& way : kWays) static_cast<void>(measured(way, argv[1]));
  for (long round = 0; round < rounds; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t way : order) {
      if (gap_ms > 0) usleep(static_cast<useconds_t>(gap_ms * 1000));
      costs[way].push_back(measured(kWays[way], argv[1]));
    }
  }
  std::printf("%ld rounds, %ld ms before each; trampoline of %zu bytes\n", rounds, gap_ms,
              launch::build_trampoline({}).whole().size());
  report(costs);
}
