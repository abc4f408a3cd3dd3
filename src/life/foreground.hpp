// A container in the foreground that was given a name: listed beside the detached ones for as long as it runs. Its runtime is
// its keeper; a runtime that was killed leaves what the next command removes.
#pragma once

#include <optional>

#include "life/store.hpp"
#include "lifecycle/new_container.hpp"

namespace caisson::life {

class Foreground {
 public:
  // Throws Error{State} when the name is taken. The record is locked until runs().
  Foreground(const Store& store, Record record);
  // Not listed any more.
  ~Foreground();
  Foreground(const Foreground&) = delete;
  Foreground& operator=(const Foreground&) = delete;

  // life/layer.hpp, where memory will not do.
  void give_layer(lifecycle::ContainerWish& wish);
  // Others may stop it from here on. stage: what open_written() will look for; it stays the caller's.
  void runs(const sys::UniqueFd& stage);
  // For those who wait.
  void ended(int code);

 private:
  Entry entry_;
};

}  // namespace caisson::life
