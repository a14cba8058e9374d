// The linear matcher against a backtracking one that is obviously right, and against Oniguruma's
// answers by way of make_cases.py; the scanners against the matcher.
#include "tokenizer/regex/regex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utf8proc.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/tokenizer/cases.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "tokenizer/regex/char_set.h"
#include "tokenizer/regex/syntax.h"
#include "tokenizer/utf8.h"

namespace erato {
namespace {

using regex::Node;
using regex::Pattern;
using testing::HasSubstr;

// Backtracking by continuations, over code points: exponential, and as short as the definition.
class Backtracker {
 public:
  Backtracker(const Pattern& pattern, std::string_view text) : pattern_(pattern) {
    for (size_t at = 0; at < text.size();) {
      const CodePoint c = DecodeCodePoint(text, at);
      letters_.push_back(c.value);
      begins_.push_back(at);
      at += c.bytes;
    }
    begins_.push_back(text.size());
  }

  std::vector<Regex::Match> FindAll() {
    std::vector<Regex::Match> found;
    size_t last = std::string::npos;
    for (size_t at = 0; at <= letters_.size();) {
      size_t end = 0;
      const bool matches = Try(pattern_.root, at, [&](size_t e) {
        end = e;
        return true;
      });
      if (!matches || (end == at && end == last)) {
        ++at;
        continue;
      }
      found.push_back({begins_[at], begins_[end]});
      last = at = end;
    }
    return found;
  }

 private:
  using Then = std::function<bool(size_t)>;

  bool Try(const Node& node, size_t at, const Then& then) {
    switch (node.kind) {
      case Node::Kind::kEmpty:
        return then(at);
      case Node::Kind::kSet:
        return at < letters_.size() && pattern_.sets[node.set].Contains(letters_[at]) &&
               then(at + 1);
      case Node::Kind::kConcat:
        return TryFrom(node, 0, at, then);
      case Node::Kind::kAlternate:
        for (const Node& child : node.children) {
          if (Try(child, at, then)) return true;
        }
        return false;
      case Node::Kind::kRepeat:
        return TryRepeat(node, 0, at, then);
      case Node::Kind::kAhead:
        return Try(node.children[0], at, [](size_t) { return true; }) != node.negated && then(at);
      case Node::Kind::kBehind:
        return (at == 0 ? node.negated : pattern_.sets[node.set].Contains(letters_[at - 1])) &&
               then(at);
      case Node::Kind::kTextEnd:
        return at == letters_.size() && then(at);
    }
    return false;
  }

  bool TryFrom(const Node& node, size_t child, size_t at, const Then& then) {
    if (child == node.children.size()) return then(at);
    return Try(node.children[child], at,
               [&, child](size_t end) { return TryFrom(node, child + 1, end, then); });
  }

  bool TryRepeat(const Node& node, int count, size_t at, const Then& then) {
    auto more = [&] {
      return (node.max < 0 || count < node.max) && Try(node.children[0], at, [&](size_t end) {
               return TryRepeat(node, count + 1, end, then);
             });
    };
    if (count < node.min) return more();
    return node.greedy ? more() || then(at) : then(at) || more();
  }

  const Pattern& pattern_;
  std::vector<char32_t> letters_;
  std::vector<size_t> begins_;
};

std::vector<Regex::Match> FindAll(const Regex& regex, std::string_view text) {
  std::vector<Regex::Match> found;
  regex.FindAll(text, found);
  return found;
}

// Patterns over few letters, so that matches are many and ambiguous.
std::string RandomPattern(std::mt19937& rng, int depth) {
  auto one_of = [&](std::initializer_list<const char*> list) {
    return std::string(list.begin()[rng() % list.size()]);
  };
  auto sub = [&] { return RandomPattern(rng, depth - 1); };
  if (depth == 0 || rng() % 4 == 0) {
    return one_of({"a", "b", "c", ".", "[ab]", "[^a]", "\\s", "\\p{L}", "(?i:A)", "[a-c&&[^b]]",
                   "\\b", "^", "$", "(?<=a)", "(?<!b)", "\\n", "[^\\s\\p{L}]", "\u00e9"});
  }
  switch (rng() % 8) {
    case 0:
      return sub().append("|").append(sub());
    case 1:
      return std::string("(?:").append(sub()).append(")").append(
          one_of({"?", "*", "+", "{1,2}", "{2}", "??", "*?", "+?", "{0,3}?", "{2,}"}));
    case 2:
      return std::string(one_of({"(?=", "(?!"})).append(sub()).append(")");
    case 3:
      return std::string("(").append(sub()).append("|").append(sub()).append(")");
    case 4:
      return one_of({"a", "[bc]", "\\s", "."}).append(one_of({"++", "*+", "?+"}));
    default:
      return sub().append(sub());
  }
}

std::string FewLetters(std::mt19937& rng) {
  static constexpr const char* kLetters[] = {"a", "b", "c", "A", " ", "\n", "\u00e9", "1"};
  std::string text;
  for (size_t n = rng() % 9; n > 0; --n) text.append(kLetters[rng() % std::size(kLetters)]);
  return text;
}

TEST(Regex, FindsWhatBacktrackingFinds) {
  std::mt19937 rng(41);
  int compared = 0, refused = 0;
  while (compared < 4000) {
    const std::string source = RandomPattern(rng, 4);
    const auto regex = Regex::Compile(source);
    const auto pattern = regex::Parse(source);
    if (!regex.ok()) {
      EXPECT_THAT(std::string(regex.status().message()),
                  testing::AnyOf(HasSubstr("may match nothing"), HasSubstr("possessive")))
          << source;
      ++refused;
      continue;
    }
    for (int i = 0; i < 8; ++i, ++compared) {
      const std::string text = FewLetters(rng);
      ASSERT_EQ(FindAll(**regex, text), Backtracker(*pattern, text).FindAll())
          << source << " on " << testing::PrintToString(text);
    }
  }
  EXPECT_LT(refused, compared / 8);
}

// As pieces, since published patterns leave parts unmatched.
std::vector<std::string> Scan(WordEnd scanner, std::string_view text) {
  std::vector<std::string> words;
  for (size_t at = 0; at < text.size();) {
    const size_t end = scanner(text, at);
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

std::vector<std::string> Cut(const PatternCutter& cutter, std::string_view text) {
  std::vector<size_t> ends;
  cutter.Cut(text, ends);
  std::vector<std::string> words;
  size_t at = 0;
  for (size_t end : ends) {
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

TEST(PreTokenizerRule, ScannersCutAsTheirPatterns) {
  for (const char* name : {"gpt-2", "smollm", "llama-bpe", "qwen2", "gpt-4o", "tekken"}) {
    const CutRule& rule = *(*FindPreTokenizer(name))->rule;
    ASSERT_NE(rule.scanner, nullptr) << name;
    const PatternCutter cutter = PatternCutter::Create(rule.patterns).value();
    std::mt19937 rng(43);
    for (int round = 0; round < 20000; ++round) {
      const std::string text = test::RandomText(rng, rng() % 16);
      ASSERT_EQ(Scan(rule.scanner, text), Cut(cutter, text)) << name;
    }
  }
}

TEST(PreTokenizerRule, EveryNameCutsTextIntoAllOfIt) {
  std::mt19937 rng(47);
  const CutRule* last = nullptr;
  for (const PreTokenizer& p : AllPreTokenizers()) {
    if (p.rule == last || p.rule == nullptr) continue;
    last = p.rule;
    const auto cutter = PatternCutter::Create(p.rule->patterns);
    ASSERT_TRUE(cutter.ok()) << p.name << cutter.status();
    for (int round = 0; round < 200; ++round) {
      const std::string text = test::RandomText(rng, rng() % 16);
      std::string joined;
      for (const std::string& word : Cut(*cutter, text)) {
        ASSERT_FALSE(word.empty());
        joined += word;
      }
      ASSERT_EQ(joined, text) << p.name;
    }
  }
}

TEST(PreTokenizerRule, TheMatcherIsLinear) {
  for (const char* name :
       {"gpt-2", "deepseek-v3", "tiny_aya", "superbpe", "jais-2", "exaone-moe"}) {
    const auto cutter = PatternCutter::Create((*FindPreTokenizer(name))->rule->patterns).value();
    for (std::string part : {"a", " ", "1", "\n", "\u0301", "\u4f60", " \n", "'"}) {
      std::string text;
      while (text.size() < (1 << 18)) text += part;
      std::vector<size_t> ends;
      cutter.Cut(text, ends);
      EXPECT_EQ(ends.back(), text.size());
    }
  }
  const auto slow = Regex::Compile("(?:a|aa|aaa)*b|a").value();
  EXPECT_EQ(FindAll(*slow, std::string(1 << 18, 'a')).size(), size_t{1} << 18);
}

TEST(Regex, WhatIsNotSupportedIsAnErrorThatSaysSo) {
  const struct {
    std::string pattern, message;
  } kCases[] = {
      {"(a*)*", "a repeat of a part that may match nothing"},
      {"(a", "got the end, expected ')'"},
      {"a)", "at byte 1 of the pattern, got ')'"},
      {"[a", "got the end, expected ']'"},
      {"*a", "got a quantifier, expected something before it"},
      {"(a)\\1", "at byte 4 of the pattern, got an unknown escape"},
      {"\\p{Klingon}", "got an unknown property"},
      {"(?<=ab)c", "got a long look-behind"},
      {"(?>ab)", "got a possessive or atomic part"},
      {"a{5,2}", "got a number of repeats"},
      {"a{2000}", "got a number of repeats"},
      {"[b-a]", "got a range, expected its smaller end first"},
      {"(?x:a)", "got an unknown kind of group"},
      {"((((((a{100}){100}){100}){100}){100}){100})", "got a program of more than 8192"},
      {std::string(100, '(').append(100, ')'), "got groups nested deeper"},
      {std::string(17000, 'a'), "got 17000 bytes, expected at most 16384"},
      {"\xFF", "got an invalid byte"},
      {"\\", "got the end"},
      {"(.*a.{12}|b)c(?=.{9}d.{9})", "an automaton above its limit"},
  };
  for (const auto& [pattern, message] : kCases) {
    const auto regex = Regex::Compile(pattern);
    EXPECT_EQ(regex.status().code(), absl::StatusCode::kInvalidArgument) << pattern;
    EXPECT_THAT(std::string(regex.status().message()), HasSubstr(message)) << pattern;
  }
}

TEST(Regex, KnownCases) {
  auto pieces = [](std::string_view pattern, std::string_view text) {
    std::vector<Regex::Piece> found;
    Regex::Compile(pattern).value()->Split(text, found);
    std::string shown;
    size_t at = 0;
    for (const Regex::Piece& piece : found) {
      shown.append(piece.matched ? "[" : "{").append(text.substr(at, piece.end - at));
      shown.append(piece.matched ? "]" : "}");
      at = piece.end;
    }
    return shown;
  };
  EXPECT_EQ(pieces("(?=(\\d{3})+(?!\\d))", "1234567"), "{1}{234}{567}");
  EXPECT_EQ(pieces("\\d{1,3}(?=(?:\\d{3})*\\b)", "12345 x12"), "[12][345]{ x}[12]");
  EXPECT_EQ(pieces("(?i)'s|k", "'S 's '\u017f \u212a"), "['S]{ }['s]{ }['\u017f]{ }[\u212a]");
  EXPECT_EQ(pieces("a|ab", "ab"), "[a]{b}");
  EXPECT_EQ(pieces("a{,2}", "aaa"), "[aa][a]");
  EXPECT_EQ(pieces("x{a", "x{a"), "[x{a]");
  EXPECT_EQ(pieces("[]x]", "]x"), "[]][x]");
  EXPECT_EQ(pieces("^a$", "a\na\nba"), "[a]{\n}[a]{\nba}");
  EXPECT_EQ(pieces("\\Aa|a\\z|\\n\\Z", "aaa\n"), "[a]{aa}[\n]");
  EXPECT_EQ(pieces("[\\p{Han}&&[^\u4e00]]+", "\u4e00\u4e01"), "{\u4e00}[\u4e01]");
}

TEST(Categories, EqualUtf8procsForAllCodePoints) {
  const regex::Categories categories;
  const auto letters = *categories.Find("L"), unassigned = *categories.Find("Cn"),
             privates = *categories.Find("Co"), capitals = *categories.Find("Lu");
  for (char32_t c = 0; c <= regex::kLastCodePoint; ++c) {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    ASSERT_EQ(letters.Contains(c),
              category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO);
    ASSERT_EQ(capitals.Contains(c), category == UTF8PROC_CATEGORY_LU);
    ASSERT_EQ(privates.Contains(c), category == UTF8PROC_CATEGORY_CO);
    ASSERT_EQ(unassigned.Contains(c), category == UTF8PROC_CATEGORY_CN) << static_cast<unsigned>(c);
  }
}

}  // namespace
}  // namespace erato
