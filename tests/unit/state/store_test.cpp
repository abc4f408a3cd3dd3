#include "state/store.hpp"

#include <gtest/gtest.h>
#include <spawn.h>
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

Intent intent_of(std::string id) { return {std::move(id), "/b", {}}; }
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

TEST_F(StoreTest, MakesEverythingForTheOwnerOnly) {
  const auto file = StateRoot::open_or_create(base_ + "/p/q/root").create("web");
  EXPECT_EQ(sys::status_at(sys::kCwd, (base_ + "/p/q/root").c_str()).value().mode & 0777, 0700U);
  EXPECT_EQ(sys::status_at(sys::kCwd, (base_ + "/p/q/root/web").c_str()).value().mode & 0777, 0600U);
  EXPECT_EQ(file.path(), base_ + "/p/q/root/web");
}

TEST_F(StoreTest, TakesTheLongestId) {
  const std::string id(kMaxIdLength, 'x');
  auto file = root().create(id);
  file.write_intent(intent_of(id));
  file.write_record(record_of(id));
  EXPECT_EQ(root().open_container(id).read_record()->id, id);
  EXPECT_LT(file.start_socket().size(), 80U);  // what sun_path leaves behind /proc/self/fd
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
  const auto file = store.create("web");
  EXPECT_EQ(message_of([&] { static_cast<void>(store.create("web")); }), "container with given ID already exists: \"web\"");
  EXPECT_EQ(message_of([&] { static_cast<void>(store.open_container("none")); }), "container does not exist: \"none\"");
  EXPECT_FALSE(store.find("none"));
  EXPECT_TRUE(store.find("web"));
}

TEST_F(StoreTest, KeepsIntentAndRecord) {
  auto file = root().create("web");
  EXPECT_FALSE(file.read_intent());
  EXPECT_FALSE(file.read_record());
  file.write_intent(intent_of("web"));
  EXPECT_FALSE(file.read_record());
  Record record = record_of("web");
  record.config = "{\n\t\"a\": \"b\"\n}\n";
  file.write_record(record);
  EXPECT_EQ(file.read_intent()->bundle, "/b");
  EXPECT_EQ(file.read_record()->config, record.config);
  const auto again = root().open_container("web");
  EXPECT_EQ(again.read_record()->id, "web");
}

// Whoever writes may be killed after any byte; what it had written before stays readable.
TEST_F(StoreTest, TakesARecordThatIsCutOffForNone) {
  auto file = root().create("web");
  file.write_intent(intent_of("web"));
  const auto intent_size = static_cast<off_t>(sys::status_of_fd(file.borrow()).value().size);
  Record record = record_of("web");
  record.config = "{\n}\n\n{}\n";
  file.write_record(record);
  const auto whole = static_cast<off_t>(sys::status_of_fd(file.borrow()).value().size);
  for (off_t size = whole - 1; size >= intent_size; --size) {
    ASSERT_EQ(::truncate(file.path().c_str(), size), 0);
    EXPECT_FALSE(file.read_record()) << size;
    EXPECT_TRUE(file.read_intent()) << size;
  }
  for (off_t size = intent_size - 1; size > 0; --size) {
    ASSERT_EQ(::truncate(file.path().c_str(), size), 0);
    EXPECT_EQ(message_of([&] { static_cast<void>(file.read_intent()); }), file.path() + " is cut off") << size;
  }
  ASSERT_EQ(::truncate(file.path().c_str(), 0), 0);
  EXPECT_FALSE(file.read_intent());
}

TEST_F(StoreTest, RefusesWhatIsForeignLinkedOrHuge) {
  auto file = root().create("web");
  file.write_intent(intent_of("other"));
  file.write_record(record_of("other"));
  EXPECT_EQ(message_of([&] { static_cast<void>(file.read_intent()); }), file.path() + " is about another container");
  EXPECT_EQ(message_of([&] { static_cast<void>(file.read_record()); }), file.path() + " is about another container");
  ASSERT_EQ(::truncate(file.path().c_str(), static_cast<off_t>(kMaxRecordSize + kMaxIntentSize) + 1), 0);
  EXPECT_EQ(message_of([&] { static_cast<void>(file.read_record()); }), text::join("read ", file.path(), ": File too large"));
  ASSERT_EQ(::symlink("/etc/passwd", (root_path() + "/link").c_str()), 0);
  EXPECT_THROW(static_cast<void>(root().find("link")), Error);
  ASSERT_EQ(::mkdir((root_path() + "/folder").c_str(), 0700), 0);
  auto folder = root().open_container("folder");
  EXPECT_EQ(message_of([&] { static_cast<void>(folder.read_record()); }), root_path() + "/folder is no file of a container");
  folder.remove();
  EXPECT_FALSE(has("folder"));
}

TEST_F(StoreTest, ListsBrokenEntriesWithTheirProblem) {
  const StateRoot store = root();
  {
    auto b = store.create("b");
    b.write_intent(intent_of("b"));
    b.write_record(record_of("b"));
  }
  store.create("a").write_intent(intent_of("a"));
  static_cast<void>(store.create("empty"));
  write("torn", "{\"id\":");
  const auto being_made = store.create("young");  // still locked
  ASSERT_EQ(::mkdir((root_path() + "/folder").c_str(), 0700), 0);
  write(".start-1", "");
  const auto entries = store.list();
  ASSERT_EQ(entries.size(), 4U);
  EXPECT_EQ(entries[0].id, "a");
  EXPECT_TRUE(entries[0].intent && !entries[0].record && entries[0].problem.empty());
  EXPECT_TRUE(entries[1].record && entries[1].problem.empty());
  EXPECT_EQ(entries[2].problem, "nothing was recorded: it was killed while it began");
  EXPECT_EQ(entries[3].problem, root_path() + "/torn is cut off");
}

TEST_F(StoreTest, RemovesEverythingAndCanBeRepeated) {
  const StateRoot store = root();
  auto file = store.create("web");
  auto other = store.open_container("web");
  file.write_intent(intent_of("web"));
  file.write_record(record_of("web"));
  write(file.start_socket(), "");
  EXPECT_TRUE(file.start_pending());
  file.remove();
  EXPECT_FALSE(has("web"));
  EXPECT_FALSE(has(file.start_socket()));
  file.remove();
  EXPECT_EQ(message_of([&] { other.lock(LockWait::Try); }), "container \"web\" is in use by another command");
  file = store.create("web");  // gives the lock of the old file back
  EXPECT_EQ(message_of([&] { other.lock(); }), "container does not exist: \"web\"");
}

TEST_F(StoreTest, LeavesANewContainerOfTheSameNameAlone) {
  const StateRoot store = root();
  auto old = store.create("web");
  old.remove();
  const auto fresh = store.create("web");
  old.remove();
  EXPECT_TRUE(has("web"));
}

TEST_F(StoreTest, TellsAfterAPauseWhetherItIsStillThere) {
  const StateRoot store = root();
  auto file = store.create("web");
  file.unlock();
  EXPECT_TRUE(file.lock_again());
  file.unlock();
  auto other = store.open_container("web");
  other.lock(LockWait::Try);
  other.remove();
  other.unlock();
  const auto fresh = store.create("web");
  EXPECT_FALSE(file.lock_again());
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
  const char* const command[] = {"sleep", "60", nullptr};
  pid_t child = -1;
  ASSERT_EQ(::posix_spawnp(&child, command[0], nullptr, nullptr, const_cast<char**>(command), environ), 0);
  auto file = root().create("web");
  Record record = record_of("web");
  record.init = identify(child, "boot");
  const auto seen = root().open_container("web");
  EXPECT_EQ(live_status(seen, std::nullopt, "boot").status, Status::Creating);
  file.unlock();
  EXPECT_EQ(live_status(seen, std::nullopt, "boot").status, Status::Stopped);
  write(file.start_socket(), "");
  EXPECT_EQ(live_status(file, record, "boot").status, Status::Created);
  ASSERT_EQ(::unlink((root_path() + "/" + file.start_socket()).c_str()), 0);
  EXPECT_TRUE(live_status(file, record, "boot").init);
  EXPECT_EQ(live_status(file, record, "boot").status, Status::Running);
  EXPECT_EQ(live_status(file, record, "later").status, Status::Stopped);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(live_status(file, record, "boot").status, Status::Stopped);
}

TEST_F(StoreTest, CallsAContainerThatHasExecutedNothingCreating) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  auto file = root().create("web");
  Record record = record_of("web");
  record.init = identify(child, "boot");
  file.unlock();
  EXPECT_EQ(live_status(file, record, "boot").status, Status::Creating);
  EXPECT_TRUE(live_status(file, record, "boot").init);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(live_status(file, record, "boot").status, Status::Stopped);
}

}  // namespace
}  // namespace caisson::state
