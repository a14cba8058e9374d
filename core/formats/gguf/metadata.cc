#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "core/base/concat.h"
#include "core/base/json.h"
#include "core/base/status.h"
#include "core/formats/gguf/gguf.h"

namespace erato::gguf {
namespace {

// In the order of Value's alternatives.
constexpr const char* kTypeNames[] = {"a boolean",
                                      "an integer",
                                      "an integer above 2^63-1",
                                      "a float",
                                      "a string",
                                      "an array of booleans",
                                      "an array of integers",
                                      "an array of integers above 2^63-1",
                                      "an array of floats",
                                      "an array of strings"};
static_assert(std::size(kTypeNames) == std::variant_size_v<Value>);

absl::Status WrongType(std::string_view key, const Value& found, std::string_view expected) {
  return absl::InvalidArgumentError(Concat("[gguf metadata] key ", Excerpt(key), ", got ",
                                           kTypeNames[found.index()], ", expected ", expected));
}

absl::StatusOr<const Value*> Require(const Metadata& metadata, std::string_view key,
                                     std::string_view expected) {
  const Value* value = metadata.Find(key);
  if (value != nullptr) return value;
  return absl::NotFoundError(
      Concat("[gguf metadata] key ", Excerpt(key), ", got none, expected ", expected));
}

template <typename T>
absl::StatusOr<const T*> RequireType(const Metadata& metadata, std::string_view key,
                                     std::string_view expected) {
  ERATO_ASSIGN_OR_RETURN(const Value* value, Require(metadata, key, expected));
  if (const T* typed = std::get_if<T>(value)) return typed;
  return WrongType(key, *value, expected);
}

absl::Status CheckFinite(std::string_view key, double value) {
  if (std::isfinite(value)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      Concat("[gguf metadata] key ", Excerpt(key), ", got ", value, ", expected a finite number"));
}

}  // namespace

bool Metadata::Has(std::string_view key) const { return Find(key) != nullptr; }

const Value* Metadata::Find(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? nullptr : &found->second;
}

absl::StatusOr<int64_t> Metadata::GetInt(std::string_view key) const {
  ERATO_ASSIGN_OR_RETURN(const int64_t* value, RequireType<int64_t>(*this, key, "an integer"));
  return *value;
}

absl::StatusOr<double> Metadata::GetFloat(std::string_view key) const {
  ERATO_ASSIGN_OR_RETURN(const Value* value, Require(*this, key, "a float"));
  if (const auto* integer = std::get_if<int64_t>(value)) return static_cast<double>(*integer);
  const auto* number = std::get_if<double>(value);
  if (number == nullptr) return WrongType(key, *value, "a float");
  ERATO_RETURN_IF_ERROR(CheckFinite(key, *number));
  return *number;
}

absl::StatusOr<bool> Metadata::GetBool(std::string_view key) const {
  ERATO_ASSIGN_OR_RETURN(const bool* value, RequireType<bool>(*this, key, "a boolean"));
  return *value;
}

absl::StatusOr<std::string_view> Metadata::GetString(std::string_view key) const {
  ERATO_ASSIGN_OR_RETURN(const std::string* value,
                         RequireType<std::string>(*this, key, "a string"));
  return std::string_view(*value);
}

absl::StatusOr<const std::vector<std::string>*> Metadata::GetStrings(std::string_view key) const {
  return RequireType<std::vector<std::string>>(*this, key, "an array of strings");
}

absl::StatusOr<std::vector<double>> Metadata::GetFloats(std::string_view key) const {
  ERATO_ASSIGN_OR_RETURN(const Value* value, Require(*this, key, "an array of floats"));
  if (const auto* integers = std::get_if<std::vector<int64_t>>(value)) {
    return std::vector<double>(integers->begin(), integers->end());
  }
  const auto* numbers = std::get_if<std::vector<double>>(value);
  if (numbers == nullptr) return WrongType(key, *value, "an array of floats");
  for (const double number : *numbers) ERATO_RETURN_IF_ERROR(CheckFinite(key, number));
  return *numbers;
}

absl::StatusOr<std::vector<int64_t>> Metadata::GetInts(std::string_view key) const {
  ERATO_ASSIGN_OR_RETURN(const auto* value,
                         RequireType<std::vector<int64_t>>(*this, key, "an array of integers"));
  return *value;
}

absl::Status Metadata::Add(std::string key, Value value) {
  const auto [place, added] = values_.emplace(std::move(key), std::move(value));
  if (added) return absl::OkStatus();
  return absl::InvalidArgumentError(Concat("[gguf metadata] key ", Excerpt(place->first),
                                           ", got it twice, expected keys that differ"));
}

}  // namespace erato::gguf
