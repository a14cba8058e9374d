#include "samples/erato/chat/loading.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

namespace erato::command {
namespace {

constexpr int64_t kPollMs = 50;
constexpr int kPollsUnseen = 5;
constexpr int kBarColumns = 30;

/// One line that changes in place; on a dumb terminal one line.
class Progress {
 public:
  Progress(const Terminal& terminal, const std::string& path)
      : terminal_(terminal), name_(std::filesystem::path(path).stem().string()) {}

  void Show(double fraction) {
    if (!terminal_.interactive() || ++polls_ < kPollsUnseen) return;
    if (!terminal_.dumb) {
      std::printf("\rLoading %s %s %3.0f %%\033[K", name_.c_str(),
                  Bar(fraction, kBarColumns).c_str(), fraction * 100);
    } else if (!shown_) {
      std::printf("Loading %s …\n", name_.c_str());
    }
    shown_ = true;
    std::fflush(stdout);
  }

  void Clear() {
    if (shown_ && !terminal_.dumb) std::printf("\r\033[K");
    std::fflush(stdout);
  }

 private:
  const Terminal& terminal_;
  const std::string name_;
  int polls_ = 0;
  bool shown_ = false;
};

}  // namespace

std::string Bar(double filled, int columns) {
  const int full = std::clamp(static_cast<int>(std::lround(filled * columns)), 0, columns);
  return "[" + std::string(full, '#') + std::string(columns - full, '.') + "]";
}

Handle<erato_model> Load(const std::string& path, const erato_options* options,
                         const Terminal& terminal, Interrupts& interrupts) {
  const auto load = Make<erato_load>(erato_load_start, path.c_str(), options);
  const Interrupts::Guard guard(interrupts, [raw = load.get()] { erato_load_cancel(raw); });
  const QuietInput quiet;
  Progress progress(terminal, path);
  try {
    erato_model* model = nullptr;
    while (Call(erato_load_finish, load.get(), kPollMs, &model) != ERATO_OK) {
      progress.Show(erato_load_progress(load.get()));
    }
    progress.Clear();
    return Handle<erato_model>(model);
  } catch (const Failure&) {
    progress.Clear();
    throw;
  }
}

}  // namespace erato::command
