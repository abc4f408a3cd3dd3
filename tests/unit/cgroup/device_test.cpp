// The device table, its v1 lines and its v2 program against an independent reading of the rules.
#include <gtest/gtest.h>
#include <linux/bpf.h>

#include <algorithm>
#include <random>

#include "base/error.hpp"
#include "cgroup/device_program.hpp"
#include "cgroup/device_table.hpp"

namespace caisson::cgroup {
namespace {

using spec::DeviceRule;
using spec::DeviceType;

struct Request {
  DeviceType type;
  std::uint32_t major, minor;
  std::uint8_t access;
};

// The meaning of the rules, written down as simply as possible: for each letter the last rule that matches decides.
bool rules_allow(const std::vector<DeviceRule>& all, const Request& request) {
  for (const auto& [bit, letter] : {std::pair{kAccessMknod, 'm'}, {kAccessRead, 'r'}, {kAccessWrite, 'w'}}) {
    if (!(request.access & bit)) continue;
    bool allowed = false;
    for (const DeviceRule& rule : all) {
      const bool type = rule.type == DeviceType::All || rule.type == request.type;
      const bool numbers =
          rule.major.value_or(request.major) == request.major && rule.minor.value_or(request.minor) == request.minor;
      const bool letters = rule.access.empty() || rule.access.find(letter) != std::string::npos;
      if (type && numbers && letters) allowed = rule.allow;
    }
    if (!allowed) return false;
  }
  return true;
}

// An interpreter for the instructions that device_program uses; anything else fails the test.
bool program_allows(const std::vector<sys::BpfInstruction>& program, const Request& request) {
  if (program.empty()) return true;
  std::uint64_t r[11] = {};
  const std::uint32_t context[3] = {
      std::uint32_t{request.access} << 16 | (request.type == DeviceType::Block ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR),
      request.major, request.minor};
  for (std::size_t at = 0; at < program.size(); ++at) {
    const auto& [code, registers, offset, immediate] = program[at];
    std::uint64_t& to = r[registers & 15];
    const std::uint64_t from = r[registers >> 4];
    const auto wide = static_cast<std::uint64_t>(std::int64_t{immediate});
    const auto low = static_cast<std::uint32_t>(immediate);
    bool jump = false;
    switch (code) {
      case BPF_LDX | BPF_MEM | BPF_W:
        to = context[offset / 4];
        break;
      case BPF_ALU | BPF_K | BPF_MOV:
        to = low;
        break;
      case BPF_ALU | BPF_K | BPF_AND:
        to = static_cast<std::uint32_t>(to) & low;
        break;
      case BPF_ALU | BPF_X | BPF_RSH:
        to = static_cast<std::uint32_t>(to) >> (from & 31);
        break;
      case BPF_ALU64 | BPF_K | BPF_MOV:
        to = wide;
        break;
      case BPF_ALU64 | BPF_X | BPF_MOV:
        to = from;
        break;
      case BPF_ALU64 | BPF_K | BPF_XOR:
        to ^= wide;
        break;
      case BPF_ALU64 | BPF_K | BPF_AND:
        to &= wide;
        break;
      case BPF_ALU64 | BPF_X | BPF_AND:
        to &= from;
        break;
      case BPF_ALU64 | BPF_X | BPF_OR:
        to |= from;
        break;
      case BPF_ALU64 | BPF_K | BPF_SUB:
        to -= wide;
        break;
      case BPF_ALU64 | BPF_K | BPF_LSH:
        to <<= low & 63;
        break;
      case BPF_ALU64 | BPF_K | BPF_RSH:
        to >>= low & 63;
        break;
      case BPF_ALU64 | BPF_X | BPF_RSH:
        to >>= from & 63;
        break;
      case BPF_JMP | BPF_JA:
        jump = true;
        break;
      case BPF_JMP | BPF_K | BPF_JSET:
        jump = (to & wide) != 0;
        break;
      case BPF_JMP32 | BPF_K | BPF_JEQ:
        jump = static_cast<std::uint32_t>(to) == low;
        break;
      case BPF_JMP32 | BPF_K | BPF_JNE:
        jump = static_cast<std::uint32_t>(to) != low;
        break;
      case BPF_JMP32 | BPF_K | BPF_JGT:
        jump = static_cast<std::uint32_t>(to) > low;
        break;
      case BPF_JMP | BPF_EXIT:
        return r[0] != 0;
      default:
        ADD_FAILURE() << "unknown instruction " << int{code} << " at " << at;
        return false;
    }
    if (jump && offset < 0) ADD_FAILURE() << "jump back at " << at;  // the kernel would refuse an endless loop
    if (jump) at += static_cast<std::size_t>(offset);
  }
  ADD_FAILURE() << "ran over the end";
  return false;
}

// The kernel's v1 device cgroup (security/device_cgroup.c): a default and a list of exceptions.
class KernelV1 {
 public:
  void write(const DeviceWrite& write) {
    if (write.line == "a") {
      default_allow_ = write.allow;
      exceptions_.clear();
      return;
    }
    ASSERT_NE(write.allow, default_allow_) << write.line << " would take an exception back";
    char type = 0;
    std::uint32_t major = kAnyNumber, minor = kAnyNumber;
    const auto words = text::split(write.line, ' ');
    ASSERT_EQ(words.size(), 3U) << write.line;
    type = words[0][0];
    const auto numbers = text::split(words[1], ':');
    if (numbers[0] != "*") major = *text::parse_number<std::uint32_t>(numbers[0]);
    if (numbers[1] != "*") minor = *text::parse_number<std::uint32_t>(numbers[1]);
    std::uint8_t access = 0;
    for (const char letter : words[2]) access |= letter == 'r' ? kAccessRead : letter == 'w' ? kAccessWrite : kAccessMknod;
    exceptions_.push_back({type == 'b' ? DeviceType::Block : DeviceType::Char, major, minor, access});
  }
  bool allows(const Request& request) const {
    for (const Request& each : exceptions_) {
      if (each.type != request.type || (each.major != kAnyNumber && each.major != request.major) ||
          (each.minor != kAnyNumber && each.minor != request.minor))
        continue;
      if (default_allow_ && (each.access & request.access) != 0) return false;
      if (!default_allow_ && (request.access & ~each.access) == 0) return true;
    }
    return default_allow_;
  }

 private:
  bool default_allow_ = true;
  std::vector<Request> exceptions_;
};

DeviceRule rule(bool allow, DeviceType type, std::optional<std::int64_t> major, std::optional<std::int64_t> minor,
                std::string access) {
  return {.allow = allow, .type = type, .major = major, .minor = minor, .access = std::move(access)};
}

const std::vector<DeviceRule> kDenyAll{rule(false, DeviceType::All, {}, {}, "rwm")};

template <class Check>
void for_grid(const Check& check) {
  for (const DeviceType type : {DeviceType::Char, DeviceType::Block})
    for (const std::uint32_t major : {0U, 1U, 2U, 5U, 8U, 10U, 136U, 4000000000U})
      for (const std::uint32_t minor : {0U, 1U, 2U, 3U, 5U, 7U, 8U, 9U, 31U, 32U, 35U, 40U, 200U, 4000000000U})
        for (std::uint8_t access = 1; access <= kAccessAll; ++access) check(Request{type, major, minor, access});
}

// Compares all readings of the rules over the grid; the v1 lines only when v1 can express the rules.
void expect_agreement(const std::vector<DeviceRule>& rules, const std::string& name) {
  const DeviceTable table = make_device_table(rules);
  const auto program = device_program(table);
  std::optional<KernelV1> v1;  // nothing when v1 cannot express the rules
  try {
    KernelV1 kernel;
    for (const DeviceWrite& write : v1_device_writes(table)) kernel.write(write);
    v1 = kernel;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Host) << name;
  }
  std::vector<DeviceRule> all = rules;
  all.insert(all.end(), default_device_rules().begin(), default_device_rules().end());
  for_grid([&](const Request& request) {
    const bool expected = rules_allow(all, request);
    // The kernel asks for mknod alone, never together with read or write.
    const bool by_v1 = v1 && (request.access == kAccessMknod || !(request.access & kAccessMknod));
    if (program_allows(program, request) == expected && (!by_v1 || v1->allows(request) == expected)) return;
    FAIL() << name << ": " << static_cast<char>(request.type) << " " << request.major << ":" << request.minor << " access "
           << int{request.access} << " must be " << expected << ", program " << program_allows(program, request);
  });
}

TEST(DeviceRules, AgreeInEveryReadingForTheDefaultSet) {
  expect_agreement({}, "none");
  expect_agreement(kDenyAll, "deny all");
}

TEST(DeviceRules, AgreeForAnOpenContainerWithExceptions) {
  expect_agreement({rule(true, DeviceType::All, {}, {}, "rwm")}, "allow all");
  expect_agreement({rule(true, DeviceType::All, {}, {}, "rwm"), rule(false, DeviceType::Block, 8, {}, "w")}, "but 8:*");
  expect_agreement({rule(true, DeviceType::All, {}, {}, ""), rule(false, DeviceType::Char, {}, 2, "rw")}, "but *:2");
}

TEST(DeviceRules, AgreeForHolesAndCrossings) {
  expect_agreement({rule(true, DeviceType::Char, 10, {}, "rw"), rule(false, DeviceType::Char, 10, 40, "w")}, "hole");
  expect_agreement({rule(true, DeviceType::Char, 2, {}, "r"), rule(true, DeviceType::Char, {}, 2, "w")}, "crossing");
  expect_agreement({rule(true, DeviceType::Char, 2, {}, "r"), rule(true, DeviceType::Char, 2, 3, "w")}, "nested");
  expect_agreement({rule(true, DeviceType::Block, 8, 0, "r"), rule(true, DeviceType::Block, 8, 1, "rwm")}, "disks");
}

TEST(DeviceRules, AgreeForRandomRules) {
  std::mt19937 random(20240229);
  const auto pick = [&](auto list) { return *(list.begin() + static_cast<std::ptrdiff_t>(random() % list.size())); };
  using Number = std::optional<std::int64_t>;
  for (int round = 0; round < 150; ++round) {
    std::vector<DeviceRule> rules;
    for (auto count = random() % 9; count > 0; --count)
      rules.push_back(rule(random() % 2 == 0,
                           pick(std::initializer_list<DeviceType>{DeviceType::All, DeviceType::Char, DeviceType::Block}),
                           pick(std::initializer_list<Number>{{}, {}, 1, 2, 5, 8, 10, 136}),
                           pick(std::initializer_list<Number>{{}, {}, 0, 1, 2, 3, 7, 40, 200}),
                           pick(std::initializer_list<const char*>{"rwm", "rwm", "rw", "r", "w", "m", "rm", ""})));
    expect_agreement(rules, text::join("round ", round));
    if (HasFatalFailure()) return;
  }
}

bool has_jump(const std::vector<sys::BpfInstruction>& program) {
  return std::ranges::any_of(program, [](const sys::BpfInstruction& each) {
    const int kind = each.code & 7;
    return (kind == BPF_JMP || kind == BPF_JMP32) && each.code != (BPF_JMP | BPF_EXIT);
  });
}

TEST(DeviceProgram, HasNoJumpForTheDefaultSetAndIsAbsentWhenAllIsAllowed) {
  for (const auto& rules : {std::vector<DeviceRule>{}, kDenyAll}) {
    const auto program = device_program(make_device_table(rules));
    EXPECT_LE(program.size(), 49U);
    EXPECT_FALSE(has_jump(program));
  }
  EXPECT_TRUE(device_program(make_device_table(std::vector{rule(true, DeviceType::All, {}, {}, "rwm")})).empty());
}

TEST(DeviceProgram, HasNoJumpForMoreDevicesOfTheUsualKind) {
  auto rules = kDenyAll;
  for (int minor = 0; minor < 70; minor += 3) rules.push_back(rule(true, DeviceType::Char, 226, minor, "rwm"));
  rules.push_back(rule(true, DeviceType::Char, 4095, 1048575, "rwm"));
  rules.push_back(rule(true, DeviceType::Char, 195, {}, "rwm"));
  EXPECT_FALSE(has_jump(device_program(make_device_table(rules))));
  expect_agreement(rules, "more");
  rules.push_back(rule(true, DeviceType::Char, 226, 128, "r"));
  EXPECT_TRUE(has_jump(device_program(make_device_table(rules))));
  expect_agreement(rules, "one that may only be read");
}

TEST(DeviceLines, AreTheUsualOnesForTheDefaultSet) {
  std::vector<std::string> lines;
  for (const DeviceWrite& write : v1_device_writes(make_device_table(kDenyAll)))
    lines.push_back(text::join(write.allow ? "allow " : "deny ", write.line));
  EXPECT_EQ(lines, (std::vector<std::string>{"deny a", "allow c *:* m", "allow c 1:3 rwm", "allow c 1:5 rwm", "allow c 1:7 rwm",
                                             "allow c 1:8 rwm", "allow c 1:9 rwm", "allow c 5:0 rwm", "allow c 5:2 rwm",
                                             "allow c 10:200 rwm", "allow c 136:* rwm", "allow b *:* m"}));
}

TEST(DeviceLines, RefuseAHoleInAWildcard) {
  const auto table =
      make_device_table(std::vector{rule(true, DeviceType::Block, 8, {}, "rw"), rule(false, DeviceType::Block, 8, 1, "w")});
  try {
    static_cast<void>(v1_device_writes(table));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "linux.resources.devices: cgroup v1 cannot except b 8:1 from the wider rule for 8:*");
  }
}

TEST(DeviceRules, RefuseWhatCannotBeMeant) {
  const auto message = [](const DeviceRule& bad) {
    try {
      static_cast<void>(make_device_table(std::vector{kDenyAll[0], bad}));
    } catch (const Error& error) {
      return error.message();
    }
    return std::string("accepted");
  };
  EXPECT_EQ(message(rule(true, DeviceType::Char, 1, 3, "rx")),
            "linux.resources.devices[1].access: \"rx\" holds a letter other than r, w and m");
  EXPECT_EQ(message(rule(true, DeviceType::Char, 5000000000, 3, "r")),
            "linux.resources.devices[1].major: 5000000000 is out of range");
  EXPECT_EQ(message(rule(true, DeviceType::Char, 1, -2, "r")), "linux.resources.devices[1].minor: -2 is out of range");
  EXPECT_EQ(message(rule(true, DeviceType::Fifo, 1, 3, "r")), "linux.resources.devices[1].type: a fifo cannot be limited");
  EXPECT_EQ(message(rule(true, DeviceType::Char, -1, -1, "r")), "accepted");
}

}  // namespace
}  // namespace caisson::cgroup
