#include "tokenizer/charsmap.h"

#include "tokenizer/message.h"
#include "tokenizer/utf8_stream.h"

namespace erato {
namespace {

constexpr size_t kMostBytes = size_t{64} << 20;

// A unit of the double array: bits 0..7 the byte that leads to it, bit 8 whether a leaf hangs
// below, bit 9 whether the offset counts in steps of 256, bits 10..30 the offset, bit 31 a leaf.
uint32_t Label(uint32_t unit) { return unit & (1u << 31 | 0xFF); }
bool HasLeaf(uint32_t unit) { return (unit >> 8 & 1) != 0; }
uint32_t Offset(uint32_t unit) { return (unit >> 10) << ((unit & (1u << 9)) >> 6); }
uint32_t LeafValue(uint32_t unit) { return unit & 0x7FFFFFFF; }

uint32_t LittleEndian32(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) {
    value |= static_cast<uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return value;
}

}  // namespace

absl::StatusOr<Charsmap> Charsmap::Parse(std::string_view bytes) {
  Charsmap map;
  if (bytes.empty()) return map;
  if (bytes.size() < 8 || bytes.size() > kMostBytes) {
    return message::Wrong("[charsmap] size, got ", bytes.size(), " bytes, expected 8 to ",
                          kMostBytes);
  }
  const uint32_t trie_bytes = LittleEndian32(bytes, 0);
  if (trie_bytes % 4 != 0 || trie_bytes == 0 || trie_bytes > bytes.size() - 4) {
    return message::Wrong("[charsmap] size of its trie, got ", trie_bytes,
                          " bytes, expected a multiple of 4 up to ", bytes.size() - 4);
  }
  map.units_.reserve(trie_bytes / 4);
  for (size_t at = 4; at < 4 + size_t{trie_bytes}; at += 4) {
    map.units_.push_back(LittleEndian32(bytes, at));
  }
  map.texts_ = std::string(bytes.substr(4 + size_t{trie_bytes}));
  if (map.texts_.empty() || map.texts_.back() != '\0') {
    return message::Wrong("[charsmap] texts, got no end, expected a zero byte");
  }
  if (const size_t at = FindInvalidUtf8(map.texts_); at != std::string_view::npos) {
    return message::Wrong("[charsmap] texts, got an invalid byte at offset ", at,
                          ", expected UTF-8");
  }
  return map;
}

// An offset may point into the middle of a text, but only between two of its code points.
bool Charsmap::TextAt(size_t offset, std::string_view& text) const {
  if (offset >= texts_.size() || (static_cast<unsigned char>(texts_[offset]) & 0xC0) == 0x80) {
    return false;
  }
  text = std::string_view(texts_).substr(offset, texts_.find('\0', offset) - offset);
  return true;
}

template <typename Visit>
void Charsmap::Walk(std::string_view text, const Visit& visit) const {
  if (units_.empty()) return;
  size_t at = Offset(units_[0]);
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i++]);
    at ^= byte;
    if (at >= units_.size() || Label(units_[at]) != byte) return;
    const uint32_t unit = units_[at];
    at ^= Offset(unit);
    if (!HasLeaf(unit)) continue;
    if (at >= units_.size()) return;
    std::string_view made;
    if (TextAt(LeafValue(units_[at]), made) && !visit(Match{i, made})) return;
  }
}

Charsmap::Match Charsmap::Longest(std::string_view text, size_t at) const {
  Match best;
  Walk(text.substr(at), [&](const Match& match) {
    best = match;
    return true;
  });
  return best;
}

Charsmap::Match Charsmap::Shortest(std::string_view text) const {
  Match first;
  Walk(text, [&](const Match& match) {
    first = match;
    return false;
  });
  return first;
}

}  // namespace erato
