// Any bytes in pieces of any length: what comes out is UTF-8, does not depend on the pieces, and is
// the input where that is UTF-8 already. The first byte says where to cut.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/promise.h"
#include "tokenizer/utf8_stream.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  using erato::test::Promise;
  if (bytes == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, bytes - 1);
  erato::Utf8Stream whole, pieces;
  std::string from_whole, from_pieces;
  whole.Push(text, from_whole);
  whole.Flush(from_whole);
  uint32_t state = data[0];
  for (size_t at = 0; at < text.size();) {
    state = state * 1664525 + 1013904223;
    const size_t n = std::min<size_t>(1 + (state >> 24) % (1 + data[0] % 7), text.size() - at);
    pieces.Push(text.substr(at, n), from_pieces);
    Promise(erato::FindInvalidUtf8(from_pieces) == std::string_view::npos);
    at += n;
  }
  pieces.Flush(from_pieces);
  Promise(!pieces.pending());
  Promise(from_pieces == from_whole);
  Promise(erato::FindInvalidUtf8(from_pieces) == std::string_view::npos);
  Promise((from_whole == text) == (erato::FindInvalidUtf8(text) == std::string_view::npos));
  return 0;
}
