// Tables that are looked up by text. Abseil's hash is seeded anew in each process, so that no file
// can be made whose pieces all collide; std::hash is not. The table is our own, because an
// allocation that fails while Abseil's grows leaves that broken, and the standard one takes twice
// the memory, which for a vocabulary of a quarter of a million pieces is 6 MB.
#ifndef ERATO_TOKENIZER_TEXT_MAP_H_
#define ERATO_TOKENIZER_TEXT_MAP_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace erato {

/// Abseil may be built with a string_view of its own, to which the standard one does not convert.
inline absl::string_view TextKey(std::string_view text) { return {text.data(), text.size()}; }

/// Keys are views: their text must outlive the map. Entries lie in the order in which they came,
/// and a table of their numbers, at most three quarters full, is probed from each key's hash on.
/// Fewer than 2^31 entries; none is ever taken out.
template <typename Value>
class TextMap {
 public:
  using Entry = std::pair<absl::string_view, Value>;
  using const_iterator = const Entry*;

  const_iterator end() const { return entries_.data() + entries_.size(); }
  size_t size() const { return entries_.size(); }
  const_iterator find(absl::string_view key) const {
    const uint32_t number = slots_.empty() ? kNone : slots_[SlotOf(key)];
    return number == kNone ? end() : &entries_[number];
  }
  /// The entry of `key`, and whether it is new. Strong: where memory is short nothing has changed.
  std::pair<Entry*, bool> try_emplace(absl::string_view key, const Value& value) {
    if ((entries_.size() + 1) * 4 > slots_.size() * 3) reserve(entries_.size() * 2 + 8);
    uint32_t& slot = slots_[SlotOf(key)];
    if (slot != kNone) return {&entries_[slot], false};
    entries_.emplace_back(key, value);
    slot = static_cast<uint32_t>(entries_.size() - 1);
    return {&entries_.back(), true};
  }
  void reserve(size_t entries) {
    entries_.reserve(entries);
    if (entries * 4 <= slots_.size() * 3) return;
    std::vector<uint32_t> slots(std::bit_ceil(entries * 4 / 3 + 1), kNone);
    slots_.swap(slots);
    for (size_t i = 0; i < entries_.size(); ++i) {
      slots_[SlotOf(entries_[i].first)] = static_cast<uint32_t>(i);
    }
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  /// The slot that has `key`, or the one where it would go.
  size_t SlotOf(absl::string_view key) const {
    const size_t mask = slots_.size() - 1;
    size_t slot = absl::Hash<absl::string_view>()(key) & mask;
    while (slots_[slot] != kNone && entries_[slots_[slot]].first != key) slot = (slot + 1) & mask;
    return slot;
  }

  std::vector<Entry> entries_;
  std::vector<uint32_t> slots_;  // a power of two
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEXT_MAP_H_
