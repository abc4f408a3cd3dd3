#include "sys/socket.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::sys {
namespace {

int open_count() {
  int count = 0;
  for (int fd = 0; fd < 1024; ++fd)
    if (fcntl(fd, F_GETFD) >= 0) ++count;
  return count;
}

TEST(MessagePair, CarriesDataAndDescriptorsCloseOnExec) {
  auto pair = seqpacket_pair().or_throw("pair");
  auto pipe = make_pipe().or_throw("pipe");
  const BorrowedFd sent[] = {pipe.read.borrow(), pipe.write.borrow()};
  ASSERT_TRUE(send_with_fds(pair.ours.borrow(), "hello", sent).ok());
  auto message = receive_with_fds(pair.theirs.borrow(), 64, 2).or_throw("receive");
  EXPECT_EQ(message.data, "hello");
  ASSERT_EQ(message.fds.size(), 2U);
  for (const UniqueFd& fd : message.fds) EXPECT_EQ(fcntl(fd.get(), F_GETFD), FD_CLOEXEC);
  ASSERT_TRUE(write_full(message.fds[1].borrow(), "x").ok());
  char byte = 0;
  EXPECT_EQ(read_some(pipe.read.borrow(), &byte, 1).value(), 1U);
  EXPECT_EQ(byte, 'x');
}

TEST(MessagePair, KeepsMessagesApartAndShowsTheEnd) {
  auto pair = seqpacket_pair().or_throw("pair");
  ASSERT_TRUE(send_with_fds(pair.ours.borrow(), "one").ok());
  ASSERT_TRUE(send_with_fds(pair.ours.borrow(), "two").ok());
  EXPECT_EQ(send_with_fds(pair.ours.borrow(), "").err(), EINVAL);
  pair.ours.reset();
  EXPECT_EQ(receive_with_fds(pair.theirs.borrow(), 64).or_throw("receive").data, "one");
  EXPECT_EQ(receive_with_fds(pair.theirs.borrow(), 64).or_throw("receive").data, "two");
  EXPECT_TRUE(receive_with_fds(pair.theirs.borrow(), 64).or_throw("receive").end());
}

TEST(MessagePair, TellsTheSizeOfTheNextMessageAndLeavesIt) {
  auto pair = seqpacket_pair().or_throw("pair");
  const BorrowedFd passed[] = {pair.ours.borrow()};
  ASSERT_TRUE(send_with_fds(pair.ours.borrow(), "three", passed).ok());
  ASSERT_TRUE(send_with_fds(pair.ours.borrow(), "seven77").ok());
  pair.ours.reset();
  const int before = open_count();
  EXPECT_EQ(next_message_size(pair.theirs.borrow()).value(), 5U);
  EXPECT_EQ(next_message_size(pair.theirs.borrow()).value(), 5U);
  EXPECT_EQ(open_count(), before);  // the descriptor is still on its way
  const Message first = receive_with_fds(pair.theirs.borrow(), 5, 1).or_throw("receive");
  EXPECT_EQ(first.data, "three");
  EXPECT_EQ(first.fds.size(), 1U);
  EXPECT_EQ(next_message_size(pair.theirs.borrow()).value(), 7U);
  EXPECT_EQ(receive_with_fds(pair.theirs.borrow(), 7).or_throw("receive").data, "seven77");
}

TEST(MessagePair, HasNothingToTellAfterTheEnd) {
  auto pair = seqpacket_pair().or_throw("pair");
  pair.ours.reset();
  EXPECT_EQ(next_message_size(pair.theirs.borrow()).value(), 0U);
}

TEST(MessagePair, SendingToNobodyIsAnErrorAndNoSignal) {
  auto pair = seqpacket_pair().or_throw("pair");
  pair.theirs.reset();
  EXPECT_EQ(send_with_fds(pair.ours.borrow(), "hello").err(), EPIPE);
}

TEST(MessagePair, RefusesShortenedMessagesWithoutKeepingADescriptor) {
  auto pair = seqpacket_pair().or_throw("pair");
  const BorrowedFd sent[] = {pair.ours.borrow(), pair.ours.borrow(), pair.ours.borrow()};
  const int before = open_count();
  ASSERT_TRUE(send_with_fds(pair.ours.borrow(), "12345", {sent, 1}).ok());
  EXPECT_EQ(receive_with_fds(pair.theirs.borrow(), 4, 1).err(), EMSGSIZE);
  for (std::size_t room = 0; room < 3; ++room) {
    ASSERT_TRUE(send_with_fds(pair.ours.borrow(), "12345", sent).ok());
    EXPECT_EQ(receive_with_fds(pair.theirs.borrow(), 64, room).err(), E2BIG) << room;
  }
  EXPECT_EQ(open_count(), before);
  ASSERT_TRUE(send_with_fds(pair.ours.borrow(), "12345", sent).ok());
  EXPECT_EQ(receive_with_fds(pair.theirs.borrow(), 64, 3).or_throw("receive").fds.size(), 3U);
}

TEST(MessagePair, TellsWhenItMayNotOpenAsMany) {
  auto pair = seqpacket_pair().or_throw("pair");
  const BorrowedFd sent[] = {pair.ours.borrow(), pair.ours.borrow(), pair.ours.borrow(), pair.ours.borrow()};
  ASSERT_TRUE(send_with_fds(pair.ours.borrow(), "12345", sent).ok());
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const int next = dup(0);
  close(next);
  const rlimit tight{static_cast<rlim_t>(next) + 2, before.rlim_max};
  const int open_before = open_count();
  setrlimit(RLIMIT_NOFILE, &tight);
  const auto received = receive_with_fds(pair.theirs.borrow(), 64, 4);
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(received.err(), EMFILE);
  EXPECT_EQ(open_count(), open_before);
}

TEST(MessagePair, TakesTheMostTheKernelTakes) {
  auto pair = seqpacket_pair().or_throw("pair");
  const std::vector<BorrowedFd> most(kMostPassedFds, pair.ours.borrow());
  ASSERT_TRUE(send_with_fds(pair.ours.borrow(), "x", most).ok());
  EXPECT_EQ(receive_with_fds(pair.theirs.borrow(), 1, kMostPassedFds).or_throw("receive").fds.size(), kMostPassedFds);
  const std::vector<BorrowedFd> too_many(kMostPassedFds + 1, pair.ours.borrow());
  EXPECT_EQ(send_with_fds(pair.ours.borrow(), "x", too_many).err(), E2BIG);
}

class PathnameSocket : public ::testing::Test {
 protected:
  void SetUp() override {
    char made[] = "/tmp/caisson-socket-XXXXXX";
    ASSERT_NE(mkdtemp(made), nullptr);
    top_ = made;
    // Longer than the 107 bytes of sun_path.
    deep_ = top_ + "/" + std::string(100, 'a');
    ASSERT_EQ(mkdir(deep_.c_str(), 0700), 0);
    dir_ = open_at(kCwd, deep_.c_str(), O_PATH | O_DIRECTORY).or_throw("open");
  }
  void TearDown() override {
    for (const char* name : {"s", "link", "file"}) unlinkat(dir_.get(), name, 0);
    rmdir(deep_.c_str());
    rmdir(top_.c_str());
  }
  std::string top_, deep_;
  UniqueFd dir_;
};

TEST_F(PathnameSocket, WorksBelowLongPathsWithItsModeFromTheStart) {
  const mode_t mask = umask(0);
  auto listener = listen_at(dir_.borrow(), "s", SocketType::Stream, 0600).or_throw("listen");
  umask(mask);
  EXPECT_EQ(status_at(dir_.borrow(), "s").or_throw("status").mode & 07777, 0600U);
  auto client = connect_to(kCwd, (deep_ + "/s").c_str(), SocketType::Stream, 1000).or_throw("connect");
  auto server = accept_from(listener.borrow(), 1000).or_throw("accept");
  EXPECT_EQ(peer_of(server.borrow()).or_throw("peer").pid, getpid());
  ASSERT_TRUE(send_with_fds(client.borrow(), "hi").ok());
  EXPECT_EQ(receive_with_fds(server.borrow(), 10).or_throw("receive").data, "hi");
  EXPECT_EQ(fcntl(server.get(), F_GETFD), FD_CLOEXEC);
}

TEST_F(PathnameSocket, IsFoundByDirectoryAndThroughLinks) {
  auto listener = listen_at(dir_.borrow(), "s", SocketType::SeqPacket, 0600).or_throw("listen");
  ASSERT_EQ(symlinkat("s", dir_.get(), "link"), 0);
  EXPECT_TRUE(connect_to(dir_.borrow(), "link", SocketType::SeqPacket, 1000).ok());
}

TEST_F(PathnameSocket, RefusesWhatIsNoSocketNameOrInUse) {
  EXPECT_EQ(listen_at(dir_.borrow(), "", SocketType::Stream, 0600).err(), EINVAL);
  EXPECT_EQ(listen_at(dir_.borrow(), "a/b", SocketType::Stream, 0600).err(), EINVAL);
  EXPECT_EQ(listen_at(dir_.borrow(), std::string(100, 'n').c_str(), SocketType::Stream, 0600).err(), ENAMETOOLONG);
  auto listener = listen_at(dir_.borrow(), "s", SocketType::Stream, 0600).or_throw("listen");
  EXPECT_EQ(listen_at(dir_.borrow(), "s", SocketType::Stream, 0600).err(), EADDRINUSE);
  EXPECT_EQ(connect_to(dir_.borrow(), "missing", SocketType::Stream, 100).err(), ENOENT);
  close(openat(dir_.get(), "file", O_CREAT | O_WRONLY, 0600));
  EXPECT_EQ(connect_to(dir_.borrow(), "file", SocketType::Stream, 100).err(), ENOTSOCK);
  EXPECT_EQ(connect_to(dir_.borrow(), "s", SocketType::SeqPacket, 100).err(), EPROTOTYPE);
  listener.reset();
  EXPECT_EQ(connect_to(dir_.borrow(), "s", SocketType::Stream, 100).err(), ECONNREFUSED);
}

TEST_F(PathnameSocket, GivesUpAtTheDeadline) {
  auto listener = listen_at(dir_.borrow(), "s", SocketType::Stream, 0600, 0).or_throw("listen");
  EXPECT_EQ(accept_from(listener.borrow(), 50).err(), ETIMEDOUT);
  auto queued = connect_to(dir_.borrow(), "s", SocketType::Stream, 100).or_throw("fill the queue");
  const std::uint64_t begin = monotonic_ns();
  EXPECT_EQ(connect_to(dir_.borrow(), "s", SocketType::Stream, 100).err(), ETIMEDOUT);
  const std::uint64_t took = monotonic_ns() - begin;
  EXPECT_GE(took, 90'000'000U);
  EXPECT_LT(took, 2'000'000'000U);
}

}  // namespace
}  // namespace caisson::sys
