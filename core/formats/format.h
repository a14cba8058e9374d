// Weight formats: how numbers lie in a file. One folder a format (layout, size assert, scalar
// codec), one line in formats.def; nobody else in Erato knows a format by name.
//
// Integer formats store, in groups of `group` values along a row, w = scale · q + min with a small
// integer q. A backend that multiplies integers asks for that form and never learns which format it
// came from.
#ifndef ERATO_CORE_FORMATS_FORMAT_H_
#define ERATO_CORE_FORMATS_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/types/span.h"

namespace erato {

enum class Format : uint8_t {
#define ERATO_FORMAT(Name, folder, gguf_type, safetensors_name) k##Name,
#include "core/formats/formats.def"
#undef ERATO_FORMAT
};

/// The exact integer form of a format: w[i] = scale[i / group] · q[i] + min[i / group].
struct IntegerForm {
  int group = 0;  // values that share a scale: 16 or 32; 0 = the format is not of this form
  int q_min = 0, q_max = 0;  // range of q, within int8
  bool has_min = false;      // false: min is always 0
};

/// Everything there is to know about a format. `n` is a number of values, always a whole number of
/// blocks.
struct FormatInfo {
  const char* name;              // "q4_k"
  int32_t gguf_type;             // ggml's number; -1 = not in GGUF
  const char* safetensors_name;  // "BF16"; "" = not in safetensors
  int block_values;              // values a block
  int block_bytes;               // bytes a block
  void (*decode)(const uint8_t* blocks, int64_t n, float* out);
  void (*encode)(const float* in, int64_t n, uint8_t* blocks);
  IntegerForm integer;
  /// q[n], scale[n / group], min[n / group] (min may be null where has_min is false). Null where
  /// group is 0.
  void (*decode_integer)(const uint8_t* blocks, int64_t n, int8_t* q, float* scale, float* min);
};

const FormatInfo& InfoOf(Format format);
absl::Span<const Format> AllFormats();
/// By ggml's type number or by the name in safetensors; none where no format has it.
std::optional<Format> FormatOfGgufType(int64_t gguf_type);
std::optional<Format> FormatOfSafetensorsName(std::string_view name);

/// What weights are kept as where that is not left to the file.
enum class Precision { kAsStored, kFloat32, kBfloat16, kInt8 };
/// The format of a precision; none for kAsStored. 8-bit integers have a scale for every 32 values.
std::optional<Format> FormatOf(Precision precision);

/// Bytes of n values, n a whole number of blocks. No overflow for n < 2^56.
inline int64_t BytesOf(Format format, int64_t n) {
  const FormatInfo& f = InfoOf(format);
  return n / f.block_values * f.block_bytes;
}

/// Names and numbers of a format as formats.def has them; each folder builds its `kInfo` on this.
constexpr FormatInfo NamedFormat(Format format) {
  switch (format) {
#define ERATO_FORMAT(Name, folder, gguf_type, safetensors_name) \
  case Format::k##Name:                                         \
    return {#folder, gguf_type, safetensors_name, 0, 0, nullptr, nullptr, {}, nullptr};
#include "core/formats/formats.def"
#undef ERATO_FORMAT
  }
  return {};
}
#define ERATO_FORMAT(Name, folder, gguf_type, safetensors_name) \
  namespace folder {                                            \
  extern const FormatInfo kInfo;                                \
  }
#include "core/formats/formats.def"
#undef ERATO_FORMAT

}  // namespace erato

#endif  // ERATO_CORE_FORMATS_FORMAT_H_
