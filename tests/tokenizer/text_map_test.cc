#include "tokenizer/text_map.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <new>
#include <random>
#include <string>

#include "tests/support/allocations.h"

namespace erato {
namespace {

std::string View(absl::string_view text) { return std::string(text.data(), text.size()); }

TEST(TextMap, FindsWhatWasPutInAndNothingElse) {
  for (const size_t reserved : {0, 5, 4000}) {
    std::mt19937 rng(7);
    std::deque<std::string> texts;  // which never move
    std::map<std::string, int> want;
    TextMap<int> map;
    EXPECT_EQ(map.find("a"), map.end());
    map.reserve(reserved);
    for (int i = 0; i < 5000; ++i) {
      std::string& text = texts.emplace_back();
      for (size_t n = rng() % 4; n > 0; --n) text += static_cast<char>(rng() % 12);
      const auto [entry, is_new] = map.try_emplace(TextKey(text), i);
      ASSERT_EQ(is_new, want.try_emplace(text, i).second);
      ASSERT_EQ(entry->second, want[text]) << "the first value stays";
      entry->second = want[text] = 2 * i;
      ASSERT_EQ(map.size(), want.size());
    }
    for (const auto& [text, value] : want) {
      const auto found = map.find(TextKey(text));
      ASSERT_NE(found, map.end());
      ASSERT_EQ(View(found->first), text);
      ASSERT_EQ(found->second, value);
      ASSERT_EQ(map.find(TextKey(text + "x")), map.end());
    }
  }
}

TEST(TextMap, StaysWholeWhereMemoryIsShort) {
  const std::string names = "abcdefghijklmnopqrstuvwxyz";
  for (int64_t nth = 0; nth < 8; ++nth) {
    TextMap<int> map;
    int put = 0;
    try {
      const test::FailAllocation fail(nth);
      for (; put < 26; ++put) map.try_emplace(TextKey({&names[put], 1}), put);
    } catch (const std::bad_alloc&) {
    }
    ASSERT_EQ(map.size(), static_cast<size_t>(put));
    for (int i = 0; i < 26; ++i) {
      ASSERT_EQ(map.find(TextKey({&names[i], 1})) != map.end(), i < put) << nth << " " << i;
    }
    for (; put < 26; ++put) map.try_emplace(TextKey({&names[put], 1}), put);
    for (int i = 0; i < 26; ++i) ASSERT_EQ(map.find(TextKey({&names[i], 1}))->second, i);
  }
}

}  // namespace
}  // namespace erato
