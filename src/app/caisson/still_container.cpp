#include "app/caisson/still_container.hpp"

#include <algorithm>

#include "app/caisson/run_wish.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "life/inside.hpp"
#include "life/layer.hpp"
#include "life/look.hpp"
#include "mount/mountinfo.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::app::human {
namespace {

// Nobody executes it: the container waits for a start that does not come. Of the container's own programs the last one may be
// what it has removed; this one is there wherever /proc is.
constexpr const char* kAnyProgram = "/proc/self/exe";

constexpr std::string_view kOfFiles[] = {"image", "store", "read-only", "volume", "tmpfs", "uidmap", "gidmap"};

bool concerns_files(const life::GivenOption& given) {
  if (given.name == "share") return given.value == "user";
  if (given.name == "ns") return given.value && given.value->starts_with("user=");
  return std::ranges::find(kOfFiles, given.name) != std::end(kOfFiles);
}

life::Record files_of(const life::Record& record) {
  life::Record reduced = record;
  std::erase_if(reduced.options, [](const life::GivenOption& given) { return !concerns_files(given); });
  reduced.options.push_back({.name = "net", .value = "none"});
  reduced.command = {kAnyProgram};
  return reduced;
}

RunContainer wish_of(const life::Record& record, const std::string& layer, const inspect::Places& places) {
  sys::change_dir(record.directory.c_str())
      .or_throw("go to ", record.directory, ", from where relative paths of the container count");
  const Parsed line = line_of(record);
  RunContainer made = run_container(line, run_wish(line, false), places);
  made.wish.request.host_view->layer = layer;
  made.wish.payload = lifecycle::Payload::WaitsForStart;
  spec::Process& process = *made.wish.spec.process;
  process.args = {kAnyProgram};
  process.cwd = "/";  // another one would be made where it is missing
  process.user = {};
  return made;
}

}  // namespace

StillContainer::StillContainer(const DetachedContainers& containers, life::Entry entry)
    : context_(containers.context()), entry_(std::move(entry)), record_(files_of(entry_.record)), steps_(false, "") {
  entry_.lock();
  if (life::live_container(context_, entry_))
    throw Error(ErrorKind::State, text::join("container ", entry_.record.name, " was started just now"));
  if (!entry_.record.layer)
    throw Error(ErrorKind::State, text::join("container ", entry_.record.name, " is not running, and it has kept nothing"))
        .with_hint("what it writes is kept from its next start on");
  static_cast<void>(life::open_layer(entry_));
  made_ = wish_of(record_, life::layer_path(entry_), {context_.state_root, containers.store_path()});
  for (const spec::Mount& mount : made_.wish.spec.mounts)
    if (mount.type != "bind") fresh_.push_back(mount.destination);
  container_ = std::make_unique<lifecycle::NewContainer>(context_, std::move(made_.wish), steps_);
  container_->begin();
  container_->finish();
}

void StillContainer::require_kept(const sys::RootDir& root, const std::string& path) const {
  auto there = root.open_path(path);
  if (!there.ok()) there = root.open_path(path.substr(0, std::max<std::size_t>(path.find_last_of('/', path.size() - 2), 1)));
  if (!there.ok()) return;  // whoever needs it says so
  const auto status = sys::status_of_fd(there.value().borrow()).or_throw("look at ", path);
  for (const mount::MountInfo& mount : mount::parse_mountinfo(life::view_of(pid()).mountinfo))
    if (mount.id == status.mount_id && std::ranges::find(fresh_, mount.mount_point) != fresh_.end())
      throw Error(ErrorKind::State,
                  text::join(path, " is on ", mount.mount_point, " of the container, which is there only while it runs"))
          .with_hint("caisson start it first");
}

}  // namespace caisson::app::human
