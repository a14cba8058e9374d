// Tables that are looked up by text. Abseil's hash is seeded anew in each process, so that no file
// can be made whose pieces all collide; std::hash is not. The table is the standard one, because an
// allocation that fails while Abseil's grows leaves that broken.
#ifndef ERATO_TOKENIZER_TEXT_MAP_H_
#define ERATO_TOKENIZER_TEXT_MAP_H_

#include <string_view>
#include <unordered_map>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace erato {

/// Keys are views: their text must outlive the map.
template <typename Value>
using TextMap = std::unordered_map<absl::string_view, Value, absl::Hash<absl::string_view>>;

/// Abseil may be built with a string_view of its own, to which the standard one does not convert.
inline absl::string_view TextKey(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEXT_MAP_H_
