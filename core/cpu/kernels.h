// The table of kernels that one instruction set provides, and the plain structs that cross it.
//
// Every instruction set is one translation unit (isa_*.cc) with its own compile flags. Such a unit
// must not share an inline function or template with any other unit: the linker keeps one copy,
// perhaps the one compiled for a processor that this machine is not. So nothing with code in it
// stands in this header, and the units include no other of ours.
#ifndef ERATO_CORE_CPU_KERNELS_H_
#define ERATO_CORE_CPU_KERNELS_H_

#include <stddef.h>
#include <stdint.h>

namespace erato::cpu {

/// What one stored parameter of a matrix is.
enum class Cell : uint8_t { kInt4, kInt8, kF32, kF16, kBf16, kBf16Pairs };

/// A matrix as the kernels read it: strips of `strip_rows` rows, one after the other, the last one
/// padded with zero rows.
///
/// Float cells: a strip is cols × strip_rows elements, column by column. kBf16Pairs: two columns at
/// a time, each row's two cells side by side; an odd last column has zeros beside it.
///
/// Integer cells: a strip is a row of groups of `group` columns (16 or 32), each group being
///   cells   group × strip_rows, in steps of four columns. Step j of vector m holds, for each row
///           of the vector in turn, columns 4j … 4j+3: a byte each (kInt8), or (kInt4) the steps
///           2i and 2i+1 in the low and high nibbles of one vector of bytes
///   scale   strip_rows × float16
///   min     strip_rows × float16, where has_min
/// and w = unit · (scale · q + min), unit being a power of two. A kInt4 cell is q = u − 8 where
/// has_min is false, else u; a kInt8 cell is q (or q + 128 in a byte, see Kernels::unsigned_bytes,
/// and then only without min).
struct Matrix {
  const uint8_t* data;
  int64_t rows, cols;
  int64_t strips;
  size_t strip_bytes, group_bytes;
  int32_t strip_rows, group;
  Cell cell;
  bool has_min;
  float unit;
};

/// One row of activations rounded to bytes. For `cols` columns (a multiple of 32), in this order:
///   int8   q[cols]
///   float  scale[cols/32], sum32[cols/32], sum16[cols/16]
///   int32  zero8[cols/32], zero128[cols/32]
/// x ≈ scale · q; sums are scale · Σq over 32 or 16 columns; zeros are −8 · Σq and −128 · Σq over
/// 32 columns: what a dot product over cells stored with an offset has to start from.
struct RoundedRow {
  const int8_t* q;
  const float *scale, *sum32, *sum16;
  const int32_t *zero8, *zero128;
};

/// Queries that read the same keys and values: `n` heads × rows. Query i may see positions
/// [first[i], last[i]].
struct AttendTile {
  const float* q;        // [n, k_width], scaled
  const int32_t* first;  // [n]
  const int32_t* last;   // [n]
  int32_t n, k_width, v_width;
  int32_t begin, end;           // positions to read: a part of, or all of, what the queries may see
  const uint8_t* const* pages;  // of the pool, by block id
  const int32_t* blocks;        // block table of the sequence
  // In a page, of this layer and head: keys [k_width, 32], values [32, v_width].
  size_t k_offset, v_offset;
  bool wide;      // keys and values are float32, else float16
  float* scores;  // scratch [n, 32]
  float* o;       // out [n, v_width]: Σ exp(s − top) · v
  float* top;     // out [n]: the greatest score
  float* sum;     // out [n]: Σ exp(s − top)
};

/// Queries of one head of one sequence, whose keys and values are rows of activations; lines
/// `…_stride` values apart. Query i is at position query + i.
struct RowsTile {
  const float* q;      // [n, k_width]
  const float *k, *v;  // [rows, k_width], [rows, v_width]
  float* o;            // out [n, v_width]
  int64_t q_stride, k_stride, v_stride, o_stride;
  int32_t n, k_width, v_width;
  int32_t query, rows;
  int32_t window;  // |distance| below it; 0 = any
  bool causal;
  float scale;
  const float* bias;  // [rows + n − 1 + 32]: query i, position p at p + n − 1 − i; or null
  const float *position_k, *position_q;  // [places, k_width], place_stride apart; or null
  int64_t place_stride;
  const int32_t* place;  // [2·reach + 1]: which of them a distance has
  int32_t reach;
  float* keys;                // scratch [k_width, 32]
  float *top, *sum;           // scratch [n]
  float* places;              // scratch [64, k_width], with position_k only
  float *asking, *answering;  // scratch [n, 64], [64, 32], with position_k only
};

enum class NormKind : uint8_t { kNone, kRms, kLayer };
enum class Curve : uint8_t { kSilu, kGelu, kGeluTanh, kRelu, kReluSquared, kTanh, kNone };

struct Kernels {
  const char* name;
  int32_t strip_rows;
  bool unsigned_bytes;  // kInt8 cells without min are stored as q + 128

  /// out[n, strip_rows] = strip `strip` of W · in, for n rows of activations `in_bytes` apart:
  /// rounded rows for integer cells, bfloat16 for kBf16Pairs, else float32. `scratch`:
  /// StripScratchBytes.
  void (*strip)(const Matrix& w, int64_t strip, const uint8_t* in, size_t in_bytes, int64_t n,
                float* out, uint8_t* scratch);
  /// Rounds one row to bytes, blocks of 32 with a scale each. A block with a NaN or infinity in it
  /// comes out as NaN. What the rounding took away goes to rest[cols] where that is not null; rest
  /// may be x.
  void (*round_row)(const float* x, int64_t cols, uint8_t* row, float* rest);
  /// Rounds one row to bfloat16, cols values and a zero after an odd number of them; `rest` as
  /// above. Null: this set has no sums of bfloat16, and such cells meet float32 (Cell::kBf16).
  void (*round_row_bf16)(const float* x, int64_t cols, uint16_t* row, float* rest);
  /// out = norm(x); gain and bias may be null; out may be x.
  void (*norm)(NormKind kind, const float* x, int64_t n, const float* gain, const float* bias,
               float eps, float* out);
  /// x += scale · y
  void (*add_scaled)(float* x, const float* y, int64_t n, float scale);
  /// h = curve(gate) ⊙ up, or curve(up) where gate is null; h may be either.
  void (*activate)(Curve curve, const float* gate, const float* up, int64_t n, float* h);
  /// y = cap · tanh(y / cap)
  void (*soft_cap)(float* y, int64_t n, float cap);
  /// Turns pairs (x[p], x[p+pairs]) by the angles whose cosines and sines are given.
  void (*rotate_half)(float* x, const float* cosine, const float* sine, int64_t pairs);
  void (*to_half)(const float* x, int64_t n, uint16_t* out);
  void (*attend)(const AttendTile& tile);
  void (*attend_rows)(const RowsTile& tile);
};

const Kernels* PortableKernels();
const Kernels* Avx2Kernels();        // null where this build has no such unit
const Kernels* Avx512Kernels();      // null where this build has no such unit
const Kernels* Avx512Bf16Kernels();  // null where this build has no such unit

}  // namespace erato::cpu

#endif  // ERATO_CORE_CPU_KERNELS_H_
