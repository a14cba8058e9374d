#include "core/formats/gguf/placement.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/checked.h"
#include "core/base/concat.h"
#include "core/base/json.h"
#include "core/base/status.h"

namespace erato::gguf {
namespace {

absl::Status PlaceTensor(const ByteReader& reader, uint64_t data, uint64_t alignment,
                         TensorInfo& tensor) {
  const auto error = [&](std::string_view got, std::string_view expected) {
    return reader.Error(Concat("offset of tensor ", Excerpt(tensor.name)), data, got, expected);
  };
  if (tensor.offset % alignment != 0) {
    return error(Concat(tensor.offset), Concat("a multiple of the alignment ", alignment));
  }
  uint64_t begin = 0, end = 0;
  if (!CheckedAdd(data, tensor.offset, &begin) || !CheckedAdd(begin, tensor.bytes, &end) ||
      end > reader.size()) {
    return error(Concat(tensor.offset, " and ", tensor.bytes, " bytes"),
                 Concat("an end within the file of ", reader.size(), " bytes"));
  }
  tensor.offset = begin;
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckNames(const ByteReader& reader, const Contents& contents) {
  std::vector<std::string_view> names;
  names.reserve(contents.tensors.size());
  for (const TensorInfo& tensor : contents.tensors) names.push_back(tensor.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return absl::OkStatus();
  return reader.Error("tensor", reader.offset(), Concat(Excerpt(*twice), " twice"),
                      "names that differ");
}

absl::Status PlaceTensors(const ByteReader& reader, Contents& contents) {
  uint64_t data = 0;
  if (!CheckedAlignUp(reader.offset(), contents.alignment, &data)) {
    return reader.Error("tensor data", reader.offset(), "an offset above 2^64",
                        "one within the file");
  }
  std::vector<const TensorInfo*> by_offset;
  by_offset.reserve(contents.tensors.size());
  for (TensorInfo& tensor : contents.tensors) {
    ERATO_RETURN_IF_ERROR(PlaceTensor(reader, data, contents.alignment, tensor));
    by_offset.push_back(&tensor);
  }
  std::sort(by_offset.begin(), by_offset.end(),
            [](const TensorInfo* a, const TensorInfo* b) { return a->offset < b->offset; });
  for (size_t i = 1; i < by_offset.size(); ++i) {
    const TensorInfo &before = *by_offset[i - 1], &after = *by_offset[i];
    if (before.offset + before.bytes > after.offset) {
      return reader.Error(Concat("tensor ", Excerpt(after.name)), after.offset,
                          Concat("an overlap with ", Excerpt(before.name)),
                          "tensors that lie apart");
    }
  }
  return absl::OkStatus();
}

}  // namespace erato::gguf
