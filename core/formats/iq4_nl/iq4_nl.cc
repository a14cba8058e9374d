// iq4_nl: 32 values in 18 bytes, w = d · book[q] with q of 4 bits; the book is denser around zero,
// where weights are.
#include "core/base/half.h"
#include "core/formats/codebook.h"
#include "core/formats/codec.h"

namespace erato::iq4_nl {
namespace {

struct Codec {
  struct Block {
    uint16_t d;  // f16
    uint8_t q[16];
  };
  static_assert(sizeof(Block) == 18);
  static constexpr int kValues = 32;
  static constexpr IntegerForm kForm = {32, -127, 113, false};
  static constexpr int8_t kBook[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                       1,    13,   25,  38,  53,  69,  89,  113};

  static void Unpack(const Block& block, int8_t* q, float* scale, float*) {
    *scale = HalfToFloat(block.d);
    UnpackCodes(kBook, block.q, q);
  }

  // The value of largest magnitude becomes −127, the longer end of the book.
  static void Pack(const float* x, Block& block) {
    block.d = FloatToHalf(Extreme(x, kValues) / -127);
    PackCodes(kBook, x, SafeReciprocal(HalfToFloat(block.d)), block.q);
  }
};

}  // namespace

constexpr FormatInfo kInfo = BlockCodec<Codec>::Info(Format::kIQ4_NL);
}  // namespace erato::iq4_nl
