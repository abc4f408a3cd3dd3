// caisson cp: a process that packs and one that unpacks, each where its files are, with a pipe between them.
#include <unistd.h>

#include <memory>
#include <optional>

#include "app/caisson/commands.hpp"
#include "app/caisson/run_detached.hpp"
#include "app/caisson/still_container.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "copy/pack.hpp"
#include "copy/unpack.hpp"
#include "image/byte_source.hpp"
#include "launch/side_process.hpp"
#include "life/inside.hpp"
#include "sys/file.hpp"
#include "sys/terminal.hpp"

namespace caisson::app::human {
namespace {

// One end of the copy: a path of the host, of a container, or a stream.
struct Side {
  copy::Operand operand;
  std::string path;  // absolute
  life::Inside files;
  std::unique_ptr<StillContainer> still = {};  // of a container that has ended

  std::optional<sys::BorrowedFd> user() const { return files.user ? std::optional(files.user->borrow()) : std::nullopt; }
};

// The ending says what is meant, so nothing is taken out of the path.
std::string path_on_host(const std::string& path) {
  return path.starts_with('/') ? path : text::join(sys::current_dir().or_throw("name the working directory"), "/", path);
}

Side side_of(const Invocation& invocation, std::size_t index) {
  Side side{.operand = copy::parse_operand(invocation.operand(index)), .path = {}, .files = {}};
  if (side.operand.is_stream()) return side;
  if (side.operand.container) {
    const DetachedContainers containers(invocation);
    side.path = side.operand.path.starts_with('/') ? side.operand.path : "/" + side.operand.path;
    life::Entry entry = containers.find(*side.operand.container);
    if (auto inside = life::open_inside(containers.context(), entry)) {
      side.files = *std::move(inside);
      return side;
    }
    side.still = std::make_unique<StillContainer>(containers, std::move(entry));
    side.files = life::inside_of(side.still->pid());
    side.still->require_kept(side.files.root, side.path);
    return side;
  }
  side.path = path_on_host(side.operand.path);
  side.files.root = sys::RootDir::open_host("/").or_throw("open /");
  return side;
}

void refuse_senseless(const Side& from, const Side& to) {
  if (from.operand.container.has_value() == to.operand.container.has_value())
    throw Error(ErrorKind::Usage, from.operand.container
                                      ? "from container to container: not in one step"
                                      : "neither operand names a container: write CONTAINER:PATH for one of them")
        .with_hint("caisson cp A:PATH - | caisson cp - B:DIRECTORY copies between containers");
  if (to.operand.is_stream() && sys::is_terminal(sys::BorrowedFd(STDOUT_FILENO)))
    throw Error(ErrorKind::Usage, "an archive is not printed on a terminal").with_hint("redirect standard output");
}

void warn(LogSink& log, const std::vector<std::string>& notes) {
  for (const std::string& note : notes) log.warning(note);
}

void pack_into(const Invocation& invocation, const Side& from, sys::BorrowedFd out, image::Holes holes) {
  std::vector<std::string> notes;
  image::ByteSink sink(out, "the copy");
  const auto link = invocation.options().flag("follow-link") ? copy::LastLink::IsFollowed : copy::LastLink::Stays;
  copy::pack(from.files.root, from.path, link, sink, holes, notes);
  warn(invocation.log, notes);
}

void unpack_from(const Invocation& invocation, const Side& from, const Side& to, sys::BorrowedFd in) {
  const bool stream = from.operand.is_stream();
  copy::Target target{.root = to.files.root, .path = to.path, .source = {}};
  if (!stream)
    target.source =
        copy::Source{.name = copy::base_name(from.path), .contents = copy::ending_of(from.path) == copy::Ending::Contents};
  if (stream || invocation.options().flag("archive")) target.owners = copy::Owners::Kept;
  std::vector<std::string> notes;
  image::PipeSource source(in);
  copy::Unpacker(std::move(target)).unpack(source, notes);
  warn(invocation.log, notes);
}

int finish(launch::SideProcess& process) {
  if (const auto error = process.outcome()) throw *error;
  return 0;
}

}  // namespace

int cp(const Invocation& invocation) {
  const Side from = side_of(invocation, 0), to = side_of(invocation, 1);
  refuse_senseless(from, to);
  if (from.operand.is_stream()) {
    launch::SideProcess unpacks(to.user(), [&] { unpack_from(invocation, from, to, sys::BorrowedFd(STDIN_FILENO)); });
    return finish(unpacks);
  }
  if (to.operand.is_stream()) {
    launch::SideProcess packs(from.user(),
                              [&] { pack_into(invocation, from, sys::BorrowedFd(STDOUT_FILENO), image::Holes::AsZeros); });
    return finish(packs);
  }
  sys::PipeEnds pipe = sys::make_pipe().or_throw("make a pipe");
  launch::SideProcess packs(from.user(), [&] {
    pipe.read.reset();
    pack_into(invocation, from, pipe.write.borrow(), image::Holes::Kept);
  });
  pipe.write.reset();
  launch::SideProcess unpacks(to.user(), [&] { unpack_from(invocation, from, to, pipe.read.borrow()); });
  pipe.read.reset();
  // What was not packed cannot be unpacked: that failure comes first.
  const auto packed = packs.outcome(), unpacked = unpacks.outcome();
  if (packed) throw *packed;
  if (unpacked) throw *unpacked;
  return 0;
}

}  // namespace caisson::app::human
