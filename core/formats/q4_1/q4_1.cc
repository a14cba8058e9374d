// q4_1: 32 values in 20 bytes, w = d · q + m with q of 4 bits. Byte i holds value i (low) and value
// i + 16 (high).
#include "core/base/half.h"
#include "core/formats/codec.h"

namespace erato::q4_1 {
namespace {

struct Codec {
  struct Block {
    uint16_t d, m;  // f16
    uint8_t q[16];
  };
  static_assert(sizeof(Block) == 20);
  static constexpr int kValues = 32;
  static constexpr IntegerForm kForm = {32, 0, 15, true};

  static void Unpack(const Block& block, int8_t* q, float* scale, float* min) {
    *scale = HalfToFloat(block.d);
    *min = HalfToFloat(block.m);
    for (int i = 0; i < 16; ++i) {
      q[i] = static_cast<int8_t>(block.q[i] & 15);
      q[i + 16] = static_cast<int8_t>(block.q[i] >> 4);
    }
  }

  static void Pack(const float* x, Block& block) {
    const auto [low, high] = std::minmax_element(x, x + kValues);
    block.d = FloatToHalf((*high - *low) / 15);
    block.m = FloatToHalf(*low);
    const float min = HalfToFloat(block.m), inverse = SafeReciprocal(HalfToFloat(block.d));
    for (int i = 0; i < 16; ++i) {
      const int first = Quantise((x[i] - min) * inverse, 0, 15);
      const int second = Quantise((x[i + 16] - min) * inverse, 0, 15);
      block.q[i] = static_cast<uint8_t>(first | second << 4);
    }
  }
};

}  // namespace

constexpr FormatInfo kInfo = BlockCodec<Codec>::Info(Format::kQ4_1);
}  // namespace erato::q4_1
