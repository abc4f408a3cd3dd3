#include "net/early_removal.hpp"

#include <linux/rtnetlink.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/device_editor.hpp"
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

enum class Seen : std::uint8_t { End, RemoverEnded };

// News that did not fit were lost: the end of the other process will do then.
Seen watch_for_end(sys::BorrowedFd news, const sys::Pidfd& remover, int index) {
  const std::array waited = {news, remover.borrow()};
  std::vector<char> buffer;
  while (true) {
    const std::uint32_t ready = sys::wait_ready(waited, -1).or_throw("wait for the end of a device");
    if ((ready & 1U) != 0) {
      const auto length = sys::next_from_kernel(news);
      if (length.ok() && length.value() > buffer.size()) buffer.resize(length.value());
      const auto received = length.ok() ? sys::receive_from_kernel(news, buffer) : length;
      if (!received.ok() && received.err() != ENOBUFS)
        throw Error(ErrorKind::Kernel, "hear of network devices", received.err());
      if (received.ok() && tells_end({buffer.data(), received.value()}, index)) return Seen::End;
    }
    if ((ready & 2U) != 0) return Seen::RemoverEnded;
  }
}

}  // namespace

bool remove_early(const Link& link, std::span<const sys::BorrowedFd> kept) noexcept try {
  const sys::UniqueFd news = sys::make_link_news_socket().or_throw("subscribe to the news of network devices");
  const sys::Cloned remover = sys::clone_with_pidfd().or_throw("clone a process that removes a network device");
  if (remover.pid == 0) removal_main(link, kept);
  if (watch_for_end(news.borrow(), remover.process, link.index) == Seen::RemoverEnded)
    static_cast<void>(sys::wait_for(remover.process));
  // The news are sent before sysfs lets go; the kernel answers this after.
  const sys::UniqueFd socket = sys::make_route_socket().or_throw("make a route socket");
  return !DeviceEditor(socket.borrow()).find(link.index).has_value();
} catch (const std::exception&) {
  return false;
}

}  // namespace caisson::net
