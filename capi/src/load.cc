// Loading aside: one worker thread that lives as long as the load.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "capi/src/model.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

class Loading {
 public:
  Loading(std::string path, LoadSettings settings)
      : path_(std::move(path)), settings_(std::move(settings)) {
    worker_ = std::thread([this] { Work(); });
  }
  ~Loading() {
    Cancel();
    worker_.join();
  }
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

  void Cancel() { cancelled_ = true; }
  double progress() const { return progress_; }
  LoadStage stage() const { return stage_; }

  /// PENDING after timeout_ms (-1 = never); else OK and a model, or the load's error.
  absl::StatusOr<erato_status> Take(int64_t timeout_ms, std::shared_ptr<LoadedModel>& model) {
    std::unique_lock lock(mutex_);
    const auto done = [this] { return done_; };
    if (timeout_ms < 0) {
      changed_.wait(lock, done);
    } else if (!changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), done)) {
      return ERATO_PENDING;
    }
    if (no_memory_) throw std::bad_alloc();
    ERATO_RETURN_IF_ERROR(result_.status());
    if (*result_ == nullptr) return Fail(ERATO_NOT_FOUND, "[load] model, got taken already");
    model = std::exchange(*result_, nullptr);
    return ERATO_OK;
  }

 private:
  void Work() {
    try {
      result_ = LoadedModel::Load(path_, settings_, [this](LoadStage stage, double fraction) {
        stage_ = stage;
        progress_ = fraction;
        return cancelled_ ? Fail(ERATO_CANCELLED, "[load] cancelled by the host")
                          : absl::OkStatus();
      });
    } catch (...) {
      no_memory_ = true;
    }
    if (no_memory_ || !result_.ok()) stage_ = LoadStage::kFailed;
    const std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_all();
  }

  const std::string path_;
  const LoadSettings settings_;
  std::atomic<bool> cancelled_{false};
  std::atomic<double> progress_{0};
  std::atomic<LoadStage> stage_{LoadStage::kOpening};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  // Written by the worker before done_, by takers after it.
  bool no_memory_ = false;
  absl::StatusOr<std::shared_ptr<LoadedModel>> result_ = nullptr;
  std::thread worker_;  // last: it uses all of the above
};

const char* StageName(LoadStage stage) {
  switch (stage) {
    case LoadStage::kOpening:
      return "opening";
    case LoadStage::kWeights:
      return "weights";
    case LoadStage::kText:
      return "text";
    case LoadStage::kReady:
      return "ready";
    case LoadStage::kFailed:
      return "failed";
  }
  return "failed";
}

}  // namespace
}  // namespace erato::capi

using namespace erato::capi;  // NOLINT

struct erato_load {
  erato_load(const char* path, LoadSettings settings) : loading(path, std::move(settings)) {}
  Home home;
  Loading loading;
};

extern "C" {

erato_status erato_load_start(const char* path, const erato_options* options, erato_load** load,
                              erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{path, "path"}, {load, "load"}}));
    ERATO_ASSIGN_OR_RETURN(LoadSettings settings, ReadLoadOptions(options));
    *load = new erato_load(path, std::move(settings));
    return absl::OkStatus();
  });
}

double erato_load_progress(const erato_load* load) {
  return load == nullptr ? 0 : load->loading.progress();
}

const char* erato_load_stage(const erato_load* load) {
  return StageName(load == nullptr ? LoadStage::kFailed : load->loading.stage());
}

void erato_load_cancel(const erato_load* load) {
  if (load != nullptr && load->home.here()) const_cast<erato_load*>(load)->loading.Cancel();
}

erato_status erato_load_finish(erato_load* load, int64_t timeout_ms, erato_model** model,
                               erato_error** error) {
  return Guard(error, [&]() -> absl::StatusOr<erato_status> {
    ERATO_RETURN_IF_ERROR(Given({{load, "load"}, {model, "model"}}));
    ERATO_RETURN_IF_ERROR(load->home.Check());
    auto handle = std::make_unique<erato_model>();
    ERATO_ASSIGN_OR_RETURN(const erato_status status,
                           load->loading.Take(timeout_ms, handle->loaded));
    if (status == ERATO_OK) *model = handle.release();
    return status;
  });
}

void erato_load_free(erato_load* load) {
  if (load != nullptr && load->home.here()) GuardFree([&] { delete load; });
}

}  // extern "C"
