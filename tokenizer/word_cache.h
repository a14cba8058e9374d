// The ids of words met before in one call of Encode: most words of a text come again. It lives as
// long as the call, so that threads share nothing.
#ifndef ERATO_TOKENIZER_WORD_CACHE_H_
#define ERATO_TOKENIZER_WORD_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "tokenizer/text_map.h"

namespace erato {

class WordCache {
 public:
  /// Whether `word` is known; its ids are appended to `out`.
  bool Append(std::string_view word, std::vector<int32_t>& out) const {
    const auto found = places_.find(TextKey(word));
    if (found == places_.end()) return false;
    const Place place = found->second;
    out.insert(out.end(), ids_.begin() + place.first, ids_.begin() + place.first + place.count);
    return true;
  }

  /// Keeps short words while there is room.
  void Add(std::string_view word, absl::Span<const int32_t> ids) {
    if (word.size() > kMostBytes || places_.size() >= kMostWords) return;
    if (blocks_.empty() || kBlockBytes - block_used_ < word.size()) {
      blocks_.push_back(std::make_unique<char[]>(kBlockBytes));
      block_used_ = 0;
    }
    char* const copy = blocks_.back().get() + block_used_;
    word.copy(copy, word.size());
    block_used_ += word.size();
    places_.try_emplace(TextKey({copy, word.size()}), Place{static_cast<uint32_t>(ids_.size()),
                                                            static_cast<uint32_t>(ids.size())});
    ids_.insert(ids_.end(), ids.begin(), ids.end());
  }

 private:
  static constexpr size_t kMostBytes = 48;
  static constexpr size_t kMostWords = 1 << 16;
  static constexpr size_t kBlockBytes = 4096;

  struct Place {
    uint32_t first, count;  // in ids_
  };

  std::vector<std::unique_ptr<char[]>> blocks_;  // the words' bytes; they never move
  size_t block_used_ = 0;
  TextMap<Place> places_;
  std::vector<int32_t> ids_;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_WORD_CACHE_H_
