#include "image/beside.hpp"

#include <array>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/ring.hpp"
#include "sys/tree.hpp"

namespace caisson::image {
namespace {

// In the process that reads the file: says how far it is.
class CountedFile final : public ByteSource {
 public:
  CountedFile(FileRange range, const std::string& name, const Ring& ring) : file_(range, name), ring_(ring) {}
  std::size_t read(std::span<char> into) override {
    const std::size_t got = file_.read(into);
    ring_.say_consumed(file_.consumed());
    return got;
  }

 private:
  FileSource file_;
  const Ring& ring_;
};

// A decoder and the reader of what it makes.
class PlainSource final : public MeteredSource {
 public:
  PlainSource(Compression kind, FileRange range, const std::string& name)
      : process_("decompresses", {&range.file, 1}, [&] {
          ring_.write([&](Outlet& to) {
            CountedFile from(range, name, ring_);
            decompress(kind, from, to);
          });
        }) {}
  std::size_t read(std::span<char> into) override { return ring_.read(into, process_); }
  std::uint64_t consumed() const noexcept override { return ring_.consumed(); }

 private:
  Ring ring_;
  launch::Beside process_;
};

}  // namespace

Compression compression_of(FileRange range, const std::string& name) {
  std::array<char, kLongestMark> begin{};
  FileSource source(range, name);
  std::size_t filled = 0;
  while (filled < begin.size()) {
    const std::size_t got = source.read(std::span(begin).subspan(filled));
    if (got == 0) break;
    filled += got;
  }
  return sniff({begin.data(), filled});
}

std::unique_ptr<MeteredSource> plain_source(FileRange range, const std::string& name) {
  const Compression kind = compression_of(range, name);
  if (kind == Compression::None) return std::make_unique<FileSource>(range, name);
  return std::make_unique<PlainSource>(kind, range, name);
}

HashedBeside::HashedBeside(FileRange range, const std::string& name)
    : page_(sys::SharedPage::make().or_throw("get memory to share")), process_("takes a digest", {&range.file, 1}, [&] {
        FileSource file(range, name);
        const Digest digest = HashedSource(file).finish();
        std::memcpy(page_.bytes(0).data(), digest.hex().data(), Digest::kHexDigits);
      }) {}

Digest HashedBeside::finish() {
  const std::string end = process_.end_in_words();
  if (auto digest = Digest::from_hex({page_.bytes(0).data(), Digest::kHexDigits})) return *std::move(digest);
  throw Error(ErrorKind::Host, text::join("the process that takes a digest ", end));
}

}  // namespace caisson::image
