// q8_k: 256 values in 292 bytes, w = d · q with q of 8 bits and d of single precision; after them
// the sums of each 16 q. Meant for activations; it occurs in files only by accident, and is read
// all the same.
#include "core/formats/codec.h"

namespace erato::q8_k {
namespace {

struct Codec {
  struct Block {
    float d;
    int8_t q[256];
    int16_t sum[16];
  };
  static_assert(sizeof(Block) == 292);
  static constexpr int kValues = 256;
  static constexpr IntegerForm kForm = {32, -128, 127, false};

  static void Unpack(const Block& block, int8_t* q, float* scale, float*) {
    std::fill_n(scale, kValues / kForm.group, block.d);
    std::memcpy(q, block.q, kValues);
  }

  static void Pack(const float* x, Block& block) {
    block.d = std::fabs(Extreme(x, kValues)) / 127;
    const float inverse = SafeReciprocal(block.d);
    for (int i = 0; i < kValues; ++i) {
      block.q[i] = static_cast<int8_t>(Quantise(x[i] * inverse, -127, 127));
      block.sum[i / 16] = static_cast<int16_t>(block.sum[i / 16] + block.q[i]);
    }
  }
};

}  // namespace

constexpr FormatInfo kInfo = BlockCodec<Codec>::Info(Format::kQ8_K);
}  // namespace erato::q8_k
