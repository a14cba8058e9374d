// q5_k: 256 values in 176 bytes: q4_k with a fifth bit. The fifth bit of value i of group g is bit
// g of byte i.
#include "core/formats/k_scales.h"

namespace erato::q5_k {
namespace {

struct Codec {
  struct Block {
    uint16_t d, dmin;  // f16
    uint8_t scales[12];
    uint8_t high[32];
    uint8_t low[128];
  };
  static_assert(sizeof(Block) == 176);
  static constexpr int kValues = 256;
  static constexpr IntegerForm kForm = {32, 0, 31, true};

  static void Unpack(const Block& block, int8_t* q, float* scale, float* min) {
    const float d = HalfToFloat(block.d), dmin = HalfToFloat(block.dmin);
    const KScales s = UnpackKScales(block.scales);
    for (int g = 0; g < 8; ++g) {
      scale[g] = d * static_cast<float>(s.scale[g]);
      min[g] = -(dmin * static_cast<float>(s.min[g]));
    }
    for (int pair = 0; pair < 4; ++pair) {
      for (int i = 0; i < 32; ++i) {
        const uint8_t byte = block.low[pair * 32 + i], bits = block.high[i];
        q[pair * 64 + i] =
            static_cast<int8_t>((byte & 15) | ((bits & kBitMasks[2 * pair]) != 0 ? 16 : 0));
        q[pair * 64 + 32 + i] =
            static_cast<int8_t>(byte >> 4 | ((bits & kBitMasks[2 * pair + 1]) != 0 ? 16 : 0));
      }
    }
  }

  static void Pack(const float* x, Block& block) {
    const auto fit = FitKAffine<8>(x, 32, 31, 63);
    block.d = fit.d;
    block.dmin = fit.dmin;
    KScales s;
    std::copy_n(fit.scale, 8, s.scale);
    std::copy_n(fit.min, 8, s.min);
    PackKScales(s, block.scales);
    for (int i = 0; i < kValues; ++i) {
      const int q = Quantise((x[i] - fit.low[i / 32]) * SafeReciprocal(fit.step[i / 32]), 0, 31);
      block.low[i / 64 * 32 + i % 32] |= static_cast<uint8_t>((q & 15) << (i % 64 < 32 ? 0 : 4));
      block.high[i % 32] |= static_cast<uint8_t>((q >> 4) << (i / 32));
    }
  }
};

}  // namespace

constexpr FormatInfo kInfo = BlockCodec<Codec>::Info(Format::kQ5_K);
}  // namespace erato::q5_k
