#include "image/layers_beside.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "sys/shared_memory.hpp"

namespace caisson::image {
namespace {

// Each has up to three processes: what decompresses, takes the digest, and writes.
constexpr std::size_t kAtOnce = 4;
constexpr int kReportMs = 100;
constexpr std::uint64_t kProgressUnit = 4096;

// Of a job's page.
enum PageWord : std::size_t { kWhole, kProgress };
constexpr std::size_t kResultAt = 64;

struct JobResult {
  LayerCounts counts;
  bool depends_on_lower;
};

class PageProgress final : public Progress {
 public:
  explicit PageProgress(const sys::SharedPage& page) : page_(page) {}
  void begin(std::string_view, std::uint64_t) override {}
  void reached(std::uint64_t bytes) override {
    page_.word(kProgress).store(static_cast<std::uint32_t>(bytes / kProgressUnit), std::memory_order_relaxed);
  }

 private:
  const sys::SharedPage& page_;
};

// Its maker ends those that wait for one that has failed.
void wait_until_whole(const sys::SharedPage& page) {
  while (page.word(kWhole).load() == 0) sys::wait_for_change(page.word(kWhole), 0, kReportMs);
}

}  // namespace

void LayersBeside::add(const LayerContent& content, sys::BorrowedFd scratch, std::vector<std::string> lower) {
  jobs_.push_back({.content = &content,
                   .scratch = scratch,
                   .lower = std::move(lower),
                   .page = sys::SharedPage::make().or_throw("get memory to share"),
                   .process = {}});
}

void LayersBeside::work(std::size_t index) const {
  const Job& job = jobs_[index];
  const LayerView lower(job.lower, [&] {
    for (std::size_t below = 0; below < index; ++below) wait_until_whole(jobs_[below].page);
  });
  PageProgress progress(job.page);
  LayerContent content = *job.content;
  content.progress = &progress;
  const FilledLayer filled = fill_layer(content, job.scratch, lower);
  const JobResult result{.counts = filled.counts, .depends_on_lower = filled.depends_on_lower};
  std::memcpy(job.page.bytes(kResultAt).data(), &result, sizeof result);
  job.page.word(kWhole).store(1);
  sys::wake_waiting(job.page.word(kWhole));
}

void LayersBeside::start(std::size_t index) {
  jobs_[index].process = std::make_unique<launch::SideProcess>(std::nullopt, [this, index] { work(index); });
}

void LayersBeside::report() const {
  if (jobs_.empty() || jobs_.front().content->progress == nullptr) return;
  std::uint64_t sum = 0;
  for (const Job& job : jobs_) sum += job.page.word(kProgress).load(std::memory_order_relaxed) * kProgressUnit;
  jobs_.front().content->progress->reached(sum);
}

std::vector<FilledLayer> LayersBeside::fill() {
  std::vector<FilledLayer> filled;
  std::size_t started = 0;
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    for (; started < std::min(jobs_.size(), i + kAtOnce); ++started) start(started);
    while (!jobs_[i].process->ends_within(kReportMs)) report();
    if (const auto error = jobs_[i].process->outcome()) throw Error(*error);
    JobResult result{};
    std::memcpy(&result, jobs_[i].page.bytes(kResultAt).data(), sizeof result);
    filled.push_back(
        {.diff_id = *jobs_[i].content->diff_id, .counts = result.counts, .depends_on_lower = result.depends_on_lower});
  }
  report();
  return filled;
}

}  // namespace caisson::image
