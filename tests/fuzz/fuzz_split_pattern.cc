// A pattern of any bytes up to the first newline, and the text behind it: what matches lies in the
// text from left to right, and the pieces are the text.
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tests/fuzz/promise.h"
#include "tokenizer/regex/regex.h"
#include "tokenizer/utf8_stream.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  using erato::test::Promise;
  const std::string_view all(reinterpret_cast<const char*>(data), bytes);
  const size_t newline = std::min(all.find('\n'), bytes);
  const auto regex = erato::Regex::Compile(all.substr(0, newline));
  if (!regex.ok()) return 0;
  const std::string_view text = all.substr(std::min(newline + 1, bytes));
  if (erato::FindInvalidUtf8(text) != std::string_view::npos) return 0;
  std::vector<erato::Regex::Match> matches;
  (*regex)->FindAll(text, matches);
  size_t at = 0;
  for (const auto& match : matches) {
    Promise(at <= match.begin && match.begin <= match.end && match.end <= text.size());
    at = match.end;
  }
  std::vector<erato::Regex::Piece> pieces;
  (*regex)->Split(text, pieces);
  at = 0;
  for (const auto& piece : pieces) {
    Promise(piece.end > at);
    at = piece.end;
  }
  Promise(at == text.size());
  return 0;
}
