// What can be done to a file beside the work on it, each in a process of its own without rights: undoing its compression, where
// a stranger's bytes are read by a lot of code, and taking its digest.
#pragma once

#include <memory>
#include <string>

#include "image/byte_source.hpp"
#include "image/decompress.hpp"
#include "image/digest.hpp"
#include "launch/beside.hpp"
#include "sys/shared_page.hpp"

namespace caisson::image {

// name: for messages, here and below.
Compression compression_of(FileRange range, const std::string& name);
// The bytes of the range as they were before they were compressed; the range itself when they were not.
std::unique_ptr<MeteredSource> plain_source(FileRange range, const std::string& name);

class HashedBeside {
 public:
  HashedBeside(FileRange range, const std::string& name);
  // Waits for it.
  Digest finish();

 private:
  sys::SharedPage page_;
  launch::Beside process_;
};

}  // namespace caisson::image
