// q4_k: 256 values in 144 bytes, eight groups of 32: w = d · scale · q − dmin · min with q of 4
// bits. Each run of 32 bytes holds two groups, the first in the low halves, the second in the high
// ones.
#include "core/formats/k_scales.h"

namespace erato::q4_k {
namespace {

struct Codec {
  struct Block {
    uint16_t d, dmin;  // f16
    uint8_t scales[12];
    uint8_t q[128];
  };
  static_assert(sizeof(Block) == 144);
  static constexpr int kValues = 256;
  static constexpr IntegerForm kForm = {32, 0, 15, true};

  static void Unpack(const Block& block, int8_t* q, float* scale, float* min) {
    const float d = HalfToFloat(block.d), dmin = HalfToFloat(block.dmin);
    const KScales s = UnpackKScales(block.scales);
    for (int g = 0; g < 8; ++g) {
      scale[g] = d * static_cast<float>(s.scale[g]);
      min[g] = -(dmin * static_cast<float>(s.min[g]));
    }
    for (int pair = 0; pair < 4; ++pair) {
      for (int i = 0; i < 32; ++i) {
        const uint8_t byte = block.q[pair * 32 + i];
        q[pair * 64 + i] = static_cast<int8_t>(byte & 15);
        q[pair * 64 + 32 + i] = static_cast<int8_t>(byte >> 4);
      }
    }
  }

  static void Pack(const float* x, Block& block) {
    const auto fit = FitKAffine<8>(x, 32, 15, 63);
    block.d = fit.d;
    block.dmin = fit.dmin;
    KScales s;
    std::copy_n(fit.scale, 8, s.scale);
    std::copy_n(fit.min, 8, s.min);
    PackKScales(s, block.scales);
    for (int i = 0; i < kValues; ++i) {
      const int q = Quantise((x[i] - fit.low[i / 32]) * SafeReciprocal(fit.step[i / 32]), 0, 15);
      block.q[i / 64 * 32 + i % 32] |= static_cast<uint8_t>(q << (i % 64 < 32 ? 0 : 4));
    }
  }
};

}  // namespace

constexpr FormatInfo kInfo = BlockCodec<Codec>::Info(Format::kQ4_K);
}  // namespace erato::q4_k
