#include "copy/place.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::copy {

Operand parse_operand(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (text.starts_with('/') || text.starts_with('.') || colon == std::string_view::npos) {
    if (text.empty()) throw Error(ErrorKind::Usage, "an empty path names no file");
    return {.container = {}, .path = std::string(text)};
  }
  if (colon == 0 || colon + 1 == text.size())
    throw Error(ErrorKind::Usage, text::join(text::quoted(text), " is not CONTAINER:PATH"))
        .with_hint("a local file whose name has a colon is written with ./ in front");
  return {.container = std::string(text.substr(0, colon)), .path = std::string(text.substr(colon + 1))};
}

Ending ending_of(std::string_view path) noexcept {
  const std::size_t last = path.find_last_not_of('/');
  if (last == std::string_view::npos) return Ending::Contents;  // the root
  const std::size_t slash = path.substr(0, last + 1).rfind('/');
  const std::string_view name = path.substr(slash == std::string_view::npos ? 0 : slash + 1, last - (slash + 1) + 1);
  if (name == "." || name == "..") return Ending::Contents;
  return last + 1 < path.size() ? Ending::Slash : Ending::Plain;
}

std::string base_name(std::string_view path) {
  const std::size_t last = path.find_last_not_of('/');
  if (last == std::string_view::npos) return "/";
  const std::size_t slash = path.substr(0, last + 1).rfind('/');
  return std::string(path.substr(slash + 1, last - slash));
}

Landing landing(const Source& source, std::string_view target, There there) {
  const auto refuse = [&](std::string_view why, std::string_view hint) {
    return Error(ErrorKind::Usage, text::join(text::quoted(target), ": ", why)).with_hint(std::string(hint));
  };
  if (there == There::Directory) return {.at = Landing::At::Itself, .top = source.contents ? std::string() : source.name};
  const bool wants_directory = ending_of(target) != Ending::Plain;
  if (there == There::File) {
    if (source.is_directory) throw refuse("is a file, and a directory cannot be copied to it", "name a directory");
    if (wants_directory) throw refuse("is not a directory", "write it without the slash to replace the file");
  } else if (wants_directory && !source.is_directory) {
    throw refuse("there is no such directory", "write it without the slash to make a file of that name");
  }
  return {.at = Landing::At::Parent, .top = base_name(target)};
}

}  // namespace caisson::copy
