#include "base/error.hpp"

#include <utility>

namespace caisson {

Error::Error(ErrorKind kind, std::string what, int errno_value) : kind_(kind), errno_(errno_value) {
  frames_.push_back(std::move(what));
  rebuild();
}

Error& Error::within(std::string frame) & {
  frames_.push_back(std::move(frame));
  rebuild();
  return *this;
}

Error&& Error::within(std::string frame) && { return std::move(within(std::move(frame))); }

Error& Error::with_hint(std::string hint) & {
  if (hint_.empty()) hint_ = std::move(hint);
  return *this;
}

Error&& Error::with_hint(std::string hint) && { return std::move(with_hint(std::move(hint))); }

void Error::rebuild() {
  message_.clear();
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
    if (!message_.empty()) message_ += ": ";
    message_ += *frame;
  }
  if (errno_ != 0) {
    message_ += ": ";
    message_ += errno_text(errno_);
  }
}

void ErrorList::throw_if_any() const {
  if (errors_.empty()) return;
  if (errors_.size() == 1) throw errors_.front();
  std::string text;
  for (const Error& error : errors_) {
    if (!text.empty()) text += "; ";
    text += error.message();
  }
  throw Error(errors_.front().kind(), std::move(text)).with_hint(errors_.front().hint());
}

}  // namespace caisson
