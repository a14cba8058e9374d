// Markdown inside a line: *emphasis*, **strong**, ***both***, _emphasis_ and `code`.
#ifndef ERATO_SAMPLES_ERATO_CHAT_MARKDOWN_INLINE_H_
#define ERATO_SAMPLES_ERATO_CHAT_MARKDOWN_INLINE_H_

#include <functional>
#include <string_view>

#include "samples/erato/chat/style.h"

namespace erato::command {

/// Gives out a line's text as it comes, with styles in place of its markers. A marker goes only
/// where both it and its other half are there: what may become one is kept back, for at most
/// kMostHeld bytes, and everything else comes out as it is. So no text is ever lost, and what comes
/// out does not depend on how the text was cut.
///
/// The rules are CommonMark's for what language models write, made stricter: a marker after a
/// letter or digit opens nothing (2*3, snake_case), __ is text (__init__), and a span ends in its
/// line.
class InlineMarkdown {
 public:
  static constexpr size_t kMostHeld = 240;
  using Emit = std::function<void(std::string_view character, int style)>;

  explicit InlineMarkdown(Emit emit) : emit_(std::move(emit)) {}
  /// Bytes of `text` that were given out in `style` and that of their markers. whole: the line ends
  /// here, and all is.
  size_t Put(std::string_view text, int style, bool whole);
  /// A new line begins.
  void Begin() { before_ = ' '; }

 private:
  /// Bytes of the marker or span at the begin of text; 0: it may still become one.
  size_t PutCode(std::string_view text, int style, bool whole);
  size_t PutEmphasis(std::string_view text, int style, bool whole);
  void PutAsIs(std::string_view text, int style);

  const Emit emit_;
  char before_ = ' ';  // the byte that was given out last
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_MARKDOWN_INLINE_H_
