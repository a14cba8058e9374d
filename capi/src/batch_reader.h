// Texts through a model that reads them, window by window: however many there are, memory holds the
// ids of a few hundred.
#ifndef ERATO_CAPI_SRC_BATCH_READER_H_
#define ERATO_CAPI_SRC_BATCH_READER_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "capi/src/read_options.h"
#include "capi/src/results.h"
#include "capi/src/text_reader.h"
#include "core/engine/encoder_engine.h"

namespace erato::capi {

/// One batch; borrows engine and settings.
class BatchReader {
 public:
  enum class Product { kVectors, kLabels };
  /// The ids of an item; an error is that item's.
  using Next = std::function<absl::StatusOr<ReadText>(size_t item)>;

  /// INVALID_ARGUMENT where the model does not offer the wanted dimensions.
  static absl::StatusOr<BatchReader> Create(EncoderEngine& engine, const ModelSummary& summary,
                                            const ReadSettings& settings, Product product);

  /// Values of one line of results, and whether there is one a token.
  size_t columns() const { return columns_; }
  bool by_token() const { return by_token_; }

  /// All results end to end into `out`. The first item that fails fails the call, which names it.
  absl::Status ReadInto(size_t count, const Next& next, float* out);
  /// Item by item.
  absl::Status ReadEach(size_t count, const Next& next, erato_results& results);

 private:
  struct Window {
    std::vector<ReadText> texts;
    std::vector<size_t> items;  // whose these are
    size_t tokens = 0;
    size_t not_read = 0;  // the next item
  };
  BatchReader(EncoderEngine& engine, const ReadSettings& settings, Product product)
      : engine_(&engine), settings_(&settings), product_(product) {}
  template <typename Failed>
  absl::Status Fill(size_t count, const Next& next, Window& window, const Failed& failed) const;
  size_t FloatsOf(const Window& window) const;
  absl::Status Run(const Window& window, float* out);

  EncoderEngine* engine_;
  const ReadSettings* settings_;
  Product product_;
  LabelMeaning meaning_ = LabelMeaning::kNumber;
  size_t columns_ = 0;
  bool by_token_ = false;
  std::vector<size_t> not_finite_;  // texts of the last window
};

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_BATCH_READER_H_
