// Classes in brackets, properties and the escapes that name one code point or a set.
#include <string>

#include "tokenizer/regex/parser.h"
#include "tokenizer/utf8.h"

namespace erato::regex {
namespace {

constexpr int kMostClassDepth = 16;

}  // namespace

std::optional<CharSet> Parser::NamedSet(char letter) const {
  switch (letter) {
    case 's':
      return categories_.Space();
    case 'S':
      return categories_.Space().Not();
    case 'd':
      return categories_.Find("Nd");
    case 'D':
      return categories_.Find("Nd")->Not();
    case 'w':
      return categories_.Word();
    case 'W':
      return categories_.Word().Not();
    case 'h':
    case 'H': {
      const CharSet hex({{'0', '9'}, {'A', 'F'}, {'a', 'f'}});
      return letter == 'h' ? hex : hex.Not();
    }
    default:
      return std::nullopt;
  }
}

absl::StatusOr<CharSet> Parser::ParseProperty(bool negated) {
  std::string_view name = text_.substr(at_, 1);
  if (Take("{")) {
    const size_t end = text_.find('}', at_);
    if (end == std::string_view::npos) return Wrong("a property", "'}' behind its name");
    name = text_.substr(at_, end - at_);
    if (name.starts_with('^')) {
      negated = !negated;
      name.remove_prefix(1);
    }
    at_ = end;
  }
  const std::optional<CharSet> set = categories_.Find(name);
  if (!set) {
    return Wrong("an unknown property",
                 "a general category or one of Han, Hiragana, Katakana, Hangul");
  }
  ++at_;
  return negated ? set->Not() : *set;
}

absl::StatusOr<char32_t> Parser::ParseHex(int least, int most) {
  char32_t value = 0;
  int digits = 0;
  for (; digits < most; ++digits, ++at_) {
    const char c = Peek();
    const char lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      value = value * 16 + static_cast<char32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value * 16 + static_cast<char32_t>(lower - 'a' + 10);
    } else {
      break;
    }
  }
  if (digits < least || value > kLastCodePoint) return Wrong("an escape", "hexadecimal digits");
  return value;
}

absl::StatusOr<char32_t> Parser::ParseEscapedCodePoint() {
  Take("\\");
  if (done()) return Wrong("the end", "a letter behind the backslash");
  const char letter = Peek();
  const bool word = (letter >= '1' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                    (letter >= 'A' && letter <= 'Z');
  if (!word && letter != '0') return TakeCodePoint();
  constexpr std::string_view kLetters = "ntrfvae0", kValues("\n\t\r\f\v\a\x1b\0", 8);
  if (const size_t i = kLetters.find(letter); i != std::string_view::npos) {
    ++at_;
    return static_cast<char32_t>(kValues[i]);
  }
  if (Take("u")) return ParseHex(4, 4);
  if (!Take("x")) return Wrong("an unknown escape", "one that names a code point or a class");
  if (!Take("{")) return ParseHex(1, 2);
  absl::StatusOr<char32_t> value = ParseHex(1, 8);
  if (value.ok() && !Take("}")) return Wrong("an escape", "'}' behind it");
  return value;
}

absl::StatusOr<CharSet> Parser::ParsePosixClass() {
  Take("[:");
  const bool negated = Take("^");
  const size_t end = text_.find(":]", at_);
  if (end == std::string_view::npos) return Wrong("a class", "':]' behind its name");
  const std::string_view name = text_.substr(at_, end - at_);
  std::optional<CharSet> set;
  if (name == "digit") set = categories_.Find("Nd");
  if (name == "space") set = categories_.Space();
  if (name == "upper") set = categories_.Find("Lu");
  if (name == "lower") set = categories_.Find("Ll");
  if (name == "word") set = categories_.Word();
  if (name == "xdigit") set = NamedSet('h');
  if (!set)
    return Wrong("an unknown class",
                 "[:digit:], [:space:], [:upper:], [:lower:], [:word:] or [:xdigit:]");
  at_ = end + 2;
  return negated ? set->Not() : *set;
}

// One member of a class: a set, or a code point with what it may begin: a range.
absl::StatusOr<CharSet> Parser::ParseClassOperand() {
  if (text_.substr(at_, 2) == "[:") return ParsePosixClass();
  if (Peek() == '[') return ParseClass();
  auto code_point = [&]() -> absl::StatusOr<char32_t> {
    if (Peek() == '\\' && Take("\\b")) return U'\b';
    return Peek() == '\\' ? ParseEscapedCodePoint() : TakeCodePoint();
  };
  if (Peek() == '\\') {
    if (Peek(1) == 'p' || Peek(1) == 'P') {
      const bool negated = Peek(1) == 'P';
      at_ += 2;
      return ParseProperty(negated);
    }
    if (std::optional<CharSet> set = NamedSet(Peek(1))) {
      at_ += 2;
      return *std::move(set);
    }
  }
  absl::StatusOr<char32_t> first = code_point();
  if (!first.ok()) return first.status();
  const bool range = Peek() == '-' && Peek(1) != ']' && Peek(1) != '\0' && Peek(1) != '[';
  if (!range) return CharSet(*first);
  ++at_;
  absl::StatusOr<char32_t> last = code_point();
  if (!last.ok()) return last.status();
  if (*last < *first) return Wrong("a range", "its smaller end first");
  return CharSet(*first, *last);
}

absl::StatusOr<CharSet> Parser::ParseClass() {
  if (++depth_ > kMostClassDepth) return Wrong("classes nested deeper", "at most 16 levels");
  Take("[");
  const bool negated = Take("^");
  std::optional<CharSet> met;  // of the operands of && so far
  std::vector<CharSet::Range> ranges;
  for (bool first = true;; first = false) {
    if (done()) return Wrong("the end", "']'");
    if (!first && Peek() == ']') break;
    if (first && Peek() == ']' && text_.find(']', at_ + 1) == std::string_view::npos) {
      return Wrong("an empty class", "a member");
    }
    if (Take("&&")) {
      CharSet operand(std::move(ranges));
      met = met ? met->And(operand) : operand;
      ranges.clear();
      if (Peek() != ']') continue;
      break;
    }
    absl::StatusOr<CharSet> operand = ParseClassOperand();
    if (!operand.ok()) return operand;
    ranges.insert(ranges.end(), operand->ranges().begin(), operand->ranges().end());
  }
  Take("]");
  --depth_;
  CharSet set(std::move(ranges));
  if (met) set = met->And(set);
  return negated ? set.Not() : set;
}

}  // namespace erato::regex
