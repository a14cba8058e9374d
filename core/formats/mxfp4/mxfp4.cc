// mxfp4: 32 values in 17 bytes, w = 2^(e − 127) · f with f of 4 bits (e2m1: 0, ½, 1, 1½, 2, 3, 4, 6
// and their negatives). The integer form doubles f and halves the scale. OCP Microscaling Formats
// v1.0, sections 5.3.3 and 5.4.1; e = 255 is NaN.
#include "core/base/half.h"
#include "core/formats/codebook.h"
#include "core/formats/codec.h"

namespace erato::mxfp4 {
namespace {

struct Codec {
  struct Block {
    uint8_t e;  // e8m0
    uint8_t q[16];
  };
  static_assert(sizeof(Block) == 17);
  static constexpr int kValues = 32;
  static constexpr IntegerForm kForm = {32, -12, 12, false};
  static constexpr int8_t kBook[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  static void Unpack(const Block& block, int8_t* q, float* scale, float*) {
    *scale = E8m0ToFloat(block.e) * 0.5f;
    UnpackCodes(kBook, block.q, q);
  }

  // The specification's choice (section 6.3): the largest power of two in the block, less that of
  // the largest element, 4.
  static void Pack(const float* x, Block& block) {
    block.e = FloatToE8m0(std::fabs(Extreme(x, kValues)) / 4);
    PackCodes(kBook, x, SafeReciprocal(E8m0ToFloat(block.e) * 0.5f), block.q);
  }
};

}  // namespace

constexpr FormatInfo kInfo = BlockCodec<Codec>::Info(Format::kMXFP4);
}  // namespace erato::mxfp4
