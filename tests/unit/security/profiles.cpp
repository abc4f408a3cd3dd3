#include "unit/security/profiles.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "spec/read_config.hpp"

namespace caisson::security::test {

namespace {

using spec::SeccompAction;
using spec::SeccompOperator;

constexpr std::array kNames = {"read",  "write",   "openat",     "clone",  "personality",    "socket", "accept4",
                               "shmat", "semop",   "socketcall", "ipc",    "ioctl",          "prctl",  "futex",
                               "mmap",  "execve",  "kill",       "clone3", "setns",          "bpf",    "epoll_wait",
                               "time",  "fcntl64", "statx",      "msgrcv", "restart_syscall"};
constexpr std::array<std::uint64_t, 14> kValues = {0,
                                                   1,
                                                   2,
                                                   5,
                                                   7,
                                                   8,
                                                   0x7fffffff,
                                                   0x80000000,
                                                   0xffffffff,
                                                   0x100000000,
                                                   0x100000005,
                                                   0x7e020000,
                                                   0x8000000000000000,
                                                   0xffffffffffffffff};

template <class Container>
auto one_of(const Container& container, std::mt19937_64& random) {
  return container[random() % std::size(container)];
}

std::uint64_t random_value(std::mt19937_64& random) {
  return one_of(kValues, random) + (random() % 2 == 0 ? 0 : random() % 1000);
}

// Between rules with different actions, libseccomp 2.5 keeps the first for values that !=, < or <= meet in the upper half
// already, but tries the lower halves in order of value; which of two such rules wins is then no order at all, and is left out.
spec::SeccompArg random_arg(std::uint32_t index, Overlap overlap, std::mt19937_64& random) {
  spec::SeccompArg arg{
      .index = index, .value = random_value(random), .value_two = 0, .op = static_cast<SeccompOperator>(random() % 7)};
  if (overlap == Overlap::ManyActions) {
    if (arg.op == SeccompOperator::NotEqual) arg.op = SeccompOperator::Equal;
    if (arg.op == SeccompOperator::Less || arg.op == SeccompOperator::LessOrEqual) arg.value &= 0xffffffff;
  }
  if (arg.op == SeccompOperator::MaskedEqual) arg.value_two = random_value(random) & (random() % 2 == 0 ? arg.value : ~0ULL);
  return arg;
}

SeccompAction random_action(std::mt19937_64& random) {
  constexpr std::array kActions = {SeccompAction::KillThread, SeccompAction::KillProcess, SeccompAction::Trap,
                                   SeccompAction::Errno,      SeccompAction::Errno,       SeccompAction::Trace,
                                   SeccompAction::Allow,      SeccompAction::Allow,       SeccompAction::Log};
  return one_of(kActions, random);
}

void set_action(spec::SeccompRule& rule, SeccompAction action, std::uint64_t draw) {
  rule.action = action;
  if (action == SeccompAction::Errno || action == SeccompAction::Trace) rule.errno_ret = static_cast<std::uint32_t>(draw % 40);
}

}  // namespace

spec::Seccomp profile_from_file(const std::string& name) {
  std::ifstream file(std::string(CAISSON_SECURITY_TEST_DATA "/profiles/") + name + ".json");
  if (!file) throw std::runtime_error("no profile " + name);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return spec::read_config(text).linux_.value().seccomp.value();
}

spec::Seccomp random_profile(std::mt19937_64& random, Overlap overlap, const std::vector<std::string>& architectures) {
  spec::Seccomp profile;
  profile.default_action = random_action(random);
  if (profile.default_action == SeccompAction::Errno && random() % 3 == 0) profile.default_errno_ret = 38;
  profile.architectures = architectures;
  std::map<std::string, SeccompAction> actions;
  const std::size_t rules = 1 + random() % 40;
  for (std::size_t i = 0; i < rules; ++i) {
    spec::SeccompRule rule;
    rule.names = {one_of(kNames, random)};
    const SeccompAction action = actions.try_emplace(rule.names[0], random_action(random)).first->second;
    if (overlap == Overlap::ManyActions)
      set_action(rule, random_action(random), random());
    else
      set_action(rule, action, rule.names[0].size());
    const std::size_t conditions = overlap == Overlap::ManyActions ? 1 : random() % 4;
    std::array<std::uint32_t, 6> indices = {0, 1, 2, 3, 4, 5};
    std::shuffle(indices.begin(), indices.begin() + 4, random);
    std::sort(indices.begin(), indices.begin() + static_cast<std::ptrdiff_t>(conditions));
    for (std::size_t c = 0; c < conditions; ++c) rule.args.push_back(random_arg(indices[c], overlap, random));
    if (overlap == Overlap::OneAction && rule.args.size() == 2 && random() % 3 == 0) rule.args[1].index = rule.args[0].index;
    profile.syscalls.push_back(std::move(rule));
  }
  return profile;
}

std::vector<std::array<std::uint64_t, 6>> argument_samples(const spec::Seccomp& profile, std::mt19937_64& random,
                                                           std::size_t count) {
  std::vector<std::uint64_t> values = {0, ~0ULL, 1ULL << 32, 1, 5, 16};
  for (const spec::SeccompRule& rule : profile.syscalls)
    for (const spec::SeccompArg& arg : rule.args)
      for (const std::uint64_t bound : {arg.value, arg.value_two, arg.value & arg.value_two, ~arg.value})
        for (const std::uint64_t near : {bound - 1, bound, bound + 1, bound ^ 0x100000000, bound & 0xffffffff})
          values.push_back(near);
  for (std::uint64_t selector = 1; selector < 25; ++selector) values.push_back(selector);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  std::vector<std::array<std::uint64_t, 6>> samples;
  for (const std::uint64_t value : values) samples.push_back({value, value, value, value, value, value});
  std::shuffle(samples.begin(), samples.end(), random);
  if (samples.size() > count) samples.resize(count);
  while (samples.size() < count) {
    std::array<std::uint64_t, 6>& sample = samples.emplace_back();
    for (std::uint64_t& value : sample) value = one_of(values, random);
  }
  return samples;
}

}  // namespace caisson::security::test
