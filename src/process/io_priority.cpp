#include "process/io_priority.hpp"

#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/scheduling.hpp"

namespace caisson::process {
namespace {

struct Class {
  std::string_view name;
  int value;
};
constexpr std::array kClasses{Class{"IOPRIO_CLASS_RT", 1}, Class{"IOPRIO_CLASS_BE", 2}, Class{"IOPRIO_CLASS_IDLE", 3}};
constexpr int kClassShift = 13, kLowestLevel = 7;

}  // namespace

int plan_io_priority(const spec::IoPriority& priority) {
  if (priority.priority < 0 || priority.priority > kLowestLevel)
    throw Error(ErrorKind::Spec, text::join("I/O priority ", priority.priority, " is not within 0 to ", kLowestLevel));
  for (const Class& known : kClasses)
    if (known.name == priority.io_class) return known.value << kClassShift | priority.priority;
  throw Error(ErrorKind::Spec, text::join("unknown I/O priority class ", text::quoted(priority.io_class)))
      .with_hint("the classes are IOPRIO_CLASS_RT, IOPRIO_CLASS_BE and IOPRIO_CLASS_IDLE");
}

void apply_io_priority(int value) {
  const auto set = sys::set_io_priority(0, value);
  if (set.ok()) return;
  const auto name = static_cast<std::size_t>((value >> kClassShift) - 1);
  Error error(ErrorKind::Kernel,
              text::join("set I/O priority to ", name < kClasses.size() ? kClasses[name].name : "class ?", " level ",
                         value & ((1 << kClassShift) - 1)),
              set.err());
  if (set.err() == EPERM) error.with_hint("IOPRIO_CLASS_RT needs CAP_SYS_NICE or CAP_SYS_ADMIN");
  throw error;
}

}  // namespace caisson::process
