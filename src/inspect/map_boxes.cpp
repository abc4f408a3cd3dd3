#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "inspect/display_text.hpp"
#include "inspect/map_parts.hpp"

namespace caisson::inspect {
namespace {

class BoxMaker {
 public:
  BoxMaker(const NamespaceIndex& index, Map& map) : index_(index), map_(map) {
    const std::uint64_t root = map.cards.front().namespaces[at(ns::Type::User)];
    users_[root] = 0;
    map.boxes.push_back(user_box(root, kNone));
    map.boxes.front().detail = "the host's";
  }

  void place_by_user_namespace() {
    for (MapCard& card : map_.cards) card.box = user(card.namespaces[at(ns::Type::User)], 0);
  }

  void fill() {
    for (std::size_t i = 0; i < map_.cards.size(); ++i) map_.boxes[map_.cards[i].box].cards.push_back(i);
    for (std::size_t i = 1; i < map_.boxes.size(); ++i) map_.boxes[map_.boxes[i].parent].boxes.push_back(i);
  }

  // Cards of one box that are in one namespace get a frame of that kind, if it is not that of the box's surroundings; pid
  // namespaces also when others are nested in them.
  void frame(ns::Type type, BoxKind kind) {
    std::map<std::pair<std::size_t, std::uint64_t>, std::size_t> members;  // (box, inode)
    for (const MapCard& card : map_.cards)
      for (const std::uint64_t inode : chain(type, card)) ++members[{card.box, inode}];
    std::map<std::pair<std::size_t, std::uint64_t>, std::size_t> frames;
    for (MapCard& card : map_.cards) {
      std::vector<std::uint64_t> around = chain(type, card);
      std::ranges::reverse(around);
      const std::size_t home = card.box;
      for (const std::uint64_t inode : around)
        if (members[{home, inode}] > 1) {
          const auto [found, is_new] = frames.try_emplace({home, inode}, map_.boxes.size());
          if (is_new) map_.boxes.push_back(frame_box(kind, type, inode, card.box));
          card.box = found->second;
        }
    }
  }

 private:
  const NamespaceEntry* entry(ns::Type type, std::uint64_t inode) const {
    const auto found = index_.find({type, inode});
    return found == index_.end() ? nullptr : found->second;
  }

  MapBox user_box(std::uint64_t inode, std::size_t parent) const {
    MapBox box{.kind = BoxKind::User, .inode = inode, .parent = parent};
    box.label = text::join("user ns ", inode);
    const NamespaceEntry* found = entry(ns::Type::User, inode);
    if (found == nullptr) return box;
    if (found->owner_uid) box.detail = text::join("uid ", *found->owner_uid);
    if (const std::string names = names_of(*found); !names.empty()) box.label += " · " + names;
    return box;
  }

  MapBox frame_box(BoxKind kind, ns::Type type, std::uint64_t inode, std::size_t parent) const {
    MapBox box{.kind = kind, .inode = inode, .parent = parent};
    box.label = text::join(ns::kind_of(type).proc, " ns ", inode);
    const NamespaceEntry* found = entry(type, inode);
    if (found == nullptr) return box;
    if (const std::string names = names_of(*found); !names.empty()) box.label += " · " + names;
    return box;
  }

  // The box of a user namespace, made with those around it. Deep or circular parents (of a scan that was not one moment) end at
  // the root.
  std::size_t user(std::uint64_t inode, std::size_t depth) {
    constexpr std::size_t kDeepestChain = 64;
    if (inode == kUnknown || depth > kDeepestChain) return 0;
    if (const auto found = users_.find(inode); found != users_.end()) return found->second;
    const NamespaceEntry* known = entry(ns::Type::User, inode);
    const std::size_t parent = known == nullptr ? 0 : user(known->parent, depth + 1);
    users_[inode] = map_.boxes.size();
    map_.boxes.push_back(user_box(inode, parent));
    return users_[inode];
  }

  // The namespace of a card and, for pid, those it is nested in, innermost first, up to that of the host.
  std::vector<std::uint64_t> chain(ns::Type type, const MapCard& card) const {
    std::vector<std::uint64_t> all;
    const std::uint64_t host = map_.cards.front().namespaces[at(type)];
    for (std::uint64_t inode = card.namespaces[at(type)]; inode != kUnknown && inode != host;) {
      if (std::ranges::find(all, inode) != all.end()) break;
      all.push_back(inode);
      const NamespaceEntry* known = type == ns::Type::Pid ? entry(type, inode) : nullptr;
      inode = known == nullptr ? kUnknown : known->parent;
    }
    return all;
  }

  const NamespaceIndex& index_;
  Map& map_;
  std::map<std::uint64_t, std::size_t> users_;
};

// A pid namespace whose cards stand in a nested user namespace has no frame around them there: said in words.
void tell_parents(const NamespaceIndex& index, Map& map) {
  const std::uint64_t host = map.cards.front().namespaces[at(ns::Type::Pid)];
  std::map<std::uint64_t, std::string> names;
  for (const MapCard& card : map.cards) names.try_emplace(card.namespaces[at(ns::Type::Pid)], card.name);
  for (MapCard& card : map.cards) {
    const auto found = index.find({ns::Type::Pid, card.namespaces[at(ns::Type::Pid)]});
    if (found == index.end() || !card.own[at(ns::Type::Pid)]) continue;
    const std::uint64_t parent = found->second->parent;
    if (parent == kUnknown || parent == host) continue;
    bool framed = false;
    for (std::size_t box = card.box; box != kNone; box = map.boxes[box].parent)
      framed = framed || (map.boxes[box].kind == BoxKind::Pid && map.boxes[box].inode == parent);
    if (framed) continue;
    const auto name = names.find(parent);
    card.lines.push_back("pid namespace inside that of " +
                         (name == names.end() ? namespace_words(ns::Type::Pid, parent) : name->second));
  }
}

}  // namespace

void add_boxes(const NamespaceIndex& index, const MapOptions& options, Map& map) {
  BoxMaker maker(index, map);
  maker.place_by_user_namespace();
  if (options.kinds[at(ns::Type::Pid)]) maker.frame(ns::Type::Pid, BoxKind::Pid);
  if (options.kinds[at(ns::Type::Network)]) maker.frame(ns::Type::Network, BoxKind::Network);
  maker.fill();
  tell_parents(index, map);
}

}  // namespace caisson::inspect
