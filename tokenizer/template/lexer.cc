#include "tokenizer/template/lexer.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "tokenizer/template/concat.h"
#include "tokenizer/template/literal.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

using Kind = Token::Kind;

constexpr std::string_view kOperators[] = {"**", "//", "==", "!=", ">=", "<=", "+", "-", "/",
                                           "*",  "%",  "~",  "[",  "]",  "(",  ")", "{", "}",
                                           ">",  "<",  "=",  ".",  ":",  "|",  ",", ";"};

bool IsNameByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  absl::StatusOr<std::vector<Token>> Run() {
    absl::Status status;
    while (status.ok() && at_ < source_.size()) status = Text();
    if (!status.ok()) return status;
    Add(Kind::kEnd, Here());
    return std::move(tokens_);
  }

 private:
  Position Here() const { return {line_, static_cast<uint32_t>(at_ - line_begin_ + 1)}; }
  bool Sees(std::string_view text) const { return source_.substr(at_, text.size()) == text; }

  Token& Add(Kind kind, Position at) {
    tokens_.emplace_back();
    tokens_.back().kind = kind;
    tokens_.back().at = at;
    return tokens_.back();
  }

  void Skip(size_t bytes) {
    for (const size_t end = at_ + bytes; at_ < end; ++at_) {
      if (source_[at_] != '\n') continue;
      ++line_;
      line_begin_ = at_ + 1;
    }
  }

  void SkipSpace() {
    while (at_ < source_.size()) {
      const unicode::Char c = unicode::At(source_, at_);
      if (!unicode::IsSpace(c.code)) break;
      Skip(c.bytes);
    }
  }

  // Whitespace control after a tag: `-` eats all of it, `+` none, else one newline where `trims`.
  void EndTag(char sign, bool trims) {
    if (sign == '-') {
      SkipSpace();
    } else if (sign != '+' && trims && Sees("\n")) {
      Skip(1);
    }
    after_newline_ = at_ > 0 && source_[at_ - 1] == '\n';
  }

  // The sign after a tag's opening or before its closing.
  char TakeSign() {
    if (!Sees("-") && !Sees("+")) return 0;
    const char sign = source_[at_];
    Skip(1);
    return sign;
  }

  void AddData(std::string_view text, Position at, char sign, bool strips_line) {
    if (sign == '-') {
      while (!text.empty()) {
        const unicode::Char c = unicode::Before(text, text.size());
        if (!unicode::IsSpace(c.code)) break;
        text.remove_suffix(c.bytes);
      }
    } else if (sign != '+' && strips_line) {
      const size_t newline = text.rfind('\n');
      const size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
      if ((begin > 0 || after_newline_) && IsBlank(text.substr(begin)))
        text = text.substr(0, begin);
    }
    if (!text.empty()) Add(Kind::kData, at).text = std::string(text);
  }

  static bool IsBlank(std::string_view text) {
    for (size_t i = 0; i < text.size();) {
      const unicode::Char c = unicode::At(text, i);
      if (!unicode::IsSpace(c.code)) return false;
      i += c.bytes;
    }
    return true;
  }

  // Text up to the next tag, then that tag.
  absl::Status Text() {
    const Position text_at = Here();
    const size_t begin = at_;
    size_t open = begin;
    for (;; ++open) {
      open = source_.find('{', open);
      if (open == std::string_view::npos || open + 1 >= source_.size()) {
        Add(Kind::kData, text_at).text = std::string(source_.substr(begin));
        Skip(source_.size() - at_);
        return absl::OkStatus();
      }
      const char c = source_[open + 1];
      if (c == '{' || c == '%' || c == '#') break;
    }
    const std::string_view text = source_.substr(begin, open - begin);
    const char tag = source_[open + 1];
    Skip(open - begin);
    const Position tag_at = Here();
    Skip(2);
    const char sign = TakeSign();
    AddData(text, text_at, sign, tag != '{');
    if (tag == '#') return Comment(tag_at);
    if (tag == '%' && TakeRawBegin()) return Raw(tag_at);
    Add(tag == '{' ? Kind::kPrintBegin : Kind::kTagBegin, tag_at);
    return Inside(tag == '{');
  }

  absl::Status Comment(Position tag_at) {
    const size_t end = source_.find("#}", at_);
    if (end == std::string_view::npos) {
      return TemplateError(tag_at, "comment, got the end of the template, expected #}");
    }
    const char sign = end > at_ ? source_[end - 1] : 0;
    Skip(end + 2 - at_);
    EndTag(sign, true);
    return absl::OkStatus();
  }

  // After `{%`: consumes `raw %}` where it stands there.
  bool TakeRawBegin() {
    const std::optional<std::pair<size_t, char>> tag = MatchTag(at_, "raw");
    if (!tag || tag->second == '+') return false;
    Skip(tag->first - at_);
    EndTag(tag->second, false);
    return true;
  }

  // `name`, whitespace around, then a closing with its sign. The offset after it, and the sign.
  std::optional<std::pair<size_t, char>> MatchTag(size_t at, std::string_view name) const {
    const auto space = [&] {
      while (at < source_.size()) {
        const unicode::Char c = unicode::At(source_, at);
        if (!unicode::IsSpace(c.code)) break;
        at += c.bytes;
      }
    };
    space();
    if (!(source_.substr(at, name.size()) == name)) return std::nullopt;
    at += name.size();
    space();
    char sign = 0;
    if (at < source_.size() && (source_[at] == '-' || source_[at] == '+')) sign = source_[at++];
    if (!(source_.substr(at, 2) == "%}")) return std::nullopt;
    return std::make_pair(at + 2, sign);
  }

  absl::Status Raw(Position tag_at) {
    const Position text_at = Here();
    const size_t begin = at_;
    for (size_t open = source_.find("{%", at_); open != std::string_view::npos;
         open = source_.find("{%", open + 1)) {
      size_t name = open + 2;
      char sign = 0;
      if (name < source_.size() && (source_[name] == '-' || source_[name] == '+')) {
        sign = source_[name++];
      }
      const std::optional<std::pair<size_t, char>> tag = MatchTag(name, "endraw");
      if (!tag) continue;
      AddData(source_.substr(begin, open - begin), text_at, sign, true);
      Skip(tag->first - at_);
      EndTag(tag->second, true);
      return absl::OkStatus();
    }
    return TemplateError(tag_at, "raw, got the end of the template, expected endraw");
  }

  // The tokens of one tag.
  absl::Status Inside(bool print) {
    const std::string_view close = print ? "}}" : "%}";
    brackets_.clear();
    while (true) {
      SkipSpace();
      if (at_ >= source_.size()) return absl::OkStatus();  // the parser says what it misses
      const Position at = Here();
      if (brackets_.empty()) {
        const bool signed_close =
            (Sees("-") || (!print && Sees("+"))) && source_.substr(at_ + 1, 2) == close;
        if (signed_close || Sees(close)) {
          const char sign = signed_close ? source_[at_] : 0;
          Add(print ? Kind::kPrintEnd : Kind::kTagEnd, at);
          Skip(signed_close ? 3 : 2);
          EndTag(sign, !print);
          return absl::OkStatus();
        }
      }
      if (absl::Status status = One(at); !status.ok()) return status;
    }
  }

  absl::Status One(Position at) {
    const char c = source_[at_];
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) return Number(at);
    if (IsNameByte(c)) {
      size_t end = at_;
      while (end < source_.size() && IsNameByte(source_[end]) &&
             !unicode::IsSpace(unicode::At(source_, end).code)) {
        ++end;
      }
      Add(Kind::kName, at).text = std::string(source_.substr(at_, end - at_));
      Skip(end - at_);
      return absl::OkStatus();
    }
    if (c == '\'' || c == '"') return String(at, c);
    return Operator(at);
  }

  absl::Status Number(Position at) {
    const bool after_dot = at_ > 0 && source_[at_ - 1] == '.';
    const NumberExtent extent = MeasureNumber(source_.substr(at_), !after_dot);
    Token& token = Add(extent.is_float ? Kind::kFloat : Kind::kInteger, at);
    token.text = std::string(source_.substr(at_, extent.bytes));
    Skip(extent.bytes);
    return ParseNumber(token.text, extent.is_float, token);
  }

  absl::Status String(Position at, char quote) {
    size_t end = at_ + 1;
    while (end < source_.size() && source_[end] != quote) end += source_[end] == '\\' ? 2 : 1;
    if (end >= source_.size()) {
      return TemplateError(at, "string, got the end of the template, expected a closing quote");
    }
    absl::StatusOr<std::string> text = Unescape(source_.substr(at_ + 1, end - at_ - 1), at);
    if (!text.ok()) return text.status();
    Add(Kind::kString, at).text = *std::move(text);
    Skip(end + 1 - at_);
    return absl::OkStatus();
  }

  absl::Status Operator(Position at) {
    for (std::string_view op : kOperators) {
      if (!Sees(op)) continue;
      Add(Kind::kOperator, at).text = std::string(op);
      Skip(op.size());
      return Balance(op, at);
    }
    const size_t bytes = unicode::At(source_, at_).bytes;
    return TemplateError(
        at, Concat("token, got ", source_.substr(at_, bytes), ", expected an expression"));
  }

  // A tag does not end inside brackets: `{{ {'a': {}} }}`.
  absl::Status Balance(std::string_view op, Position at) {
    if (op == "(") brackets_ += ')';
    if (op == "[") brackets_ += ']';
    if (op == "{") brackets_ += '}';
    if (op != ")" && op != "]" && op != "}") return absl::OkStatus();
    if (brackets_.empty() || brackets_.back() != op[0]) {
      return TemplateError(at, Concat("bracket, got ", op, ", expected ",
                                      brackets_.empty() ? "no closing bracket"
                                                        : brackets_.substr(brackets_.size() - 1)));
    }
    brackets_.pop_back();
    return absl::OkStatus();
  }

  const std::string_view source_;
  size_t at_ = 0;
  size_t line_begin_ = 0;
  uint32_t line_ = 1;
  bool after_newline_ = true;  // the text at `at_` begins a line
  std::string brackets_;       // closing ones that are still to come
  std::vector<Token> tokens_;
};

}  // namespace

absl::Status TemplateError(Position at, std::string_view message) {
  return absl::InvalidArgumentError(
      Concat("[template line ", at.line, " column ", at.column, "] ", message));
}

absl::StatusOr<std::vector<Token>> Tokenize(std::string_view source) {
  std::string text = absl::StrReplaceAll(AbslText(source), {{"\r\n", "\n"}, {"\r", "\n"}});
  if (!text.empty() && text.back() == '\n') text.pop_back();  // keep_trailing_newline is off
  return Lexer(text).Run();
}

std::string Describe(const Token& token) {
  switch (token.kind) {
    case Kind::kData:
      return "text";
    case Kind::kPrintBegin:
      return "{{";
    case Kind::kPrintEnd:
      return "}}";
    case Kind::kTagBegin:
      return "{%";
    case Kind::kTagEnd:
      return "%}";
    case Kind::kString:
      return Concat("string \"", token.text.substr(0, 40), "\"");
    case Kind::kEnd:
      return "the end of the template";
    default:
      return token.text.substr(0, 80);
  }
}

}  // namespace erato
