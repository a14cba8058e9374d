// q3_k: 256 values in 110 bytes, sixteen groups of 16: w = d · (scale − 32) · (q − 4) with q of 3
// bits and scale of 6. The low two bits lie as in q2_k; the third bit of value i is bit i / 32 of
// byte i % 32. Scale g has its low four bits in byte g % 8 (low half for g < 8, high half else) and
// its upper two in bits 2·(g / 4) of byte 8 + g % 4.
#include "core/base/half.h"
#include "core/formats/codec.h"

namespace erato::q3_k {
namespace {

struct Codec {
  struct Block {
    uint8_t high[32];
    uint8_t low[64];
    uint8_t scales[12];
    uint16_t d;  // f16
  };
  static_assert(sizeof(Block) == 110);
  static constexpr int kValues = 256;
  static constexpr IntegerForm kForm = {16, -4, 3, false};

  static int ScaleOf(const Block& block, int g) {
    const int low = g < 8 ? block.scales[g] & 15 : block.scales[g - 8] >> 4;
    const int high = (block.scales[8 + g % 4] >> (g / 4 * 2)) & 3;
    return (low | high << 4) - 32;
  }

  static void Unpack(const Block& block, int8_t* q, float* scale, float*) {
    const float d = HalfToFloat(block.d);
    for (int g = 0; g < 16; ++g) scale[g] = d * static_cast<float>(ScaleOf(block, g));
    for (int half = 0; half < 2; ++half) {
      for (int shift = 0; shift < 8; shift += 2) {
        int8_t* to = q + half * 128 + shift * 16;
        for (int i = 0; i < 32; ++i) {
          const int low = block.low[half * 32 + i] >> shift & 3;
          const int high = (block.high[i] & kBitMasks[half * 4 + shift / 2]) != 0 ? 0 : 4;
          to[i] = static_cast<int8_t>(low - high);
        }
      }
    }
  }

  // In each group the value of largest magnitude becomes −4, the longer end of the range.
  static void Pack(const float* x, Block& block) {
    float exact[16];
    for (int g = 0; g < 16; ++g) exact[g] = Extreme(x + g * 16, 16) / -4;
    block.d = FloatToHalf(Extreme(exact, 16) / -32);
    const float d = HalfToFloat(block.d), inverse = SafeReciprocal(d);
    for (int g = 0; g < 16; ++g) {
      const int scale = Quantise(exact[g] * inverse, -32, 31) + 32;
      block.scales[g % 8] |= static_cast<uint8_t>((scale & 15) << (g < 8 ? 0 : 4));
      block.scales[8 + g % 4] |= static_cast<uint8_t>((scale >> 4) << (g / 4 * 2));
    }
    for (int i = 0; i < kValues; ++i) {
      const float step = d * static_cast<float>(ScaleOf(block, i / 16));
      const int q = Quantise(x[i] * SafeReciprocal(step), -4, 3) + 4;
      block.low[i / 128 * 32 + i % 32] |= static_cast<uint8_t>((q & 3) << (i % 128 / 32 * 2));
      block.high[i % 32] |= static_cast<uint8_t>((q >> 2) << (i / 32));
    }
  }
};

}  // namespace

constexpr FormatInfo kInfo = BlockCodec<Codec>::Info(Format::kQ3_K);
}  // namespace erato::q3_k
