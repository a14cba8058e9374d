// q5_1: 32 values in 24 bytes, w = d · q + m with q of 5 bits. The low four bits lie as in q4_1,
// the fifth bit of value i is bit i of a 32-bit word.
#include "core/base/half.h"
#include "core/formats/codec.h"

namespace erato::q5_1 {
namespace {

struct Codec {
  struct Block {
    uint16_t d, m;  // f16
    uint8_t high[4];
    uint8_t low[16];
  };
  static_assert(sizeof(Block) == 24);
  static constexpr int kValues = 32;
  static constexpr IntegerForm kForm = {32, 0, 31, true};

  static void Unpack(const Block& block, int8_t* q, float* scale, float* min) {
    *scale = HalfToFloat(block.d);
    *min = HalfToFloat(block.m);
    uint8_t high[kValues];
    for (int i = 0; i < kValues; ++i)
      high[i] = (block.high[i / 8] & kBitMasks[i % 8]) != 0 ? 16 : 0;
    for (int i = 0; i < 16; ++i) {
      q[i] = static_cast<int8_t>(((block.low[i] & 15) | high[i]));
      q[i + 16] = static_cast<int8_t>((block.low[i] >> 4 | high[i + 16]));
    }
  }

  static void Pack(const float* x, Block& block) {
    const auto [low, high] = std::minmax_element(x, x + kValues);
    block.d = FloatToHalf((*high - *low) / 31);
    block.m = FloatToHalf(*low);
    const float min = HalfToFloat(block.m), inverse = SafeReciprocal(HalfToFloat(block.d));
    for (int i = 0; i < kValues; ++i) {
      const int q = Quantise((x[i] - min) * inverse, 0, 31);
      block.low[i % 16] |= static_cast<uint8_t>((q & 15) << (i < 16 ? 0 : 4));
      block.high[i / 8] |= static_cast<uint8_t>((q >> 4) << (i % 8));
    }
  }
};

}  // namespace

constexpr FormatInfo kInfo = BlockCodec<Codec>::Info(Format::kQ5_1);
}  // namespace erato::q5_1
