// Rewriting letter by letter, the shape of most normalizers.
#ifndef ERATO_TOKENIZER_PIPELINE_REWRITE_H_
#define ERATO_TOKENIZER_PIPELINE_REWRITE_H_

#include <string>
#include <string_view>
#include <utility>

#include "tokenizer/pipeline/aligned_text.h"
#include "tokenizer/utf8.h"

namespace erato {

/// map(value, letter, out) appends what a code point, spelt `letter`, becomes.
template <typename Map>
void RewriteLetters(AlignedText& text, const Map& map) {
  AlignedText made(text.aligned());
  made.text.reserve(text.text.size());
  std::string letters;
  const std::string_view from = text.text;
  for (size_t at = 0; at < from.size();) {
    const CodePoint c = DecodeCodePoint(from, at);
    const std::string_view letter = from.substr(at, c.bytes);
    if (text.aligned()) {
      letters.clear();
      map(c.value, letter, letters);
      made.Append(letters, text.Origin(at, at + c.bytes));
    } else {
      map(c.value, letter, made.text);
    }
    at += c.bytes;
  }
  text = std::move(made);
}

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_REWRITE_H_
