#include "models/slots.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "absl/strings/str_join.h"
#include "core/base/concat.h"
#include "core/base/status.h"
#include "core/weights/convert.h"

namespace erato {
namespace {

class TensorOfFile final : public TensorBytes {
 public:
  TensorOfFile(const ModelFiles& files, const TensorEntry& entry) : files_(files), entry_(entry) {}
  absl::StatusOr<const uint8_t*> Read(uint64_t begin, size_t count, uint8_t* room) const override {
    return files_.Read(entry_, begin, count, room);
  }

 private:
  const ModelFiles& files_;
  const TensorEntry& entry_;
};

absl::Status CheckSlot(const WeightSlot& slot, const ModelFiles& files) {
  const TensorEntry* entry = files.Find(slot.tensor);
  const bool vector = slot.use == WeightUse::kVector;
  std::vector<int64_t> expected = {slot.tensor_rows};
  if (!vector && slot.transposed) expected.insert(expected.begin(), slot.cols);
  if (!vector && !slot.transposed) expected.push_back(slot.cols);
  if (slot.stored_cols > 0) expected = {slot.tensor_rows / slot.stored_cols, slot.stored_cols};
  if (entry == nullptr) {
    return absl::InvalidArgumentError(Concat("[tensor] ", slot.tensor, ", got nothing, expected [",
                                             absl::StrJoin(expected, ", "), "]"));
  }
  if (entry->shape != expected) {
    return absl::InvalidArgumentError(Concat("[tensor] ", slot.tensor, ", got [",
                                             absl::StrJoin(entry->shape, ", "), "], expected [",
                                             absl::StrJoin(expected, ", "), "]"));
  }
  // A slice begins and ends between blocks; a transposed matrix is read value by value.
  const FormatInfo& format = InfoOf(entry->format);
  const bool whole =
      vector ? (slot.first % format.block_values == 0 && slot.cols % format.block_values == 0)
             : slot.cols % format.block_values == 0;
  if (!whole || (slot.transposed && format.block_values != 1)) {
    return absl::InvalidArgumentError(Concat("[tensor] ", slot.tensor, ", got format ", format.name,
                                             ", expected one whose blocks (", format.block_values,
                                             " values) fit its shape"));
  }
  return absl::OkStatus();
}

/// The slot's part of a tensor.
HostTensor ViewOf(const WeightSlot& slot, Format format, const TensorBytes& bytes) {
  HostTensor view;
  view.format = format;
  view.stored = &bytes;
  view.rows = slot.rows;
  view.cols = slot.cols;
  view.transposed = slot.transposed;
  if (slot.use == WeightUse::kVector || slot.transposed) {
    view.row_bytes = BytesOf(format, slot.tensor_rows);
    view.begin = static_cast<uint64_t>(BytesOf(format, slot.first));
  } else {
    view.row_bytes = BytesOf(format, slot.cols);
    view.begin = static_cast<uint64_t>(slot.first) * view.row_bytes;
  }
  return view;
}

absl::Status UploadSlot(const WeightSlot& slot, const ModelFiles& files, Backend& backend,
                        std::optional<Format> format, std::vector<std::unique_ptr<Weight>>& owned) {
  const TensorEntry& entry = *files.Find(slot.tensor);
  const TensorOfFile bytes(files, entry);
  HostTensor view = ViewOf(slot, entry.format, bytes);
  std::vector<float> values;
  if (slot.offset != 0) {
    std::vector<uint8_t> room(view.BytesOfRows(1));
    ERATO_ASSIGN_OR_RETURN(const uint8_t* stored, view.Rows(0, 1, room.data()));
    values.resize(slot.cols);
    InfoOf(entry.format).decode(stored, slot.cols, values.data());
    for (float& value : values) value += slot.offset;
    view.format = Format::kF32;
    view.row_bytes = values.size() * sizeof(float);
    view.data = reinterpret_cast<const uint8_t*>(values.data());
  }
  std::optional<ConvertedTensor> converted;
  if (format && slot.use != WeightUse::kVector && ConvertedTensor::Can(view, *format)) {
    view = converted.emplace(view, *format).View();
  }
  ERATO_ASSIGN_OR_RETURN(std::unique_ptr<Weight> weight, backend.Upload(view, slot.use));
  *slot.target = weight.get();
  owned.push_back(std::move(weight));
  return absl::OkStatus();
}

bool Unused(const std::vector<std::string>& unused, const std::string& tensor) {
  for (const std::string& part : unused) {
    if (tensor.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

absl::Status CheckSlots(std::string_view family, const std::vector<std::string>& unused,
                        const std::vector<WeightSlot>& slots, const ModelFiles& files) {
  std::set<std::string_view> used;
  for (const WeightSlot& slot : slots) {
    ERATO_RETURN_IF_ERROR(CheckSlot(slot, files));
    used.insert(slot.tensor);
  }
  // A tensor that nobody reads would be a model that silently answers something else.
  for (const TensorEntry& entry : files.tensors()) {
    if (used.contains(entry.name) || Unused(unused, entry.name)) continue;
    return absl::InvalidArgumentError(Concat("[tensor] ", entry.name,
                                             ", got a tensor that the family ", family,
                                             " does not have, expected none"));
  }
  return absl::OkStatus();
}

absl::Status UploadSlots(const std::vector<WeightSlot>& slots, const ModelFiles& files,
                         Backend& backend, const BindOptions& options,
                         std::vector<std::unique_ptr<Weight>>& owned) {
  const std::optional<Format> format = FormatOf(options.precision);
  double done = 0, all = 0;
  const auto share = [](const WeightSlot& s) { return static_cast<double>(s.rows * s.cols); };
  for (const WeightSlot& slot : slots) all += share(slot);
  for (const WeightSlot& slot : slots) {
    if (options.progress) ERATO_RETURN_IF_ERROR(options.progress(done / all));
    ERATO_RETURN_IF_ERROR(UploadSlot(slot, files, backend, format, owned));
    done += share(slot);
  }
  if (options.progress) ERATO_RETURN_IF_ERROR(options.progress(1));
  return absl::OkStatus();
}

absl::StatusOr<std::string> FindRoot(const std::vector<std::string>& roots, std::string_view embed,
                                     const ModelFiles& files) {
  for (const std::string& root : roots) {
    if (files.Find(Concat(root, embed, ".weight")) != nullptr) return root;
  }
  return absl::NotFoundError(
      Concat("[tensor] ", roots[0], embed, ".weight, got nothing, expected the embedding table"));
}

std::string LayerPrefix(std::string_view layer, size_t number) {
  const size_t at = layer.find('#');
  return Concat(layer.substr(0, at), number, layer.substr(at + 1));
}

}  // namespace erato
