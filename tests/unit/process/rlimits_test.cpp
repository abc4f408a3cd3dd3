#include "process/rlimits.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "sys/process.hpp"
#include "unit/process/expect_error.hpp"

namespace caisson::process {
namespace {

TEST(Rlimits, KnowsTheNumbersOfTheKernel) {
  EXPECT_EQ(rlimit_names().size(), static_cast<std::size_t>(RLIMIT_NLIMITS));
  EXPECT_EQ(rlimit_number("RLIMIT_NOFILE"), RLIMIT_NOFILE);
  EXPECT_EQ(rlimit_number("RLIMIT_AS"), RLIMIT_AS);
  EXPECT_EQ(rlimit_number("RLIMIT_RTTIME"), RLIMIT_RTTIME);
  EXPECT_EQ(rlimit_number("RLIMIT_MEMLOCK"), RLIMIT_MEMLOCK);
  EXPECT_EQ(rlimit_number("NOFILE"), std::nullopt);
  EXPECT_EQ(rlimit_name(RLIMIT_NPROC), "RLIMIT_NPROC");
}

TEST(Rlimits, PlansInTheGivenOrder) {
  const auto plan = plan_rlimits({{"RLIMIT_NOFILE", 4096, 1024}, {"RLIMIT_CORE", 0, 0}});
  ASSERT_EQ(plan.size(), 2U);
  EXPECT_EQ(plan[0].number, RLIMIT_NOFILE);
  EXPECT_EQ(plan[0].limit.rlim_cur, 1024U);
  EXPECT_EQ(plan[0].limit.rlim_max, 4096U);
  EXPECT_EQ(plan[1].number, RLIMIT_CORE);
}

TEST(Rlimits, RefusesUnknownRepeatedAndInvertedLimits) {
  EXPECT_EQ(error_of([] { plan_rlimits({{"RLIMIT_NOFILES", 1, 1}}); }).message(), "unknown resource limit \"RLIMIT_NOFILES\"");
  EXPECT_EQ(error_of([] {
              plan_rlimits({{"RLIMIT_AS", 1, 1}, {"RLIMIT_AS", 2, 2}});
            }).message(),
            "resource limit RLIMIT_AS is given twice");
  EXPECT_EQ(error_of([] {
              plan_rlimits({{"RLIMIT_AS", 1, ~std::uint64_t{0}}});
            }).message(),
            "resource limit RLIMIT_AS: soft limit unlimited is above hard limit 1");
}

TEST(Rlimits, ReadsTheOptionOfTheCommandLine) {
  const auto both = parse_rlimit("nofile=1024:4096");
  EXPECT_EQ(both.type, "RLIMIT_NOFILE");
  EXPECT_EQ(both.soft, 1024U);
  EXPECT_EQ(both.hard, 4096U);
  const auto one = parse_rlimit("CORE=0");
  EXPECT_EQ(one.hard, 0U);
  EXPECT_EQ(parse_rlimit("nproc=10:unlimited").hard, ~std::uint64_t{0});
  EXPECT_EQ(parse_rlimit("nproc=-1").soft, ~std::uint64_t{0});
  for (const char* text : {"", "nofile", "=1", "nofile=", "nofile=1:", "nofile=:1", "nofile=2:1", "nofiles=1", "nofile=1:2:3",
                           "nofile=-2", "nofile=1k"})
    EXPECT_EQ(error_of([&] { parse_rlimit(text); }).kind(), ErrorKind::Usage) << text;
}

TEST(Rlimits, AppliesAndExplainsWhatIsNotPermitted) {
  const auto before = sys::get_resource_limit(0, RLIMIT_CORE).or_throw("read");
  apply_rlimits(0, {{RLIMIT_CORE, {.rlim_cur = 0, .rlim_max = before.rlim_max}}});
  EXPECT_EQ(sys::get_resource_limit(0, RLIMIT_CORE).or_throw("read").rlim_cur, 0U);
  apply_rlimits(0, {{RLIMIT_CORE, before}});
  // Above fs.nr_open even root may not go.
  const Error error = error_of([] { apply_rlimits(0, {{RLIMIT_NOFILE, {.rlim_cur = 1U << 31, .rlim_max = 1U << 31}}}); });
  EXPECT_EQ(error.errno_value(), EPERM);
  EXPECT_EQ(error.message(), "set RLIMIT_NOFILE to 2147483648 (hard 2147483648): Operation not permitted");
  EXPECT_NE(error.hint().find("CAP_SYS_RESOURCE"), std::string::npos);
}

}  // namespace
}  // namespace caisson::process
