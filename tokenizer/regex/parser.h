// The recursive descent over a pattern. Its parts: expressions (parser.cc), classes and escapes
// (parse_class.cc).
#ifndef ERATO_TOKENIZER_REGEX_PARSER_H_
#define ERATO_TOKENIZER_REGEX_PARSER_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "tokenizer/regex/syntax.h"

namespace erato::regex {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}
  absl::StatusOr<Pattern> Run();

 private:
  /// Letters of (?i) and (?m), for the rest of a group.
  struct Flags {
    bool any_case = false;
    bool dot_newline = false;
  };

  absl::StatusOr<Node> ParseAlternation();
  absl::StatusOr<Node> ParseSequence();
  absl::StatusOr<Node> ParseAtom();
  absl::StatusOr<Node> ParseGroup();
  absl::StatusOr<Node> ParseLook(bool behind, bool negated);
  absl::Status ParseFlags(bool& applies_to_rest);
  absl::StatusOr<Node> ParseEscape();
  /// What follows an atom; the atom itself where nothing does.
  absl::StatusOr<Node> ParseQuantifiers(Node atom);
  std::optional<std::pair<int, int>> ParseBraces();
  absl::StatusOr<Node> Possessive(Node repeat);

  absl::StatusOr<CharSet> ParseClass();
  absl::StatusOr<CharSet> ParseClassOperand();
  absl::StatusOr<CharSet> ParsePosixClass();
  absl::StatusOr<CharSet> ParseProperty(bool negated);
  /// The set of an escape such as \s; nullopt where the letter at hand names none.
  std::optional<CharSet> NamedSet(char letter) const;
  /// The code point that an escape stands for: \n, \x41, \u00e9, \..
  absl::StatusOr<char32_t> ParseEscapedCodePoint();
  absl::StatusOr<char32_t> ParseHex(int least, int most);

  Node SetNode(const CharSet& set);
  Node Literal(char32_t value);
  Node BehindNode(const CharSet& set, bool at_begin);
  size_t Intern(CharSet set);

  bool done() const { return at_ >= text_.size(); }
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool Take(std::string_view expected);
  char32_t TakeCodePoint();
  absl::Status Wrong(std::string_view what, std::string_view expected) const;

  const std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
  Flags flags_;
  const Categories categories_;
  std::vector<CharSet> sets_;
};

}  // namespace erato::regex

#endif  // ERATO_TOKENIZER_REGEX_PARSER_H_
