#include <fcntl.h>

#include "app/caisson_oci/commands.hpp"
#include "app/paths.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "spec/default_spec.hpp"
#include "spec/write_config.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::app::oci {

namespace {

constexpr mode_t kNewFile = 0666;  // less the umask

spec::DefaultSpecOptions wishes(const OptionValues& options) {
  spec::DefaultSpecOptions out;
  if (options.flag("rootless")) out.rootless = spec::Owner{sys::effective_uid(), sys::effective_gid()};
  return out;
}

}  // namespace

int spec(const Invocation& invocation) {
  const OptionValues& options = invocation.options();
  const std::string bundle = absolute_path(options.value("bundle").value_or("."));
  const std::string path = absolute_path(bundle, options.value("file").value_or("config.json"));
  const std::string text = caisson::spec::write_config(caisson::spec::default_spec(wishes(options))) + '\n';
  auto file = sys::open_at(sys::kCwd, path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY, kNewFile);
  if (file.err() == EEXIST) {
    throw Error(ErrorKind::Usage, text::join("write ", text::quoted(path)), EEXIST)
        .with_hint("remove it first, it is never overwritten");
  }
  const sys::UniqueFd opened = std::move(file).or_throw("write ", text::quoted(path));
  sys::write_full(opened.borrow(), text).or_throw("write ", text::quoted(path));
  return 0;
}

}  // namespace caisson::app::oci
