// What the codecs of block formats share. A block format is written as two functions on its layout:
//
//   Unpack(block, q, scale, min)   one block to small integers, group by group
//   Pack(x, block)                 one block of numbers to the nearest representable
//
// and from these come the four functions of FormatInfo. Decoding is scale · q + min in single
// precision, in this order, which is how every one of these formats is defined.
//
// Blocks are copied out of the file's bytes before they are looked at: a file promises no
// alignment.
#ifndef ERATO_CORE_FORMATS_CODEC_H_
#define ERATO_CORE_FORMATS_CODEC_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "core/formats/format.h"

namespace erato {

/// The nearest integer (ties to even) within [low, high]; low for NaN.
inline int Quantise(float x, int low, int high) {
  if (!(x > static_cast<float>(low))) return low;
  if (x >= static_cast<float>(high)) return high;
  return static_cast<int>(std::nearbyint(x));
}

/// 1 / x, and 0 for x = 0 or where the reciprocal is not finite: what a scale is divided by.
inline float SafeReciprocal(float x) {
  const float reciprocal = x == 0 ? 0 : 1 / x;
  return std::isfinite(reciprocal) ? reciprocal : 0;
}

/// The value of largest magnitude, with its sign; 0 for none.
inline float Extreme(const float* x, int n) {
  float extreme = 0;
  for (int i = 0; i < n; ++i) {
    if (std::fabs(x[i]) > std::fabs(extreme)) extreme = x[i];
  }
  return extreme;
}

/// Bits of a byte, as masks: a loop over them is one that a compiler turns into vectors, one over
/// shifts is not.
inline constexpr uint8_t kBitMasks[8] = {1, 2, 4, 8, 16, 32, 64, 128};

/// scale and min (≤ 0) that map [min(x), max(x)] onto 0 … levels.
struct Affine {
  float scale, min;
};
inline Affine FitAffine(const float* x, int n, int levels) {
  const float low = std::min(*std::min_element(x, x + n), 0.0f);
  const float high = *std::max_element(x, x + n);
  return {std::max(high - low, 0.0f) / static_cast<float>(levels), low};
}

/// The functions of FormatInfo from a traits class: Block, kValues, kForm, Unpack, Pack.
template <typename Codec>
struct BlockCodec {
  using Block = typename Codec::Block;
  static constexpr int kGroups = Codec::kValues / Codec::kForm.group;

  static void DecodeInteger(const uint8_t* bytes, int64_t n, int8_t* q, float* scale, float* min) {
    float unused[kGroups];
    for (int64_t i = 0; i < n / Codec::kValues; ++i) {
      Block block;
      std::memcpy(&block, bytes + i * sizeof(Block), sizeof(Block));
      Codec::Unpack(block, q + i * Codec::kValues, scale + i * kGroups,
                    min == nullptr ? unused : min + i * kGroups);
    }
  }

  static void Decode(const uint8_t* bytes, int64_t n, float* out) {
    int8_t q[Codec::kValues];
    float scale[kGroups], min[kGroups];
    for (int64_t i = 0; i < n / Codec::kValues; ++i) {
      DecodeInteger(bytes + i * sizeof(Block), Codec::kValues, q, scale, min);
      for (int g = 0; g < kGroups; ++g) {
        for (int j = g * Codec::kForm.group; j < (g + 1) * Codec::kForm.group; ++j) {
          const float product = scale[g] * static_cast<float>(q[j]);
          *out++ = Codec::kForm.has_min ? product + min[g] : product;
        }
      }
    }
  }

  static void Encode(const float* in, int64_t n, uint8_t* bytes) {
    for (int64_t i = 0; i < n / Codec::kValues; ++i) {
      Block block = {};
      Codec::Pack(in + i * Codec::kValues, block);
      std::memcpy(bytes + i * sizeof(Block), &block, sizeof(Block));
    }
  }

  static constexpr FormatInfo Info(Format format) {
    FormatInfo info = NamedFormat(format);
    info.block_values = Codec::kValues;
    info.block_bytes = sizeof(Block);
    info.decode = Decode;
    info.encode = Encode;
    info.integer = Codec::kForm;
    info.decode_integer = DecodeInteger;
    return info;
  }
};

/// The functions of FormatInfo for numbers of a floating-point type: Word, Widen, Narrow.
template <typename Codec>
struct FloatCodec {
  using Word = typename Codec::Word;

  static void Decode(const uint8_t* bytes, int64_t n, float* out) {
    for (int64_t i = 0; i < n; ++i) {
      Word word;
      std::memcpy(&word, bytes + i * sizeof(Word), sizeof(Word));
      out[i] = Codec::Widen(word);
    }
  }

  static void Encode(const float* in, int64_t n, uint8_t* bytes) {
    for (int64_t i = 0; i < n; ++i) {
      const Word word = Codec::Narrow(in[i]);
      std::memcpy(bytes + i * sizeof(Word), &word, sizeof(Word));
    }
  }

  static constexpr FormatInfo Info(Format format) {
    FormatInfo info = NamedFormat(format);
    info.block_values = 1;
    info.block_bytes = sizeof(Word);
    info.decode = Decode;
    info.encode = Encode;
    return info;
  }
};

}  // namespace erato

#endif  // ERATO_CORE_FORMATS_CODEC_H_
