#include "core/formats/safetensors/header.h"

#include <cstdint>
#include <limits>
#include <set>
#include <utility>

#include "core/base/concat.h"
#include "core/base/json.h"
#include "core/base/status.h"

namespace erato::safetensors {
namespace {

constexpr size_t kMaxNameBytes = 1024, kMaxDims = 8;
// A tensor or a pair of metadata in memory, its name apart: the description and its growing vector,
// the set of names.
constexpr uint64_t kRecordMemory = 512;

constexpr JsonLimits kLimits = {.max_depth = 3, .max_string_bytes = size_t{1} << 20};

// A machine over the events of a JSON text; `place_` is what may come next.
class Handler final : public JsonEvents {
 public:
  Handler(std::string_view json, std::string_view where, MemoryBudget& budget)
      : json_(json), where_(where), budget_(budget) {}

  bool Null() override { return Unexpected("null"); }
  bool Boolean(bool) override { return Unexpected("a boolean"); }
  bool Negative(int64_t) override { return Unexpected("a negative number"); }
  bool Float(double) override { return Unexpected("a fraction"); }

  bool Unsigned(uint64_t value) override {
    if (place_ == Place::kShape) {
      if (tensor_.shape.size() == kMaxDims ||
          value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
        return FailTensor(tensor_.name, Concat("dimension ", tensor_.shape.size(), " of ", value),
                          Concat("at most ", kMaxDims, " dimensions below 2^63"));
      }
      tensor_.shape.push_back(static_cast<int64_t>(value));
      return true;
    }
    if (place_ == Place::kOffsets && offsets_ < 2) {
      (offsets_++ == 0 ? tensor_.offset : end_) = value;
      return true;
    }
    return Unexpected("a number");
  }

  bool String(std::string& value) override {
    if (place_ == Place::kDtype) {
      tensor_.dtype = FindDtype(value);
      if (tensor_.dtype == nullptr)
        return FailTensor(tensor_.name, Concat("dtype '", Excerpt(value), "'"), "a known dtype");
      tensor_.format = FormatOfSafetensorsName(value);
      place_ = Place::kTensor;
      return true;
    }
    if (place_ == Place::kMetadata) {
      if (!Charge(kRecordMemory + key_.size() + value.size(), "metadata")) return false;
      contents_.metadata.emplace_back(std::move(key_), std::move(value));
      return true;
    }
    return Unexpected("a string");
  }

  bool BeginObject() override {
    switch (place_) {
      case Place::kBegin:
        place_ = Place::kRoot;
        return true;
      case Place::kRoot:
        place_ = key_ == "__metadata__" ? Place::kMetadata : Place::kTensor;
        tensor_ = {};
        tensor_.name = key_;
        seen_dtype_ = seen_shape_ = seen_offsets_ = false;
        offsets_ = 0;
        return true;
      default:
        return Unexpected("an object");
    }
  }

  bool Key(std::string& name) override {
    switch (place_) {
      case Place::kRoot:
        return RootKey(name);
      case Place::kMetadata:
        if (!metadata_keys_.insert(name).second)
          return Fail("__metadata__", Concat(Excerpt(name), " twice"), "it once");
        key_ = std::move(name);
        return true;
      case Place::kTensor:
        if (name == "dtype" && !std::exchange(seen_dtype_, true)) {
          place_ = Place::kDtype;
        } else if (name == "shape" && !std::exchange(seen_shape_, true)) {
          place_ = Place::kBeforeShape;
        } else if (name == "data_offsets" && !std::exchange(seen_offsets_, true)) {
          place_ = Place::kBeforeOffsets;
        } else {
          return FailTensor(tensor_.name, Concat("key '", Excerpt(name), "'"),
                            "dtype, shape and data_offsets, once each");
        }
        return true;
      default:
        return Unexpected("a key");
    }
  }

  bool BeginArray() override {
    if (place_ != Place::kBeforeShape && place_ != Place::kBeforeOffsets)
      return Unexpected("an array");
    place_ = place_ == Place::kBeforeShape ? Place::kShape : Place::kOffsets;
    return true;
  }

  bool EndArray() override {
    if (place_ == Place::kOffsets && (offsets_ != 2 || end_ < tensor_.offset)) {
      return FailTensor(tensor_.name,
                        offsets_ != 2 ? Concat(offsets_, " offsets") : "an end before its begin",
                        "a begin and an end");
    }
    place_ = Place::kTensor;
    return true;
  }

  bool EndObject() override {
    if (place_ == Place::kRoot) {
      place_ = Place::kEnd;
      return true;
    }
    if (place_ == Place::kTensor) {
      if (!seen_dtype_ || !seen_shape_ || !seen_offsets_) {
        return FailTensor(tensor_.name, "a part of the description",
                          "dtype, shape and data_offsets");
      }
      tensor_.bytes = end_ - tensor_.offset;
      contents_.tensors.push_back(std::move(tensor_));
    } else if (place_ != Place::kMetadata) {
      return Unexpected("the end of an object");
    }
    place_ = Place::kRoot;
    return true;
  }

  void Malformed(size_t offset) override {
    Fail(Concat("JSON at byte ", offset + 8),  // eight bytes lie before the text
         offset < json_.size() ? Concat("'", Excerpt(json_.substr(offset), 20), "'") : "the end",
         "well-formed JSON");
  }

  absl::StatusOr<Contents> Result() && {
    if (!status_.ok()) return status_;
    return std::move(contents_);
  }

 private:
  enum class Place {
    kBegin,
    kRoot,
    kMetadata,
    kTensor,
    kDtype,
    kBeforeShape,
    kShape,
    kBeforeOffsets,
    kOffsets,
    kEnd
  };

  bool RootKey(std::string& name) {
    if (name.empty() || name.size() > kMaxNameBytes || name.find('\0') != std::string::npos) {
      return Fail("name of a tensor", Concat("'", Excerpt(name), "'"),
                  Concat("1 to ", kMaxNameBytes, " bytes, no NUL"));
    }
    if (!Charge(kRecordMemory + 3 * name.size(), "tensors")) return false;
    if (!names_.insert(name).second) return FailTensor(name, "it twice", "names that differ");
    key_ = std::move(name);
    return true;
  }

  bool Charge(uint64_t bytes, std::string_view what) {
    status_ = budget_.Charge(1, bytes, where_, what);
    return status_.ok();
  }

  bool Fail(std::string_view what, std::string_view got, std::string_view expected) {
    status_ = absl::InvalidArgumentError(
        Concat("[", where_, "] ", what, ", got ", got, ", expected ", expected));
    return false;
  }

  bool FailTensor(std::string_view name, std::string_view got, std::string_view expected) {
    return Fail(Concat("tensor ", Excerpt(name, 80)), got, expected);
  }

  bool Unexpected(std::string_view got) {
    switch (place_) {
      case Place::kBegin:
        return Fail("header", got, "an object");
      case Place::kRoot:
        return FailTensor(key_, got, "an object");
      case Place::kMetadata:
        return Fail("__metadata__", got, "a string");
      case Place::kDtype:
        return FailTensor(tensor_.name, Concat(got, " for dtype"), "a string");
      case Place::kBeforeShape:
      case Place::kShape:
        return FailTensor(tensor_.name, Concat(got, " in shape"), "an array of sizes");
      case Place::kBeforeOffsets:
      case Place::kOffsets:
        return FailTensor(tensor_.name, Concat(got, " in data_offsets"), "an array of two offsets");
      default:
        return Fail("header", got, "nothing here");
    }
  }

  std::string_view json_, where_;
  MemoryBudget& budget_;
  Place place_ = Place::kBegin;
  std::string key_;
  TensorInfo tensor_;  // being read
  uint64_t end_ = 0;
  int offsets_ = 0;
  bool seen_dtype_ = false, seen_shape_ = false, seen_offsets_ = false;
  std::set<std::string> names_, metadata_keys_;
  Contents contents_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<Contents> ParseHeader(std::string_view json, std::string_view where,
                                     MemoryBudget& budget) {
  ERATO_RETURN_IF_ERROR(CheckJsonLimits(json, where, kLimits));
  Handler handler(json, where, budget);
  ReadJson(json, handler);
  return std::move(handler).Result();
}

}  // namespace erato::safetensors
