// The members of "process", each listed once for reading and writing (json/fields.hpp).
#pragma once

#include "json/fields.hpp"
#include "spec/spec.hpp"

namespace caisson::spec {

template <class Fields, json::same_struct<BoxSize> B>
void visit_fields(Fields& fields, B& size) {
  fields.required("height", size.height);
  fields.required("width", size.width);
}

template <class Fields, json::same_struct<User> U>
void visit_fields(Fields& fields, U& user) {
  fields.always("uid", user.uid);
  fields.always("gid", user.gid);
  fields.optional("umask", user.umask);
  fields.optional("additionalGids", user.additional_gids);
}

template <class Fields, json::same_struct<Capabilities> C>
void visit_fields(Fields& fields, C& capabilities) {
  fields.optional("bounding", capabilities.bounding);
  fields.optional("effective", capabilities.effective);
  fields.optional("inheritable", capabilities.inheritable);
  fields.optional("permitted", capabilities.permitted);
  fields.optional("ambient", capabilities.ambient);
}

template <class Fields, json::same_struct<Rlimit> R>
void visit_fields(Fields& fields, R& limit) {
  fields.required("type", limit.type);
  fields.required("hard", limit.hard);
  fields.required("soft", limit.soft);
}

template <class Fields, json::same_struct<Scheduler> S>
void visit_fields(Fields& fields, S& scheduler) {
  fields.required("policy", scheduler.policy);
  fields.optional("nice", scheduler.nice);
  fields.optional("priority", scheduler.priority);
  fields.optional("flags", scheduler.flags);
  fields.optional("runtime", scheduler.runtime);
  fields.optional("deadline", scheduler.deadline);
  fields.optional("period", scheduler.period);
}

template <class Fields, json::same_struct<IoPriority> I>
void visit_fields(Fields& fields, I& priority) {
  fields.required("class", priority.io_class);
  fields.always("priority", priority.priority);
}

template <class Fields, json::same_struct<ExecCpuAffinity> E>
void visit_fields(Fields& fields, E& affinity) {
  fields.optional("initial", affinity.initial);
  fields.optional("final", affinity.final);
}

template <class Fields, json::same_struct<Process> P>
void visit_fields(Fields& fields, P& process) {
  fields.optional("terminal", process.terminal);
  fields.optional("consoleSize", process.console_size);
  fields.always("user", process.user);
  fields.optional("args", process.args);
  fields.optional("env", process.env);
  fields.always("cwd", process.cwd);
  fields.optional("capabilities", process.capabilities);
  fields.optional("rlimits", process.rlimits);
  fields.optional("noNewPrivileges", process.no_new_privileges);
  fields.optional("apparmorProfile", process.apparmor_profile);
  fields.optional("oomScoreAdj", process.oom_score_adj);
  fields.optional("scheduler", process.scheduler);
  fields.optional("selinuxLabel", process.selinux_label);
  fields.optional("ioPriority", process.io_priority);
  fields.optional("execCPUAffinity", process.exec_cpu_affinity);
}

}  // namespace caisson::spec
