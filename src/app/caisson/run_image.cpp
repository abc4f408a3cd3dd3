#include "app/caisson/run_image.hpp"

#include <algorithm>

#include "app/caisson/image_store.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "image/reference.hpp"
#include "launch/missing_program.hpp"

namespace caisson::app::human {
namespace {

// Open and locked if an image is meant. A command that is none must not wait for somebody who removes images.
std::optional<image::Store> store_if_meant(const Parsed& line) {
  if (line.options.has("image")) return open_store(line.options, image::StoreUse::Read);
  if (line.options.has("rootfs") || line.dashes_before_operands || line.operands.empty()) return std::nullopt;
  const auto look = image::Store::open(store_path(line.options), image::StoreUse::Look);
  if (!look || !look->find(line.operands.front())) return std::nullopt;
  return image::Store::open(look->path(), image::StoreUse::Read);
}

std::string_view word_for_image(const Parsed& line) {
  return line.options.value("image").value_or(line.operands.empty() ? "" : line.operands.front());
}

// What images cannot do yet, said before anything is made.
void check(const request::RunWish& wish) {
  const bool joins =
      std::ranges::any_of(wish.joined, [](const spec::Namespace& one) { return one.type == spec::NamespaceType::User; });
  if (joins || !wish.uid_maps.empty() || !wish.gid_maps.empty())
    throw Error(ErrorKind::Usage,
                "--uidmap, --gidmap, --ns user: an image with ids mapped otherwise is not part of this version")
        .with_hint("without them the container has a user namespace that maps every id");
}

}  // namespace

sys::UniqueFd use_image(const Parsed& line, request::RunWish& wish) {
  const OptionValues& options = line.options;
  const bool by_option = options.has("image");
  if (by_option && !wish.rootfs.empty()) throw Error(ErrorKind::Usage, "--image and --rootfs are two different roots");
  const auto store = store_if_meant(line);
  if (!store) {
    if (options.has("entrypoint")) throw Error(ErrorKind::Usage, "--entrypoint: belongs to an image, and none is meant");
    return {};
  }
  const image::Image image = store->get(word_for_image(line));
  if (image.layers.empty()) throw Error(ErrorKind::Spec, "the image has no layers: there is nothing to run in it");
  check(wish);
  sys::UniqueFd held = image::hold_image(image);
  if (!by_option) wish.command.erase(wish.command.begin());
  const image::ImageConfig config = image::read_config(image.config);
  wish.command = image::command_line(config, options.value("entrypoint"), wish.command);
  wish.image = request::ImageWish{.layers = {},
                                  .env = config.env,
                                  .volumes = image::volume_paths(config),
                                  .ports = config.ports,
                                  .user = config.user,
                                  .workdir = image::working_directory(config),
                                  .stop_signal = config.stop_signal,
                                  .name = std::string(word_for_image(line))};
  for (const image::LayerRecord& layer : image.layers) wish.image->layers.push_back(store->layer_directory(layer.key));
  std::ranges::reverse(wish.image->layers);
  return held;
}

std::optional<MeantImage> meant_image(const Parsed& line) {
  const auto store = store_if_meant(line);
  if (!store) return std::nullopt;
  const std::string_view word = word_for_image(line);
  const image::Image image = store->get(word);
  const image::ImageConfig config = image::read_config(image.config);
  return MeantImage{.name = std::string(word),
                    .id = image.id.hex(),
                    .store = store->path(),
                    .stop_signal = config.stop_signal,
                    .volumes = image::volume_paths(config),
                    .ports = config.ports};
}

Error or_is_it_an_image(const Error& error, const Parsed& line) {
  const bool by_word = !line.options.has("image") && !line.options.has("rootfs") && !line.dashes_before_operands;
  if (error.kind() != ErrorKind::Payload || !launch::is_missing_program(error) || !by_word || line.operands.empty())
    return error;
  const std::string word(line.operands.front());
  try {
    static_cast<void>(image::parse_reference(word));
  } catch (const Error&) {
    return error;
  }
  if (store_if_meant(line)) return error;
  Error same(error.kind(), error.frames().front(), error.errno_value());
  for (std::size_t i = 1; i < error.frames().size(); ++i) same.within(error.frames()[i]);
  return same.with_hint(
      text::join("if an image is meant: caisson image pull ", word, "; if a program: is it in the PATH of the container?"));
}

}  // namespace caisson::app::human
