#include "copy/pack.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/tree.hpp"

namespace caisson::copy {
namespace {

// A link that was followed: the file has no name of its own here.
void pack_opened(image::TarWriter& writer, const sys::UniqueFd& found, const sys::Status& status, const std::string& path) {
  if (!status.is_regular())
    throw Error(ErrorKind::Usage, text::join(text::quoted(path), ": leads to a file that is not regular"));
  const auto file = sys::open_at(sys::kCwd, text::join("/proc/self/fd/", found.get()).c_str(), O_RDONLY)
                        .or_throw("open ", text::quoted(path));
  image::add_regular(writer,
                     {.name = base_name(path),
                      .link = {},
                      .mode = static_cast<std::uint32_t>(status.mode & 07777),
                      .uid = status.uid,
                      .gid = status.gid,
                      .size = status.size,
                      .modified = sys::modification_time_at(file.borrow(), "").or_throw("examine ", text::quoted(path)),
                      .attributes = {}},
                     file.borrow());
}

}  // namespace

void pack(const sys::RootDir& root, const std::string& path, LastLink link, image::ByteSink& sink, image::Holes holes,
          std::vector<std::string>& notes) {
  const Ending ending = ending_of(path);
  const bool follow = link == LastLink::IsFollowed || ending != Ending::Plain;
  const sys::UniqueFd found = root.open(path, follow ? O_PATH : O_PATH | O_NOFOLLOW).or_throw("find ", text::quoted(path));
  const sys::Status status = sys::status_of_fd(found.borrow()).or_throw("examine ", text::quoted(path));
  if (ending != Ending::Plain && !status.is_dir())
    throw Error(ErrorKind::Usage, text::join(text::quoted(path), " is not a directory"));
  image::TarWriter writer(sink, holes);
  if (status.is_dir()) {
    const std::string name = ending == Ending::Contents ? "./" : base_name(path);
    image::write_file(writer, found.borrow(), ".", name, image::TreeKind::Live, notes);
  } else if (follow) {
    pack_opened(writer, found, status, path);
  } else {
    const auto at = root.entry(path).or_throw("find ", text::quoted(path));
    image::write_file(writer, at.parent.borrow(), at.name, at.name, image::TreeKind::Live, notes);
  }
  writer.finish();
  sink.flush();
}

}  // namespace caisson::copy
