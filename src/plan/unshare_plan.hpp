// What `unshare` is to do, as values: a wish is what the command line says, a plan is that with every consequence drawn (what
// an option implies, who writes which id map). Pure; launch/unshare.hpp executes it. man 1 unshare.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/facts.hpp"
#include "ns/id_ranges.hpp"
#include "ns/kinds.hpp"
#include "spec/spec.hpp"

namespace caisson::plan {

// A range of --map-users and --map-groups.
struct RangeWish {
  enum class From : std::uint8_t { Written, SubordinateFromZero, SubordinateAsItself, EveryIdOfCaller };
  From from = From::Written;
  spec::IdMapping written = {};
};

struct NamespaceFile {
  ns::Type type;
  std::string path;
};

struct OwnerIds {
  std::uint32_t uid = 0, gid = 0;
};

enum class Setgroups : std::uint8_t { Unchanged, Allow, Deny };
enum class Environment : std::uint8_t { Inherit, Listed };

// Part of the wish that a plan takes over as it is.
struct UnshareSettings {
  bool fork = false;
  int death_signal = 0;  // 0: none
  bool forward_signals = false;
  std::optional<OwnerIds> owner;
  Setgroups setgroups = Setgroups::Unchanged;
  unsigned long propagation = 0;  // MS_*; 0: as it is
  std::string root, directory;    // empty: none
  std::string proc, binfmt;       // where each is mounted; empty: nowhere
  std::optional<std::string> interpreter;
  std::optional<std::uint32_t> uid, gid;
  bool keep_capabilities = false;
  std::optional<std::int64_t> monotonic, boottime;
  Environment environment = Environment::Inherit;
  std::vector<std::string> kept_variables;  // of Environment::Listed, in this order
  std::vector<std::string> command;         // empty: a shell
};

struct UnshareWish : UnshareSettings {
  std::uint64_t created = 0;         // CLONE_NEW*
  std::vector<NamespaceFile> files;  // the last of a kind counts
  std::optional<std::uint32_t> user, group;
  std::vector<RangeWish> users, groups;

  bool has_ranges() const noexcept { return !users.empty() || !groups.empty(); }
};

struct UnshareFacts {
  uid_t euid = 0;
  gid_t egid = 0;
  std::optional<host::UserNamespaceFacts> users;  // for ranges only
  std::string uid_map, gid_map;                   // of the caller; for ranges of every id only
};

// The two ways of a map into the kernel: one line for the caller's own id, written by the new process itself; or anything, by
// a process that stayed outside, with its privilege or with the programs of the uidmap package.
struct UnsharePlan : UnshareSettings {
  std::uint64_t created = 0;
  std::vector<NamespaceFile> files;               // one of a kind, in the order in which they are bound
  std::optional<ns::SingleId> own_uid, own_gid;   // by the process itself
  std::vector<spec::IdMapping> uid_map, gid_map;  // from outside
  bool writes_maps_itself = false;                // the process outside: by its privilege

  bool creates(ns::Type type) const noexcept { return (created & ns::kind_of(type).flag) != 0; }
  bool maps_from_outside() const noexcept { return !uid_map.empty() || !gid_map.empty(); }
  bool new_root_sees_interpreter_of_old() const noexcept;
};

// Throws Error{Usage} for options that exclude each other, Error{Host} for ranges that the user does not have.
UnsharePlan plan_unshare(const UnshareWish& wish, const UnshareFacts& facts);

// What most people who write this did not mean, one sentence each.
std::vector<std::string> notes_on(const UnsharePlan& plan);

}  // namespace caisson::plan
