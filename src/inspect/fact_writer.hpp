// JSON of facts: what could not be read is null, and listed at the end under "missing" with its key and the reason. Also the
// lists that several documents have: mounts, peer groups, network devices.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inspect/fact.hpp"
#include "inspect/mount_tree.hpp"
#include "json/writer.hpp"
#include "mount/mountinfo.hpp"
#include "net/links.hpp"

namespace caisson::inspect {

class FactWriter {
 public:
  json::Writer& json() noexcept { return json_; }
  // What follows belongs to it: "network" makes the missing key "kind" "network.kind".
  void begin_section(std::string_view name) { section_ = name; }

  template <class T, class Write>
  void fact(std::string_view key, const Fact<T>& fact, const Write& write) {
    json_.key(key);
    if (fact.known()) return write(*fact);
    json_.null();
    missing_.push_back(
        {section_.empty() || section_ == key ? std::string(key) : section_ + "." + std::string(key), fact.missing});
  }
  void text(std::string_view key, const Fact<std::string>& fact);

  template <class List, class Write>
  void array(const List& list, const Write& write) {
    json_.begin_array();
    for (const auto& each : list) write(each);
    json_.end_array();
  }
  // "missing": [{"key": ..., "why": ...}]
  void write_missing();

 private:
  struct Missing {
    std::string key, why;
  };
  json::Writer json_{json::kTwoSpaces};
  std::vector<Missing> missing_;
  std::string section_;
};

void write_mount_list(FactWriter& out, const std::vector<mount::MountInfo>& mounts);
void write_groups(FactWriter& out, const std::vector<mount::MountInfo>& mounts, const PeerGroups& groups);
void write_links(FactWriter& out, const std::vector<net::Link>& links);

}  // namespace caisson::inspect
