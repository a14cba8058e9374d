// How many tokens a second an encoder takes: encoder_bench MODEL [BATCH TOKENS THREADS REPS].
// Beside the wall's figure stands that of processor time, which a loaded machine disturbs less.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "core/device.h"
#include "core/engine/encoder_engine.h"
#include "models/registry.h"

namespace erato {
namespace {

double ProcessorSeconds() {
  timespec now = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double WallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int Fail(const absl::Status& status) {
  fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}

int Main(int argc, char** argv) {
  const auto number = [&](int i, int otherwise) { return argc > i ? atoi(argv[i]) : otherwise; };
  const int batch = number(2, 8), tokens = number(3, 128), threads = number(4, 0),
            reps = number(5, 15);
  if (argc < 2 || batch < 1 || tokens < 1 || reps < 1) {
    fprintf(stderr, "encoder_bench MODEL [BATCH TOKENS THREADS REPS]\n");
    return 2;
  }
  const auto files = ModelFiles::Open(argv[1], FileAccess::kCopy);
  if (!files.ok()) return Fail(files.status());
  const auto backend = NewBackend({"cpu", "auto", threads});
  if (!backend.ok()) return Fail(backend.status());
  const auto model = BindEncoder(**files, **backend, {});
  if (!model.ok()) return Fail(model.status());
  EncoderEngine engine(model->get(), backend->get());
  std::vector<std::vector<int32_t>> texts(batch);
  std::vector<EncoderInput> inputs;
  for (int b = 0; b < batch; ++b) {
    for (int t = 0; t < tokens; ++t) texts[b].push_back((b * 7919 + t * 104729) % 1000 + 100);
    inputs.push_back({texts[b]});
  }
  std::vector<float> out(static_cast<size_t>(batch) * (*model)->width());
  std::vector<double> wall, processor;
  for (int i = 0; i < reps + 2; ++i) {
    const double w = WallSeconds(), p = ProcessorSeconds();
    if (const auto s = engine.Embed(inputs, {}, {}, out.data()); !s.ok()) return Fail(s);
    wall.push_back(batch * tokens / (WallSeconds() - w));
    processor.push_back(batch * tokens / (ProcessorSeconds() - p));
  }
  std::sort(wall.begin(), wall.end());
  std::sort(processor.begin(), processor.end());
  printf("%s: %d x %d tokens, median of %d: %.0f tokens/s, best %.0f; a processor second: %.0f\n",
         (*backend)->Describe().c_str(), batch, tokens, reps + 2, wall[wall.size() / 2],
         wall.back(), processor[processor.size() / 2]);
  return 0;
}

}  // namespace
}  // namespace erato

int main(int argc, char** argv) { return erato::Main(argc, argv); }
