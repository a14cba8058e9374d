// bf16: the upper half of a binary32.
#include "core/base/half.h"
#include "core/formats/codec.h"

namespace erato::bf16 {
namespace {
struct Codec {
  using Word = uint16_t;
  static float Widen(uint16_t word) { return Bf16ToFloat(word); }
  static uint16_t Narrow(float value) { return FloatToBf16(value); }
};
static_assert(sizeof(Codec::Word) == 2);
}  // namespace

constexpr FormatInfo kInfo = FloatCodec<Codec>::Info(Format::kBF16);
}  // namespace erato::bf16
