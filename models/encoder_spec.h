// An encoder as data: all rows of a sequence see each other, and what comes out is vectors.
// Families turn metadata into this; encoder.cc runs it and knows no family.
//
// clang-format off
//     x = norm(scale · table[id] + positions + segments)    embed; narrower than the model: projected
//     post-norm (BERT):        x = norm(x + mix_tokens(x));  x = norm(x + mix_channels(x))
//     pre-norm (ModernBERT):   x += mix_tokens(norm(x));     x += mix_channels(norm(x))
//     vectors: pooling of (final norm of) x, then perhaps dense layers
//     labels: a few small dense layers on top of a pooling
// clang-format on
//
// Decoders make vectors too, where a file says so or the caller asks: decoder_as_encoder.h.
#ifndef ERATO_MODELS_ENCODER_SPEC_H_
#define ERATO_MODELS_ENCODER_SPEC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/model.h"
#include "core/ops/ops.h"
#include "models/decoder_spec.h"
#include "models/rope.h"

namespace erato {

struct EncoderEmbedSpec {
  float scale = 1;             // of the table
  int32_t width = 0;           // of the tables; another than the model's = projected up to it
  int32_t position_rows = 0;   // of the learned positions; 0 = has none
  int32_t first_position = 0;  // where a sequence begins in them
  int32_t segments = 0;        // kinds of segment; 0 = has none
  bool norm = true;
};

/// What distances add to scores (ops.h, RelativePositions).
struct RelativeSpec {
  enum class Kind { kNone, kBias, kDisentangled };
  Kind kind = Kind::kNone;
  int32_t rows = 0;          // of the table in the file
  std::vector<int32_t> row;  // [2R + 1]: the row of each distance
  bool norm = false;         // disentangled: the table is normed first
};

/// y = act(W·norm(x) + b)
struct DenseSpec {
  std::string name;      // of the tensors, less ".weight" and ".bias"
  bool in_root = false;  // the name stands under the model's root
  int32_t width = 0;     // of y; 0 = the number of labels
  Activate act = Activate::kNone;
  bool bias = true;
  std::string norm = "";  // name of the norm before; "" = none
};

/// From x to a number for each label.
struct LabelSpec {
  enum class Of { kNothing, kSequence, kToken };
  Of of = Of::kNothing;
  LabelMeaning meaning = LabelMeaning::kOneOfAll;
  Pooling pooling = Pooling::kFirst;  // of x (or, `late`, of the labels); not for tokens
  bool late = false;                  // rows are labelled one by one, then pooled
  std::vector<DenseSpec> dense;
  std::vector<std::string> names;  // [labels]
};

/// How vectors are made when the caller does not say.
struct VectorSpec {
  Pooling pooling = Pooling::kMean;
  bool normalise = true;
  int32_t max_tokens = 0;  // that texts are meant to be cut to; 0 = the context
  // That vectors may be cut to (Kusupati et al. 2022); empty = any.
  std::vector<int32_t> dimensions = {};
  std::vector<DenseSpec> dense = {};  // after the pooling (sentence-transformers' Dense)
};

struct EncoderSpec {
  std::string family;
  int32_t vocabulary = 0, width = 0, context_length = 0;
  EncoderEmbedSpec embed;
  NormSpec norm;
  bool post_norm = true;   // norms follow the additions, else they precede the mixers
  bool first_norm = true;  // pre-norm: the first layer norms before attention, too
  bool final_norm = false;
  bool causal = false;    // rows see only what is before them
  bool down_bias = true;  // of a feed-forward's second matrix
  std::vector<RopeSpec> ropes;
  std::vector<LayerSpec> layers;  // window: |distance| < window; pre_norm, post_norm: where
                                  // post_norm above is false
  RelativeSpec relative;
  LabelSpec labels;
  VectorSpec vectors;
};

struct EncoderNames : TensorNames {
  std::string segments, embed_norm, embed_project;
  std::string gate_up;    // both in one tensor
  bool up_first = false;  // there
  std::string relative, relative_norm;
};

struct EncoderPlan {
  EncoderSpec spec;
  EncoderNames names;
};

}  // namespace erato

#endif  // ERATO_MODELS_ENCODER_SPEC_H_
