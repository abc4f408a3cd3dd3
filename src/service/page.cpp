#include "service/page.hpp"

#include <array>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"
#include "state/store.hpp"
#include "sys/file.hpp"

namespace caisson::service {

std::string_view state_name(launch::ServiceState state) noexcept {
  static constexpr std::array<std::string_view, 6> kNames{"waiting", "running", "stopping", "restarting", "ended", "stopped"};
  const auto place = static_cast<std::size_t>(state);
  return place < kNames.size() ? kNames[place] : std::string_view("unknown");
}

std::optional<std::vector<Seen>> read_page(std::string_view bytes) {
  launch::ServicesPage page;
  if (bytes.size() != sizeof page) return std::nullopt;
  std::memcpy(&page, bytes.data(), sizeof page);
  if (page.magic != launch::kServicesMagic || page.count > launch::kMostServices) return std::nullopt;
  std::vector<Seen> all;
  for (std::uint32_t i = 0; i < page.count; ++i) {
    const launch::ServiceRow& row = page.rows[i];
    all.push_back({.name = std::string(row.name, ::strnlen(row.name, sizeof row.name)),
                   .state = static_cast<launch::ServiceState>(row.state),
                   .pid = row.pid,
                   .starts = row.starts,
                   .restarts = row.restarts,
                   .status = row.status,
                   .since = row.since});
  }
  return all;
}

std::optional<std::vector<Seen>> look(const std::string& state_root, std::string_view id) {
  const auto root = state::StateRoot::open(state_root);
  const auto file = root ? root->find(id) : std::nullopt;
  if (!file) return std::nullopt;
  const auto bytes = sys::read_file(file->directory(), file->services_page().c_str(), sizeof(launch::ServicesPage));
  if (bytes.err() == ENOENT) return std::nullopt;
  if (!bytes.ok()) throw Error(ErrorKind::Kernel, text::join("read what the services of ", id, " do"), bytes.err());
  return read_page(bytes.value());
}

}  // namespace caisson::service
