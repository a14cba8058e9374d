// What the engine runs: integers in, logits or vectors out. A model is bound to one backend, which
// holds its weights.
#ifndef ERATO_CORE_ENGINE_MODEL_H_
#define ERATO_CORE_ENGINE_MODEL_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/ops/ops.h"

namespace erato {

/// Weights are immutable after binding; the activations that Forward works in belong to the model,
/// so one Run at a time.
class Model : public Program {
 public:
  virtual int32_t vocabulary() const = 0;      // ids are 0 … vocabulary-1
  virtual int32_t context_length() const = 0;  // most positions of one sequence
  virtual int32_t max_rows()
      const = 0;  // most rows of one step (activations were reserved for these)
  virtual int32_t max_logit_rows() const = 0;  // most logit rows of one step
  virtual absl::Span<const KvLayerSpec> kv_layers() const = 0;
  virtual const Activation& logits() const = 0;  // [logit rows of the last run, vocabulary]
};

/// What the raw scores of labels are: one label is right (probabilities by softmax), each may be
/// right by itself (by the logistic function), or a number that is not a probability.
enum class LabelMeaning { kOneOfAll, kEachByItself, kNumber };

/// What turns sequences into vectors, or into numbers for labels. Weights are immutable after
/// binding; activations belong to the model, so one Run at a time. A step has whole sequences and
/// no cache.
class EncoderModel {
 public:
  virtual ~EncoderModel() = default;
  virtual int32_t vocabulary() const = 0;      // ids are 0 … vocabulary-1
  virtual int32_t context_length() const = 0;  // most rows of one sequence
  virtual int32_t segments() const = 0;        // kinds of segment: 0 … segments-1; at least 1
  virtual int32_t width() const = 0;           // of a pooled vector
  virtual int32_t row_width() const = 0;       // of a row's vector (Pooling::kNone)
  virtual int32_t labels() const = 0;          // 0 = has none
  virtual bool labels_tokens() const = 0;      // a line of labels a row, not a sequence
  virtual LabelMeaning label_meaning() const = 0;
  virtual Pooling pooling() const = 0;  // as the model declares it
  virtual bool normalises() const = 0;  // as the model declares it

  /// Makes room for steps of so many rows. RESOURCE_EXHAUSTED leaves the model as it was.
  virtual absl::Status Reserve(int32_t rows) = 0;
  virtual int32_t max_rows() const = 0;

  /// Leaves vectors: [sequences, width], or [rows, row_width] for Pooling::kNone.
  virtual const Program& Embedding(Pooling pooling) const = 0;
  virtual const Activation& vectors(Pooling pooling) const = 0;
  /// Leaves labels: [sequences, labels], or [rows, labels]. Null where labels() is 0.
  virtual const Program* Labelling() const = 0;
  virtual const Activation& label_scores() const = 0;
};

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_MODEL_H_
