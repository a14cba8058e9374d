// Where a GGUF file's tensors lie, once the table of them is read.
#ifndef ERATO_CORE_FORMATS_GGUF_PLACEMENT_H_
#define ERATO_CORE_FORMATS_GGUF_PLACEMENT_H_

#include "absl/status/status.h"
#include "core/base/byte_reader.h"
#include "core/formats/gguf/gguf.h"

namespace erato::gguf {

/// INVALID_ARGUMENT where two tensors have one name.
absl::Status CheckNames(const ByteReader& reader, const Contents& contents);

/// `reader` is at the end of the table. Turns offsets from the begin of the data into offsets from
/// the begin of the file. INVALID_ARGUMENT unless each is aligned, and all tensors lie within the
/// file and apart from each other. Their order need not be that of the table, and between them
/// there may be more than padding.
absl::Status PlaceTensors(const ByteReader& reader, Contents& contents);

}  // namespace erato::gguf

#endif  // ERATO_CORE_FORMATS_GGUF_PLACEMENT_H_
