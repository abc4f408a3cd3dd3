#include "net/early_removal.hpp"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/route_conversation.hpp"
#include "sys/file.hpp"
#include "sys/netlink.hpp"
#include "sys/process.hpp"
#include "sys/process_title.hpp"
#include "sys/standard_fds.hpp"

#ifdef CAISSON_FAULT_POINTS
#include "sys/fault_points.hpp"
#endif

namespace caisson::net {
namespace {

// A working directory would keep its file system busy.
[[noreturn]] void removal_main(const Link& link, std::span<const sys::BorrowedFd> kept) noexcept {
#ifdef CAISSON_FAULT_POINTS
  sys::fault_points::enter_role(sys::fault_points::Role::Child);
#endif
  try {
    sys::set_process_title("caisson-unplug", text::join("caisson: network device ", link.name, " goes"));
    sys::close_all_but(kept).or_throw("close descriptors");
    sys::change_dir("/").or_throw("leave the working directory");
    const sys::UniqueFd socket = sys::make_route_socket().or_throw("make a route socket");
    DeviceEditor(socket.borrow()).remove(link);
    sys::exit_now(0);
  } catch (const std::exception&) {
    sys::exit_now(1);
  }
}

// A bridge tells the end of a port in its own family before.
bool tells_end(std::string_view datagram, int index) {
  while (const auto message = take_message(datagram)) {
    ifinfomsg header{};
    if (message->type != RTM_DELLINK || message->body.size() < sizeof header) continue;
    std::memcpy(&header, message->body.data(), sizeof header);
    if (header.ifi_family == AF_UNSPEC && header.ifi_index == index) return true;
  }
  return false;
}

// Or for the other process, which has then done or given up what it could. News that did not fit were lost: its end will do
// then.
void wait_for_end(sys::BorrowedFd news, const sys::Pidfd& remover, int index) {
  const std::array waited = {news, remover.borrow()};
  RouteConversation conversation;
  while (true) {
    const std::uint32_t ready = sys::wait_ready(waited, -1).or_throw("wait for the end of a device");
    if ((ready & 1U) != 0) {
      const auto datagram = conversation.receive(news);
      if (datagram.ok() && tells_end(datagram.value(), index)) return;
      if (!datagram.ok() && datagram.err() != ENOBUFS)
        throw Error(ErrorKind::Kernel, "hear of network devices", datagram.err());
    }
    if ((ready & 2U) != 0) return;
  }
}

}  // namespace

bool remove_early(DeviceEditor& editor, const Link& link, std::span<const sys::BorrowedFd> kept) noexcept try {
  const sys::UniqueFd news = sys::make_link_news_socket().or_throw("subscribe to the news of network devices");
  const sys::Cloned remover = sys::clone_with_pidfd().or_throw("clone a process that removes a network device");
  if (remover.pid == 0) removal_main(link, kept);
  wait_for_end(news.borrow(), remover.process, link.index);
  // The news are sent before sysfs lets go; the kernel answers this after.
  return !editor.find(link.index).has_value();
} catch (const std::exception&) {
  return false;
}

}  // namespace caisson::net
