#include "image/pull.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "image/members.hpp"
#include "image/reference.hpp"
#include "json/writer.hpp"
#include "sys/file.hpp"

namespace caisson::image {
namespace {

constexpr std::string_view kTransport = "docker://";

// The message of its last line: ...level=fatal msg="TEXT".
std::string fatal_message(std::string_view said) {
  constexpr std::string_view kStart = "msg=\"";
  const std::size_t start = said.rfind(kStart);
  if (start == std::string_view::npos) return std::string(text::trim(said));
  std::string message;
  for (std::size_t i = start + kStart.size(); i < said.size() && said[i] != '"'; ++i) {
    if (said[i] == '\\' && i + 1 < said.size()) ++i;
    message.push_back(said[i]);
  }
  return message;
}

struct Meaning {
  std::string_view words, hint;
};
constexpr Meaning kMeanings[] = {
    {"server gave HTTP response to HTTPS client",
     "this registry has no TLS: --tls-verify=false, if you trust the network up to it"},
    {"certificate", "put the registry's authority into /etc/containers/certs.d, or --tls-verify=false"},
    {"policy.json",
     "/etc/containers/policy.json says which images are trusted; the package golang-github-containers-common brings one"},
    {"unauthorized", "skopeo login REGISTRY keeps your credentials; --authfile names another file"},
    {"authentication required", "skopeo login REGISTRY keeps your credentials; --authfile names another file"},
    {"denied", "either there is no such image, or skopeo login REGISTRY has to come first"},
    {"manifest unknown", "the registry has no such tag: skopeo list-tags docker://NAME says which it has"},
    {"name unknown", "the registry has no image of that name"},
    {"no such host", "is the name of the registry right, and is there a network?"},
    {"connection refused", "nobody answers there: is the name of the registry right, and its port?"},
};

void write_file(const Scratch& scratch, const char* name, std::string_view content) {
  const auto file = sys::open_at(scratch.directory(), name, O_WRONLY | O_CREAT | O_EXCL, 0600).or_throw("make ", name);
  sys::write_full(file.borrow(), content).or_throw("write ", name);
}

}  // namespace

PullSource parse_pull(std::string_view text) {
  if (text.starts_with(kTransport)) text.remove_prefix(kTransport.size());
  const std::size_t at = text.find('@');
  const std::string_view base = text.substr(0, at);
  const std::string name = parse_reference(base);
  if (at == std::string_view::npos) return {text::join(kTransport, name), name};
  const Digest digest = Digest::parse(text.substr(at + 1));
  const bool tagged = name == base;
  return {text::join(kTransport, name.substr(0, name.rfind(':')), '@', digest.text()), tagged ? name : std::string()};
}

std::vector<std::string> skopeo_words(const std::string& program, const PullWish& wish, const std::string& directory) {
  std::vector<std::string> words = {program};
  const auto add = [&](std::string_view option, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {std::string(option), value});
  };
  if (wish.platform) {
    add("--override-os", wish.platform->os);
    add("--override-arch", wish.platform->architecture);
    add("--override-variant", wish.platform->variant);
  }
  words.emplace_back("copy");
  add("--src-authfile", wish.authfile);
  if (wish.tls_verify) words.emplace_back(*wish.tls_verify ? "--src-tls-verify=true" : "--src-tls-verify=false");
  words.insert(words.end(), {wish.source.remote, "dir:" + directory});
  return words;
}

Error pull_failure(const PullWish& wish, std::string_view said) {
  const std::string message = fatal_message(said);
  const std::string_view remote = std::string_view(wish.source.remote).substr(kTransport.size());
  if (message.find("no image found in") != std::string::npos) {
    return Error(ErrorKind::Spec,
                 text::join(remote, ": there is no image for ", wish.platform.value_or(platform_of_machine()).text()))
        .with_hint(text::join("--platform takes another one: skopeo inspect --raw ", wish.source.remote,
                              " says for which there are some"));
  }
  Error error(ErrorKind::Host,
              text::join("pull ", remote, ": ", message.empty() ? "skopeo does not say why it failed" : message));
  const auto* const meaning =
      std::ranges::find_if(kMeanings, [&](const Meaning& one) { return message.find(one.words) != std::string::npos; });
  if (meaning != std::end(kMeanings)) error.with_hint(std::string(meaning->hint));
  return error;
}

std::string pull_directory(const Store& store, const Scratch& scratch) {
  sys::make_dir(scratch.directory(), "blobs", 0700).or_throw("make a directory for the image");
  return text::join(store.path(), "/tmp/", scratch.name(), "/blobs/sha256");
}

// Its manifest is called manifest.json, and everything else by its digest.
std::string make_layout(const Store& store, const Scratch& scratch) {
  constexpr std::size_t kMostManifest = std::size_t{4} << 20;
  constexpr const char* kManifest = "blobs/sha256/manifest.json";
  const std::string manifest =
      sys::read_file(scratch.directory(), kManifest, kMostManifest).or_throw("read the image's manifest");
  const Digest digest = Digest::of(manifest);
  sys::rename_at(scratch.directory(), kManifest, scratch.directory(), ("blobs/sha256/" + digest.hex()).c_str())
      .or_throw("name the image's manifest");
  std::string type = text_member(json::Document(manifest).root(), "mediaType");
  if (type.empty()) type = "application/vnd.oci.image.manifest.v1+json";
  json::Writer index(json::kCompact);
  index.begin_object();
  index.key("schemaVersion").integer(2);
  index.key("manifests").begin_array().begin_object();
  index.key("mediaType").string(type);
  index.key("digest").string(digest.text());
  index.key("size").integer(manifest.size());
  index.end_object().end_array().end_object();
  write_file(scratch, "index.json", index.take());
  write_file(scratch, "oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
  return text::join(store.path(), "/tmp/", scratch.name());
}

}  // namespace caisson::image
