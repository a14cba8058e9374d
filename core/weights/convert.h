// A tensor in another format.
#ifndef ERATO_CORE_WEIGHTS_CONVERT_H_
#define ERATO_CORE_WEIGHTS_CONVERT_H_

#include <cstdint>
#include <vector>

#include "core/weights/tensor.h"

namespace erato {

/// Whether `to` can hold the tensor: its rows are whole blocks.
bool Convertible(const HostTensor& from, Format to);
/// The tensor's values rounded to the nearest that `to` has, row-major and not transposed. `bytes`
/// holds them, and must live as long as what is returned.
HostTensor Convert(const HostTensor& from, Format to, std::vector<uint8_t>& bytes);

}  // namespace erato

#endif  // ERATO_CORE_WEIGHTS_CONVERT_H_
