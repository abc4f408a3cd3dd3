#include "ns/join.hpp"

#include <fcntl.h>

#include <cerrno>

#include "sys/file.hpp"
#include "sys/namespace.hpp"
#include "sys/process.hpp"

namespace caisson::ns {
namespace {

bool is_own_user_namespace(const OpenNamespace& target) {
  if (target.type != Type::User) return false;
  const auto own = sys::open_at(sys::kCwd, "/proc/self/ns/user", O_RDONLY).or_throw("open /proc/self/ns/user");
  return sys::same_namespace(own.borrow(), target.fd.borrow()).or_throw("compare user namespaces");
}

std::string_view name_of_flag(std::uint64_t flag) {
  for (const Kind& kind : kKinds)
    if (kind.flag == flag) return kind.oci;
  return "different";
}

OpenNamespace open_one(const Join& join) {
  const Kind& kind = kind_of(join.type);
  auto opened = sys::open_at(sys::kCwd, join.path.c_str(), O_RDONLY);
  if (!opened.ok()) {
    Error error(ErrorKind::Kernel, text::join("open ", kind.oci, " namespace ", join.path), opened.err());
    if (opened.err() == ENOENT)
      error.with_hint("the process or the bind mount that kept this namespace is gone, or the path is wrong");
    throw std::move(error);
  }
  sys::UniqueFd fd = std::move(opened).value();
  const auto type = sys::namespace_type(fd.borrow());
  if (!type.ok())
    throw Error(ErrorKind::Spec, text::join("join ", kind.oci, " namespace ", join.path, ": the file is not a namespace"));
  if (type.value() != kind.flag)
    throw Error(ErrorKind::Spec,
                text::join("join ", kind.oci, " namespace ", join.path, ": its type is ", name_of_flag(type.value())))
        .with_hint("the type beside the path in linux.namespaces must be that of the file");
  return {join.type, join.path, sys::NamespaceFd{std::move(fd)}};
}

}  // namespace

std::vector<OpenNamespace> open_joined(const NamespacePlan& plan) {
  std::vector<OpenNamespace> opened;
  for (const Join& join : plan.joined) {
    OpenNamespace target = open_one(join);
    if (!is_own_user_namespace(target)) opened.push_back(std::move(target));
  }
  return opened;
}

void enter(const OpenNamespace& target) {
  const Kind& kind = kind_of(target.type);
  const auto entered = sys::set_namespace(target.fd.borrow(), kind.flag);
  if (entered.ok()) return;
  Error error(ErrorKind::Kernel, text::join("join ", kind.oci, " namespace ", target.path), entered.err());
  if (entered.err() == EPERM) error.with_hint("joining needs CAP_SYS_ADMIN in the user namespace that owns it");
  throw error;
}

}  // namespace caisson::ns
