#include "app/completion.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace caisson::app {
namespace {

struct File {
  const char* name;
  Shell shell;
  const char* program;
};
constexpr File kFiles[] = {
    {"caisson.bash", Shell::Bash, "caisson"},    {"_caisson", Shell::Zsh, "caisson"},
    {"caisson.fish", Shell::Fish, "caisson"},    {"caisson-oci.bash", Shell::Bash, "caisson-oci"},
    {"_caisson-oci", Shell::Zsh, "caisson-oci"}, {"caisson-oci.fish", Shell::Fish, "caisson-oci"},
};
constexpr std::string_view kFaces[] = {"unshare", "nsenter", "lsns"};

std::string script_of(const File& file) {
  const bool faces = std::string_view(file.program) == "caisson";
  return completion_script(file.shell, file.program,
                           faces ? std::span<const std::string_view>(kFaces) : std::span<const std::string_view>());
}

// After a change of the scripts: CAISSON_WRITE_COMPLETIONS=1 unit_app --gtest_filter='Completion*'
TEST(Completion, FilesAreWhatTheProgramsWouldWrite) {
  for (const File& file : kFiles) {
    const std::string path = std::string(CAISSON_COMPLETIONS "/") + file.name;
    if (std::getenv("CAISSON_WRITE_COMPLETIONS") != nullptr) std::ofstream(path) << script_of(file);
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    EXPECT_EQ(text.str(), script_of(file)) << path;
  }
}

TEST(Completion, LeavesNoPlaceholder) {
  for (const File& file : kFiles) {
    EXPECT_EQ(script_of(file).find("@FACES"), std::string::npos) << file.name;
    EXPECT_EQ(script_of(file).find("@PROGRAM"), std::string::npos) << file.name;
    EXPECT_EQ(script_of(file).find("FACE@"), std::string::npos) << file.name;
  }
}

}  // namespace
}  // namespace caisson::app
