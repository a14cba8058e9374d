// Everything in a GGUF file is a claim: counts, lengths, types, dimensions and offsets are each
// checked against what is left of the file before anything is reserved for them, and the memory for
// what is kept is charged to a budget, because a record of a few bytes on disk is larger in memory.
// Order of the file: header, key/value pairs, table of tensors, padding to the alignment, tensor
// data.
#include "core/formats/gguf/gguf.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "core/base/checked.h"
#include "core/base/concat.h"
#include "core/base/json.h"
#include "core/base/memory_budget.h"
#include "core/base/status.h"
#include "core/base/utf8.h"
#include "core/formats/gguf/placement.h"

namespace erato::gguf {
namespace {

constexpr uint32_t kMagic = 0x46554747;  // "GGUF"
constexpr uint64_t kMaxKeyBytes = 65535, kMaxTensorNameBytes = 1024,
                   kMaxStringBytes = uint64_t{64} << 20;
constexpr uint32_t kMaxDims = 4;
// Length, one letter, type, one byte.
constexpr uint64_t kMinKeyBytes = 8 + 1 + 4 + 1;
// Length, one letter, n_dims, one dim, type, offset.
constexpr uint64_t kMinTensorBytes = 8 + 1 + 4 + 8 + 4 + 8;
constexpr uint64_t kMaxAlignment = 65536;
// What a pair, a tensor and a string of an array cost in memory, hash tables and their growth
// included.
constexpr uint64_t kPairMemory = 256, kTensorMemory = 512, kStringMemory = sizeof(std::string);

enum Type : uint32_t {
  kU8,
  kI8,
  kU16,
  kI16,
  kU32,
  kI32,
  kF32,
  kBool,
  kString,
  kArray,
  kU64,
  kI64,
  kF64,
  kTypes
};
constexpr uint64_t kTypeBytes[kTypes] = {1, 1, 2, 2, 4, 4, 4,
                                         1, 8, 0, 8, 8, 8};  // kString: its length

class Parser {
 public:
  explicit Parser(ByteReader reader) : reader_(std::move(reader)), budget_(reader_.size()) {}

  absl::StatusOr<Contents> Parse() && {
    ERATO_RETURN_IF_ERROR(ReadHeader());
    for (uint64_t i = 0; i < pairs_; ++i) ERATO_RETURN_IF_ERROR(ReadPair());
    ERATO_RETURN_IF_ERROR(reader_.CheckCount(tensors_, kMinTensorBytes, "tensors"));
    contents_.tensors.reserve(static_cast<size_t>(tensors_));
    for (uint64_t i = 0; i < tensors_; ++i) ERATO_RETURN_IF_ERROR(ReadTensor());
    ERATO_RETURN_IF_ERROR(CheckNames(reader_, contents_));
    ERATO_RETURN_IF_ERROR(PlaceTensors(reader_, contents_));
    return std::move(contents_);
  }

 private:
  absl::Status ReadHeader() {
    ERATO_ASSIGN_OR_RETURN(const uint32_t magic, reader_.ReadNumber<uint32_t>("magic"));
    if (magic != kMagic) {
      const std::string_view letters(reinterpret_cast<const char*>(&magic), sizeof(magic));
      return reader_.Error("magic", 0, Concat("'", Excerpt(letters), "'"), "'GGUF'");
    }
    ERATO_ASSIGN_OR_RETURN(contents_.version, reader_.ReadNumber<uint32_t>("version"));
    if (contents_.version != 2 && contents_.version != 3) {
      const bool swapped =
          contents_.version == __builtin_bswap32(2) || contents_.version == __builtin_bswap32(3);
      return reader_.Error("version", 4, swapped ? "a big-endian file" : Concat(contents_.version),
                           "2 or 3");
    }
    ERATO_ASSIGN_OR_RETURN(tensors_, reader_.ReadNumber<uint64_t>("number of tensors"));
    ERATO_ASSIGN_OR_RETURN(pairs_, reader_.ReadNumber<uint64_t>("number of keys"));
    ERATO_RETURN_IF_ERROR(reader_.CheckCount(tensors_, kMinTensorBytes, "number of tensors"));
    ERATO_RETURN_IF_ERROR(reader_.CheckCount(pairs_, kMinKeyBytes, "number of keys"));
    ERATO_RETURN_IF_ERROR(
        budget_.Charge(tensors_, kTensorMemory, reader_.where(), "number of tensors"));
    return budget_.Charge(pairs_, kPairMemory, reader_.where(), "number of keys");
  }

  absl::StatusOr<std::string> ReadString(uint64_t max_bytes, std::string_view what) {
    const uint64_t at = reader_.offset();
    ERATO_ASSIGN_OR_RETURN(const uint64_t bytes, reader_.ReadNumber<uint64_t>(what));
    if (bytes > max_bytes)
      return reader_.Error(what, at, Concat(bytes, " bytes"), Concat("at most ", max_bytes));
    // Up to 15 bytes a string lies in its own 32.
    if (bytes > 15) ERATO_RETURN_IF_ERROR(budget_.Charge(bytes + 1, 1, reader_.where(), what));
    ERATO_ASSIGN_OR_RETURN(std::string text, reader_.ReadString(bytes, max_bytes, what));
    if (const size_t bad = FirstInvalidUtf8(text); bad != std::string_view::npos) {
      return reader_.Error(what, at + 8 + bad, "a byte that is not UTF-8", "UTF-8");
    }
    return text;
  }

  absl::StatusOr<std::string> ReadName(uint64_t max_bytes, std::string_view what) {
    const uint64_t at = reader_.offset();
    ERATO_ASSIGN_OR_RETURN(std::string name, ReadString(max_bytes, what));
    const bool printable =
        std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (name.empty() || !printable) {
      return reader_.Error(what, at, Concat("'", Excerpt(name), "'"),
                           "printable ASCII without spaces");
    }
    return name;
  }

  absl::StatusOr<uint32_t> ReadType(std::string_view what) {
    const uint64_t at = reader_.offset();
    ERATO_ASSIGN_OR_RETURN(const uint32_t type, reader_.ReadNumber<uint32_t>(what));
    if (type >= kTypes) return reader_.Error(what, at, Concat(type), Concat("0 to ", kTypes - 1));
    return type;
  }

  absl::Status ReadPair() {
    const uint64_t at = reader_.offset();
    ERATO_ASSIGN_OR_RETURN(std::string key, ReadName(kMaxKeyBytes, "key"));
    if (contents_.metadata.Has(key))
      return reader_.Error("key", at, Excerpt(key), "a key that was not there before");
    const std::string what = Concat("value of ", Excerpt(key));
    const uint64_t value_at = reader_.offset();
    ERATO_ASSIGN_OR_RETURN(const uint32_t type, ReadType(Concat("type of ", Excerpt(key))));
    ERATO_ASSIGN_OR_RETURN(Value value, type == kArray ? ReadArray(what) : ReadScalar(type, what));
    if (key == "general.alignment") ERATO_RETURN_IF_ERROR(SetAlignment(type, value, value_at));
    return contents_.metadata.Add(std::move(key), std::move(value));
  }

  absl::Status SetAlignment(uint32_t type, const Value& value, uint64_t at) {
    if (type != kU32)
      return reader_.Error("type of general.alignment", at, Concat(type), "4 (uint32)");
    contents_.alignment = static_cast<uint64_t>(std::get<int64_t>(value));
    const uint64_t a = contents_.alignment;
    if (a == 0 || (a & (a - 1)) != 0 || a > kMaxAlignment) {
      return reader_.Error("general.alignment", at, Concat(a),
                           Concat("a power of two, at most ", kMaxAlignment));
    }
    return absl::OkStatus();
  }

  template <typename T>
  absl::StatusOr<Value> ReadInteger(std::string_view what) {
    ERATO_ASSIGN_OR_RETURN(const T number, reader_.ReadNumber<T>(what));
    if constexpr (std::is_same_v<T, uint64_t>) {
      if (number > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return Value(number);
    }
    return Value(static_cast<int64_t>(number));
  }

  absl::StatusOr<bool> ReadBool(std::string_view what) {
    const uint64_t at = reader_.offset();
    ERATO_ASSIGN_OR_RETURN(const uint8_t byte, reader_.ReadNumber<uint8_t>(what));
    if (byte > 1) return reader_.Error(what, at, Concat("a boolean of ", byte), "0 or 1");
    return byte == 1;
  }

  absl::StatusOr<Value> ReadScalar(uint32_t type, std::string_view what) {
    switch (type) {
      case kU8:
        return ReadInteger<uint8_t>(what);
      case kI8:
        return ReadInteger<int8_t>(what);
      case kU16:
        return ReadInteger<uint16_t>(what);
      case kI16:
        return ReadInteger<int16_t>(what);
      case kU32:
        return ReadInteger<uint32_t>(what);
      case kI32:
        return ReadInteger<int32_t>(what);
      case kU64:
        return ReadInteger<uint64_t>(what);
      case kI64:
        return ReadInteger<int64_t>(what);
      case kF32: {
        ERATO_ASSIGN_OR_RETURN(const float number, reader_.ReadNumber<float>(what));
        return Value(static_cast<double>(number));
      }
      case kF64: {
        ERATO_ASSIGN_OR_RETURN(const double number, reader_.ReadNumber<double>(what));
        return Value(number);
      }
      case kBool: {
        ERATO_ASSIGN_OR_RETURN(const bool value, ReadBool(what));
        return Value(value);
      }
      default: {
        ERATO_ASSIGN_OR_RETURN(std::string text, ReadString(kMaxStringBytes, what));
        return Value(std::move(text));
      }
    }
  }

  absl::StatusOr<Value> ReadArray(std::string_view what) {
    const uint64_t at = reader_.offset();
    ERATO_ASSIGN_OR_RETURN(const uint32_t type, ReadType(what));
    if (type == kArray)
      return reader_.Error(what, at, "an array of arrays", "an array of scalars or strings");
    ERATO_ASSIGN_OR_RETURN(const uint64_t count, reader_.ReadNumber<uint64_t>(what));
    ERATO_RETURN_IF_ERROR(reader_.CheckCount(count, kTypeBytes[type], what));
    const uint64_t memory = type == kBool ? 1 : type == kString ? kStringMemory : 8;
    ERATO_RETURN_IF_ERROR(budget_.Charge(count, memory, reader_.where(), what));
    const auto n = static_cast<size_t>(count);
    switch (type) {
      case kU8:
        return ReadNumbers<uint8_t, int64_t>(n, what);
      case kI8:
        return ReadNumbers<int8_t, int64_t>(n, what);
      case kU16:
        return ReadNumbers<uint16_t, int64_t>(n, what);
      case kI16:
        return ReadNumbers<int16_t, int64_t>(n, what);
      case kU32:
        return ReadNumbers<uint32_t, int64_t>(n, what);
      case kI32:
        return ReadNumbers<int32_t, int64_t>(n, what);
      case kU64:
        return ReadUnsigned64s(n, what);
      case kI64:
        return ReadNumbers<int64_t, int64_t>(n, what);
      case kF32:
        return ReadNumbers<float, double>(n, what);
      case kF64:
        return ReadNumbers<double, double>(n, what);
      case kBool:
        return ReadBools(n, what);
      default:
        return ReadStrings(n, what);
    }
  }

  template <typename Stored, typename Kept>
  absl::StatusOr<Value> ReadNumbers(size_t n, std::string_view what) {
    std::vector<Kept> numbers(n);
    Stored chunk[512];
    for (size_t i = 0; i < n; i += std::size(chunk)) {
      const size_t part = std::min(n - i, std::size(chunk));
      ERATO_RETURN_IF_ERROR(reader_.Read(chunk, part * sizeof(Stored), what));
      std::copy_n(chunk, part, numbers.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return Value(std::move(numbers));
  }

  absl::StatusOr<Value> ReadUnsigned64s(size_t n, std::string_view what) {
    ERATO_ASSIGN_OR_RETURN(Value wide, (ReadNumbers<uint64_t, uint64_t>(n, what)));
    const auto& numbers = std::get<std::vector<uint64_t>>(wide);
    const auto fits = [](uint64_t v) {
      return v <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    };
    if (!std::all_of(numbers.begin(), numbers.end(), fits)) return wide;
    ERATO_RETURN_IF_ERROR(budget_.Charge(n, 8, reader_.where(), what));
    return Value(std::vector<int64_t>(numbers.begin(), numbers.end()));
  }

  absl::StatusOr<Value> ReadBools(size_t n, std::string_view what) {
    std::vector<bool> bools;
    bools.reserve(n);
    for (size_t i = 0; i < n; ++i) {
      ERATO_ASSIGN_OR_RETURN(const bool value, ReadBool(what));
      bools.push_back(value);
    }
    return Value(std::move(bools));
  }

  absl::StatusOr<Value> ReadStrings(size_t n, std::string_view what) {
    std::vector<std::string> strings;
    strings.reserve(n);
    for (size_t i = 0; i < n; ++i) {
      ERATO_ASSIGN_OR_RETURN(std::string text, ReadString(kMaxStringBytes, what));
      strings.push_back(std::move(text));
    }
    return Value(std::move(strings));
  }

  absl::Status ReadTensor() {
    TensorInfo tensor;
    ERATO_ASSIGN_OR_RETURN(tensor.name, ReadName(kMaxTensorNameBytes, "tensor name"));
    const std::string what = Concat("tensor ", Excerpt(tensor.name));
    uint64_t at = reader_.offset();
    ERATO_ASSIGN_OR_RETURN(const uint32_t n_dims, reader_.ReadNumber<uint32_t>(what));
    if (n_dims < 1 || n_dims > kMaxDims) {
      return reader_.Error(what, at, Concat(n_dims, " dimensions"), Concat("1 to ", kMaxDims));
    }
    const uint64_t dims_at = reader_.offset();
    int64_t elements = 1;
    for (uint32_t i = 0; i < n_dims; ++i) {
      at = reader_.offset();
      ERATO_ASSIGN_OR_RETURN(const uint64_t dim, reader_.ReadNumber<uint64_t>(what));
      const bool fits = dim >= 1 &&
                        dim <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) &&
                        CheckedMul(elements, static_cast<int64_t>(dim), &elements);
      if (!fits)
        return reader_.Error(what, at, Concat("a dimension of ", dim),
                             "1 to 2^63-1 elements in all");
      tensor.dims.push_back(static_cast<int64_t>(dim));
    }
    at = reader_.offset();
    ERATO_ASSIGN_OR_RETURN(const uint32_t type, reader_.ReadNumber<uint32_t>(what));
    const auto format = FormatOfGgufType(type);
    if (!format.has_value()) {
      return absl::UnimplementedError(
          reader_.Error(what, at, Concat("type ", type), "a known type of weights").message());
    }
    tensor.format = *format;
    const FormatInfo& info = InfoOf(tensor.format);
    if (tensor.dims[0] % info.block_values != 0) {
      return reader_.Error(what, dims_at, Concat("rows of ", tensor.dims[0]),
                           Concat("a multiple of ", info.block_values, " for ", info.name));
    }
    const auto blocks = static_cast<uint64_t>(elements / info.block_values);
    if (!CheckedMul(blocks, static_cast<uint64_t>(info.block_bytes), &tensor.bytes)) {
      return reader_.Error(what, dims_at, Concat(elements, " elements"),
                           "a size of at most 2^64-1 bytes");
    }
    ERATO_ASSIGN_OR_RETURN(tensor.offset, reader_.ReadNumber<uint64_t>(what));
    contents_.tensors.push_back(std::move(tensor));
    return absl::OkStatus();
  }

  ByteReader reader_;
  MemoryBudget budget_;
  Contents contents_;
  uint64_t tensors_ = 0, pairs_ = 0;
};

}  // namespace

absl::StatusOr<Contents> Parse(const File& file) {
  return Parse(ByteReader(file, Concat("gguf ", file.name())));
}

absl::StatusOr<Contents> Parse(ByteReader reader) { return Parser(std::move(reader)).Parse(); }

}  // namespace erato::gguf
