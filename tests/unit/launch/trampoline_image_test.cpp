#include "launch/trampoline_image.hpp"

#include <elf.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace caisson::launch {
namespace {

template <class Thing>
Thing at(std::string_view bytes, std::size_t offset) {
  Thing thing{};
  if (offset + sizeof thing <= bytes.size())
    std::memcpy(&thing, bytes.data() + offset, sizeof thing);
  else
    ADD_FAILURE() << "offset " << offset << " is behind the end";
  return thing;
}

std::vector<Elf64_Phdr> loaded_segments(std::string_view elf) {
  const auto header = at<Elf64_Ehdr>(elf, 0);
  std::vector<Elf64_Phdr> segments;
  for (std::size_t i = 0; i < header.e_phnum; ++i)
    if (const auto segment = at<Elf64_Phdr>(elf, header.e_phoff + i * header.e_phentsize); segment.p_type == PT_LOAD)
      segments.push_back(segment);
  return segments;
}

// The configuration block: from its magic number to the end.
std::string_view block_of(std::string_view elf) {
  const std::uint64_t magic = kConfigMagic;
  const std::size_t begin = elf.rfind(std::string_view(reinterpret_cast<const char*>(&magic), sizeof magic));
  return begin == std::string_view::npos ? std::string_view() : elf.substr(begin);
}

std::string_view text_of(std::string_view block, Text text) {
  EXPECT_LT(text.at + text.size, block.size());
  EXPECT_EQ(block[text.at + text.size], '\0');
  return block.substr(text.at, text.size);
}

std::vector<std::string_view> texts_of(std::string_view block, std::uint32_t offset, std::uint32_t count) {
  EXPECT_EQ(offset % alignof(Text), 0U);
  std::vector<std::string_view> texts;
  for (std::size_t i = 0; i < count; ++i) texts.push_back(text_of(block, at<Text>(block, offset + i * sizeof(Text))));
  return texts;
}

std::string whole(const TrampolineOrders& orders) { return build_trampoline(orders).whole(); }

TEST(TrampolineImage, IsAStaticProgramForThisMachineWithoutAnInterpreter) {
  const std::string elf = whole({});
  const auto header = at<Elf64_Ehdr>(elf, 0);
  EXPECT_EQ(std::string_view(elf).substr(0, SELFMAG), ELFMAG);
  EXPECT_EQ(header.e_type, ET_EXEC);
#if defined(__x86_64__)
  EXPECT_EQ(header.e_machine, EM_X86_64);
#elif defined(__aarch64__)
  EXPECT_EQ(header.e_machine, EM_AARCH64);
#endif
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = at<Elf64_Phdr>(elf, header.e_phoff + i * header.e_phentsize);
    EXPECT_NE(segment.p_type, static_cast<Elf64_Word>(PT_INTERP));
    EXPECT_NE(segment.p_type, static_cast<Elf64_Word>(PT_DYNAMIC));
    EXPECT_NE(segment.p_flags & (PF_W | PF_X), static_cast<Elf64_Word>(PF_W | PF_X)) << "writable and executable";
  }
}

TEST(TrampolineImage, HasSegmentsThatTheKernelMaps) {
  const std::string elf = whole({.hook_state = std::string(5000, 's')});
  const auto header = at<Elf64_Ehdr>(elf, 0);
  bool entry_is_code = false;
  Elf64_Addr end = 0;
  for (const Elf64_Phdr& segment : loaded_segments(elf)) {
    EXPECT_LE(segment.p_offset + segment.p_filesz, elf.size());
    EXPECT_LE(segment.p_filesz, segment.p_memsz);
    EXPECT_EQ(segment.p_offset % 4096, segment.p_vaddr % 4096);
    EXPECT_GE(segment.p_vaddr, end) << "segments overlap";
    end = segment.p_vaddr + segment.p_memsz;
    if ((segment.p_flags & PF_X) != 0)
      entry_is_code = header.e_entry >= segment.p_vaddr && header.e_entry < segment.p_vaddr + segment.p_filesz;
  }
  EXPECT_TRUE(entry_is_code);
}

TEST(TrampolineImage, EndsWithTheConfigurationWhereNobodyMayWrite) {
  const std::string elf = whole({.channel = 7, .listener = 9, .proc = 11, .preserved = 3, .init = true});
  ASSERT_EQ(loaded_segments(elf).size(), 1U);
  const Elf64_Phdr last = loaded_segments(elf).back();
  EXPECT_EQ(last.p_flags, static_cast<Elf64_Word>(PF_R | PF_X));
  EXPECT_EQ(last.p_offset + last.p_filesz, elf.size());
  EXPECT_EQ(last.p_filesz, last.p_memsz);
  const auto config = at<Config>(block_of(elf), 0);
  EXPECT_EQ(config.magic, kConfigMagic);
  EXPECT_EQ(config.channel, 7);
  EXPECT_EQ(config.listener, 9);
  EXPECT_EQ(config.proc, 11);
  EXPECT_EQ(config.preserved, 3U);
  EXPECT_EQ(config.init, 1U);
}

TEST(TrampolineImage, SaysWhatIsAbsent) {
  const std::string elf = whole({});
  const auto config = at<Config>(block_of(elf), 0);
  EXPECT_EQ(config.channel, -1);
  EXPECT_EQ(config.listener, -1);
  EXPECT_EQ(config.proc, -1);
  EXPECT_EQ(config.filter_length, 0U);
  EXPECT_EQ(config.label_count, 0U);
  EXPECT_EQ(config.hook_count, 0U);
  EXPECT_EQ(config.hook_state.size, 0U);
  EXPECT_EQ(config.init, 0U);
}

TEST(TrampolineImage, HoldsTheFilter) {
  const std::vector<sock_filter> filter{{0x20, 0, 0, 4}, {0x15, 1, 2, 3}, {0x06, 0, 0, 0x7fff0000}};
  const std::string elf = whole({.filter = filter.data(), .filter_length = 3, .filter_flags = 6});
  const std::string_view block = block_of(elf);
  const auto config = at<Config>(block, 0);
  ASSERT_EQ(config.filter_length, 3U);
  EXPECT_EQ(config.filter_flags, 6U);
  EXPECT_EQ(config.filter_at % alignof(sock_filter), 0U);
  ASSERT_LE(config.filter_at + 3 * sizeof(sock_filter), block.size());
  EXPECT_EQ(std::memcmp(block.data() + config.filter_at, filter.data(), 3 * sizeof(sock_filter)), 0);
}

TEST(TrampolineImage, HoldsTheLabels) {
  const std::string elf = whole({.labels = {{"thread-self/attr/apparmor/exec", "thread-self/attr/exec", "exec web"},
                                            {"thread-self/attr/exec", "", "system_u:object_r:x"}}});
  const std::string_view block = block_of(elf);
  const auto config = at<Config>(block, 0);
  ASSERT_EQ(config.label_count, 2U);
  EXPECT_EQ(config.labels_at % alignof(Label), 0U);
  const auto first = at<Label>(block, config.labels_at);
  EXPECT_EQ(text_of(block, first.file), "thread-self/attr/apparmor/exec");
  EXPECT_EQ(text_of(block, first.older_file), "thread-self/attr/exec");
  EXPECT_EQ(text_of(block, first.value), "exec web");
  const auto second = at<Label>(block, config.labels_at + sizeof(Label));
  EXPECT_EQ(text_of(block, second.file), "thread-self/attr/exec");
  EXPECT_EQ(second.older_file.size, 0U);
  EXPECT_EQ(text_of(block, second.value), "system_u:object_r:x");
}

TEST(TrampolineImage, HoldsTheHooksAndTheirState) {
  using Env = std::vector<std::string>;
  const std::string elf =
      whole({.hooks = {{.path = "/bin/one", .title = "hook #0", .args = {"one", "", "a b"}, .env = Env{"A=1"}, .timeout_s = 5},
                       {.path = "/bin/two", .args = {"two"}, .env = Env{}},
                       {.path = "/bin/three", .args = {"three"}}},
             .hook_state = R"({"id":"web"})"});
  const std::string_view block = block_of(elf);
  const auto config = at<Config>(block, 0);
  EXPECT_EQ(text_of(block, config.hook_state), R"({"id":"web"})");
  ASSERT_EQ(config.hook_count, 3U);
  EXPECT_EQ(config.hooks_at % alignof(TrampolineHook), 0U);
  const auto one = at<TrampolineHook>(block, config.hooks_at);
  EXPECT_EQ(text_of(block, one.path), "/bin/one");
  EXPECT_EQ(text_of(block, one.title), "hook #0");
  EXPECT_EQ(one.inherits_env, 0U);
  EXPECT_EQ(one.timeout_s, 5);
  EXPECT_EQ(texts_of(block, one.argv_at, one.argc), (std::vector<std::string_view>{"one", "", "a b"}));
  EXPECT_EQ(texts_of(block, one.envp_at, one.envc), (std::vector<std::string_view>{"A=1"}));
  const auto two = at<TrampolineHook>(block, config.hooks_at + sizeof(TrampolineHook));
  EXPECT_EQ(text_of(block, two.path), "/bin/two");
  EXPECT_EQ(two.timeout_s, 0);
  EXPECT_EQ(texts_of(block, two.argv_at, two.argc), (std::vector<std::string_view>{"two"}));
  EXPECT_EQ(two.envc, 0U);
  EXPECT_EQ(two.inherits_env, 0U);
  EXPECT_EQ(at<TrampolineHook>(block, config.hooks_at + 2 * sizeof(TrampolineHook)).inherits_env, 1U);
}

TEST(TrampolineImage, IsSmallWithoutAFilter) { EXPECT_LT(whole({}).size(), 16U * 1024); }

TEST(TrampolineImage, TakesTheLargestFilterOfTheKernel) {
  const std::vector<sock_filter> filter(4096, sock_filter{0x06, 0, 0, 0x7fff0000});
  const std::string elf = whole({.filter = filter.data(), .filter_length = 4096});
  EXPECT_EQ(at<Config>(block_of(elf), 0).filter_length, 4096U);
  EXPECT_EQ(elf.size(), loaded_segments(elf).back().p_memsz) << "what is not mapped is not there";
}

class TrampolineFile : public testing::Test {
 protected:
  sys::UniqueFd memfd_ = make_trampoline({.channel = 5});
};

TEST_F(TrampolineFile, IsSealedAgainstEveryChange) {
  const int seals = ::fcntl(memfd_.get(), F_GET_SEALS);
  constexpr int kWanted = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  EXPECT_EQ(seals & kWanted, kWanted);
  EXPECT_EQ(::pwrite(memfd_.get(), "x", 1, 0), -1);
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(::ftruncate(memfd_.get(), 0), -1);
  EXPECT_EQ(errno, EPERM);
}

TEST_F(TrampolineFile, MayOnlyBeExecuted) {
  struct stat status {};
  ASSERT_EQ(::fstat(memfd_.get(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0111U);
  EXPECT_NE(::fcntl(memfd_.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(TrampolineFile, HoldsTheImage) {
  const std::string wanted = whole({.channel = 5});
  std::string got(wanted.size() + 1, '\0');
  EXPECT_EQ(::pread(memfd_.get(), got.data(), got.size(), 0), static_cast<ssize_t>(wanted.size()));
  got.resize(wanted.size());
  EXPECT_EQ(got, wanted);
}

}  // namespace
}  // namespace caisson::launch
