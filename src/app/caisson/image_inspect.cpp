#include "app/caisson/commands.hpp"
#include "app/caisson/image_store.hpp"
#include "app/report.hpp"
#include "image/inspect.hpp"

namespace caisson::app::human {

int image_inspect(const Invocation& invocation) {
  const image::Store store = open_store(invocation.options(), image::StoreUse::Read);
  print_out(image::describe_as_json(store, store.get(invocation.operand(0))));
  return 0;
}

}  // namespace caisson::app::human
