// The texts of /etc/hosts, /etc/hostname and /etc/resolv.conf of a container. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "network/member.hpp"
#include "network/wish.hpp"

namespace caisson::network {

inline constexpr std::string_view kNameFiles[] = {"hosts", "hostname", "resolv.conf"};

// Itself, and every attached container on a network that it is on, too.
std::string hosts_text(const Member& member, const std::vector<Member>& all);
std::string hostname_text(const Member& member);
// host_text: the machine's own. Its loopback servers cannot be reached from another network namespace and are left out.
std::string resolv_text(const Wish& wish, std::string_view host_text);
// Whether it names no server but such ones: then it is that of a resolver on this machine, whose own source is elsewhere.
bool names_only_loopback(std::string_view host_text);

}  // namespace caisson::network
