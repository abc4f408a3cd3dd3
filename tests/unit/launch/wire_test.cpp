#include "launch/wire.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>

namespace caisson::launch {
namespace {

Error decode(std::string_view record) { return decode_failure(std::as_bytes(std::span(record))); }
Error round_trip(const Error& error) { return decode(encode_failure(error)); }

void expect_same(const Error& got, const Error& wanted) {
  EXPECT_EQ(got.kind(), wanted.kind());
  EXPECT_EQ(got.errno_value(), wanted.errno_value());
  EXPECT_EQ(got.frames(), wanted.frames());
  EXPECT_EQ(got.hint(), wanted.hint());
  EXPECT_EQ(got.message(), wanted.message());
}

TEST(FailureRecord, KeepsFramesErrnoKindAndHint) {
  Error error(ErrorKind::Spec, "mount proc on /proc", EPERM);
  error.within("mount filesystems").within("init").with_hint("mask less");
  expect_same(round_trip(error), error);
}

TEST(FailureRecord, KeepsEveryKind) {
  for (const ErrorKind kind :
       {ErrorKind::Usage, ErrorKind::Spec, ErrorKind::Host, ErrorKind::Kernel, ErrorKind::State, ErrorKind::Payload})
    expect_same(round_trip(Error(kind, "one")), Error(kind, "one"));
}

TEST(FailureRecord, KeepsAnErrorWithoutErrnoAndHint) {
  expect_same(round_trip(Error(ErrorKind::Host, "x")), Error(ErrorKind::Host, "x"));
}

TEST(FailureRecord, FitsOneMessageAndKeepsTheErrnoWhenTheTextIsTooLong) {
  Error error(ErrorKind::Kernel, "open " + std::string(20'000, 'x'), ENOENT);
  error.within("mount filesystems").with_hint("a hint");
  const std::string record = encode_failure(error);
  EXPECT_EQ(record.size(), kMaxMessage);
  const Error got = decode(record);
  EXPECT_EQ(got.errno_value(), ENOENT);
  EXPECT_EQ(got.kind(), ErrorKind::Kernel);
  EXPECT_TRUE(got.message().starts_with("open xxxx")) << got.message().substr(0, 40);
  EXPECT_TRUE(got.message().ends_with("xx [cut]: No such file or directory"));
}

TEST(FailureRecord, LosesOuterFramesBeforeInnerOnes) {
  Error error(ErrorKind::Kernel, "inner", EIO);
  error.within("middle").within(std::string(10'000, 'o')).within("outermost").with_hint("lost");
  const Error got = round_trip(error);
  ASSERT_EQ(got.frames().size(), 3U);
  EXPECT_EQ(got.frames()[0], "inner");
  EXPECT_EQ(got.frames()[1], "middle");
  EXPECT_TRUE(got.frames()[2].ends_with("o [cut]"));
  EXPECT_EQ(got.hint(), "");
}

TEST(FailureRecord, HoldsATextOfExactlyTheRoomUncut) {
  const std::size_t room = kMaxMessage - sizeof(FailureHeader) - 2;  // two NULs: of the frame and of the empty hint
  const Error exact(ErrorKind::Kernel, std::string(room, 'e'));
  EXPECT_EQ(encode_failure(exact).size(), kMaxMessage);
  expect_same(round_trip(exact), exact);
  EXPECT_TRUE(round_trip(Error(ErrorKind::Kernel, std::string(room + 1, 'e'))).frames().front().ends_with("[cut]"));
}

TEST(FailureRecord, CountsNoMoreFramesThanItHolds) {
  Error error(ErrorKind::Kernel, "0", EIO);
  for (int i = 1; i < 300; ++i) error.within("f");
  error.with_hint("the hint");
  const Error got = round_trip(error);
  EXPECT_EQ(got.frames().size(), 255U);
  EXPECT_EQ(got.frames().back(), "f");
  EXPECT_EQ(got.hint(), "the hint");
}

TEST(FailureRecord, ThatIsNoneBecomesAnErrorThatSaysSo) {
  constexpr std::string_view kWords = "the container's first process sent a failure that cannot be read";
  EXPECT_EQ(decode("").message(), kWords);
  EXPECT_EQ(decode("F").message(), kWords);
  EXPECT_EQ(decode(std::string(sizeof(FailureHeader) - 1, 'F')).message(), kWords);
  EXPECT_EQ(decode(std::string(64, 'R')).message(), kWords);
}

TEST(FailureRecord, WithAnUnknownKindIsAFailureOfTheKernel) {
  std::string record = encode_failure(Error(ErrorKind::Payload, "x", EACCES));
  record[offsetof(FailureHeader, kind)] = '\x7f';
  EXPECT_EQ(decode(record).kind(), ErrorKind::Kernel);
  EXPECT_EQ(decode(record).errno_value(), EACCES);
}

TEST(FailureRecord, MayEndInTheMiddleOfItsTexts) {
  Error error(ErrorKind::Kernel, "inner", EIO);
  error.within("outer").with_hint("hint");
  const std::string whole = encode_failure(error);
  for (std::size_t size = sizeof(FailureHeader); size < whole.size(); ++size) {
    const Error got = decode(std::string_view(whole).substr(0, size));
    EXPECT_EQ(got.errno_value(), EIO);
    EXPECT_LE(got.frames().size(), 2U);
  }
}

TEST(FailureRecord, OfRandomBytesIsReadWithoutHarm) {
  std::uint32_t state = 1;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(static_cast<std::size_t>(round % 97), '\0');
    for (char& byte : bytes) {
      state = state * 1664525 + 1013904223;
      byte = static_cast<char>(state >> 24);
    }
    if (!bytes.empty() && round % 2 == 0) bytes.front() = 'F';
    static_cast<void>(decode(bytes));
  }
}

}  // namespace
}  // namespace caisson::launch
