#include "tokenizer/pipeline/pattern.h"

#include <charconv>

#include "absl/strings/ascii.h"
#include "tokenizer/message.h"
#include "tokenizer/pipeline/letter_class.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "tokenizer/utf8.h"

namespace erato {
namespace {

// Expressions that cut all of a text into words, and the scanner that does the same.
constexpr struct {
  std::string_view regex, scanner;
} kScanners[] = {
    {"'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", "gpt-2"},
    {"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| "
     "?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
     "llama-bpe"},
    {"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| "
     "?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
     "qwen2"},
};

constexpr size_t kMostTextBytes = 4096;

// "+", "{n}", "{n,}", "{n,m}" or nothing.
bool ParseRepeat(std::string_view repeat, size_t& least, size_t& most) {
  least = most = 1;
  if (repeat.empty()) return true;
  if (repeat == "+") {
    most = SIZE_MAX;
    return true;
  }
  if (repeat.size() < 3 || repeat.front() != '{' || repeat.back() != '}') return false;
  const char* at = repeat.data() + 1;
  const char* const end = repeat.data() + repeat.size() - 1;
  auto read = std::from_chars(at, end, least);
  if (read.ec != std::errc() || least == 0) return false;
  most = least;
  if (read.ptr == end) return true;
  if (*read.ptr++ != ',') return false;
  most = SIZE_MAX;
  if (read.ptr == end) return true;
  read = std::from_chars(read.ptr, end, most);
  return read.ec == std::errc() && read.ptr == end && most >= least;
}

}  // namespace

absl::StatusOr<Pattern> Pattern::Create(const PatternSpec& spec) {
  if (spec.text.empty() || spec.text.size() > kMostTextBytes) {
    return message::Wrong("[tokenizer] pattern, got ", spec.text.size(), " bytes, expected 1 to ",
                          kMostTextBytes);
  }
  Pattern pattern;
  if (!spec.is_regex) {
    pattern.text_ = spec.text;
    return pattern;
  }
  for (const auto& known : kScanners) {
    if (known.regex != spec.text) continue;
    const auto scanner = FindPreTokenizer(known.scanner);
    if (!scanner.ok()) return scanner.status();
    pattern.kind_ = Kind::kWords;
    pattern.word_end_ = (*scanner)->word_end;
    return pattern;
  }
  pattern.kind_ = Kind::kLetters;
  if (pattern.ParseRun(spec.text)) return pattern;
  return absl::UnimplementedError(
      absl::StrCat("[tokenizer] regular expression, got ", message::Quoted(spec.text),
                   ", expected one of those that published tokenizers use"));
}

// One letter, \s, \d or \w, repeated.
bool Pattern::ParseRun(std::string_view regex) {
  size_t at = 0;
  if (regex[0] == '\\' && regex.size() > 1) {
    at = 2;
    const char c = regex[1];
    letters_ = c == 's'   ? Letters::kSpace
               : c == 'd' ? Letters::kDigit
               : c == 'w' ? Letters::kWord
                          : Letters::kOne;
    one_ = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : static_cast<char32_t>(c);
    const bool known = letters_ != Letters::kOne || c == 'n' || c == 'r' || c == 't' ||
                       absl::ascii_ispunct(static_cast<unsigned char>(c));
    if (!known) return false;
  } else {
    if (std::string_view("^$.|?*+()[]{}\\").find(regex[0]) != std::string_view::npos) return false;
    const CodePoint c = DecodeCodePoint(regex, 0);
    one_ = c.value;
    at = c.bytes;
  }
  return ParseRepeat(regex.substr(at), least_, most_);
}

bool Pattern::Fits(char32_t value) const {
  switch (letters_) {
    case Letters::kOne:
      return value == one_;
    case Letters::kSpace:
      return letter::IsSpace(value);
    case Letters::kDigit:
      return letter::IsNumeric(value);
    case Letters::kWord:
      return (letter::IsWord(value) || letter::IsNumeric(value)) && value != 0x200C &&
             value != 0x200D;  // as Oniguruma has it
  }
  return false;
}

Pattern::Match Pattern::Next(std::string_view text, size_t at) const {
  if (kind_ == Kind::kWords) return {at, word_end_(text, at)};
  if (kind_ == Kind::kLetters) return NextRun(text, at);
  const size_t found = text.find(text_, at);
  if (found == std::string_view::npos) return {at, at};
  return {found, found + text_.size()};
}

Pattern::Match Pattern::NextRun(std::string_view text, size_t at) const {
  size_t begin = at, count = 0;
  while (at < text.size()) {
    const CodePoint c = DecodeCodePoint(text, at);
    if (Fits(c.value)) {
      if (count++ == 0) begin = at;
      at += c.bytes;
      if (count == most_) return {begin, at};
      continue;
    }
    if (count >= least_) return {begin, at};
    count = 0;
    at += c.bytes;
  }
  if (count >= least_) return {begin, at};
  return {at, at};
}

}  // namespace erato
