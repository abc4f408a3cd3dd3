// A container that has ended, once more as its processes saw it: its root from its layer, its volumes and its ids, in which
// nothing runs, without networks. For commands that look at its files; nobody can start it meanwhile.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/caisson/run_container.hpp"
#include "app/caisson/run_detached.hpp"

namespace caisson::app::human {

class StillContainer {
 public:
  // Throws Error{State} for one that has no layer, and whatever forbids to make it again: a volume that is not there any more.
  StillContainer(const DetachedContainers& containers, life::Entry entry);

  StillContainer(const StillContainer&) = delete;
  StillContainer& operator=(const StillContainer&) = delete;

  pid_t pid() const noexcept { return container_->pid(); }
  // Throws Error{State} for a path, or one of which only the directory is there, on a mount that the next start makes anew.
  void require_kept(const sys::RootDir& root, const std::string& path) const;

 private:
  lifecycle::Context context_;
  life::Entry entry_;
  life::Record record_;  // reduced to what makes the files; the wish refers to it
  RunContainer made_;
  lifecycle::StepLog steps_;
  std::vector<std::string> fresh_;  // where mounts are that are made anew
  std::unique_ptr<lifecycle::NewContainer> container_;
};

}  // namespace caisson::app::human
