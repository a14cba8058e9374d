// What embedding, reranking and classification have in common: a model that can, what the options
// ask, and the texts' way through it.
#ifndef ERATO_CAPI_SRC_READING_H_
#define ERATO_CAPI_SRC_READING_H_

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "capi/src/batch_reader.h"
#include "capi/src/model.h"
#include "capi/src/text_list.h"
#include "capi/src/text_reader.h"

namespace erato::capi {

/// One call's.
class Reading {
 public:
  using Product = BatchReader::Product;
  /// The text of an item; an error is that item's.
  using TextOf = std::function<absl::StatusOr<std::string_view>(size_t item)>;

  static absl::StatusOr<std::unique_ptr<Reading>> Start(const erato_model* model,
                                                        const erato_options* options,
                                                        Product product);
  static absl::StatusOr<std::unique_ptr<Reading>> Start(ModelRef model, ReadSettings settings,
                                                        Product product);
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  const LoadedModel& model() const { return *model_; }
  const EncoderEngine& engine() const { return *engine_; }
  BatchReader& batch() { return *batch_; }
  /// INVALID_ARGUMENT where `out`, with room for `floats`, cannot hold one line an item.
  absl::Status CheckRoom(size_t count, const float* out, size_t floats) const;
  absl::StatusOr<const TextReader*> text();

  /// How items are read: texts, pairs of texts, ids end to end.
  absl::StatusOr<BatchReader::Next> Texts(TextOf text);
  absl::StatusOr<BatchReader::Next> Pairs(TextOf first, TextOf second);
  BatchReader::Next Ids(const int32_t* ids, const size_t* counts);

 private:
  Reading(ModelRef model, ReadSettings settings)
      : model_(std::move(model)), settings_(std::move(settings)) {}

  const ModelRef model_;
  const ReadSettings settings_;
  EncoderEngine* engine_ = nullptr;
  std::optional<BatchReader> batch_;
  std::optional<TextReader> text_;
};

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_READING_H_
