#include "capi/src/batch_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_join.h"
#include "capi/src/error.h"
#include "core/base/concat.h"
#include "core/base/status.h"
#include "core/engine/probabilities.h"

namespace erato::capi {
namespace {

constexpr size_t kWindowTokens = 8192, kWindowTexts = 512;

absl::Status NotFinite() {
  return Fail(ERATO_NON_FINITE, "[text] result, got values that are not finite, expected finite");
}

/// "[text] …" becomes "[text 7] …".
absl::Status Numbered(const absl::Status& status, size_t item) {
  const std::string_view message(status.message().data(), status.message().size());
  const std::string_view rest = message.starts_with("[text]") ? message.substr(6) : message;
  const std::string_view between = message.starts_with("[text]") ? "" : " ";
  return Fail(CodeOf(status), Concat("[text ", item, "]", between, rest), "texts");
}

/// The first so many values of a vector: any number where the model does not say which it was
/// trained for.
absl::Status CheckDimensions(int32_t wanted, const ModelSummary& summary, int32_t width) {
  if (wanted == 0) return absl::OkStatus();
  const std::vector<int32_t>& offered = summary.dimensions;
  const bool good =
      wanted <= width && (offered.empty() || wanted == width ||
                          std::find(offered.begin(), offered.end(), wanted) != offered.end());
  if (good) return absl::OkStatus();
  return Fail(ERATO_INVALID_ARGUMENT,
              Concat("[option dimensions] value, got ", wanted, ", expected ",
                     offered.empty() ? Concat("1 to ", width)
                                     : Concat("one of ", absl::StrJoin(offered, ", "))),
              "dimensions");
}

}  // namespace

absl::StatusOr<BatchReader> BatchReader::Create(EncoderEngine& engine, const ModelSummary& summary,
                                                const ReadSettings& settings, Product product) {
  BatchReader reader(engine, settings, product);
  const EncoderModel& model = engine.model();
  if (product == Product::kLabels) {
    reader.columns_ = static_cast<size_t>(model.labels());
    reader.by_token_ = model.labels_tokens();
    reader.meaning_ = settings.scores.value_or(model.label_meaning());
    return reader;
  }
  reader.by_token_ = settings.embed.pooling.value_or(model.pooling()) == Pooling::kNone;
  const int32_t width = reader.by_token_ ? model.row_width() : model.width();
  ERATO_RETURN_IF_ERROR(CheckDimensions(settings.embed.dimensions, summary, width));
  reader.columns_ =
      static_cast<size_t>(settings.embed.dimensions > 0 ? settings.embed.dimensions : width);
  return reader;
}

template <typename Failed>
absl::Status BatchReader::Fill(size_t count, const Next& next, Window& window,
                               const Failed& failed) const {
  window.texts.clear();
  window.items.clear();
  window.tokens = 0;
  while (window.not_read < count && window.tokens < kWindowTokens &&
         window.texts.size() < kWindowTexts) {
    const size_t item = window.not_read++;
    absl::StatusOr<ReadText> text = next(item);
    if (!text.ok()) {
      ERATO_RETURN_IF_ERROR(failed(item, Numbered(text.status(), item)));
      continue;
    }
    window.tokens += text->ids.size();
    window.texts.push_back(*std::move(text));
    window.items.push_back(item);
  }
  return absl::OkStatus();
}

size_t BatchReader::FloatsOf(const Window& window) const {
  return columns_ * (by_token_ ? window.tokens : window.texts.size());
}

absl::Status BatchReader::Run(const Window& window, float* out) {
  std::vector<EncoderInput> inputs;
  inputs.reserve(window.texts.size());
  for (const ReadText& text : window.texts) inputs.push_back({text.ids, text.segments});
  const EncodeLimits limits{settings_->cancel.get(), settings_->deadline, &not_finite_};
  if (product_ == Product::kVectors) {
    return From(Origin::kEngine, engine_->Embed(inputs, settings_->embed, limits, out));
  }
  ERATO_RETURN_IF_ERROR(From(Origin::kEngine, engine_->Label(inputs, limits, out)));
  for (float* line = out; line < out + FloatsOf(window); line += columns_) {
    ToProbabilities(meaning_, absl::MakeSpan(line, columns_));
  }
  return absl::OkStatus();
}

absl::Status BatchReader::ReadInto(size_t count, const Next& next, float* out) {
  Window window;
  while (window.not_read < count) {
    ERATO_RETURN_IF_ERROR(
        Fill(count, next, window, [](size_t, const absl::Status& status) { return status; }));
    ERATO_RETURN_IF_ERROR(Run(window, out));
    if (!not_finite_.empty()) return Numbered(NotFinite(), window.items[not_finite_.front()]);
    out += FloatsOf(window);
  }
  return absl::OkStatus();
}

absl::Status BatchReader::ReadEach(size_t count, const Next& next, erato_results& results) {
  results.columns = columns_;
  results.items.resize(count);
  Window window;
  while (window.not_read < count) {
    ERATO_RETURN_IF_ERROR(Fill(count, next, window, [&](size_t item, const absl::Status& status) {
      results.items[item].status = status;
      return absl::OkStatus();
    }));
    size_t at = results.floats.size();
    results.floats.resize(at + FloatsOf(window));
    ERATO_RETURN_IF_ERROR(Run(window, results.floats.data() + at));
    for (size_t i = 0; i < window.texts.size(); ++i) {
      const ReadText& text = window.texts[i];
      const size_t rows = by_token_ ? text.ids.size() : 1;
      erato_results::Item& item = results.items[window.items[i]];
      item = {absl::OkStatus(), at, rows, text.ids.size(), text.left_out};
      at += rows * columns_;
    }
    for (const size_t i : not_finite_) {
      results.items[window.items[i]].status = Numbered(NotFinite(), window.items[i]);
    }
  }
  return absl::OkStatus();
}

}  // namespace erato::capi
