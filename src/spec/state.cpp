#include "spec/state.hpp"

#include "json/fields.hpp"

namespace caisson::spec {
namespace {

void write_full(json::Writer& out, const State& state) {
  out.begin_object();
  json::FieldWriter fields(out);
  fields.always("ociVersion", state.oci_version);
  fields.always("id", state.id);
  fields.always("pid", state.pid);
  fields.always("status", state.status);
  fields.always("bundle", state.bundle);
  fields.always("rootfs", state.rootfs);
  fields.always("created", state.created);
  fields.optional("annotations", state.annotations);
  fields.always("owner", state.owner);
  out.end_object();
}

void write_for_programs(json::Writer& out, const State& state) {
  out.begin_object();
  json::FieldWriter fields(out);
  fields.always("ociVersion", state.oci_version);
  fields.always("id", state.id);
  fields.always("status", state.status);
  fields.optional("pid", state.pid);
  fields.always("bundle", state.bundle);
  fields.optional("annotations", state.annotations);
  out.end_object();
}

}  // namespace

std::string write_state(const State& state) {
  json::Writer out(json::kTwoSpaces);
  write_full(out, state);
  return out.take();
}

std::string write_hook_state(const State& state) {
  json::Writer out(json::kCompact);
  write_for_programs(out, state);
  return out.take();
}

std::string write_state_list(std::span<const State> states) {
  json::Writer out(json::kCompact);
  if (states.empty()) {
    out.null();
    return out.take();
  }
  out.begin_array();
  for (const State& state : states) write_full(out, state);
  out.end_array();
  return out.take();
}

std::string write_container_process_state(const ContainerProcessState& process) {
  json::Writer out(json::kCompact);
  out.begin_object();
  out.key("ociVersion").string(process.state.oci_version);
  out.key("fds").begin_array().string("seccompFd").end_array();
  out.key("pid").integer(process.pid);
  if (!process.metadata.empty()) out.key("metadata").string(process.metadata);
  out.key("state");
  write_for_programs(out, process.state);
  out.end_object();
  return out.take();
}

}  // namespace caisson::spec
