#include "app/caisson/commands.hpp"
#include "app/caisson/image_store.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"
#include "image/export.hpp"
#include "sys/terminal.hpp"

namespace caisson::app::human {

int image_export(const Invocation& invocation) {
  const std::string path = invocation.operand(1);
  if (path == "-" && sys::is_terminal(sys::BorrowedFd(1)))
    throw Error(ErrorKind::Usage, "standard output is a terminal, which cannot show an archive")
        .with_hint("write it to a file");
  const image::Store store = open_own_store(invocation.options(), image::StoreUse::Read);
  const image::Image one = store.get(invocation.operand(0));
  std::vector<std::string> notes;
  image::export_image(store, one, path, notes);
  for (const std::string& note : notes) print_error(text::join("note: ", text::printable(note), "\n"));
  return 0;
}

}  // namespace caisson::app::human
