#include "launch/own_user_namespace.hpp"

#include <fcntl.h>
#include <sched.h>

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"
#include "launch/stay_behind.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/shared_page.hpp"

namespace caisson::launch {
namespace {

// What went wrong outside, for the one inside to say.
void note(const sys::SharedPage& page, const Error& error) noexcept {
  const std::span<char> text = page.bytes(0);
  const std::size_t count = std::min(error.message().size(), text.size() - 1);
  std::memcpy(text.data(), error.message().data(), count);
  text[count] = '\0';
}

}  // namespace

void enter_own_user_namespace(const ns::IdMapPlan& maps) {
  const auto page = sys::SharedPage::make().or_throw("get memory to share");
  const auto proc = sys::open_at(sys::kCwd, "/proc", O_PATH | O_DIRECTORY).or_throw("open /proc");
  const pid_t self = sys::process_id();
  StayBehind writer([&] {
    try {
      ns::write_maps(maps, proc.borrow(), self);
      return 0;
    } catch (const Error& error) {
      note(page, error);
      return 1;
    }
  });
  const auto made = sys::unshare(CLONE_NEWUSER);
  if (!made.ok())
    throw Error(ErrorKind::Host, "make a user namespace, in which the files of images have their owners", made.err())
        .with_hint("caisson check says what forbids it");
  if (writer.finish() != 0)
    throw Error(ErrorKind::Host, std::string(page.bytes(0).data()))
        .with_hint("the ranges must be listed for this user in /etc/subuid and /etc/subgid");
  sys::set_group(0).or_throw("become root of a user namespace");
  sys::set_user(0).or_throw("become root of a user namespace");
}

}  // namespace caisson::launch
