// Python's string operations on text that knows its origin: filters and methods are thin covers
// over these. Each byte of a result keeps the origin of the byte it came from.
#ifndef ERATO_TOKENIZER_TEMPLATE_MARKED_TEXT_H_
#define ERATO_TOKENIZER_TEMPLATE_MARKED_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/template/run.h"

namespace erato::marked {

MarkedString Upper(const MarkedString& text);
MarkedString Lower(const MarkedString& text);
MarkedString SwapCase(const MarkedString& text);
/// First character upper-case, the others lower-case.
MarkedString Capitalize(const MarkedString& text);
/// As str.title(): upper-case after every character that is no letter.
MarkedString Title(const MarkedString& text);
/// As Jinja's title: upper-case after white space and - ( { [ <.
MarkedString TitleWords(const MarkedString& text);

enum class Side { kLeft, kRight, kBoth };
/// Without the characters of `chars` (null: white space) at its ends.
MarkedString Strip(const MarkedString& text, const std::string* chars, Side side);
/// `count` < 0: all. Bounded by the limits of `run`.
MarkedString Replace(Run& run, const MarkedString& text, const std::string& old,
                     const MarkedString& with, int64_t count);
/// `limit` < 0: no limit. `separator` is not empty.
List Split(const MarkedString& text, const std::string& separator, int64_t limit, bool from_right);
List SplitSpace(const MarkedString& text, int64_t limit, bool from_right);
List SplitLines(const MarkedString& text, bool keep_ends);
/// Filled with `fill` to `width` characters. What is left over of a middle is at the right for
/// kMiddle, as format specifications have it, and where str.center has it for kCenter.
enum class Align { kLeft, kRight, kCenter, kMiddle };
MarkedString Pad(Run& run, const MarkedString& text, int64_t width, const MarkedString& fill,
                 Align align);
/// & < > " ' as HTML writes them.
MarkedString EscapeHtml(const MarkedString& text);

}  // namespace erato::marked

#endif  // ERATO_TOKENIZER_TEMPLATE_MARKED_TEXT_H_
