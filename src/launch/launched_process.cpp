#include "launch/launched_process.hpp"

#include <cerrno>
#include <cstring>

#include "launch/clone_result.hpp"
#include "launch/wire.hpp"
#include "plan/steps.hpp"
#include "process/signals.hpp"
#include "sys/shared_memory_clone.hpp"

namespace caisson::launch {

bool may_share_memory(const plan::ProcessPlan& plan) noexcept {
  return sys::can_share_memory() && sys::effective_uid() == 0 && !plan.oom_score_adj;
}

LaunchedProcess::LaunchedProcess(ProcessWords words, ChildMemory memory) : words_(words), memory_(memory) {
  opened_.proc = sys::ProcHandle::host_view().or_throw("open /proc");
  opened_.progress = own_progress_.data();
  if (memory == ChildMemory::Own) {
    progress_page_ = sys::SharedPage::make().or_throw("make a page to share with the child");
    opened_.progress = &progress_page_.word(0);
  }
  channels_ = make_channel();
}

LaunchedProcess::~LaunchedProcess() {
  end();
  if (process_.valid()) channels_.child.forget();
}

void LaunchedProcess::end() noexcept {
  if (!process_.valid() || released_) return;
  sys::end_child(pid_, process_);
  released_ = true;
}

sys::SysResult<sys::Cloned> LaunchedProcess::make_child(std::uint64_t flags, std::optional<sys::BorrowedFd> group,
                                                        void (*child)(void*) noexcept, void* self) noexcept {
  if (memory_ == ChildMemory::Shared) return sys::clone_sharing_memory(flags, group, child, self);
  auto cloned = sys::clone_with_pidfd(flags, group);
  if (cloned.ok() && cloned.value().pid == 0) child(self);
  return cloned;
}

void LaunchedProcess::adopt(pid_t pid, sys::Pidfd process) noexcept {
  pid_ = pid;
  process_ = std::move(process);
  channels_.child.close_number();
}

std::optional<Message> LaunchedProcess::hear(LaunchObserver& observer) {
  auto received = channels_.parent.receive();
  if (!received) {
    if (goes_ahead_) return std::nullopt;
    throw_death(sys::wait_for(process_).or_throw("wait for ", words_.subject));
  }
  switch (received->message) {
    case Message::Failure:
      throw reported_failure(*received);
    case Message::Hooks:
      observer.runtime_hooks(received->fds.empty() ? sys::UniqueFd() : std::move(received->fds.front()));
      break;
    case Message::Console:
      if (received->fds.empty()) throw Error(ErrorKind::Kernel, text::join(words_.subject, " sent no terminal"));
      observer.console(std::move(received->fds.front()), text::parse_number<unsigned>(received->data).value_or(0));
      break;
    case Message::MountIds:
      if (received->fds.empty()) throw Error(ErrorKind::Kernel, text::join(words_.subject, " sent no mount"));
      mount_of_child_ = std::move(received->fds.front());
      break;
    case Message::Stage:
      if (!received->fds.empty()) observer.stage(std::move(received->fds.front()));
      break;
    case Message::Listener:
      observer.seccomp_listener(fetch_listener(process_, received->data));
      channels_.parent.send(Message::Continue);
      break;
    case Message::Step: {
      StepRecord record;
      if (received->data.size() != sizeof record - 1) break;
      std::memcpy(reinterpret_cast<char*>(&record) + 1, received->data.data(), sizeof record - 1);
      observer.step(plan::name_of(static_cast<plan::InitStep>(record.step)), record.begin_ns, record.end_ns);
      break;
    }
    case Message::Note:
      observer.note(received->data);
      break;
    case Message::GoesAhead:
      goes_ahead_ = true;
      break;
    case Message::Ready:
    case Message::Maps:
    case Message::Network:
    case Message::Continue:
    case Message::Start:
      break;
  }
  return received->message;
}

void LaunchedProcess::throw_if_failed(const sys::ExitStatus& ended) {
  while (const auto received = channels_.parent.receive()) {
    if (received->message == Message::Failure) throw reported_failure(*received);
    if (received->message == Message::GoesAhead) goes_ahead_ = true;
  }
  if (!goes_ahead_) throw_death(ended);
}

void LaunchedProcess::rethrow_or_its_failure(const Error& error) {
  const bool cut_off = error.errno_value() == EPIPE || error.errno_value() == ECONNRESET;
  if (cut_off && process_.valid()) throw_if_failed(sys::wait_for(process_).or_throw("wait for ", words_.subject));
  throw;
}

Error LaunchedProcess::reported_failure(const Received& received) const {
  Error failure = decode_failure(std::as_bytes(std::span(received.data)));
  if (!words_.frame.empty()) failure.within(std::string(words_.frame));
  return failure;
}

void LaunchedProcess::throw_death(const sys::ExitStatus& ended) const {
  throw Error(ErrorKind::Kernel, text::join(words_.subject, " ", process::end_in_words(ended), " during the step \"",
                                            words_.step_name(opened_.progress->load()), "\""));
}

}  // namespace caisson::launch
