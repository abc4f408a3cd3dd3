#include "state/store.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.hpp"
#include "state/status.hpp"
#include "sys/file.hpp"

namespace caisson::state {
namespace {

class StoreTest : public ::testing::Test {
 protected:
  StoreTest() {
    char pattern[] = "/tmp/caisson-store-XXXXXX";
    base_ = ::mkdtemp(pattern);
  }
  ~StoreTest() override {
    if (const int result = ::system(("rm -rf " + base_).c_str()); result != 0) ADD_FAILURE() << "rm: " << result;
  }
  std::string root_path() const { return base_ + "/root"; }
  StateRoot root() const { return StateRoot::open_or_create(root_path()); }
  void write(const std::string& relative, const std::string& content) const {
    const auto file = sys::open_at(sys::kCwd, (root_path() + "/" + relative).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ASSERT_TRUE(sys::write_full(file.value().borrow(), content).ok());
  }
  bool has(const std::string& relative) const { return sys::status_at(sys::kCwd, (root_path() + "/" + relative).c_str()).ok(); }

  std::string base_;
};

template <class Action>
std::string message_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

Intent intent_of(std::string id) { return {std::move(id), "/b", {.pid = 1, .start_time = 1, .boot_id = "x"}, {}}; }
Record record_of(std::string id) {
  Record record;
  record.id = std::move(id);
  record.init = {.pid = 1, .start_time = 1, .boot_id = "x"};
  record.config = "{}";
  return record;
}

TEST(ContainerId, FollowsTheRule) {
  for (const char* good : {"a", "A.b-c_d+1", "+x", "-x", "_", "0", "a..b"}) EXPECT_NO_THROW(check_container_id(good)) << good;
  EXPECT_NO_THROW(check_container_id(std::string(255, 'x')));
  for (const char* bad : {"", ".", "..", ".x", "a/b", "a b", "a\nb", "ä", "a:b"})
    EXPECT_EQ(message_of([&] { check_container_id(bad); }), text::join("invalid container ID format: ", text::quoted(bad)));
  EXPECT_THROW(check_container_id(std::string(256, 'x')), Error);
  EXPECT_THROW(check_container_id(std::string_view("a\0b", 3)), Error);
}

TEST_F(StoreTest, MakesItsDirectoriesForTheOwnerOnly) {
  const auto dir = StateRoot::open_or_create(base_ + "/p/q/root").create("web");
  EXPECT_EQ(sys::status_at(sys::kCwd, (base_ + "/p/q/root").c_str()).value().mode & 0777, 0700U);
  EXPECT_EQ(sys::status_at(sys::kCwd, (base_ + "/p/q/root/web").c_str()).value().mode & 0777, 0700U);
  EXPECT_EQ(dir.path(), base_ + "/p/q/root/web");
}

TEST_F(StoreTest, HasNoContainersWithoutADirectory) { EXPECT_FALSE(StateRoot::open(root_path())); }

TEST_F(StoreTest, RefusesARootThatIsNotItsOwn) {
  ASSERT_EQ(::symlink("/tmp", root_path().c_str()), 0);
  EXPECT_TRUE(message_of([&] { static_cast<void>(root()); }).starts_with("open state directory "));
  ASSERT_EQ(::unlink(root_path().c_str()), 0);
  ASSERT_EQ(::mkdir(root_path().c_str(), 0700), 0);
  ASSERT_EQ(::chmod(root_path().c_str(), 0777), 0);
  EXPECT_EQ(message_of([&] { static_cast<void>(root()); }),
            text::join("state directory ", root_path(), " can be written by others, mode 0777"));
  ASSERT_EQ(::chmod(root_path().c_str(), 0755), 0);
  EXPECT_NO_THROW(static_cast<void>(root()));
  if (::geteuid() != 0) return;
  ASSERT_EQ(::chown(root_path().c_str(), 54321, 54321), 0);
  EXPECT_EQ(message_of([&] { static_cast<void>(root()); }),
            text::join("state directory ", root_path(), " belongs to user 54321, not to user 0"));
}

TEST_F(StoreTest, RefusesTheRootDirectoryAndRelativePaths) {
  EXPECT_THROW(static_cast<void>(StateRoot::open_or_create("/")), Error);
  EXPECT_THROW(static_cast<void>(StateRoot::open_or_create("/a/..")), Error);
  EXPECT_THROW(static_cast<void>(StateRoot::open("run/caisson")), Error);
}

TEST_F(StoreTest, LetsExactlyOneMakeAContainer) {
  const StateRoot store = root();
  const auto dir = store.create("web");
  EXPECT_EQ(message_of([&] { static_cast<void>(store.create("web")); }), "container with given ID already exists: \"web\"");
  EXPECT_EQ(message_of([&] { static_cast<void>(store.open_container("none")); }), "container does not exist: \"none\"");
  EXPECT_FALSE(store.find("none"));
  EXPECT_TRUE(store.find("web"));
}

TEST_F(StoreTest, KeepsIntentAndRecord) {
  auto dir = root().create("web");
  EXPECT_FALSE(dir.read_intent());
  EXPECT_FALSE(dir.read_record());
  dir.write_intent(intent_of("web"));
  dir.write_intent(intent_of("web"));
  dir.write_record(record_of("web"));
  dir.write_record(record_of("web"));
  EXPECT_EQ(dir.read_intent()->bundle, "/b");
  EXPECT_EQ(dir.read_record()->config, "{}");
  const auto again = root().open_container("web");
  EXPECT_EQ(again.read_record()->id, "web");
}

TEST_F(StoreTest, WritesPastWhatAKilledProcessLeft) {
  auto dir = root().create("web");
  write(text::join("web/.state.json.", ::getpid()), std::string(5000, 'x'));
  dir.write_record(record_of("web"));
  EXPECT_EQ(dir.read_record()->id, "web");
}

TEST_F(StoreTest, TakesAnEmptyIntentForNone) {
  auto dir = root().create("web");
  write("web/intent.json", "");
  EXPECT_FALSE(dir.read_intent());
}

TEST_F(StoreTest, RefusesRecordsThatAreForeignLinkedOrHuge) {
  auto dir = root().create("web");
  dir.write_record(record_of("other"));
  EXPECT_EQ(message_of([&] { static_cast<void>(dir.read_record()); }),
            text::join(dir.path(), "/state.json is about another container"));
  ASSERT_EQ(::unlink((dir.path() + "/state.json").c_str()), 0);
  ASSERT_EQ(::symlink("/etc/passwd", (dir.path() + "/state.json").c_str()), 0);
  EXPECT_THROW(static_cast<void>(dir.read_record()), Error);
  ASSERT_EQ(::unlink((dir.path() + "/state.json").c_str()), 0);
  write("web/state.json", "");
  ASSERT_EQ(::truncate((dir.path() + "/state.json").c_str(), static_cast<off_t>(kMaxRecordSize) + 1), 0);
  EXPECT_EQ(message_of([&] { static_cast<void>(dir.read_record()); }),
            text::join("read ", dir.path(), "/state.json: File too large"));
}

TEST_F(StoreTest, ListsBrokenEntriesWithTheirProblem) {
  const StateRoot store = root();
  store.create("b").write_record(record_of("b"));
  store.create("a").write_intent(intent_of("a"));
  static_cast<void>(store.create("empty"));
  static_cast<void>(store.create("torn"));
  const auto being_made = store.create("young");  // still locked
  write("torn/state.json", "{\"id\":");
  write("not-a-container", "");
  ASSERT_EQ(::mkdir((root_path() + "/.hidden").c_str(), 0700), 0);
  const auto entries = store.list();
  ASSERT_EQ(entries.size(), 4U);
  EXPECT_EQ(entries[0].id, "a");
  EXPECT_TRUE(entries[0].intent && !entries[0].record && entries[0].problem.empty());
  EXPECT_TRUE(entries[1].record && entries[1].problem.empty());
  EXPECT_EQ(entries[2].problem, "it has neither state.json nor intent.json");
  EXPECT_TRUE(entries[3].problem.starts_with("state.json: ")) << entries[3].problem;
}

TEST_F(StoreTest, RemovesEverythingAndCanBeRepeated) {
  const StateRoot store = root();
  auto dir = store.create("web");
  auto other = store.open_container("web");
  dir.write_intent(intent_of("web"));
  dir.write_record(record_of("web"));
  write("web/start.sock", "");
  write("web/.state.json.9", "x");
  ASSERT_EQ(::mkdir((dir.path() + "/notify").c_str(), 0700), 0);
  write("web/notify/file", "x");
  ASSERT_EQ(::symlink("/etc", (dir.path() + "/notify/link").c_str()), 0);
  EXPECT_TRUE(dir.start_pending());
  dir.remove();
  EXPECT_FALSE(has("web"));
  dir.remove();
  EXPECT_EQ(message_of([&] { other.lock(LockWait::Try); }), "container \"web\" is in use by another command");
  dir = store.create("web");  // gives the lock of the old directory back
  EXPECT_EQ(message_of([&] { other.lock(); }), "container does not exist: \"web\"");
}

TEST_F(StoreTest, GivesTheLockToOneAtATime) {
  const StateRoot store = root();
  { const auto made = store.create("web"); }
  auto first = store.open_container("web"), second = store.open_container("web");
  first.lock();
  EXPECT_EQ(message_of([&] { second.lock(LockWait::Try); }), "container \"web\" is in use by another command");
  { const auto gone = std::move(first); }
  EXPECT_NO_THROW(second.lock(LockWait::Try));
}

TEST_F(StoreTest, DerivesTheStatusFromLiveProcesses) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  auto dir = root().create("web");
  Record record = record_of("web");
  record.init = identify(child, "boot");
  Intent intent = intent_of("web");
  intent.creator = identify(::getpid(), "boot");
  EXPECT_EQ(live_status(dir, std::nullopt, intent, "boot").status, Status::Creating);
  EXPECT_EQ(live_status(dir, std::nullopt, intent, "later").status, Status::Stopped);
  write("web/start.sock", "");
  EXPECT_EQ(live_status(dir, record, std::nullopt, "boot").status, Status::Created);
  ASSERT_EQ(::unlink((dir.path() + "/start.sock").c_str()), 0);
  EXPECT_TRUE(live_status(dir, record, std::nullopt, "boot").init);
  EXPECT_EQ(live_status(dir, record, std::nullopt, "boot").status, Status::Running);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(live_status(dir, record, std::nullopt, "boot").status, Status::Stopped);
}

}  // namespace
}  // namespace caisson::state
