#include <algorithm>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "launch/trampoline/services_page.hpp"
#include "service/wish.hpp"

namespace caisson::service {
namespace {

void check_names(const std::vector<Wish>& wishes) {
  std::vector<std::string_view> names;
  for (const Wish& wish : wishes) {
    if (std::ranges::find(names, wish.name) != names.end())
      throw Error(ErrorKind::Usage, text::join("--service: ", text::quoted(wish.name), " stands there twice"));
    names.push_back(wish.name);
  }
  for (const Wish& wish : wishes)
    for (const std::string& other : wish.after)
      if (std::ranges::find(names, other) == names.end()) {
        const std::string_view near = text::nearest(other, names);
        throw Error(ErrorKind::Usage,
                    text::join("--service: ", text::quoted(wish.name), ": after=", other, ": there is no such service"))
            .with_hint(near.empty() ? std::string() : text::join("did you mean ", near));
      }
}

// What is left when nothing can start is a cycle, and what comes after it: the way back to where it began is shown.
[[noreturn]] void refuse_cycle(const std::vector<Wish>& left) {
  std::vector<std::string> way{left.front().name};
  for (;;) {
    const auto here = std::ranges::find(left, way.back(), &Wish::name);
    const auto next = std::ranges::find_if(
        here->after, [&left](const std::string& other) { return std::ranges::find(left, other, &Wish::name) != left.end(); });
    const auto seen = std::ranges::find(way, *next);
    const bool closed = seen != way.end();
    way.push_back(*next);
    if (!closed) continue;
    way.erase(way.begin(), std::ranges::find(way, way.back()));
    throw Error(ErrorKind::Usage, text::join("--service: each waits for the other: ", text::join_with(way, " after ")))
        .with_hint("take one `after` away");
  }
}

}  // namespace

std::vector<Wish> in_order(std::vector<Wish> wishes) {
  if (wishes.size() > launch::kMostServices)
    throw Error(ErrorKind::Usage, text::join("--service: ", wishes.size(), " services are more than ", launch::kMostServices));
  check_names(wishes);
  std::vector<Wish> ordered;
  while (!wishes.empty()) {
    const auto next = std::ranges::find_if(wishes, [&wishes](const Wish& wish) {
      return std::ranges::none_of(wish.after, [&wishes](const std::string& other) {
        return std::ranges::find(wishes, other, &Wish::name) != wishes.end();
      });
    });
    if (next == wishes.end()) refuse_cycle(wishes);
    ordered.push_back(std::move(*next));
    wishes.erase(next);
  }
  return ordered;
}

}  // namespace caisson::service
