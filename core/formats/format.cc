#include "core/formats/format.h"

namespace erato {
namespace {

constexpr Format kFormats[] = {
#define ERATO_FORMAT(Name, folder, gguf_type, safetensors_name) Format::k##Name,
#include "core/formats/formats.def"
#undef ERATO_FORMAT
};

constexpr const FormatInfo* kInfos[] = {
#define ERATO_FORMAT(Name, folder, gguf_type, safetensors_name) &folder::kInfo,
#include "core/formats/formats.def"
#undef ERATO_FORMAT
};

}  // namespace

const FormatInfo& InfoOf(Format format) { return *kInfos[static_cast<size_t>(format)]; }

absl::Span<const Format> AllFormats() { return kFormats; }

std::optional<Format> FormatOfGgufType(int64_t gguf_type) {
  for (const Format format : kFormats) {
    if (gguf_type >= 0 && InfoOf(format).gguf_type == gguf_type) return format;
  }
  return std::nullopt;
}

std::optional<Format> FormatOfSafetensorsName(std::string_view name) {
  for (const Format format : kFormats) {
    if (!name.empty() && InfoOf(format).safetensors_name == name) return format;
  }
  return std::nullopt;
}

std::optional<Format> FormatOf(Precision precision) {
  switch (precision) {
    case Precision::kAsStored:
      return std::nullopt;
    case Precision::kFloat32:
      return Format::kF32;
    case Precision::kBfloat16:
      return Format::kBF16;
    case Precision::kInt8:
      return Format::kQ8_0;
  }
  return std::nullopt;
}

}  // namespace erato
