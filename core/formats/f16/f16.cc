// f16: IEEE 754 binary16.
#include "core/base/half.h"
#include "core/formats/codec.h"

namespace erato::f16 {
namespace {
struct Codec {
  using Word = uint16_t;
  static float Widen(uint16_t word) { return HalfToFloat(word); }
  static uint16_t Narrow(float value) { return FloatToHalf(value); }
};
static_assert(sizeof(Codec::Word) == 2);
}  // namespace

constexpr FormatInfo kInfo = FloatCodec<Codec>::Info(Format::kF16);
}  // namespace erato::f16
