#include "capi/src/reranking.h"

#include <utility>
#include <vector>

#include "capi/src/error.h"
#include "core/base/concat.h"
#include "core/base/status.h"
#include "core/engine/probabilities.h"

namespace erato::capi {

absl::StatusOr<Reranking> Reranking::Start(const erato_model* model, const erato_options* options) {
  ERATO_ASSIGN_OR_RETURN(ModelRef loaded, ModelArgument(model));
  ERATO_ASSIGN_OR_RETURN(ReadSettings settings, ReadReadOptions(options));
  return Start(std::move(loaded), std::move(settings));
}

absl::StatusOr<Reranking> Reranking::Start(ModelRef model, ReadSettings settings) {
  settings.scores = LabelMeaning::kNumber;
  ERATO_ASSIGN_OR_RETURN(auto reading, Reading::Start(std::move(model), std::move(settings),
                                                      Reading::Product::kLabels));
  Reranking made;
  const std::vector<std::string>& labels = reading->model().summary().labels;
  const bool of_tokens = reading->batch().by_token();
  if (!of_tokens && labels.size() == 2 && labels[0] == "yes" && labels[1] == "no") {
    made.no_ = 1;
  } else if (of_tokens || labels.size() != 1) {
    return Fail(ERATO_UNSUPPORTED, Concat("[model] head, got ", labels.size(), " labels of ",
                                          of_tokens ? "tokens" : "texts",
                                          ", expected one, or yes and no: no reranker"));
  }
  made.reading_ = std::move(reading);
  return made;
}

Reranking::Score Reranking::ScoreOf(const float* labels) const {
  const float raw = no_ < 0 ? labels[yes_] : labels[yes_] - labels[no_];
  return {raw, static_cast<float>(Logistic(raw))};
}

absl::StatusOr<BatchReader::Next> Reranking::Next(std::string_view query,
                                                  Reading::TextOf document) {
  ERATO_ASSIGN_OR_RETURN(const TextReader* reader, reading_->text());
  const std::string& source = reading_->model().rerank_template();
  if (!source.empty()) {
    return BatchReader::Next(
        [=, &source, document = std::move(document)](size_t item) -> absl::StatusOr<ReadText> {
          ERATO_ASSIGN_OR_RETURN(const std::string_view text, document(item));
          return reader->ReadTemplate(source, query, text);
        });
  }
  absl::StatusOr<Encoding> first = reader->ReadFirst(query);
  if (!first.ok()) return Blame(first.status(), "query");
  return BatchReader::Next([=, first = *std::move(first), document = std::move(document)](
                               size_t item) -> absl::StatusOr<ReadText> {
    ERATO_ASSIGN_OR_RETURN(const std::string_view text, document(item));
    return reader->ReadPair(first, text);
  });
}

absl::Status Reranking::Each(std::string_view query, size_t count, const Reading::TextOf& document,
                             erato_results& results) {
  ERATO_ASSIGN_OR_RETURN(const auto next, Next(query, document));
  erato_results labels;
  ERATO_RETURN_IF_ERROR(reading_->batch().ReadEach(count, next, labels));
  results.columns = 2;
  results.floats.assign(2 * count, 0);
  for (size_t i = 0; i < count; ++i) {
    erato_results::Item& item = labels.items[i];
    if (item.rows > 0) {
      const Score score = ScoreOf(&labels.floats[item.begin]);
      results.floats[2 * i] = score.raw;
      results.floats[2 * i + 1] = score.relevance;
    }
    item.begin = 2 * i;
  }
  results.items = std::move(labels.items);
  return absl::OkStatus();
}

absl::Status Reranking::Into(std::string_view query, size_t count, const Reading::TextOf& document,
                             float* raw, float* relevance) {
  ERATO_ASSIGN_OR_RETURN(const auto next, Next(query, document));
  const size_t columns = reading_->batch().columns();
  std::vector<float> labels(count * columns);
  ERATO_RETURN_IF_ERROR(reading_->batch().ReadInto(count, next, labels.data()));
  for (size_t i = 0; i < count; ++i) {
    const Score score = ScoreOf(&labels[i * columns]);
    if (raw != nullptr) raw[i] = score.raw;
    if (relevance != nullptr) relevance[i] = score.relevance;
  }
  return absl::OkStatus();
}

}  // namespace erato::capi
