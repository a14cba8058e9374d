// The spans of a call as one text, and which of its bytes are trusted.
#ifndef ERATO_TOKENIZER_JOINED_TEXT_H_
#define ERATO_TOKENIZER_JOINED_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "tokenizer/tokenizer.h"

namespace erato {

class JoinedText {
 public:
  JoinedText() = default;
  JoinedText(const JoinedText&) = delete;  // text() may point into it
  JoinedText& operator=(const JoinedText&) = delete;

  /// `spans` must outlive this. INVALID_ARGUMENT where the text is too long or not UTF-8.
  absl::Status Read(absl::Span<const TextSpan> spans);

  std::string_view text() const { return text_; }

  struct Range {
    size_t begin, end;
  };
  /// In order, and not adjacent.
  const std::vector<Range>& trusted() const { return trusted_; }

 private:
  std::string joined_;
  std::string_view text_;
  std::vector<Range> trusted_;
};

/// Walks the trusted ranges along rising offsets.
class TrustCursor {
 public:
  explicit TrustCursor(absl::Span<const JoinedText::Range> ranges) : ranges_(ranges) {}
  /// The end of the trusted range that `at` lies in, or `at`.
  size_t EndAt(size_t at) {
    while (next_ < ranges_.size() && ranges_[next_].end <= at) ++next_;
    return next_ < ranges_.size() && ranges_[next_].begin <= at ? ranges_[next_].end : at;
  }

 private:
  absl::Span<const JoinedText::Range> ranges_;
  size_t next_ = 0;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_JOINED_TEXT_H_
