#include "inspect/details.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "host/subordinate_ids.hpp"
#include "inspect/command_line.hpp"
#include "sys/netlink.hpp"

namespace caisson::inspect {

const std::string& Details::command(pid_t pid) {
  const auto [place, is_new] = commands_.try_emplace(pid);
  if (is_new) place->second = command_of(proc_, pid);
  return place->second;
}

const std::string& Details::user(uid_t uid) {
  const auto [place, is_new] = users_.try_emplace(uid);
  if (!is_new) return place->second;
  if (!passwd_) passwd_ = sys::read_file(sys::kCwd, "/etc/passwd").value_or({});
  place->second = host::user_name_of(*passwd_, uid);
  if (place->second.empty()) place->second = text::join(uid);
  return place->second;
}

std::string Details::netnsid(const NamespaceEntry& entry) {
  if (entry.type != ns::Type::Network) return {};
  if (!route_) {
    auto socket = sys::make_route_socket();
    route_ = socket.ok() ? std::move(socket).value() : sys::UniqueFd();
  }
  const sys::NamespaceFd opened = open_entry(machine_, entry);
  if (!route_->valid() || !opened.valid()) return {};
  try {
    const auto number = links_.nsid(route_->borrow(), opened.borrow());
    return number ? text::join(*number) : std::string("unassigned");
  } catch (const Error&) {
    return {};  // it may not be asked: as good as not known
  }
}

}  // namespace caisson::inspect
