// A tensor in another format, converted row by row as it is read.
#ifndef ERATO_CORE_WEIGHTS_CONVERT_H_
#define ERATO_CORE_WEIGHTS_CONVERT_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "core/weights/tensor.h"

namespace erato {

/// The values of a tensor rounded to the nearest that another format has, row-major and not
/// transposed. Any number of threads may read.
class ConvertedTensor final : public TensorBytes {
 public:
  /// Whether `to` can hold the tensor: it is row-major already and its rows are whole blocks.
  static bool Can(const HostTensor& from, Format to) {
    return !from.transposed && from.cols % InfoOf(to).block_values == 0;
  }
  /// Borrows what `from` borrows.
  ConvertedTensor(const HostTensor& from, Format to) : from_(from), to_(to) {}

  /// A tensor that reads from this.
  HostTensor View() const;
  absl::StatusOr<const uint8_t*> Read(uint64_t begin, size_t count, uint8_t* room) const override;

 private:
  const HostTensor from_;
  const Format to_;
};

}  // namespace erato

#endif  // ERATO_CORE_WEIGHTS_CONVERT_H_
