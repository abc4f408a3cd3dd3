// The members of "linux.seccomp", each listed once for reading and writing (json/fields.hpp).
#pragma once

#include "json/fields.hpp"
#include "spec/vocabulary.hpp"

namespace caisson::spec {

template <class Fields, json::same_struct<SeccompArg> A>
void visit_fields(Fields& fields, A& arg) {
  fields.required("index", arg.index);
  fields.required("value", arg.value);
  fields.optional("valueTwo", arg.value_two);
  fields.required("op", arg.op);
}

template <class Fields, json::same_struct<SeccompRule> R>
void visit_fields(Fields& fields, R& rule) {
  fields.required("names", rule.names);
  fields.required("action", rule.action);
  fields.optional("errnoRet", rule.errno_ret);
  fields.optional("args", rule.args);
}

template <class Fields, json::same_struct<Seccomp> S>
void visit_fields(Fields& fields, S& seccomp) {
  fields.required("defaultAction", seccomp.default_action);
  fields.optional("defaultErrnoRet", seccomp.default_errno_ret);
  fields.optional("architectures", seccomp.architectures);
  fields.optional("flags", seccomp.flags);
  fields.optional("listenerPath", seccomp.listener_path);
  fields.optional("listenerMetadata", seccomp.listener_metadata);
  fields.optional("syscalls", seccomp.syscalls);
}

}  // namespace caisson::spec
