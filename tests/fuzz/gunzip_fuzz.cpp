// gzip data: any bytes are taken or refused as zlib takes or refuses them, with the same result, and nothing is written where
// it does not belong.
#include <cstdint>
#include <cstdlib>

#include "../unit/image/gzip_oracle.hpp"

namespace {

using namespace caisson;

void expect(bool good) {
  if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kLimit = std::size_t{1} << 20;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto expected = image::gunzip_by_zlib(text, kLimit);
  image::TextSource from(text, 1 + size % 100);
  image::TextOutlet to(image::Outlet::kLeastRoom + size, kLimit);
  bool taken = true;
  try {
    image::gunzip(from, to);
  } catch (const Error& error) {
    taken = false;
    expect(error.kind() != ErrorKind::Spec || !error.message().empty());
  }
  expect(!to.overrun());
  if (expected) expect(taken && to.text() == *expected);
  if (taken && to.text().size() <= kLimit) expect(expected.has_value());
  return 0;
}
