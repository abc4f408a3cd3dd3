#include "lifecycle/bundle.hpp"
#include "lifecycle/commands.hpp"
#include "lifecycle/container.hpp"
#include "plan/describe.hpp"

namespace caisson::lifecycle {
namespace {

std::string create_frame(const CreateRequest& request) { return text::join("create container ", text::quoted(request.id)); }

}  // namespace

void create(const Context& context, const CreateRequest& request) {
  try {
    StepLog steps(context.explain, context.trace_file, context.log);
    NewContainer container(context, read_wish(context, request, Lifetime::Detached), steps);
    container.begin();
    container.finish();
    container.commit();
    steps.write_trace();
  } catch (Error& error) {
    throw std::move(error.within(create_frame(request)));
  }
}

int run(const Context& context, const CreateRequest& request) {
  if (request.detach) {
    create(context, request);
    try {
      start(context, request.id);
    } catch (const Error&) {
      destroy(context, {.id = request.id, .force = true});
      throw;
    }
    return 0;
  }
  try {
    StepLog steps(context.explain, context.trace_file, context.log);
    return run_wish(context, read_wish(context, request, Lifetime::Foreground), steps, request.keep);
  } catch (Error& error) {
    throw std::move(error.within(create_frame(request)));
  }
}

int run_wish(const Context& context, ContainerWish wish, StepLog& steps, bool keep_record,
             const std::function<void(NewContainer&)>& running) {
  const process::HeldSignals signals;
  NewContainer container(context, std::move(wish), steps);
  container.begin();
  if (container.must_finish()) {
    container.finish();
    container.run_poststart_hooks();
  }
  if (running) running(container);
  const int status = container.run_in_foreground(signals, keep_record);
  steps.write_trace();
  return status;
}

std::string plan_text(const Context& context, const CreateRequest& request) {
  const ContainerWish wish = read_wish(context, request, Lifetime::Foreground);
  return plan::describe(plan_for(wish, facts_for(wish.spec)));
}

}  // namespace caisson::lifecycle
