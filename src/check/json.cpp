// The report for scripts. Names, states and keys are a contract: caisson-check(1) describes them.
#include "base/error.hpp"
#include "check/report.hpp"
#include "check/surroundings.hpp"
#include "json/writer.hpp"

namespace caisson::check {
namespace {

void write_verdict(json::Writer& out, std::string_view key, const Verdict& verdict) {
  out.key(key).begin_object();
  out.key("can").boolean(verdict.can);
  if (!verdict.why_not.empty()) out.key("why_not").string(verdict.why_not);
  out.key("lacking").begin_array();
  for (const std::string& name : verdict.lacking) out.string(name);
  out.end_array().end_object();
}

void write_finding(json::Writer& out, const Finding& finding) {
  const Judgement& judged = finding.judged;
  out.begin_object();
  out.key("name").string(finding.check->name);
  out.key("area").string(area_name(finding.area));
  out.key("state").string(state_name(judged.state));
  out.key("value").string(judged.value);
  out.key("needed_for").begin_array();
  if (has(finding.check->needed, Needed::Rootful)) out.string("rootful");
  if (has(finding.check->needed, Needed::Rootless)) out.string("rootless");
  out.end_array();
  if (judged.error != 0) out.key("errno").string(errno_name(judged.error));
  if (!judged.turn_on.empty()) out.key("turn_on").string(judged.turn_on);
  out.end_object();
}

}  // namespace

std::string json_of(const Measured& measured, const Report& report) {
  json::Writer out(json::kTwoSpaces);
  out.begin_object();
  out.key("kernel").string(measured.release);
  out.key("distribution").string(measured.distribution.name);
  out.key("container").string(outer_name(measured.outer));
  out.key("user").begin_object();
  out.key("uid").integer(measured.caller.uid);
  out.key("name").string(measured.caller.name);
  out.key("initial_user_namespace").boolean(measured.caller.initial_user_namespace);
  out.end_object();
  write_verdict(out, "rootful", report.rootful);
  write_verdict(out, "rootless", report.rootless);
  out.key("rootless_tried_as").integer(measured.trials.in_user_uid);
  out.key("status").integer(exit_status(report));
  out.key("checks").begin_array();
  for (const Finding& finding : report.findings) write_finding(out, finding);
  out.end_array().end_object();
  return out.take();
}

}  // namespace caisson::check
