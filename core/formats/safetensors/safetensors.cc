#include "core/formats/safetensors/safetensors.h"

#include <algorithm>
#include <utility>

#include "core/base/checked.h"
#include "core/base/concat.h"
#include "core/base/json.h"
#include "core/base/memory_budget.h"
#include "core/base/status.h"
#include "core/formats/safetensors/header.h"

namespace erato::safetensors {
namespace {

// The reference allows 100 MB; a header has 100 bytes a tensor.
constexpr uint64_t kMaxHeaderBytes = uint64_t{64} << 20;

constexpr Dtype kDtypes[] = {
    {"BOOL", 8, false},   {"U8", 8, false},     {"I8", 8, false},     {"U16", 16, false},
    {"I16", 16, false},   {"U32", 32, false},   {"I32", 32, false},   {"U64", 64, false},
    {"I64", 64, false},   {"F4", 4, true},      {"F6_E2M3", 6, true}, {"F6_E3M2", 6, true},
    {"F8_E4M3", 8, true}, {"F8_E5M2", 8, true}, {"F8_E8M0", 8, true}, {"F16", 16, true},
    {"BF16", 16, true},   {"F32", 32, true},    {"F64", 64, true},    {"C64", 64, true},
};

absl::Status Error(const ByteReader& reader, std::string_view name, std::string_view got,
                   std::string_view expected) {
  return absl::InvalidArgumentError(Concat("[", reader.where(), "] tensor ", Excerpt(name, 80),
                                           ", got ", got, ", expected ", expected));
}

absl::Status CheckSize(const ByteReader& reader, const TensorInfo& tensor) {
  uint64_t bits = static_cast<uint64_t>(tensor.dtype->bits);
  for (const int64_t dim : tensor.shape) {
    // A dimension of zero would let any other one pass.
    if (dim == 0) return Error(reader, tensor.name, "a dimension of 0", "at least 1");
    if (!CheckedMul(bits, static_cast<uint64_t>(dim), &bits)) {
      return Error(reader, tensor.name, Concat("a dimension of ", dim), "a size below 2^64 bits");
    }
  }
  if (bits % 8 != 0 || bits / 8 != tensor.bytes) {
    return Error(reader, tensor.name, Concat(tensor.bytes, " bytes"),
                 Concat(bits, " bits as shape and dtype say"));
  }
  return absl::OkStatus();
}

// Sorted by begin, each tensor must begin where the one before ends, and the last one must end with
// the file.
absl::Status PlaceTensors(const ByteReader& reader, std::vector<TensorInfo>& tensors) {
  std::sort(tensors.begin(), tensors.end(),
            [](const TensorInfo& a, const TensorInfo& b) { return a.offset < b.offset; });
  const uint64_t data = reader.offset(), data_bytes = reader.remaining();
  uint64_t next = 0;
  for (TensorInfo& tensor : tensors) {
    if (tensor.offset != next || tensor.bytes > data_bytes - next) {
      return Error(reader, tensor.name,
                   Concat("offset ", tensor.offset, " and ", tensor.bytes, " bytes"),
                   Concat("offset ", next, " and at most ", data_bytes - next, " bytes"));
    }
    next += tensor.bytes;
    tensor.offset += data;
  }
  if (next != data_bytes) {
    return absl::InvalidArgumentError(Concat("[", reader.where(), "] data, got ", data_bytes,
                                             " bytes, expected ", next, " as the tensors say"));
  }
  return absl::OkStatus();
}

}  // namespace

const Dtype* FindDtype(std::string_view name) {
  const auto* found = std::find_if(std::begin(kDtypes), std::end(kDtypes),
                                   [&](const Dtype& dtype) { return name == dtype.name; });
  return found == std::end(kDtypes) ? nullptr : found;
}

absl::StatusOr<Contents> Parse(const File& file) {
  return Parse(ByteReader(file, Concat("safetensors ", file.name())));
}

absl::StatusOr<Contents> Parse(ByteReader reader) {
  MemoryBudget budget(reader.size());
  ERATO_ASSIGN_OR_RETURN(const uint64_t header_bytes,
                         reader.ReadNumber<uint64_t>("length of the header"));
  ERATO_RETURN_IF_ERROR(
      budget.Charge(std::min(header_bytes, reader.remaining()), 1, reader.where(), "header"));
  ERATO_ASSIGN_OR_RETURN(const std::string header,
                         reader.ReadString(header_bytes, kMaxHeaderBytes, "header"));
  ERATO_ASSIGN_OR_RETURN(Contents contents, ParseHeader(header, reader.where(), budget));
  for (const TensorInfo& tensor : contents.tensors)
    ERATO_RETURN_IF_ERROR(CheckSize(reader, tensor));
  ERATO_RETURN_IF_ERROR(PlaceTensors(reader, contents.tensors));
  return contents;
}

}  // namespace erato::safetensors
