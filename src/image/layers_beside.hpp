// The layers of an image filled side by side, each by a process of its own. One that has to look into those below it waits
// until they are whole; most need not, since archives have the directories of what they change.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "image/fill_layer.hpp"
#include "launch/side_process.hpp"
#include "sys/shared_page.hpp"

namespace caisson::image {

class LayersBeside {
 public:
  // What is given must stay. lower: directories from the top down; of those that were added before, they may not be whole yet.
  // The content's diff_id must be known.
  void add(const LayerContent& content, sys::BorrowedFd scratch, std::vector<std::string> lower);
  // All of them, in the order in which they were added. Throws what the lowest one that failed has thrown.
  std::vector<FilledLayer> fill();

 private:
  struct Job {
    const LayerContent* content;
    sys::BorrowedFd scratch;
    std::vector<std::string> lower;
    sys::SharedPage page;
    std::unique_ptr<launch::SideProcess> process;
  };
  void start(std::size_t index);
  void work(std::size_t index) const;
  void report() const;

  std::vector<Job> jobs_;
};

}  // namespace caisson::image
