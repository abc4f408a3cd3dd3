// What an image says about the program in it (image-spec, config.md), and how that becomes a command line. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "image/digest.hpp"
#include "json/writer.hpp"

namespace caisson::image {

struct ImageConfig {
  std::string os, architecture, variant, created;
  std::vector<std::string> entrypoint, cmd, env, volumes, ports;
  std::string user, workdir, stop_signal;
  std::vector<Digest> diff_ids;  // of the layers, bottom first
};

// The member that names the layers, bottom first.
void write_rootfs(json::Writer& out, const std::vector<Digest>& diff_ids);
// Throws Error(Spec) for what is no image configuration.
ImageConfig read_config(std::string_view text);
// Of a root filesystem that came without one.
std::string write_config(std::string_view architecture, const std::vector<Digest>& diff_ids, std::string_view created);

// entrypoint: of --entrypoint; it takes the image's command away too, and an empty text takes the image's entry point away.
// Throws Error(Usage) when nothing is left to execute.
std::vector<std::string> command_line(const ImageConfig& config, std::optional<std::string_view> entrypoint,
                                      const std::vector<std::string>& arguments);
// Absolute: "/" unless the image says otherwise.
std::string working_directory(const ImageConfig& config);
// Clean; nothing for what is not the absolute path of a directory below the root.
std::optional<std::string> volume_path(std::string_view text);
// Clean and absolute, each once, in the image's order. Throws Error(Spec) for what is no place of a volume.
std::vector<std::string> volume_paths(const ImageConfig& config);

// "sha256:..." of everything up to and including a layer, from the bottom.
Digest chain_id(const std::vector<Digest>& diff_ids, std::size_t count);

}  // namespace caisson::image
