// What the operands of a copy mean, by the rules that docker cp made common. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caisson::copy {

// "web:/etc/hosts", "./file", "-". What begins with a slash or a dot is never a container's, whatever colons it has.
struct Operand {
  std::optional<std::string> container;
  std::string path;
  bool is_stream() const noexcept { return !container && path == "-"; }
};
// Throws Error{Usage} for nothing before or behind the colon.
Operand parse_operand(std::string_view text);

// Slash: "dir/". Contents: "dir/." and the like: what is in the directory, not the directory itself.
enum class Ending : std::uint8_t { Plain, Slash, Contents };
Ending ending_of(std::string_view path) noexcept;
// "b" of "/a/b" and of "/a/b/".
std::string base_name(std::string_view path);

struct Source {
  std::string name;  // of the file or directory itself
  bool contents = false, is_directory = false;
};

enum class There : std::uint8_t { Nothing, File, Directory };
struct Landing {
  enum class At : std::uint8_t { Itself, Parent };
  At at = At::Itself;  // the directory that is written to: the target, or the one that it is in
  std::string top;     // what the source is called there; empty: it is merged with the directory
};
// there: what the target is now. Throws Error{Usage} for what the rules forbid.
Landing landing(const Source& source, std::string_view target, There there);

}  // namespace caisson::copy
