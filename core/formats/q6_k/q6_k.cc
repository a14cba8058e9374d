// q6_k: 256 values in 210 bytes, sixteen groups of 16: w = d · scale · (q − 32) with q of 6 bits
// and scale of 8 (signed). Each half block of 128 values has 64 bytes of low four bits (values 0 …
// 63 in the low halves, 64 … 127 in the high ones) and 32 bytes of upper two bits (value i in bits
// 2·(i / 32) of byte i % 32).
#include "core/base/half.h"
#include "core/formats/codec.h"

namespace erato::q6_k {
namespace {

struct Codec {
  struct Block {
    uint8_t low[128];
    uint8_t high[64];
    int8_t scales[16];
    uint16_t d;  // f16
  };
  static_assert(sizeof(Block) == 210);
  static constexpr int kValues = 256;
  static constexpr IntegerForm kForm = {16, -32, 31, false};

  static void Unpack(const Block& block, int8_t* q, float* scale, float*) {
    const float d = HalfToFloat(block.d);
    for (int g = 0; g < 16; ++g) scale[g] = d * static_cast<float>(block.scales[g]);
    for (int half = 0; half < 2; ++half) {
      const uint8_t *low = block.low + half * 64, *high = block.high + half * 32;
      int8_t* to = q + half * 128;
      for (int i = 0; i < 32; ++i) {
        to[i] = static_cast<int8_t>(((low[i] & 15) | (high[i] & 3) << 4) - 32);
        to[i + 32] = static_cast<int8_t>(((low[i + 32] & 15) | (high[i] >> 2 & 3) << 4) - 32);
        to[i + 64] = static_cast<int8_t>((low[i] >> 4 | (high[i] >> 4 & 3) << 4) - 32);
        to[i + 96] = static_cast<int8_t>((low[i + 32] >> 4 | (high[i] >> 6) << 4) - 32);
      }
    }
  }

  // In each group the value of largest magnitude becomes −32, the longer end of the range.
  static void Pack(const float* x, Block& block) {
    float exact[16];
    for (int g = 0; g < 16; ++g) exact[g] = Extreme(x + g * 16, 16) / -32;
    block.d = FloatToHalf(Extreme(exact, 16) / -128);
    const float d = HalfToFloat(block.d), inverse = SafeReciprocal(d);
    for (int g = 0; g < 16; ++g)
      block.scales[g] = static_cast<int8_t>(Quantise(exact[g] * inverse, -128, 127));
    for (int i = 0; i < kValues; ++i) {
      const int8_t scale = block.scales[i / 16];
      const float step = d * static_cast<float>(scale);
      const int q = Quantise(x[i] * SafeReciprocal(step), -32, 31) + 32;
      const int half = i / 128, j = i % 128;
      block.low[half * 64 + j % 64] |= static_cast<uint8_t>((q & 15) << (j < 64 ? 0 : 4));
      block.high[half * 32 + j % 32] |= static_cast<uint8_t>((q >> 4) << (j / 32 * 2));
    }
  }
};

}  // namespace

constexpr FormatInfo kInfo = BlockCodec<Codec>::Info(Format::kQ6_K);
}  // namespace erato::q6_k
