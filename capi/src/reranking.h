// Documents against a query, by a model whose head says how well one answers the other.
#ifndef ERATO_CAPI_SRC_RERANKING_H_
#define ERATO_CAPI_SRC_RERANKING_H_

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "capi/src/reading.h"

namespace erato::capi {

class Reranking {
 public:
  /// UNSUPPORTED where the head has other labels than one, or "yes" and "no".
  static absl::StatusOr<Reranking> Start(const erato_model* model, const erato_options* options);
  static absl::StatusOr<Reranking> Start(ModelRef model, ReadSettings settings);

  /// [1, 2] a document: raw and relevance. `query` must live until this returns.
  absl::Status Each(std::string_view query, size_t count, const Reading::TextOf& document,
                    erato_results& results);
  /// Into raw and relevance; either may be null.
  absl::Status Into(std::string_view query, size_t count, const Reading::TextOf& document,
                    float* raw, float* relevance);

 private:
  absl::StatusOr<BatchReader::Next> Next(std::string_view query, Reading::TextOf document);
  struct Score {
    float raw, relevance;
  };
  Score ScoreOf(const float* labels) const;

  std::unique_ptr<Reading> reading_;
  int yes_ = 0, no_ = -1;  // which labels; no_ < 0: there is one only
};

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_RERANKING_H_
