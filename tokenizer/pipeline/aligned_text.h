// A text that steps rewrite, and where each of its bytes comes from.
#ifndef ERATO_TOKENIZER_PIPELINE_ALIGNED_TEXT_H_
#define ERATO_TOKENIZER_PIPELINE_ALIGNED_TEXT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/tokenizer.h"

namespace erato {

/// Alignment costs eight bytes a byte: it is kept only where somebody asked for offsets.
class AlignedText {
 public:
  explicit AlignedText(bool aligned) : aligned_(aligned) {}
  /// The text that begins at `begin` of the input and is still as it was.
  AlignedText(std::string_view input, size_t begin, bool aligned) : text(input), aligned_(aligned) {
    if (!aligned) return;
    origins_.reserve(input.size());
    for (size_t i = 0; i < input.size(); ++i) {
      const auto at = static_cast<uint32_t>(begin + i);
      origins_.push_back({at, at + 1});
    }
  }

  /// The range of the input that bytes [begin, end) come from; between two of them where the range
  /// is empty.
  ByteRange Origin(size_t begin, size_t end) const {
    if (origins_.empty()) return {};
    if (begin >= end || begin >= origins_.size()) {
      const uint32_t at = begin < origins_.size() ? origins_[begin].begin : origins_.back().end;
      return {at, at};
    }
    ByteRange range = origins_[begin];
    for (size_t i = begin + 1; i < end; ++i) {
      range.begin = std::min(range.begin, origins_[i].begin);
      range.end = std::max(range.end, origins_[i].end);
    }
    return range;
  }
  void Append(std::string_view bytes, ByteRange origin) {
    text.append(bytes);
    if (aligned_) origins_.insert(origins_.end(), bytes.size(), origin);
  }
  /// Appends bytes [begin, end) of `from` with their origins.
  void AppendFrom(const AlignedText& from, size_t begin, size_t end) {
    text.append(from.text, begin, end - begin);
    if (aligned_) {
      origins_.insert(origins_.end(), from.origins_.begin() + static_cast<ptrdiff_t>(begin),
                      from.origins_.begin() + static_cast<ptrdiff_t>(end));
    }
  }
  bool aligned() const { return aligned_; }

  std::string text;

 private:
  bool aligned_;
  std::vector<ByteRange> origins_;  // of each byte, if aligned
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_ALIGNED_TEXT_H_
