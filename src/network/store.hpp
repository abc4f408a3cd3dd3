// What is on disk about networks: their definitions, which survive a reboot, and below the state root, for the network
// namespace that the caller stands in, a record for each container with the files that are bound into it. Everything is read
// and changed under one lock. Files are written beside their place and renamed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/ip.hpp"
#include "network/definition.hpp"
#include "network/member.hpp"
#include "sys/fd.hpp"

namespace caisson::network {

inline constexpr std::string_view kUsualRoot = "/run/caisson";

struct Places {
  std::string state_root;   // absolute
  std::string definitions;  // directory
};
// For the usual state root of root /etc/caisson/networks, else a directory below the state root.
Places places_of(const std::string& state_root);

// The directory of a container's files: known before anything is made.
std::string files_of(const Places& places, std::string_view id);

// Of the networks that were made here, in any order; makes nothing.
std::vector<std::string> network_names(const Places& places);

// Whether the container is on record here; makes nothing.
bool is_member(const Places& places, std::string_view id);

// Throws Error{Host}: devices and the packet filter are root's.
void refuse_ordinary_user();

class Store {
 public:
  // Makes the directories and takes the lock, which is held until this object is destroyed.
  explicit Store(const Places& places);

  const Places& places() const noexcept { return places_; }

  std::vector<Definition> definitions() const;  // by name
  std::optional<Definition> find(std::string_view name) const;
  void write(const Definition& definition) const;
  void remove(std::string_view network) const;

  std::vector<Member> members() const;  // by id
  std::optional<Member> member(std::string_view id) const;
  void write(const Member& member) const;
  void remove(const Member& member) const;  // and its files
  // Records that somebody was writing when he was killed. (Definitions are written under the locks of several stores.)
  void remove_cut_off() const;

  void make_files(std::string_view id) const;
  bool has_files(std::string_view id) const;
  sys::UniqueFd open_files(std::string_view id) const;
  // In place, since the file is bound somewhere: who reads meanwhile finds the old text, or the new one with blank lines.
  void write_file(std::string_view id, std::string_view name, std::string_view text) const;

  // Locked for as long as a program carries the container's packets.
  sys::UniqueFd companion_lock(std::string_view id) const;
  // At most some seconds; false: it goes on.
  bool wait_for_companion(std::string_view id) const;

  // A mount keeps a container's network namespace alive, whoever dies.
  void hold_namespace(std::string_view id, sys::BorrowedFd network_namespace) const;
  std::optional<sys::NamespaceFd> held_namespace(std::string_view id) const;
  void let_namespace_go(std::string_view id) const;

  // The address that was given last on a network.
  net::Ip last_address(std::string_view network) const;
  void set_last_address(std::string_view network, const net::Ip& ip) const;

 private:
  std::string held_path(std::string_view id) const;
  void write_whole(sys::BorrowedFd directory, const std::string& name, std::string_view text) const;
  // For what only holders of the lock read: in place where it can be, since on ext4 a file that is renamed over another is sent
  // to the disk at once, a millisecond each.
  void write_again(sys::BorrowedFd directory, const std::string& name, std::string_view text) const;

  Places places_;
  sys::UniqueFd state_, members_, files_, cursors_, lock_;
};

}  // namespace caisson::network
