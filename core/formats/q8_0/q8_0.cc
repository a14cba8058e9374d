// q8_0: 32 values in 34 bytes, w = d · q with q of 8 bits.
#include "core/base/half.h"
#include "core/formats/codec.h"

namespace erato::q8_0 {
namespace {

struct Codec {
  struct Block {
    uint16_t d;  // f16
    int8_t q[32];
  };
  static_assert(sizeof(Block) == 34);
  static constexpr int kValues = 32;
  static constexpr IntegerForm kForm = {32, -128, 127, false};

  static void Unpack(const Block& block, int8_t* q, float* scale, float*) {
    *scale = HalfToFloat(block.d);
    std::memcpy(q, block.q, kValues);
  }

  // −128 is not used: a symmetric range keeps x and −x alike.
  static void Pack(const float* x, Block& block) {
    block.d = FloatToHalf(std::fabs(Extreme(x, kValues)) / 127);
    const float inverse = SafeReciprocal(HalfToFloat(block.d));
    for (int i = 0; i < kValues; ++i)
      block.q[i] = static_cast<int8_t>(Quantise(x[i] * inverse, -127, 127));
  }
};

}  // namespace

constexpr FormatInfo kInfo = BlockCodec<Codec>::Info(Format::kQ8_0);
}  // namespace erato::q8_0
