// A model that exists in memory alone: what a fuzz target hands on after parsing.
#ifndef ERATO_TESTS_FUZZ_PARSED_MODEL_H_
#define ERATO_TESTS_FUZZ_PARSED_MODEL_H_

#include <string_view>
#include <utility>
#include <vector>

#include "core/weights/model_files.h"

namespace erato::test {

class ParsedModel : public ModelFiles {
 public:
  explicit ParsedModel(gguf::Contents contents)
      : gguf_(std::move(contents.metadata)), is_gguf_(true) {
    for (gguf::TensorInfo& t : contents.tensors) {
      tensors_.push_back(
          {std::move(t.name), t.format, {t.dims.rbegin(), t.dims.rend()}, 0, t.offset, t.bytes});
    }
  }
  ParsedModel(Json&& config, std::vector<TensorEntry> tensors)
      : config_(std::move(config)), tensors_(std::move(tensors)) {}

  const gguf::Metadata* gguf() const override { return is_gguf_ ? &gguf_ : nullptr; }
  const Json* config() const override { return is_gguf_ ? nullptr : &config_; }
  const Json* generation_config() const override {
    return is_gguf_ ? nullptr : &generation_config_;
  }
  const std::vector<TensorEntry>& tensors() const override { return tensors_; }
  const TensorEntry* Find(std::string_view name) const override {
    for (const TensorEntry& tensor : tensors_) {
      if (tensor.name == name) return &tensor;
    }
    return nullptr;
  }
  uint64_t total_bytes() const override { return 0; }
  absl::StatusOr<const uint8_t*> Read(const TensorEntry&, uint64_t, size_t,
                                      uint8_t*) const override {
    return absl::UnimplementedError("[fuzz] bytes, got none, expected no reading");
  }
  absl::Status CheckUnchanged() const override { return absl::OkStatus(); }

 private:
  gguf::Metadata gguf_;
  bool is_gguf_ = false;
  Json config_, generation_config_;
  std::vector<TensorEntry> tensors_;
};

}  // namespace erato::test

#endif  // ERATO_TESTS_FUZZ_PARSED_MODEL_H_
