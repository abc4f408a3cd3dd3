// caisson image pull, also caisson pull: skopeo brings the image, and it is loaded like one from a file.
#include "app/caisson/commands.hpp"
#include "app/caisson/image_load.hpp"
#include "app/caisson/image_store.hpp"
#include "app/paths.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "host/find_program.hpp"
#include "image/pull.hpp"
#include "launch/outside_program.hpp"
#include "sys/terminal.hpp"

extern char** environ;

namespace caisson::app::human {
namespace {

std::string skopeo() {
  if (std::string path = host::find_program("skopeo"); !path.empty()) return path;
  throw Error(ErrorKind::Host, "images of registries are brought by skopeo, which is not installed")
      .with_hint("install the package skopeo; caisson image load takes images from files without it");
}

image::PullWish pull_wish(const Invocation& invocation) {
  const OptionValues& options = invocation.options();
  image::PullWish wish{.source = image::parse_pull(invocation.operand(0)),
                       .platform = {},
                       .authfile = absolute_path(options.text("authfile")),
                       .tls_verify = options.truth("tls-verify")};
  if (const auto platform = options.value("platform")) wish.platform = image::parse_platform(*platform);
  return wish;
}

}  // namespace

int image_pull(const Invocation& invocation) {
  const image::PullWish wish = pull_wish(invocation);
  image::LoadOptions options = load_options(invocation.options());
  if (options.name.empty()) options.name = wish.source.name;
  if (options.name.empty())
    throw Error(ErrorKind::Usage, text::join(text::quoted(invocation.operand(0)), ": a digest is no name"))
        .with_hint("write a tag in front of the digest, or say with --name what the image is to be called");
  const std::string program = skopeo();
  const image::Store store = open_store(invocation.options(), image::StoreUse::Fetch);
  const image::Scratch scratch = store.make_scratch();
  const bool watched = sys::is_terminal(sys::BorrowedFd(2));
  const launch::ProgramEnd end =
      launch::run_outside_program(image::skopeo_words(program, wish, image::pull_directory(store, scratch)), environ,
                                  watched ? launch::Output::Shown : launch::Output::Dropped);
  if (end.status.as_shell() != 0) throw image::pull_failure(wish, end.errors);
  const std::string layout = image::make_layout(store, scratch);
  options.owners = own_the_files();
  return report_loaded(with_bar(options, [&] { return image::load(store, layout, options); }));
}

}  // namespace caisson::app::human
