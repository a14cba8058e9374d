// SentencePiece writes a space as U+2581, so that pieces have none and words keep theirs.
#ifndef ERATO_TOKENIZER_SPACE_ESCAPE_H_
#define ERATO_TOKENIZER_SPACE_ESCAPE_H_

#include <string>
#include <string_view>

namespace erato {

inline constexpr std::string_view kEscapedSpace = "\u2581";

/// Appends `text` with U+2581 for each space.
inline void AppendEscaped(std::string_view text, std::string& out) {
  for (char c : text) {
    if (c == ' ') {
      out.append(kEscapedSpace);
    } else {
      out.push_back(c);
    }
  }
}

/// Appends `text` with a space for each U+2581.
inline void AppendUnescaped(std::string_view text, std::string& out) {
  for (size_t at = 0; at < text.size();) {
    const size_t next = text.find(kEscapedSpace, at);
    out.append(text.substr(at, next - at));
    if (next == std::string_view::npos) return;
    out.push_back(' ');
    at = next + kEscapedSpace.size();
  }
}

}  // namespace erato

#endif  // ERATO_TOKENIZER_SPACE_ESCAPE_H_
