// q5_0: 32 values in 22 bytes, w = d · (q − 16) with q of 5 bits. The low four bits lie as in q4_0,
// the fifth bit of value i is bit i of a 32-bit word.
#include "core/base/half.h"
#include "core/formats/codec.h"

namespace erato::q5_0 {
namespace {

struct Codec {
  struct Block {
    uint16_t d;  // f16
    uint8_t high[4];
    uint8_t low[16];
  };
  static_assert(sizeof(Block) == 22);
  static constexpr int kValues = 32;
  static constexpr IntegerForm kForm = {32, -16, 15, false};

  static void Unpack(const Block& block, int8_t* q, float* scale, float*) {
    *scale = HalfToFloat(block.d);
    uint8_t high[kValues];
    for (int i = 0; i < kValues; ++i)
      high[i] = (block.high[i / 8] & kBitMasks[i % 8]) != 0 ? 16 : 0;
    for (int i = 0; i < 16; ++i) {
      q[i] = static_cast<int8_t>(((block.low[i] & 15) | high[i]) - 16);
      q[i + 16] = static_cast<int8_t>((block.low[i] >> 4 | high[i + 16]) - 16);
    }
  }

  // The value of largest magnitude becomes −16, the longer end of the range.
  static void Pack(const float* x, Block& block) {
    block.d = FloatToHalf(Extreme(x, kValues) / -16);
    const float inverse = SafeReciprocal(HalfToFloat(block.d));
    for (int i = 0; i < kValues; ++i) {
      const int q = Quantise(x[i] * inverse, -16, 15) + 16;
      block.low[i % 16] |= static_cast<uint8_t>((q & 15) << (i < 16 ? 0 : 4));
      block.high[i / 8] |= static_cast<uint8_t>((q >> 4) << (i % 8));
    }
  }
};

}  // namespace

constexpr FormatInfo kInfo = BlockCodec<Codec>::Info(Format::kQ5_0);
}  // namespace erato::q5_0
