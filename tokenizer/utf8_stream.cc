#include "tokenizer/utf8_stream.h"

#include <cstdint>
#include <cstring>

#include "tokenizer/utf8.h"

namespace erato {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// The number of bytes below 80 at the begin, eight at a time.
size_t AsciiPrefix(std::string_view text) {
  size_t at = 0;
  for (uint64_t word; at + sizeof(word) <= text.size(); at += sizeof(word)) {
    std::memcpy(&word, text.data() + at, sizeof(word));
    if ((word & 0x8080808080808080u) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

void Utf8Stream::Push(std::string_view bytes, std::string& out) {
  std::string joined;
  if (!tail_.empty()) {
    joined = tail_;
    joined.append(bytes);
    tail_.clear();
    bytes = joined;
  }
  while (!bytes.empty()) {
    const size_t ascii = AsciiPrefix(bytes);
    out.append(bytes.substr(0, ascii));
    bytes.remove_prefix(ascii);
    if (bytes.empty()) return;
    const Utf8Sequence sequence = FirstSequence(bytes);
    if (sequence.kind == Utf8Sequence::Kind::kIncomplete) {
      tail_.assign(bytes);
      return;
    }
    const bool good = sequence.kind == Utf8Sequence::Kind::kCodePoint;
    out.append(good ? bytes.substr(0, sequence.bytes) : kReplacement);
    bytes.remove_prefix(sequence.bytes);
  }
}

void Utf8Stream::Flush(std::string& out) {
  if (!tail_.empty()) out.append(kReplacement);
  tail_.clear();
}

size_t FindInvalidUtf8(std::string_view text) {
  size_t at = 0;
  while (true) {
    at += AsciiPrefix(text.substr(at));
    if (at == text.size()) return std::string_view::npos;
    const Utf8Sequence sequence = FirstSequence(text.substr(at));
    if (sequence.kind != Utf8Sequence::Kind::kCodePoint) return at;
    at += sequence.bytes;
  }
}

}  // namespace erato
