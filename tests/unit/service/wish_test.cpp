#include "service/wish.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "base/error.hpp"
#include "launch/trampoline/restart_delay.hpp"
#include "launch/trampoline/service_output.hpp"
#include "service/page.hpp"

namespace caisson::service {
namespace {

using Words = std::vector<std::string>;

template <class Act>
std::string refusal_of(const Act& act) {
  try {
    act();
    return "accepted";
  } catch (const Error& error) {
    return error.message() + (error.hint().empty() ? "" : " | " + error.hint());
  }
}
std::string refusal(std::string_view word) {
  return refusal_of([&] { parse_wish(word); });
}

std::string order(const Words& words) {
  std::vector<Wish> wishes;
  for (const std::string& word : words) wishes.push_back(parse_wish(word));
  std::string out;
  for (const Wish& wish : in_order(std::move(wishes))) out += wish.name + " ";
  return out;
}
std::string order_refusal(const Words& words) {
  return refusal_of([&] { order(words); });
}

TEST(ServiceWish, IsANameWithACommandAndKeys) {
  const Wish plain = parse_wish("web=httpd -f 'a b' x=[y]");
  EXPECT_EQ(plain.name, "web");
  EXPECT_EQ(plain.args, (Words{"httpd", "-f", "a b", "x=[y]"}));
  EXPECT_EQ(plain.restart, "no");
  const Wish all = parse_wish(
      "w.1[after=db,after=cache,restart=on-failure:3,env=A=1,env='B=x,]\"',user=www:www,workdir=/srv,stop-signal=QUIT,"
      "stop-timeout=9]=sh -c 'exit 1'");
  EXPECT_EQ(all.after, (Words{"db", "cache"}));
  EXPECT_EQ(all.env, (Words{"A=1", "B=x,]\""}));
  EXPECT_EQ(all.restart + all.user + all.workdir + all.stop_signal, "on-failure:3www:www/srvQUIT");
  EXPECT_EQ(all.stop_timeout_s, 9u);
  EXPECT_EQ(all.args, (Words{"sh", "-c", "exit 1"}));
}

TEST(ServiceWish, IsReadBackFromItsWord) {
  for (const char* word : {"a=b", "a[after=b]=c d", "a[env='X= y,]',env=Y=,restart=always,stop-timeout=0]=b '' 'it'\\''s'"})
    EXPECT_EQ(wish_word(parse_wish(word)), word);
  Wish odd{.name = "o", .args = {"c", "", "q'\"\\"}, .env = {"A=,", "B=]", "C='\"", "D= x\\"}};
  const Wish again = parse_wish(wish_word(odd));
  EXPECT_EQ(again.args, odd.args);
  EXPECT_EQ(again.env, odd.env);
}

TEST(ServiceWish, RefusesWhatIsNotWhole) {
  EXPECT_EQ(refusal("web").substr(0, 42), "--service: \"web\": there is no command | wr");
  EXPECT_NE(refusal("web=").find("there is no command"), std::string::npos);
  EXPECT_NE(refusal("web=''").find("there is no command"), std::string::npos);
  EXPECT_NE(refusal("web[after=a=x").find("] is missing"), std::string::npos);
  EXPECT_NE(refusal("web[after]=x").find("\"after\" has no value"), std::string::npos);
  EXPECT_NE(refusal("web[after=a]x").find("there is no command"), std::string::npos);
  EXPECT_EQ(refusal("web[affter=a]=x"), "--service: \"web\": unknown key \"affter\" | did you mean after");
  EXPECT_NE(refusal("web[restart=never]=x").find("unknown policy \"never\""), std::string::npos);
  EXPECT_NE(refusal("web[env=A]=x").find("\"A\" is not NAME=VALUE"), std::string::npos);
  EXPECT_NE(refusal("web[workdir=srv]=x").find("absolute path"), std::string::npos);
  EXPECT_NE(refusal("web[stop-timeout=-1]=x").find("no number of seconds"), std::string::npos);
  EXPECT_NE(refusal("web[stop-signal=NOPE]=x").find("invalid signal"), std::string::npos);
  EXPECT_NE(refusal("web=a 'b").find("a quote without its end"), std::string::npos);
  for (const char* name : {"", "-a", "a b", "a/b", "all", "first", "caisson", "\033", "a123456789012345678901234567890123"})
    EXPECT_NE(refusal(std::string(name) + "=x"), "accepted") << name;
}

TEST(ServiceOrder, PutsEachBehindWhatItComesAfter) {
  EXPECT_EQ(order({"a=x", "b=x"}), "a b ");
  EXPECT_EQ(order({"web[after=db,after=cache]=x", "log=x", "cache[after=db]=x", "db=x"}), "log db cache web ");
}

TEST(ServiceOrder, RefusesCyclesAndUnknownNames) {
  EXPECT_EQ(order_refusal({"a=x", "a=x"}), "--service: \"a\" stands there twice");
  EXPECT_EQ(order_refusal({"web[after=cach]=x", "cache=x"}),
            "--service: \"web\": after=cach: there is no such service | did you mean cache");
  EXPECT_EQ(order_refusal({"a[after=a]=x"}), "--service: each waits for the other: a after a | take one `after` away");
  EXPECT_EQ(order_refusal({"z=x", "d[after=b]=x", "a[after=c]=x", "b[after=a]=x", "c[after=b]=x"}),
            "--service: each waits for the other: b after a after c after b | take one `after` away");
  EXPECT_NE(order_refusal(Words(65, "a=x")).find("65 services are more than 64"), std::string::npos);
}

TEST(ServiceOutput, IsWholeLinesBehindAName) {
  using namespace launch;
  const auto buffer = std::make_unique<LineBuffer>();
  const auto sink = std::make_unique<Sink>();
  const auto put = [&](std::string_view text) {
    ASSERT_GE(buffer->room(), text.size());
    text.copy(buffer->data + buffer->end, text.size());
    buffer->end += static_cast<std::uint32_t>(text.size());
  };
  const auto take = [&](Rest rest) {
    while (move_line(*sink, *buffer, "w | ", 4, rest)) {
    }
    std::string out(sink->data + sink->begin, sink->used());
    sink->begin = sink->end;
    return out;
  };
  put("one\n\npart");
  EXPECT_EQ(take(Rest::Kept), "w | one\nw | \n");
  put("ial\nrest");
  EXPECT_EQ(take(Rest::Kept), "w | partial\n");
  EXPECT_EQ(take(Rest::Flushed), "w | rest\n");
  EXPECT_EQ(take(Rest::Flushed), "");
  put(std::string(kMostServiceLine, 'x'));
  EXPECT_EQ(take(Rest::Kept), "w | " + std::string(kMostServiceLine, 'x') + "\n");
  // A sink that is full takes nothing in part.
  put("again\n");
  sink->end = sizeof sink->data - 10;
  sink->begin = 0;
  EXPECT_FALSE(move_line(*sink, *buffer, "w | ", 4, Rest::Kept));
  sink->begin = sink->end;
  EXPECT_EQ(take(Rest::Kept), "w | again\n");
}

TEST(ServiceRestart, WaitsLongerEachTimeAndByItsPolicy) {
  using namespace launch;
  EXPECT_EQ(restart_delay_ms(0, 0), 100u);
  EXPECT_EQ(restart_delay_ms(100, 9'999), 200u);
  EXPECT_EQ(restart_delay_ms(40'000, 0), 60'000u);
  EXPECT_EQ(restart_delay_ms(40'000, 10'000), 100u);
  EXPECT_FALSE(launch::wants_restart(RestartWhen::OnFailure, 2, 1, 2));
  EXPECT_TRUE(launch::wants_restart(RestartWhen::OnFailure, 2, 1, 1));
  EXPECT_FALSE(launch::wants_restart(RestartWhen::OnFailure, 0, 0, 0));
  EXPECT_TRUE(launch::wants_restart(RestartWhen::Always, 0, 0, 99));
  EXPECT_FALSE(launch::wants_restart(RestartWhen::Never, 0, 1, 0));
}

TEST(ServicesPage, IsReadOnlyWhenItIsOne) {
  launch::ServicesPage page;
  const auto read = [&] { return read_page({reinterpret_cast<const char*>(&page), sizeof page}); };
  EXPECT_FALSE(read());
  page.magic = launch::kServicesMagic;
  page.count = 1;
  std::string(sizeof page.rows[0].name, 'x').copy(page.rows[0].name, sizeof page.rows[0].name);  // without an end
  page.rows[0].state = 77;
  const auto seen = read();
  ASSERT_TRUE(seen && seen->size() == 1);
  EXPECT_EQ(seen->front().name, std::string(launch::kMostServiceName + 1, 'x'));
  EXPECT_EQ(state_name(seen->front().state), "unknown");
  page.count = launch::kMostServices + 1;
  EXPECT_FALSE(read());
  EXPECT_FALSE(read_page("short"));
}

}  // namespace
}  // namespace caisson::service
