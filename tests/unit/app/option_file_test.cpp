#include "app/option_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "app/caisson/run_grammar.hpp"
#include "base/error.hpp"

namespace caisson::app {
namespace {

OptionFile read(std::string_view text, std::string_view name = "box.toml") {
  return read_option_file(text, name, human::kRunOptions);
}

// Each option as on a command line, and the command behind them.
std::string line(const OptionFile& file) {
  std::string out;
  for (const FileOption& one : file.options)
    out += "--" + std::string(one.option->name) + (one.value ? "=" + *one.value : "") + " ";
  for (const std::string& word : file.command) out += "<" + word + ">";
  return out;
}

std::string refusal(std::string_view text, std::string_view name = "box.toml") {
  try {
    read(text, name);
    return "accepted";
  } catch (const Error& error) {
    return error.message() + (error.hint().empty() ? "" : " | " + error.hint());
  }
}

const Option& option(std::string_view name) { return *std::ranges::find(human::kRunOptions, name, &Option::name); }

TEST(OptionFile, HasTheWordsOfTheCommandLine) {
  EXPECT_EQ(line(read("image = 'debian'\ndetach = true\ntty = false\nlog-max-files = 4\nnet = 'a'\npublish = [80, '81:82']\n"
                      "command = ['sh', '-c', 'exit 0']\n[env]\nA = 'b c'\nN = 1\n[ulimit]\nnofile = '5:6'")),
            "--image=debian --detach --tty=false --log-max-files=4 --net=a --publish=80 --publish=81:82 --env=A=b c --env=N=1 "
            "--ulimit=nofile=5:6 <sh><-c><exit 0>");
  EXPECT_EQ(line(read(R"({"init": true, "env": ["A", "B=c"], "command": "echo 'a b' c"})", "box.json")),
            "--init --env=A --env=B=c <echo><a b><c>");
  EXPECT_EQ(line(read(" {\"init\": true}", "-")), "--init ");
}

TEST(OptionFile, TakesEveryOptionOfTheTable) {
  for (const Option& one : human::kRunOptions) {
    if (one.name == "help" || one.name == "file") continue;
    const std::string value = one.argument.empty() ? "true" : one.times == Times::Many ? "['x']" : "'x'";
    EXPECT_EQ(read(std::string(one.name) + " = " + value).options.at(0).option->name, one.name);
  }
}

TEST(OptionFile, RefusesWhatTheTableHasNotWithItsPlace) {
  EXPECT_EQ(refusal("image = 'x'\n  nett = 'a'"), "box.toml:2:3: unknown key \"nett\" | did you mean net");
  EXPECT_EQ(refusal("read_only = true"), "box.toml:1:1: unknown key \"read_only\" | did you mean read-only");
  EXPECT_EQ(refusal("file = 'x'"),
            "box.toml:1:1: unknown key \"file\" | the keys are the long names of the options: caisson run --help");
  EXPECT_EQ(refusal("{\n \"initt\": true}", "b.json"), "b.json:2:2: unknown key \"initt\" | did you mean init");
  EXPECT_EQ(refusal("init = 'yes'"), "box.toml:1:8: init: expected true or false, found a string");
  EXPECT_EQ(refusal("image = ['x']"), "box.toml:1:9: image: expected a string or a number, found a list");
  EXPECT_EQ(refusal("env = [['x']]"), "box.toml:1:8: env: expected a string or a number, found a list");
  EXPECT_EQ(refusal("publish = {a = 1}"), "box.toml:1:11: publish: expected a list of strings, found a table");
  EXPECT_EQ(refusal("[env]\nA = true"), "box.toml:2:5: env.A: expected a string or a number, found true or false");
  EXPECT_EQ(refusal("command = 1"), "box.toml:1:11: command: expected a list of words, or a line of them, found a number");
  EXPECT_NE(refusal("command = \"sh 'x\"").find("box.toml:1:11: command: \"sh 'x\": a quote without its end"),
            std::string::npos);
  EXPECT_EQ(refusal("[]", "b.json"), "b.json:1:1: expected a table, found a list");
}

TEST(OptionFile, IsWrittenAsItIsRead) {
  const std::string words = "--image=debian --env=A=b c --env=é=\"\n --tty=false --detach <sh><-c><>";
  OptionFile file;
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, std::optional<std::string>>>{
           {"image", "debian"}, {"env", "A=b c"}, {"env", "é=\"\n"}, {"tty", "false"}, {"detach", std::nullopt}})
    file.options.push_back({&option(name), value});
  file.command = {"sh", "-c", ""};
  EXPECT_EQ(line(file), words);
  const std::string toml = write_option_file(file, FileForm::Toml);
  EXPECT_EQ(toml,
            "image = \"debian\"\nenv = [\"A=b c\", \"é=\\\"\\n\"]\ntty = false\ndetach = true\n"
            "command = [\"sh\", \"-c\", \"\"]\n");
  EXPECT_EQ(line(read(toml)), words);
  EXPECT_EQ(line(read(write_option_file(file, FileForm::Json), "x.json")), words);
  file.command = {"\xff"};
  EXPECT_THROW(write_option_file(file, FileForm::Toml), Error);
}

TEST(OptionFile, CountsPathsOfTheHostFromItsFolder) {
  const auto whole = [](std::string_view name, std::string_view value) {
    return with_absolute_path(option(name), value, "/etc/box");
  };
  EXPECT_EQ(whole("rootfs", "./root"), "/etc/box/root");
  EXPECT_EQ(whole("rootfs", "/root"), "/root");
  EXPECT_EQ(whole("trace", "t.json"), "/etc/box/t.json");
  EXPECT_EQ(whole("volume", "data:/data:ro"), "/etc/box/data:/data:ro");
  EXPECT_EQ(whole("volume", ":/data"), ":/data");
  EXPECT_EQ(whole("security-opt", "seccomp=p.json"), "seccomp=/etc/box/p.json");
  EXPECT_EQ(whole("security-opt", "seccomp=unconfined"), "seccomp=unconfined");
  EXPECT_EQ(whole("net", "ns:pin"), "ns:/etc/box/pin");
  EXPECT_EQ(whole("net", "default"), "default");
  EXPECT_EQ(whole("ns", "net=./pin"), "net=/etc/box/pin");
  EXPECT_EQ(whole("ns", "net=container:x"), "net=container:x");
  EXPECT_EQ(whole("workdir", "srv"), "srv");
  EXPECT_EQ(whole("env", "A=./b"), "A=./b");
}

}  // namespace
}  // namespace caisson::app
