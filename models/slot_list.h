// Collects the slots of a model's weights under one prefix of names.
#ifndef ERATO_MODELS_SLOT_LIST_H_
#define ERATO_MODELS_SLOT_LIST_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/concat.h"
#include "models/decoder_spec.h"
#include "models/slots.h"

namespace erato {

/// Targets must not move afterwards; `norm` is what all norms of the model are.
class SlotList {
 public:
  SlotList(const NormSpec& norm, std::vector<WeightSlot>& slots) : norm_(norm), slots_(slots) {}
  void SetPrefix(std::string prefix) { prefix_ = std::move(prefix); }
  void SetTransposed(bool transposed) { transposed_ = transposed; }

  /// Rows [first, first + rows) of a matrix with `all` rows in the file, and of its bias.
  void AddLinear(Linear& to, std::string_view stem, int64_t rows, int64_t cols, bool bias,
                 int64_t first = 0, int64_t all = 0) {
    if (all == 0) all = rows;
    slots_.push_back({Concat(prefix_, stem, ".weight"), WeightUse::kMatrix, rows, cols, first, all,
                      transposed_, 0, &to.w});
    if (bias) AddVector(to.b, Concat(stem, ".bias"), rows, first, all, 0);
  }

  /// The matrices of attention, those of queries, keys and values apart or one below the other, and
  /// the norms of queries and keys.
  template <class Layer, class Names>
  void AddAttention(Layer& to, const Names& names, const AttentionSpec& a, int64_t width) {
    const int64_t q = int64_t{a.heads} * a.head_width, kv = int64_t{a.kv_heads} * a.head_width;
    if (names.qkv.empty()) {
      AddLinear(to.q, names.q, q, width, a.qkv_bias);
      AddLinear(to.k, names.k, kv, width, a.qkv_bias);
      AddLinear(to.v, names.v, kv, width, a.qkv_bias);
    } else {
      const int64_t all = q + 2 * kv;
      AddLinear(to.q, names.qkv, q, width, a.qkv_bias, 0, all);
      AddLinear(to.k, names.qkv, kv, width, a.qkv_bias, q, all);
      AddLinear(to.v, names.qkv, kv, width, a.qkv_bias, q + kv, all);
    }
    if (a.qk_norm) {
      AddNorm(to.q_norm, names.q_norm, a.head_width);
      AddNorm(to.k_norm, names.k_norm, a.head_width);
    }
    AddLinear(to.out, names.out, width, q, a.out_bias);
  }

  void AddNorm(Norm& to, std::string_view stem, int64_t width) {
    to.kind = norm_.kind;
    to.eps = norm_.eps;
    AddVector(to.gain, Concat(stem, ".weight"), width, 0, width, norm_.gain_offset);
    if (norm_.kind == Norm::Kind::kLayer && norm_.bias) {
      AddVector(to.bias, Concat(stem, ".bias"), width, 0, width, 0);
    }
  }

  void AddTable(const Weight*& to, std::string_view stem, int64_t rows, int64_t cols) {
    slots_.push_back(
        {Concat(prefix_, stem, ".weight"), WeightUse::kTable, rows, cols, 0, rows, false, 0, &to});
  }

  /// All of a matrix [rows, cols], end to end, as one vector.
  void AddFlat(const Weight*& to, std::string_view stem, int64_t rows, int64_t cols) {
    AddVector(to, Concat(stem, ".weight"), rows * cols, 0, rows * cols, 0);
    slots_.back().stored_cols = cols;
  }

 private:
  void AddVector(const Weight*& to, std::string_view name, int64_t width, int64_t first,
                 int64_t all, float offset) {
    slots_.push_back(
        {Concat(prefix_, name), WeightUse::kVector, 1, width, first, all, false, offset, &to});
  }

  const NormSpec& norm_;
  std::vector<WeightSlot>& slots_;
  std::string prefix_;
  bool transposed_ = false;
};

}  // namespace erato

#endif  // ERATO_MODELS_SLOT_LIST_H_
