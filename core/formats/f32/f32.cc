// f32: IEEE 754 binary32.
#include "core/formats/codec.h"

namespace erato::f32 {
namespace {
struct Codec {
  using Word = float;
  static float Widen(float word) { return word; }
  static float Narrow(float value) { return value; }
};
static_assert(sizeof(Codec::Word) == 4);
}  // namespace

constexpr FormatInfo kInfo = FloatCodec<Codec>::Info(Format::kF32);
}  // namespace erato::f32
