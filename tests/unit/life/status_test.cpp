#include "life/status.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error.hpp"
#include "life/layer.hpp"
#include "life/name.hpp"
#include "life/process_use.hpp"
#include "life/restart_policy.hpp"
#include "life/store.hpp"
#include "life/usage.hpp"

namespace caisson::life {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

Record started_record() { return {.id = "ab", .name = "web", .run = 2}; }
constexpr Exit kEnd{.run = 2, .code = 3, .signal = 0, .seconds = 100, .nanoseconds = 0};
constexpr Exit kEarlierEnd{.run = 1, .code = 3, .signal = 0, .seconds = 50, .nanoseconds = 0};

TEST(Layer, IsRefusedWhereOverlaysCannotWrite) {
  EXPECT_EQ(unfit_for_layers(0x794c7630), "overlay");
  EXPECT_EQ(unfit_for_layers(0x6969), "nfs");
  EXPECT_EQ(unfit_for_layers(0xef53), "");      // ext4
  EXPECT_EQ(unfit_for_layers(0x01021994), "");  // tmpfs
}

TEST(Name, OfAnIdIsItsBeginningAndOfOneInTheForegroundAllOfIt) {
  EXPECT_EQ(short_id(std::string(64, 'a')), std::string(12, 'a'));
  EXPECT_EQ(short_id("run-1234567-890"), "run-1234567-890");
}

TEST(Phase, IsWhatIsTrueNow) {
  const Record never{.id = "ab", .name = "web"};
  EXPECT_EQ(derive_phase(never, std::nullopt, {}), Phase::Created);
  EXPECT_EQ(derive_phase(started_record(), std::nullopt, {.runs = true, .has_keeper = true}), Phase::Running);
  EXPECT_EQ(derive_phase(started_record(), kEarlierEnd, {.runs = true, .paused = true}), Phase::Paused);
  EXPECT_EQ(derive_phase(started_record(), kEarlierEnd, {.has_keeper = true}), Phase::Created);
  EXPECT_EQ(derive_phase(started_record(), kEnd, {}), Phase::Ended);
}

TEST(Phase, IsLostWhenNobodySawTheEnd) {
  EXPECT_EQ(derive_phase(started_record(), kEarlierEnd, {}), Phase::Lost);
  EXPECT_EQ(derive_phase(started_record(), std::nullopt, {}), Phase::Lost);
}

TEST(Phase, IsRestartingOnlyWhileTheKeeperWaits) {
  Record record = started_record();
  record.restarting = true;
  EXPECT_EQ(derive_phase(record, kEnd, {.has_keeper = true}), Phase::Restarting);
  EXPECT_EQ(derive_phase(record, kEnd, {}), Phase::Ended);
  record.stopped_by_user = true;
  EXPECT_EQ(derive_phase(record, kEnd, {.has_keeper = true}), Phase::Ended);
}

TEST(Status, HasTheWordsThatScriptsKnow) {
  const std::int64_t now = 400 * kSecond;
  EXPECT_EQ(status_text({.phase = Phase::Running, .started = 100 * kSecond, .now = now}), "Up 5 minutes");
  EXPECT_EQ(status_text({.phase = Phase::Paused, .started = 397 * kSecond, .now = now}), "Up 3 seconds (Paused)");
  EXPECT_EQ(status_text({.phase = Phase::Running, .started = 340 * kSecond, .has_keeper = false, .now = now}),
            "Up About a minute (no monitor)");
  EXPECT_EQ(status_text({.phase = Phase::Ended, .exit = kEnd, .now = now}), "Exited (3) 5 minutes ago");
  EXPECT_EQ(status_text({.phase = Phase::Restarting, .exit = kEnd, .now = 102 * kSecond}), "Restarting (3) 2 seconds ago");
  EXPECT_EQ(status_text({.phase = Phase::Lost, .now = now}), "Exited (lost)");
  EXPECT_EQ(status_text({.phase = Phase::Created, .now = now}), "Created");
}

TEST(Duration, GrowsCoarser) {
  constexpr std::int64_t kHour = 3600, kDay = 24 * kHour;
  EXPECT_EQ(duration_text(-5), "Less than a second");
  EXPECT_EQ(duration_text(0), "Less than a second");
  EXPECT_EQ(duration_text(1), "1 second");
  EXPECT_EQ(duration_text(59), "59 seconds");
  EXPECT_EQ(duration_text(60), "About a minute");
  EXPECT_EQ(duration_text(120), "2 minutes");
  EXPECT_EQ(duration_text(kHour), "About an hour");
  EXPECT_EQ(duration_text(5 * kHour), "5 hours");
  EXPECT_EQ(duration_text(3 * kDay), "3 days");
  EXPECT_EQ(duration_text(21 * kDay), "3 weeks");
  EXPECT_EQ(duration_text(90 * kDay), "3 months");
  EXPECT_EQ(duration_text(800 * kDay), "2 years");
}

TEST(RestartPolicy, IsReadInItsWords) {
  EXPECT_EQ(parse_restart_policy("no").when, RestartWhen::Never);
  EXPECT_EQ(parse_restart_policy("always").when, RestartWhen::Always);
  EXPECT_EQ(parse_restart_policy("on-failure").most, 0U);
  EXPECT_EQ(parse_restart_policy("on-failure:3").most, 3U);
  for (const char* wrong : {"", "yes", "on-failure:", "on-failure:0", "on-failure:x", "always:2"})
    EXPECT_THROW(parse_restart_policy(wrong), Error) << wrong;
}

TEST(RestartPolicy, CountsFailures) {
  const RestartPolicy twice = parse_restart_policy("on-failure:2");
  EXPECT_FALSE(wants_restart(twice, 0, 0));
  EXPECT_TRUE(wants_restart(twice, 1, 1));
  EXPECT_FALSE(wants_restart(twice, 1, 2));
  EXPECT_TRUE(wants_restart(parse_restart_policy("always"), 0, 1000));
  EXPECT_FALSE(wants_restart({}, 1, 0));
}

TEST(RestartPolicy, WaitsTwiceAsLongUntilARunLasts) {
  std::uint32_t delay = 0;
  std::vector<std::uint32_t> seen;
  for (int i = 0; i < 12; ++i) seen.push_back(delay = restart_delay_ms(delay, 5));
  EXPECT_EQ(seen, (std::vector<std::uint32_t>{100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000}));
  EXPECT_EQ(restart_delay_ms(60000, 9'999), 60000U);
  EXPECT_EQ(restart_delay_ms(60000, 10'000), 100U);
}

TEST(Name, IsOneWordThatNoShellAndNoPathKnows) {
  for (const char* good : {"a", "web-1", "A.b_c", "0"}) EXPECT_NO_THROW(check_name(good)) << good;
  for (const char* bad : {"", ".a", "-a", "a b", "a/b", "a\n", "\xc3\xa4"}) EXPECT_THROW(check_name(bad), Error) << bad;
  EXPECT_THROW(check_name(std::string(129, 'a')), Error);
}

TEST(Usage, IsReadFromTheFilesOfAProcess) {
  EXPECT_EQ(bytes_behind("Rss:    8 kB\nPss:       3 kB\nPss_Dirty: 1 kB\n", "Pss:"), 3072U);
  EXPECT_FALSE(bytes_behind("Pss:\n", "Pss:"));
  EXPECT_FALSE(bytes_behind("Rss: 8 kB\n", "Pss:"));
  EXPECT_EQ(parse_process_io("rchar: 9\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 1\n"),
            (BlockUse{4096, 8192}));
  EXPECT_FALSE(parse_process_io(""));
}

TEST(Usage, OfBlockDevicesIsTheSumOfAll) {
  EXPECT_EQ(parse_io_stat("8:0 rbytes=1 wbytes=20 rios=3 wios=4 dbytes=5 dios=6\n8:16 rbytes=2 wbytes=30\n"),
            (BlockUse{3, 50}));
  EXPECT_EQ(parse_io_service_bytes("8:0 Read 1\n8:0 Write 20\n8:0 Sync 5\n8:0 Total 21\n8:16 Read 2\nTotal 23\n"),
            (BlockUse{3, 20}));
  EXPECT_EQ(parse_io_stat(""), BlockUse{});
}

TEST(Usage, WhatCgroupsHaveToldIsNotAskedOfProcesses) {
  Usage usage{.memory = 5};
  const pid_t own[] = {getpid()};
  add_use_of(own, usage);
  EXPECT_EQ(usage.memory, 5U);
  EXPECT_GE(usage.processes.value_or(0), 1U);
  EXPECT_TRUE(usage.is_whole());
}

TEST(Usage, IsToldInShares) {
  EXPECT_EQ(figure_of("usage_usec 12\nuser_usec 3\n", "user_usec"), 3U);
  EXPECT_FALSE(figure_of("usage_usec 12\n", "usage"));
  EXPECT_EQ(cpu_percent({.cpu_ns = 100, .taken_ns = 1000}, {.cpu_ns = 350, .taken_ns = 2000}), "25.00%");
  EXPECT_EQ(cpu_percent({.cpu_ns = 0, .taken_ns = 0}, {.cpu_ns = 20'006, .taken_ns = 10'000}), "200.06%");
  EXPECT_EQ(cpu_percent({}, {.cpu_ns = 350, .taken_ns = 2000}), "--");
  EXPECT_EQ(share_percent(1, 3), "33.33%");
  EXPECT_EQ(share_percent(1, std::nullopt), "--");
}

TEST(StorePlace, SurvivesAReboot) {
  EXPECT_EQ(store_path({.given_root = "/s", .user = 0}), "/s/.containers");
  EXPECT_EQ(store_path({.given_root = "", .user = 0}), "/var/lib/caisson/containers");
  EXPECT_EQ(store_path({.given_root = "", .user = 5, .data_home = "/d/", .home = "/h"}), "/d/caisson/containers");
  EXPECT_EQ(store_path({.given_root = "", .user = 5, .data_home = "d", .home = "/h"}), "/h/.local/share/caisson/containers");
  EXPECT_THROW(store_path({.given_root = "", .user = 5}), Error);
}

}  // namespace
}  // namespace caisson::life
