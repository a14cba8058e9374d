// q4_0: 32 values in 18 bytes, w = d · (q − 8) with q of 4 bits. Byte i holds value i (low) and
// value i + 16 (high).
#include "core/base/half.h"
#include "core/formats/codec.h"

namespace erato::q4_0 {
namespace {

struct Codec {
  struct Block {
    uint16_t d;  // f16
    uint8_t q[16];
  };
  static_assert(sizeof(Block) == 18);
  static constexpr int kValues = 32;
  static constexpr IntegerForm kForm = {32, -8, 7, false};

  static void Unpack(const Block& block, int8_t* q, float* scale, float*) {
    *scale = HalfToFloat(block.d);
    for (int i = 0; i < 16; ++i) {
      q[i] = static_cast<int8_t>((block.q[i] & 15) - 8);
      q[i + 16] = static_cast<int8_t>((block.q[i] >> 4) - 8);
    }
  }

  // The value of largest magnitude becomes −8, the longer end of the range.
  static void Pack(const float* x, Block& block) {
    block.d = FloatToHalf(Extreme(x, kValues) / -8);
    const float inverse = SafeReciprocal(HalfToFloat(block.d));
    for (int i = 0; i < 16; ++i) {
      const int low = Quantise(x[i] * inverse, -8, 7) + 8;
      const int high = Quantise(x[i + 16] * inverse, -8, 7) + 8;
      block.q[i] = static_cast<uint8_t>(low | high << 4);
    }
  }
};

}  // namespace

constexpr FormatInfo kInfo = BlockCodec<Codec>::Info(Format::kQ4_0);
}  // namespace erato::q4_0
