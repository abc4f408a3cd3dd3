#include "state/record.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "json/fields.hpp"
#include "spec/config_fields.hpp"
#include "spec/vocabulary.hpp"
#include "state/identity_fields.hpp"

namespace caisson::state {

template <class Fields, json::same_struct<CgroupRecord> C>
void visit_fields(Fields& fields, C& cgroup) {
  fields.required("mountPoint", cgroup.mount_point);
  fields.required("path", cgroup.path);
  fields.optional("controllers", cgroup.controllers);
}

template <class Fields, json::same_struct<NamespaceRecord> N>
void visit_fields(Fields& fields, N& entry) {
  fields.required("type", entry.type);
  fields.optional("path", entry.path);
  fields.optional("inode", entry.inode);
}

template <class Fields, json::same_struct<Intent> I>
void visit_fields(Fields& fields, I& intent) {
  fields.required("id", intent.id);
  fields.required("bundle", intent.bundle);
  fields.optional("cgroups", intent.cgroups);
}

template <class Fields, json::same_struct<Record> R>
void visit_fields(Fields& fields, R& record) {
  fields.required("id", record.id);
  fields.required("ociVersion", record.oci_version);
  fields.required("bundle", record.bundle);
  fields.required("rootfs", record.rootfs);
  fields.required("created", record.created);
  fields.required("init", record.init);
  fields.required("owner", record.owner);
  fields.optional("terminal", record.terminal);
  fields.optional("systemdCgroup", record.systemd_cgroup);
  fields.optional("callerKeyring", record.caller_keyring);
  fields.optional("annotations", record.annotations);
  fields.optional("cgroups", record.cgroups);
  fields.optional("namespaces", record.namespaces);
  fields.optional("poststart", record.poststart);
  fields.optional("poststop", record.poststop);
}

namespace {

template <class Struct>
Struct parse(std::string_view json, std::string_view part) {
  try {
    return json::read_document<Struct>(json);
  } catch (const Error& error) {
    throw Error(ErrorKind::State, text::join(part, ": ", error.message()))
        .with_hint("delete --force removes what is left of the container");
  }
}

// What later commands would act on without looking: a path that leaves its mount.
void check(const std::vector<CgroupRecord>& cgroups, std::string_view part) {
  const auto refuse = [&](std::string_view what) { throw Error(ErrorKind::State, text::join(part, ": ", what)); };
  for (const CgroupRecord& cgroup : cgroups) {
    if (!cgroup.mount_point.starts_with('/')) refuse("cgroup mount point is not absolute");
    if (cgroup.path.empty() || text::clean_path(text::join("/", cgroup.path)) != text::join("/", cgroup.path))
      refuse(text::join("cgroup path ", text::quoted(cgroup.path), " is not a clean relative path"));
  }
}

}  // namespace

std::string to_json(const Intent& intent) { return json::write_document(intent, json::kCompact); }
std::string to_json(const Record& record) { return json::write_document(record, json::kCompact); }

Intent parse_intent(std::string_view json) {
  auto intent = parse<Intent>(json, "the intent");
  check(intent.cgroups, "the intent");
  return intent;
}

Record parse_record(std::string_view json) {
  auto record = parse<Record>(json, "the record");
  check(record.cgroups, "the record");
  if (record.init.pid <= 0) throw Error(ErrorKind::State, "the record: no process id");
  return record;
}

}  // namespace caisson::state
