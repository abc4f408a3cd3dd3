// caisson commit: what a container has written, as an image.
#include <fcntl.h>

#include "app/caisson/image_load.hpp"
#include "app/caisson/image_store.hpp"
#include "app/caisson/run_detached.hpp"
#include "base/error.hpp"
#include "base/shell_words.hpp"
#include "base/text.hpp"
#include "image/commit.hpp"
#include "image/config.hpp"
#include "image/reference.hpp"
#include "life/inside.hpp"
#include "life/look.hpp"
#include "mount/made_places.hpp"
#include "network/wish.hpp"
#include "process/signals.hpp"
#include "sys/file.hpp"

namespace caisson::app::human {
namespace {

constexpr std::string_view kUpper = "upper/root";

// Processes that stand still while their files are read. Those that somebody else has paused stay so.
class Standstill {
 public:
  Standstill(const DetachedContainers& containers, const life::Entry& entry, LogSink& log) {
    if (life::look(containers.context(), entry).phase == life::Phase::Paused) return;
    auto container = life::live_container(containers.context(), entry);
    if (!container) return;
    cgroup_ = container->cgroup();
    try {
      cgroup_->freeze();
    } catch (const Error& error) {
      log.warning(text::join("the container goes on while its files are read, since it cannot be paused: ", error.message()));
      cgroup_.reset();
    }
  }
  ~Standstill() {
    try {
      if (cgroup_) cgroup_->thaw();
    } catch (const Error&) {
      // Its cgroup went with it: it was killed meanwhile.
    }
  }
  Standstill(const Standstill&) = delete;
  Standstill& operator=(const Standstill&) = delete;

 private:
  std::optional<cgroup::LiveCgroup> cgroup_;
};

std::vector<std::string> settings(const OptionValues& options, std::string_view name) {
  std::vector<std::string> all;
  for (const std::string_view one : options.values(name)) {
    if (one.find('=') == std::string_view::npos || one.starts_with('='))
      throw Error(ErrorKind::Usage, text::join("--", name, " ", one, ": is no NAME=VALUE"));
    all.emplace_back(one);
  }
  return all;
}

std::vector<std::string> volumes(const OptionValues& options) {
  std::vector<std::string> all;
  for (const std::string_view word : options.values("volume")) {
    const auto path = image::volume_path(word);
    if (!path) throw Error(ErrorKind::Usage, text::join("--volume ", word, ": must be the path of a directory below the root"));
    all.push_back(*path);
  }
  return all;
}

std::vector<std::string> ports(const OptionValues& options) {
  std::vector<std::string> all;
  for (const std::string_view word : options.values("expose")) {
    const auto exposed = network::parse_exposed(word);
    if (!exposed) throw Error(ErrorKind::Usage, text::join("--expose ", word, ": is no PORT[/tcp|/udp]"));
    for (const network::PublishedPort& port : *exposed) all.push_back(inside_text(port));
  }
  return all;
}

image::ConfigChanges changes_of(const OptionValues& options) {
  image::ConfigChanges changes;
  if (const auto line = options.value("entrypoint")) changes.entrypoint = text::shell_words(*line);
  if (const auto line = options.value("cmd")) changes.cmd = text::shell_words(*line);
  if (const auto user = options.value("user")) changes.user = std::string(*user);
  if (const auto directory = options.value("workdir")) {
    if (!directory->starts_with('/')) throw Error(ErrorKind::Usage, text::join("--workdir ", *directory, ": must be absolute"));
    changes.workdir = std::string(*directory);
  }
  if (const auto signal = options.value("stop-signal")) {
    static_cast<void>(process::parse_signal(*signal));
    changes.stop_signal = std::string(*signal);
  }
  changes.volumes = volumes(options);
  changes.ports = ports(options);
  changes.env = settings(options, "env");
  changes.labels = settings(options, "label");
  changes.author = options.text("author");
  changes.message = options.text("message");
  return changes;
}

// Before the files are anybody's: an ordinary user's program has no way to the container's keeper from its own user namespace.
sys::UniqueFd written_by(const DetachedContainers& containers, const life::Entry& entry) {
  if (entry.record.option("image") == nullptr)
    throw Error(ErrorKind::State, text::join("container ", entry.record.name, " is not made of an image"))
        .with_hint("caisson image import makes an image of a directory with a whole root");
  return life::open_written(containers.context(), entry);
}

// Mount points and the like, which the next container makes for itself.
std::vector<std::string> left_out_of(sys::BorrowedFd written) {
  std::vector<std::string> names;
  for (const std::string& place : mount::untouched_places(written))
    if (place.starts_with(text::join(kUpper, "/"))) names.push_back(text::join(".", place.substr(kUpper.size())));
  return names;
}

}  // namespace

int commit(const Invocation& invocation) {
  const OptionValues& options = invocation.options();
  image::LoadOptions load{.name = {}, .platform = {}};
  if (options.flag("no-sync")) load.durability = image::Durability::InCache;
  const std::string name = invocation.line.operands.size() > 1 ? image::parse_reference(invocation.operand(1)) : std::string();
  const image::ConfigChanges changes = changes_of(options);
  const DetachedContainers containers(invocation);
  life::Entry entry = containers.find(invocation.operand(0));
  if (!life::live_container(containers.context(), entry)) entry.lock();  // nobody starts it meanwhile
  const sys::UniqueFd written = written_by(containers, entry);
  const sys::UniqueFd upper = sys::open_at(written.borrow(), kUpper.data(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
                                  .or_throw("open what container ", entry.record.name, " has written");
  std::optional<Standstill> standstill;
  if (!options.flag("no-pause")) standstill.emplace(containers, entry, invocation.log);
  load.owners = own_the_files();
  const image::Store store = store_of(entry.record, image::StoreUse::Add);
  return report_loaded(image::commit(store,
                                     {.below = store.get(entry.record.option_text("image")),
                                      .upper = upper.borrow(),
                                      .left_out = left_out_of(written.borrow()),
                                      .container = entry.record.name,
                                      .name = name,
                                      .changes = changes},
                                     load));
}

}  // namespace caisson::app::human
