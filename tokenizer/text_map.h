// Tables that are looked up by text. Abseil's hash is seeded anew in each process, so that no file
// can be made whose pieces all collide; std::hash is not.
#ifndef ERATO_TOKENIZER_TEXT_MAP_H_
#define ERATO_TOKENIZER_TEXT_MAP_H_

#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace erato {

/// Keys are views: their text must outlive the map.
template <typename Value>
using TextMap = absl::flat_hash_map<absl::string_view, Value>;

/// Abseil may be built with a string_view of its own, to which the standard one does not convert.
inline absl::string_view TextKey(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEXT_MAP_H_
