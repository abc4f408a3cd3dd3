#include "spec/json_path.hpp"

#include "json/document.hpp"

namespace caisson::spec {

JsonPath JsonPath::with(const Step& step) const noexcept {
  JsonPath longer = *this;
  longer.steps_.at(longer.count_++) = step;
  return longer;
}

std::string JsonPath::text() const {
  std::string out(start_);
  for (std::size_t i = 0; i < count_; ++i) {
    const Step& step = steps_[i];
    out = step.is_member ? json::child_path(out, step.name) : json::child_path(out, step.index);
  }
  return out;
}

}  // namespace caisson::spec
