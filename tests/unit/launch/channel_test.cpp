#include "launch/channel.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "launch/wire.hpp"

namespace caisson::launch {
namespace {

TEST(Channel, KeepsMessagesApartAndInOrder) {
  const ChannelPair pair = make_channel();
  pair.child.send(Message::Hooks);
  pair.child.send(Message::Listener, "4711");
  const auto first = pair.parent.receive();
  const auto second = pair.parent.receive();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->message, Message::Hooks);
  EXPECT_EQ(first->data, "");
  EXPECT_EQ(second->message, Message::Listener);
  EXPECT_EQ(second->data, "4711");
}

TEST(Channel, PassesADescriptorWithItsMessage) {
  const ChannelPair pair = make_channel();
  pair.parent.send_fd(Message::Network, pair.parent.borrow(), "x");
  const auto received = pair.child.receive();
  ASSERT_TRUE(received);
  EXPECT_EQ(received->message, Message::Network);
  EXPECT_EQ(received->data, "x");
  EXPECT_EQ(received->fds.size(), 1U);
}

TEST(Channel, CarriesAWholeFailureRecord) {
  const ChannelPair pair = make_channel();
  pair.child.send_failure(Error(ErrorKind::Kernel, "open " + std::string(20'000, 'x'), EMFILE).within("mount filesystems"));
  const auto received = pair.parent.receive();
  ASSERT_TRUE(received);
  ASSERT_EQ(received->message, Message::Failure);
  EXPECT_EQ(decode_failure(std::as_bytes(std::span(received->data))).errno_value(), EMFILE);
}

TEST(Channel, TellsTheEndOfTheOtherSide) {
  ChannelPair pair = make_channel();
  pair.child.send(Message::Ready);
  pair.child.close();
  EXPECT_TRUE(pair.parent.receive());
  EXPECT_FALSE(pair.parent.receive());
}

TEST(Channel, HearsTheLastWordsOfAPeerThatLeftMessagesUnread) {
  ChannelPair pair = make_channel();
  pair.parent.send(Message::Continue);
  pair.child.send_failure(Error(ErrorKind::Kernel, "the reason", EIO));
  pair.child.close();
  const auto received = pair.parent.receive();
  ASSERT_TRUE(received);
  EXPECT_EQ(received->message, Message::Failure);
  EXPECT_FALSE(pair.parent.receive());
}

TEST(Channel, GivesTheRuntimeEpipeInsteadOfASignal) {
  ChannelPair pair = make_channel();
  pair.child.close();
  try {
    pair.parent.send(Message::Continue);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.errno_value(), EPIPE);
  }
}

TEST(Channel, ExpectsExactlyOneMessage) {
  const ChannelPair pair = make_channel();
  pair.parent.send(Message::Continue);
  EXPECT_NO_THROW(pair.child.expect(Message::Continue));
  pair.parent.send(Message::Network);
  EXPECT_THROW(pair.child.expect(Message::Continue), Error);
}

TEST(Channel, IsClosedByExec) {
  const ChannelPair pair = make_channel();
  EXPECT_NE(::fcntl(pair.parent.borrow().get(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_NE(::fcntl(pair.child.borrow().get(), F_GETFD) & FD_CLOEXEC, 0);
}

}  // namespace
}  // namespace caisson::launch
