// q2_k: 256 values in 84 bytes, sixteen groups of 16: w = d · scale · q − dmin · min with q of 2
// bits, scale and min of 4. Each half block of 128 values has 32 bytes; value i lies in bits 2·(i /
// 32) of byte i % 32.
#include "core/formats/k_scales.h"

namespace erato::q2_k {
namespace {

struct Codec {
  struct Block {
    uint8_t scales[16];  // scale low, min high
    uint8_t q[64];
    uint16_t d, dmin;  // f16
  };
  static_assert(sizeof(Block) == 84);
  static constexpr int kValues = 256;
  static constexpr IntegerForm kForm = {16, 0, 3, true};

  static void Unpack(const Block& block, int8_t* q, float* scale, float* min) {
    const float d = HalfToFloat(block.d), dmin = HalfToFloat(block.dmin);
    for (int g = 0; g < 16; ++g) {
      scale[g] = d * static_cast<float>(block.scales[g] & 15);
      min[g] = -(dmin * static_cast<float>(block.scales[g] >> 4));
    }
    for (int half = 0; half < 2; ++half) {
      for (int shift = 0; shift < 8; shift += 2) {
        int8_t* to = q + half * 128 + shift * 16;
        for (int i = 0; i < 32; ++i) {
          to[i] = static_cast<int8_t>(block.q[half * 32 + i] >> shift & 3);
        }
      }
    }
  }

  static void Pack(const float* x, Block& block) {
    const auto fit = FitKAffine<16>(x, 16, 3, 15);
    block.d = fit.d;
    block.dmin = fit.dmin;
    for (int g = 0; g < 16; ++g)
      block.scales[g] = static_cast<uint8_t>(fit.scale[g] | fit.min[g] << 4);
    for (int i = 0; i < kValues; ++i) {
      const int q = Quantise((x[i] - fit.low[i / 16]) * SafeReciprocal(fit.step[i / 16]), 0, 3);
      block.q[i / 128 * 32 + i % 32] |= static_cast<uint8_t>(q << (i % 128 / 32 * 2));
    }
  }
};

}  // namespace

constexpr FormatInfo kInfo = BlockCodec<Codec>::Info(Format::kQ2_K);
}  // namespace erato::q2_k
