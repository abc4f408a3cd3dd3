// The members of config.json outside "process" and "linux", each listed once for reading and writing (json/fields.hpp).
#pragma once

#include "spec/platform_fields.hpp"
#include "spec/process_fields.hpp"
#include "spec/spec.hpp"

namespace caisson::spec {

template <class Fields, json::same_struct<Root> R>
void visit_fields(Fields& fields, R& root) {
  fields.always("path", root.path);
  fields.optional("readonly", root.readonly);
}

template <class Fields, json::same_struct<Mount> M>
void visit_fields(Fields& fields, M& mount) {
  fields.always("destination", mount.destination);
  fields.optional("type", mount.type);
  fields.optional("source", mount.source);
  fields.optional("options", mount.options);
  fields.optional("uidMappings", mount.uid_mappings);
  fields.optional("gidMappings", mount.gid_mappings);
}

template <class Fields, json::same_struct<Hook> H>
void visit_fields(Fields& fields, H& hook) {
  fields.always("path", hook.path);
  fields.optional("args", hook.args);
  fields.optional("env", hook.env);
  fields.optional("timeout", hook.timeout);
}

template <class Fields, json::same_struct<Hooks> H>
void visit_fields(Fields& fields, H& hooks) {
  fields.optional("prestart", hooks.prestart);
  fields.optional("createRuntime", hooks.create_runtime);
  fields.optional("createContainer", hooks.create_container);
  fields.optional("startContainer", hooks.start_container);
  fields.optional("poststart", hooks.poststart);
  fields.optional("poststop", hooks.poststop);
}

template <class Fields, json::same_struct<Spec> S>
void visit_fields(Fields& fields, S& spec) {
  fields.always("ociVersion", spec.oci_version);
  fields.optional("process", spec.process);
  fields.optional("root", spec.root);
  fields.optional("hostname", spec.hostname);
  fields.optional("domainname", spec.domainname);
  fields.optional("mounts", spec.mounts);
  fields.optional("hooks", spec.hooks);
  fields.optional("annotations", spec.annotations);
  fields.optional("linux", spec.linux_);
}

}  // namespace caisson::spec
