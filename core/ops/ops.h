// The page that models are written against and backends are written for.
//
// An op is a phase: everything that can happen between two global synchronisations. A model is a
// list of phases, a backend is a set of phases. An op is a contract, not a kernel: at prefill Qkv
// may be a norm, three GEMMs and a rotation, at decode one kernel; nobody above can tell.
// `core/ref` is this page's meaning, every other backend is its speed, and `tests/ops` holds both
// against the formulas below.
//
// Letters
//     T  rows: tokens of all sequences of a step, laid end to end
//     D  model width                F  feed-forward width
//     H  query heads                G  key/value heads, H % G == 0
//     E  head width of q and k      V  head width of v
#ifndef ERATO_CORE_OPS_OPS_H_
#define ERATO_CORE_OPS_OPS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/weights/tensor.h"

namespace erato {

// ---- What lives on a backend ------------------------------------------------------------------

/// A matrix [rows, cols] or a vector [1, cols] of parameters in a backend's own layout; y = W·x
/// maps cols to rows. Immutable after Upload. Made and understood by one backend only.
struct Weight {
  virtual ~Weight() = default;
  int64_t rows = 0, cols = 0;
  size_t bytes = 0;  // memory that it occupies on its backend
};

/// A buffer of activations [max_rows, cols] whose element type is the backend's own business.
struct Activation {
  virtual ~Activation() = default;
  int64_t max_rows = 0, cols = 0;
};

/// What attention layers keep of the past, for one layer of the model.
struct KvLayerSpec {
  int32_t kv_heads = 0;  // G
  int32_t k_width = 0;   // E
  int32_t v_width = 0;   // V
  bool wide = false;     // kept as float32, else a backend may keep float16
};

/// Paged keys and values of all layers. One block holds `block_tokens` consecutive positions of one
/// sequence in every layer. Blocks exist from 0 to blocks()-1; who owns which is the engine's
/// business.
struct KvPool {
  virtual ~KvPool() = default;
  /// Makes block ids 0 … blocks-1 usable; existing contents stay. RESOURCE_EXHAUSTED leaves the
  /// pool as it was.
  virtual absl::Status Grow(int32_t blocks) = 0;
  /// Gives back the memory of blocks whose id is `blocks` or higher.
  virtual void Shrink(int32_t blocks) = 0;
  virtual int32_t blocks() const = 0;
  virtual size_t block_bytes() const = 0;
  static constexpr int32_t block_tokens = 32;
};

// ---- One run ----------------------------------------------------------------------------------

/// What one run computes: T rows, the rows of sequence s being [row_begin[s], row_begin[s+1]), in
/// order of position. The arrays belong to the caller and stay unchanged during Run.
struct Step {
  absl::Span<const int32_t> ids;        // [T] token ids, valid for the model
  absl::Span<const int32_t> positions;  // [T] position of each row in its sequence, from 0
  absl::Span<const int32_t> segments;   // [T] which of a pair of texts a row is of; empty = all 0
  absl::Span<const int32_t> row_begin;  // [sequences+1]
  // [sequences] block tables: position p of sequence s lies in block blocks[s][p / block_tokens]
  std::vector<absl::Span<const int32_t>> blocks;
  absl::Span<const int32_t> logit_rows;  // rows whose logits are wanted, ascending
  KvPool* kv = nullptr;
  const std::atomic<bool>* stop = nullptr;  // set by anyone: the run ends early with CANCELLED
  int32_t rows() const { return static_cast<int32_t>(ids.size()); }
  int32_t sequences() const { return static_cast<int32_t>(row_begin.size()) - 1; }
};

// ---- The parameters of phases -----------------------------------------------------------------

/// none:  x
/// rms:   x / sqrt(mean(x²) + eps) ⊙ gain
/// layer: (x − mean(x)) / sqrt(var(x) + eps) ⊙ gain + bias
struct Norm {
  enum class Kind { kNone, kRms, kLayer };
  Kind kind = Kind::kNone;
  const Weight* gain = nullptr;  // [1, n]; null = 1
  const Weight* bias = nullptr;  // [1, n]; null = 0
  float eps = 0;
};

/// W·x + b
struct Linear {
  const Weight* w = nullptr;
  const Weight* b = nullptr;  // [1, rows]; null = 0
};

/// Rotary position embedding over the first 2·P values of a head: pair p turns by
/// position · inverse_frequency[p], and these values are scaled by `magnitude`. P = 0: no rotation.
///   half          pair p is (p, p+P)
///   interleaved   pair p is (2p, 2p+1)
struct Rope {
  enum class Pairing { kHalf, kInterleaved };
  Pairing pairing = Pairing::kHalf;
  std::vector<float> inverse_frequency;  // [P]
  float magnitude = 1;
};

/// kNone: y = x
enum class Activate { kSilu, kGelu, kGeluTanh, kRelu, kReluSquared, kTanh, kNone };

/// What the distance between two positions adds to their score. Distances beyond R count as R; the
/// row of distance d = position − p is r(d) = row[clamp(d, −R, R) + R].
///   bias (Raffel et al. 2020; MPNet)
///       score += bias[r(d)][h]
///   position_k, position_q (DeBERTa, He et al. 2021: content to position, position to content)
///       score += scale · (q·position_k[r(d)] + k_p·position_q[r(d)])
struct RelativePositions {
  std::vector<int32_t> row;                // [2R + 1], values 0 … rows−1
  const Weight* bias = nullptr;            // [1, rows·H]: all heads of row 0, of row 1, …
  const Activation* position_k = nullptr;  // [rows, H·E]; both or neither, and only where H = G
  const Activation* position_q = nullptr;
};

/// How the rows of one sequence become one vector: their mean, the first, the last, or the greatest
/// value of each column. kNone: they do not, each row stays.
enum class Pooling { kNone, kMean, kFirst, kLast, kMax };

// ---- The phases -------------------------------------------------------------------------------

/// x[t] = norm(scale · table[id(t)] (+ positions[first_position + position(t)])
///                                  (+ segments[segment(t)]))
struct EmbedArgs {
  const Weight* table = nullptr;      // [vocabulary, D]
  const Weight* positions = nullptr;  // [max positions, D]; null = none
  float scale = 1;
  Activation* x = nullptr;           // [T, D]
  int32_t first_position = 0;        // row of `positions` where a sequence begins
  const Weight* segments = nullptr;  // [kinds of segment, D]; null = none
  Norm norm = {};                    // over D
};

/// n = norm(x);  q, k, v = Wq·n, Wk·n, Wv·n;  q, k = q_norm(q), k_norm(k) over each head of E;
/// q, k = rope(q), rope(k);  q → out;  k, v → cache of `layer` at each row's position, or, where
/// `k` and `v` are given, there: what has no past needs no cache.
struct QkvArgs {
  const Activation* x = nullptr;     // [T, D]
  Norm norm = {};                    // over D
  Linear wq = {}, wk = {}, wv = {};  // [H·E, D], [G·E, D], [G·V, D]
  Norm q_norm = {}, k_norm = {};     // over each head's E values
  const Rope* rope = nullptr;        // null = none
  int32_t heads = 0;                 // H
  KvLayerSpec kv = {};
  int32_t layer = 0;        // index into the cache
  Activation* q = nullptr;  // [T, H·E]
  Activation* k = nullptr;  // [T, G·E]; null = cache
  Activation* v = nullptr;  // [T, G·V]
};

/// o = softmax(scale · q·kᵀ + relative) · v over positions p with |position − p| < window, and,
/// where causal, p ≤ position; head h reads kv head h/(H/G). Keys and values come from the cache,
/// or from `k` and `v`: then every sequence is in the step as a whole, and p is one of its rows.
/// Relative positions and attention to what comes later are for such steps only.
struct AttendArgs {
  const Activation* q = nullptr;  // [T, H·E]
  int32_t heads = 0;
  KvLayerSpec kv = {};
  int32_t layer = 0;
  float scale = 1;
  int32_t window = 0;             // 0 = any distance
  Activation* o = nullptr;        // [T, H·V]
  const Activation* k = nullptr;  // [T, G·E]; null = cache
  const Activation* v = nullptr;  // [T, G·V]
  bool causal = true;
  const RelativePositions* relative = nullptr;  // null = none
};

/// x = norm(x + scale · post_norm(W·in + b))
struct ProjAddArgs {
  const Activation* in = nullptr;  // [T, n]
  Linear w = {};                   // [D, n]
  Norm post_norm = {};             // over D
  float scale = 1;
  Activation* x = nullptr;  // [T, D]
  Norm norm = {};           // over D, of the sum: residuals as in the first transformer
};

/// n = norm(x);  gated: h = act(Wg·n) ⊙ (Wu·n);  plain (no gate): h = act(Wu·n)
struct GateUpArgs {
  const Activation* x = nullptr;  // [T, D]
  Norm norm = {};                 // over D
  Linear gate = {}, up = {};      // [F, D]; gate.w null = plain
  Activate act = Activate::kSilu;
  Activation* h = nullptr;  // [T, F]
};

/// logits[i] = cap(scale · (W·norm(x[logit_rows[i]]) + b)),  cap(y) = c·tanh(y/c), c = 0: y
struct HeadArgs {
  const Activation* x = nullptr;  // [T, D]
  Norm norm = {};
  Linear w = {};  // [vocabulary, D]
  float scale = 1;
  float cap = 0;
  Activation* logits = nullptr;  // [logit rows, vocabulary]
};

/// y[t] = act(W·norm(x[t]) + b) for every row, or for one row a sequence where `pooled`.
struct DenseArgs {
  const Activation* x = nullptr;  // [T, n], or [sequences, n]
  Norm norm = {};                 // over n
  Linear w = {};                  // [m, n]
  Activate act = Activate::kNone;
  bool pooled = false;
  Activation* y = nullptr;  // [T, m], or [sequences, m]
};

/// y[s] = pooling of norm(x[t]) over the rows t of sequence s; kNone: y[t] = norm(x[t]).
struct PoolArgs {
  const Activation* x = nullptr;  // [T, D]
  Norm norm = {};                 // over D
  Pooling pooling = Pooling::kMean;
  Activation* y = nullptr;  // [sequences, D], or [T, D]
};

/// The phases as one worker of a backend sees them. Every worker of a team walks the same list of
/// phases; each op ends with the effect visible to all. Ops cannot fail and do not allocate: shapes
/// were checked when the model was bound, scratch was reserved then.
class Ops {
 public:
  virtual ~Ops() = default;
  virtual void Embed(const EmbedArgs&, const Step&) = 0;
  virtual void Qkv(const QkvArgs&, const Step&) = 0;
  virtual void Attend(const AttendArgs&, const Step&) = 0;
  virtual void ProjAdd(const ProjAddArgs&, const Step&) = 0;
  virtual void GateUp(const GateUpArgs&, const Step&) = 0;
  virtual void Head(const HeadArgs&, const Step&) = 0;
  virtual void Dense(const DenseArgs&, const Step&) = 0;
  virtual void Pool(const PoolArgs&, const Step&) = 0;
  /// True when step.stop was set before the last phase ended; the same answer to every worker.
  /// Forward then returns.
  virtual bool Stopped(const Step&) const = 0;
};

/// A list of phases. Forward may branch on the model's specification, never on data; its object
/// outlives every Run.
class Program {
 public:
  virtual ~Program() = default;
  virtual void Forward(Ops& ops, const Step& step) const = 0;
};

/// What a weight is used for, so that Upload can choose a layout.
enum class WeightUse {
  kVector,  // norm gains and biases: kept in float32
  kMatrix,  // W·x
  kTable,   // rows looked up by id, and possibly W·x too (tied embeddings)
};

/// A device with memory. Not thread-safe: one caller at a time (the engine's leader, or whoever
/// loads).
class Backend {
 public:
  virtual ~Backend() = default;
  /// Copies `tensor` ([rows, cols], or a vector) here, in whatever layout and format the kernels
  /// want. The source may go afterwards. INVALID_ARGUMENT where the shape is not a matrix or
  /// vector, RESOURCE_EXHAUSTED where memory is short, or the error of reading its bytes.
  virtual absl::StatusOr<std::unique_ptr<Weight>> Upload(const HostTensor& tensor,
                                                         WeightUse use) = 0;
  virtual absl::StatusOr<std::unique_ptr<Activation>> NewActivation(int64_t max_rows,
                                                                    int64_t cols) = 0;
  virtual absl::StatusOr<std::unique_ptr<KvPool>> NewKvPool(
      absl::Span<const KvLayerSpec> layers) = 0;
  /// Reserves scratch for programs with at most this many rows, vectors of at most `max_cols`
  /// values on either side of any matrix but Head's, and heads of at most `max_head` values, so
  /// that Run cannot run short. Called again: the largest of each.
  virtual absl::Status Reserve(int64_t max_rows, int64_t max_cols, int64_t max_head) = 0;
  /// Walks program.Forward once over `step`. OK, or CANCELLED when step.stop was set: then
  /// activations and the cache rows of this step hold anything, all earlier cache rows are as they
  /// were.
  virtual absl::Status Run(const Program& program, const Step& step) = 0;
  /// Copies rows [row, row + rows) of an activation to `out` as float32.
  virtual void Read(const Activation& from, int64_t row, int64_t rows, float* out) const = 0;
  /// Bytes of its memory that Upload takes. `tensor` is looked at, not read.
  virtual int64_t WeightBytes(const HostTensor& tensor, WeightUse use) const = 0;
  /// Bytes of its memory that Reserve takes where no uploaded matrix has more than `max_cols`
  /// columns.
  virtual int64_t ScratchBytes(int64_t max_rows, int64_t max_cols, int64_t max_head) const = 0;
  /// For people: "cpu avx2, 2 threads".
  virtual std::string Describe() const = 0;
};

}  // namespace erato

#endif  // ERATO_CORE_OPS_OPS_H_
