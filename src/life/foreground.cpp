#include "life/foreground.hpp"

#include "base/error.hpp"
#include "host/facts.hpp"
#include "life/clock.hpp"
#include "life/layer.hpp"
#include "sys/process.hpp"

namespace caisson::life {
namespace {

Record begun(Record record) {
  record.foreground = record.remove_at_end = true;
  record.run = 1;
  record.started = current_moment();
  record.boot_id = host::read_boot_id();
  return record;
}

}  // namespace

Foreground::Foreground(const Store& store, Record record) : entry_(store.create(begun(std::move(record)))) {
  static_cast<void>(entry_.become_keeper());
}

Foreground::~Foreground() {
  try {
    if (entry_.is_removed()) return;
    entry_.lock();
    entry_.remove();
  } catch (const Error&) {
    // The next command that lists it does the same again.
  }
}

void Foreground::give_layer(lifecycle::ContainerWish& wish) {
  life::give_layer(entry_, wish);
  if (entry_.record.layer) entry_.save();
}

void Foreground::runs(const sys::UniqueFd& stage) {
  if (stage.valid()) {
    entry_.record.stage_at = stage.get();
    entry_.save();
  }
  entry_.unlock();
}

void Foreground::ended(int code) {
  const timespec time = sys::realtime();
  entry_.write_exit({.run = entry_.record.run, .code = code, .signal = 0, .seconds = time.tv_sec, .nanoseconds = time.tv_nsec});
}

}  // namespace caisson::life
