#include "tests/engine/fake.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace erato {
namespace {

constexpr int32_t kBlock = KvPool::block_tokens;
constexpr int32_t kGarbage = -777;

uint32_t Extend(uint32_t hash, int32_t id) { return hash * 31 + static_cast<uint32_t>(id) + 7; }

int32_t NextOf(uint32_t hash, int32_t vocabulary) {
  return static_cast<int32_t>((hash ^ (hash >> 15)) % static_cast<uint32_t>(vocabulary));
}

}  // namespace

int32_t FakeNext(absl::Span<const int32_t> text, int32_t vocabulary) {
  uint32_t hash = 1;
  for (int32_t id : text) hash = Extend(hash, id);
  return NextOf(hash, vocabulary);
}

std::vector<int32_t> FakeAnswer(std::vector<int32_t> text, int count, int32_t vocabulary) {
  size_t prompt = text.size();
  for (int i = 0; i < count; ++i) text.push_back(FakeNext(text, vocabulary));
  return std::vector<int32_t>(text.begin() + prompt, text.end());
}

absl::Status FakePool::Grow(int32_t blocks) {
  if (*on_grow) {
    if (absl::Status status = (*on_grow)(blocks); !status.ok()) return status;
  }
  slots.resize(std::max<size_t>(slots.size(), blocks), std::vector<int32_t>(kBlock, kGarbage));
  return absl::OkStatus();
}

void FakePool::Shrink(int32_t blocks) { slots.resize(blocks); }

absl::StatusOr<std::unique_ptr<Weight>> FakeBackend::Upload(const HostTensor&, WeightUse) {
  return absl::UnimplementedError("no weights");
}

absl::StatusOr<std::unique_ptr<Activation>> FakeBackend::NewActivation(int64_t, int64_t) {
  return absl::UnimplementedError("no activations");
}

absl::StatusOr<std::unique_ptr<KvPool>> FakeBackend::NewKvPool(absl::Span<const KvLayerSpec>) {
  return std::make_unique<FakePool>(&on_grow);
}

void FakeBackend::Check(bool holds, const std::string& what) {
  if (holds) return;
  std::lock_guard<std::mutex> lock(mutex_);
  violations_.push_back(what);
}

std::vector<std::string> FakeBackend::violations() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return violations_;
}

void FakeBackend::CheckStep(const FakeModel& model, const Step& step) {
  Check(step.rows() >= 1 && step.rows() <= model.max_rows(), "rows of a step");
  Check(static_cast<int32_t>(step.logit_rows.size()) <= model.max_logit_rows(), "logit rows");
  Check(std::is_sorted(step.logit_rows.begin(), step.logit_rows.end()), "order of logit rows");
  Check(step.row_begin.front() == 0 && step.row_begin.back() == step.rows(), "row_begin");
  std::set<int32_t> seen;
  for (int32_t s = 0; s < step.sequences(); ++s) {
    for (int32_t id : step.blocks[s]) {
      Check(id >= 0 && id < step.kv->blocks(), "block id");
      Check(seen.insert(id).second, "a block in two tables");
    }
    for (int32_t row = step.row_begin[s]; row < step.row_begin[s + 1]; ++row) {
      bool first = row == step.row_begin[s];
      Check(first || step.positions[row] == step.positions[row - 1] + 1, "order of positions");
      Check(step.positions[row] < model.context_length(), "position beyond the context");
      Check(step.positions[row] / kBlock < static_cast<int32_t>(step.blocks[s].size()), "table");
      Check(step.ids[row] >= 0 && step.ids[row] < model.vocabulary(), "id");
    }
  }
}

void FakeBackend::Compute(const FakeModel& model, const Step& step, FakePool& pool) {
  size_t logit = 0;
  for (int32_t s = 0; s < step.sequences(); ++s) {
    for (int32_t row = step.row_begin[s]; row < step.row_begin[s + 1]; ++row) {
      int32_t position = step.positions[row];
      auto slot = [&](int32_t p) -> int32_t& {
        return pool.slots[step.blocks[s][p / kBlock]][p % kBlock];
      };
      slot(position) = step.ids[row];
      if (logit == step.logit_rows.size() || step.logit_rows[logit] != row) continue;
      uint32_t hash = 1;
      for (int32_t p = 0; p <= position; ++p) hash = Extend(hash, slot(p));
      float* out = model.values().values.data() + logit++ * model.vocabulary();
      for (int32_t i = 0; i < model.vocabulary(); ++i) out[i] = ((hash >> (i % 16)) & 31) * 0.125f;
      out[NextOf(hash, model.vocabulary())] = 9;
      if (step.ids[row] == model.options().poison_id) {
        out[3] = std::numeric_limits<float>::quiet_NaN();
      }
    }
  }
}

absl::Status FakeBackend::Run(const Program& program, const Step& step) {
  Check(!busy_.exchange(true), "two runs at once");
  ++runs_;
  struct Idle {
    std::atomic<bool>& busy;
    ~Idle() { busy = false; }
  } idle{busy_};
  const auto& model = static_cast<const FakeModel&>(program);
  auto& pool = static_cast<FakePool&>(*step.kv);
  CheckStep(model, step);
  if (!violations().empty()) return absl::InternalError("a step that may not be");
  absl::Status hooked = on_run ? on_run(step) : absl::OkStatus();
  if (hooked.ok() && !step.stop->load()) {
    Compute(model, step, pool);
    return absl::OkStatus();
  }
  for (int32_t s = 0; s < step.sequences(); ++s) {  // this step's rows hold anything
    for (int32_t row = step.row_begin[s]; row < step.row_begin[s + 1]; ++row) {
      int32_t position = step.positions[row];
      pool.slots[step.blocks[s][position / kBlock]][position % kBlock] = kGarbage;
    }
  }
  std::fill(model.values().values.begin(), model.values().values.end(), 1e9f);
  return hooked.ok() ? absl::CancelledError("stopped") : hooked;
}

void FakeBackend::Read(const Activation& from, int64_t row, int64_t rows, float* out) const {
  const auto& values = static_cast<const FakeActivation&>(from).values;
  std::copy_n(values.begin() + row * from.cols, rows * from.cols, out);
}

FakeHouse::FakeHouse(const FakeOptions& fake, const EngineOptions& options) : model(fake) {
  engine = Engine::Create(&model, &backend, options).value();
}

Answer ReadAnswer(Engine& engine, Request& request) {
  Answer answer;
  while (true) {
    absl::StatusOr<TokenEvent> event = engine.Next(request);
    if (!event.ok()) {
      answer.error = event.status();
      return answer;
    }
    if (!event->token.has_value()) {
      answer.finish = event->finish;
      return answer;
    }
    answer.tokens.push_back(*event->token);
  }
}

}  // namespace erato
