// What text looks like on a terminal: attributes, and one colour that is readable on dark and light
// alike.
#ifndef ERATO_SAMPLES_ERATO_CHAT_STYLE_H_
#define ERATO_SAMPLES_ERATO_CHAT_STYLE_H_

#include <string>

namespace erato::command {

/// Added up.
enum Style : int {
  kPlain = 0,
  kBold = 1,
  kDim = 2,
  kItalic = 4,
  kUnderline = 8,
  kCode = 16  // magenta: of the eight colours the one with contrast on white and on black
};

/// Makes what follows look so, whatever it looked like before (ECMA-48, select graphic rendition).
inline std::string EscapeOf(int style) {
  std::string escape = "\033[0";
  if (style & kBold) escape += ";1";
  if (style & kDim) escape += ";2";
  if (style & kItalic) escape += ";3";
  if (style & kUnderline) escape += ";4";
  if (style & kCode) escape += ";35";
  return escape + "m";
}

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_STYLE_H_
