// The smallest program that does what a start of caisson-oci needs of the language: strings, containers, one JSON document
// read; with an argument also one exception thrown and caught. Built with each C library, it prices the library (bench/libc).
#include <rapidjson/document.h>
#include <unistd.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr char kDocument[] =
    R"({"ociVersion": "1.0.2", "root": {"path": "rootfs"}, "process": {"args": ["/bin/true"], "cwd": "/"}})";

std::size_t read_document(bool fail_at_end) {
  rapidjson::Document document;
  document.Parse(kDocument);
  if (document.HasParseError()) throw std::runtime_error("the document does not parse");
  std::map<std::string, std::string> names;
  for (const auto& member : document.GetObject()) names.emplace(member.name.GetString(), "seen");
  std::vector<std::string> sorted;
  for (const auto& [name, seen] : names) sorted.push_back(name + seen);
  if (fail_at_end) throw std::length_error(sorted.front());
  return sorted.size() - 3;
}

}  // namespace

int main(int argc, char**) {
  try {
    return static_cast<int>(read_document(argc > 1));
  } catch (const std::length_error& error) {
    return error.what()[0] == 'o' ? 0 : 1;
  }
}
