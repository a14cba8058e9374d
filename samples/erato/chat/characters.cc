#include "samples/erato/chat/characters.h"

#include <algorithm>
#include <cwchar>

namespace erato::command {

std::string_view FirstCharacter(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  return text.substr(0, lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);
}

int Columns(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead < 0x20 || lead >= 0x7f ? -1 : 1;
  constexpr unsigned char kLeadBits[] = {0, 0, 0x1f, 0x0f, 0x07};
  auto code = static_cast<wchar_t>(lead & kLeadBits[character.size()]);
  for (const char byte : character.substr(1))
    code = static_cast<wchar_t>(code << 6 | (byte & 0x3f));
  if (code < 0xa0) return -1;
  const int columns = wcwidth(code);
  return columns < 0 ? 1 : columns;  // newer than the C library's tables
}

int ColumnsOf(std::string_view text) {
  int columns = 0;
  while (!text.empty()) {
    const std::string_view character = FirstCharacter(text);
    columns += std::max(0, Columns(character));
    text.remove_prefix(character.size());
  }
  return columns;
}

}  // namespace erato::command
