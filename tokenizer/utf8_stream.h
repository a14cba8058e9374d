// Bytes that arrive token by token, given out as whole code points.
#ifndef ERATO_TOKENIZER_UTF8_STREAM_H_
#define ERATO_TOKENIZER_UTF8_STREAM_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace erato {

/// Invalid bytes become U+FFFD, one for each maximal ill-formed subsequence (Unicode 15,
/// section 3.9).
class Utf8Stream {
 public:
  /// Appends to `out` all code points that are complete after `bytes`.
  void Push(std::string_view bytes, std::string& out);
  /// At the end: what is left over becomes U+FFFD.
  void Flush(std::string& out);
  bool pending() const { return !tail_.empty(); }

 private:
  std::string tail_;  // at most 3 bytes: the begin of a code point
};

/// Offset of the first byte that is not part of well-formed UTF-8, or npos.
size_t FindInvalidUtf8(std::string_view text);

}  // namespace erato

#endif  // ERATO_TOKENIZER_UTF8_STREAM_H_
