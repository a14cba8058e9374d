#include "tokenizer/regex/parser.h"

#include "tokenizer/message.h"
#include "tokenizer/utf8.h"
#include "tokenizer/utf8_stream.h"

namespace erato::regex {
namespace {

using Kind = Node::Kind;

constexpr size_t kMostPatternBytes = 16 << 10;
constexpr int kMostDepth = 64;
constexpr int kMostRepeats = 1000;

Node Group(Kind kind, std::vector<Node> children) {
  if (children.size() == 1) return std::move(children[0]);
  Node node{.kind = children.empty() ? Kind::kEmpty : kind};
  node.children = std::move(children);
  return node;
}

Node Look(Node body, bool negated) {
  Node node{.kind = Kind::kAhead, .negated = negated};
  node.children.push_back(std::move(body));
  return node;
}

Node Repeat(Node body, int min, int max) {
  Node node{.kind = Kind::kRepeat, .min = min, .max = max};
  node.children.push_back(std::move(body));
  return node;
}

template <typename... Nodes>
Node Make(Kind kind, Nodes... nodes) {
  std::vector<Node> children;
  (children.push_back(std::move(nodes)), ...);
  return Group(kind, std::move(children));
}

}  // namespace

absl::Status Parser::Wrong(std::string_view what, std::string_view expected) const {
  return message::Wrong("[regex] at byte ", at_, " of the pattern, got ", std::string(what),
                        ", expected ", std::string(expected));
}

bool Parser::Take(std::string_view expected) {
  if (text_.substr(at_, expected.size()) != expected) return false;
  at_ += expected.size();
  return true;
}

char32_t Parser::TakeCodePoint() {
  const CodePoint c = DecodeCodePoint(text_, at_);
  at_ += c.bytes;
  return c.value;
}

size_t Parser::Intern(CharSet set) {
  for (size_t i = 0; i < sets_.size(); ++i) {
    if (sets_[i] == set) return i;
  }
  sets_.push_back(std::move(set));
  return sets_.size() - 1;
}

Node Parser::SetNode(const CharSet& set) {
  return {.kind = Kind::kSet, .set = Intern(flags_.any_case ? set.AnyCase() : set)};
}

Node Parser::Literal(char32_t value) { return SetNode(CharSet(value)); }

Node Parser::BehindNode(const CharSet& set, bool at_begin) {
  return {.kind = Kind::kBehind, .set = Intern(set), .negated = at_begin};
}

absl::StatusOr<Pattern> Parser::Run() {
  if (text_.size() > kMostPatternBytes) {
    return message::Wrong("[regex] pattern, got ", text_.size(), " bytes, expected at most ",
                          kMostPatternBytes);
  }
  if (const size_t bad = FindInvalidUtf8(text_); bad != std::string_view::npos) {
    at_ = bad;
    return Wrong("an invalid byte", "UTF-8");
  }
  absl::StatusOr<Node> root = ParseAlternation();
  if (!root.ok()) return root.status();
  if (!done()) return Wrong("')'", "the end, as no group is open");
  return Pattern{*std::move(root), std::move(sets_)};
}

absl::StatusOr<Node> Parser::ParseAlternation() {
  if (++depth_ > kMostDepth) return Wrong("groups nested deeper", "at most 64 levels");
  const Flags outer = flags_;
  std::vector<Node> branches;
  do {
    absl::StatusOr<Node> branch = ParseSequence();
    if (!branch.ok()) return branch.status();
    branches.push_back(*std::move(branch));
  } while (Take("|"));
  flags_ = outer;
  --depth_;
  return Group(Kind::kAlternate, std::move(branches));
}

absl::StatusOr<Node> Parser::ParseSequence() {
  std::vector<Node> parts;
  while (!done() && Peek() != '|' && Peek() != ')') {
    absl::StatusOr<Node> part = ParseAtom();
    if (part.ok()) part = ParseQuantifiers(*std::move(part));
    if (!part.ok()) return part.status();
    parts.push_back(*std::move(part));
  }
  return Group(Kind::kConcat, std::move(parts));
}

absl::StatusOr<Node> Parser::ParseAtom() {
  const CharSet newline(U'\n');
  switch (Peek()) {
    case '(':
      return ParseGroup();
    case '[': {
      absl::StatusOr<CharSet> set = ParseClass();
      if (!set.ok()) return set.status();
      return SetNode(*set);
    }
    case '\\':
      return ParseEscape();
    case '.':
      ++at_;
      return SetNode(flags_.dot_newline ? CharSet(0, kLastCodePoint) : newline.Not());
    case '^':  // of each line, but for an empty last one
      ++at_;
      return Make(Kind::kAlternate, BehindNode(CharSet(), true),
                  Make(Kind::kConcat, BehindNode(newline, false),
                       Look(Node{.kind = Kind::kTextEnd}, true)));
    case '$':  // of each line
      ++at_;
      return Make(Kind::kAlternate, Node{.kind = Kind::kTextEnd},
                  Look({.kind = Kind::kSet, .set = Intern(newline)}, false));
    case '*':
    case '+':
    case '?':
      return Wrong("a quantifier", "something before it to repeat");
    default:
      return Literal(TakeCodePoint());
  }
}

absl::StatusOr<Node> Parser::ParseGroup() {
  Take("(");
  const Flags outer = flags_;
  bool atomic = false;
  if (Take("?")) {
    if (Take("=")) return ParseLook(false, false);
    if (Take("!")) return ParseLook(false, true);
    if (Take("<=")) return ParseLook(true, false);
    if (Take("<!")) return ParseLook(true, true);
    if (Take(">")) {
      atomic = true;
    } else if (Peek() == '<' || Peek() == 'P') {  // a name; no match reports groups
      const size_t end = text_.find('>', at_);
      if (end == std::string_view::npos) return Wrong("a group's name", "'>' behind it");
      at_ = end + 1;
    } else if (!Take(":")) {
      bool applies_to_rest = false;
      if (absl::Status status = ParseFlags(applies_to_rest); !status.ok()) return status;
      // (?i) holds up to the end of the group around it, alternatives included.
      if (applies_to_rest) return ParseAlternation();
    }
  }
  absl::StatusOr<Node> body = ParseAlternation();
  flags_ = outer;
  if (!body.ok()) return body;
  if (!Take(")")) return Wrong("the end", "')'");
  return atomic ? Possessive(*std::move(body)) : std::move(body);
}

absl::Status Parser::ParseFlags(bool& applies_to_rest) {
  for (bool on = true;; ++at_) {
    if (Peek() == 'i') {
      flags_.any_case = on;
    } else if (Peek() == 'm') {
      flags_.dot_newline = on;
    } else if (Peek() == '-') {
      on = false;
    } else if (Peek() == ':' || Peek() == ')') {
      applies_to_rest = Peek() == ')';
      ++at_;
      return absl::OkStatus();
    } else {
      return Wrong("an unknown kind of group", "(?: (?i: (?= (?! (?<= (?<! or (?>");
    }
  }
}

absl::StatusOr<Node> Parser::ParseLook(bool behind, bool negated) {
  absl::StatusOr<Node> body = ParseAlternation();
  if (!body.ok()) return body;
  if (!Take(")")) return Wrong("the end", "')'");
  if (!behind) return Look(*std::move(body), negated);
  if (body->kind != Kind::kSet) return Wrong("a long look-behind", "one of one code point");
  const CharSet set = sets_[body->set];
  return BehindNode(negated ? set.Not() : set, negated);
}

// A run of one class that gives nothing back is one that no member follows.
absl::StatusOr<Node> Parser::Possessive(Node repeat) {
  if (repeat.kind == Kind::kSet) return repeat;
  const bool simple = repeat.kind == Kind::kRepeat && repeat.greedy &&
                      repeat.children[0].kind == Kind::kSet &&
                      (repeat.max < 0 || (repeat.min == 0 && repeat.max == 1));
  if (!simple) return Wrong("a possessive or atomic part", "one class with ?, * or +");
  const Node none = Look(repeat.children[0], true);
  if (repeat.max == 1) return Make(Kind::kAlternate, repeat.children[0], none);
  return Make(Kind::kConcat, std::move(repeat), none);
}

std::optional<std::pair<int, int>> Parser::ParseBraces() {
  size_t at = at_ + 1;
  auto number = [&](int& value) {
    const size_t begin = at;
    for (value = 0; at < text_.size() && text_[at] >= '0' && text_[at] <= '9'; ++at) {
      if (value <= kMostRepeats) value = value * 10 + (text_[at] - '0');
    }
    return at > begin;
  };
  int min = 0, max = -1;
  const bool has_min = number(min);
  bool has_max = false;
  if (at < text_.size() && text_[at] == ',') {
    ++at;
    has_max = number(max);
    if (!has_max) max = -1;
  } else {
    max = min;
  }
  if (at >= text_.size() || text_[at] != '}' || (!has_min && !has_max)) return std::nullopt;
  at_ = at + 1;
  return std::pair(min, max);
}

absl::StatusOr<Node> Parser::ParseQuantifiers(Node atom) {
  for (int count = 0;; ++count) {
    std::pair<int, int> bounds;
    const char sign = Peek();
    if (sign == '*' || sign == '+' || sign == '?') {
      bounds = {sign == '+' ? 1 : 0, sign == '?' ? 1 : -1};
      ++at_;
    } else if (sign == '{') {
      const auto braces = ParseBraces();
      if (!braces && count == 0) return atom;  // a literal brace comes next
      if (!braces) return atom;
      bounds = *braces;
    } else {
      return atom;
    }
    if (count > 8) return Wrong("one quantifier after the other", "at most 8");
    if (bounds.first > kMostRepeats || bounds.second > kMostRepeats ||
        (bounds.second >= 0 && bounds.first > bounds.second)) {
      return Wrong("a number of repeats", "0 to 1000, the smaller before the larger");
    }
    atom = Repeat(std::move(atom), bounds.first, bounds.second);
    if (Take("?")) {
      atom.greedy = false;
    } else if (sign != '{' && Take("+")) {  // behind braces a '+' repeats the whole
      absl::StatusOr<Node> possessive = Possessive(std::move(atom));
      if (!possessive.ok()) return possessive;
      atom = *std::move(possessive);
    }
  }
}

absl::StatusOr<Node> Parser::ParseEscape() {
  const CharSet word = categories_.Word(), newline(U'\n');
  auto look = [&](const CharSet& set, bool negated) {
    return Look({.kind = Kind::kSet, .set = Intern(set)}, negated);
  };
  const Node end{.kind = Kind::kTextEnd};
  switch (Peek(1)) {
    case 'A':
      at_ += 2;
      return BehindNode(CharSet(), true);
    case 'z':
      at_ += 2;
      return end;
    case 'Z':
      at_ += 2;
      return Look(
          Make(Kind::kConcat, Repeat({.kind = Kind::kSet, .set = Intern(newline)}, 0, 1), end),
          false);
    case 'b':
    case 'B': {
      const bool edge = Peek(1) == 'b';
      at_ += 2;
      return Make(Kind::kAlternate, Make(Kind::kConcat, BehindNode(word, false), look(word, edge)),
                  Make(Kind::kConcat, BehindNode(word.Not(), true), look(word, !edge)));
    }
    case 'p':
    case 'P': {
      const bool negated = Peek(1) == 'P';
      at_ += 2;
      absl::StatusOr<CharSet> set = ParseProperty(negated);
      if (!set.ok()) return set.status();
      return SetNode(*set);
    }
    default:
      break;
  }
  if (const std::optional<CharSet> set = NamedSet(Peek(1))) {
    at_ += 2;
    return SetNode(*set);
  }
  absl::StatusOr<char32_t> value = ParseEscapedCodePoint();
  if (!value.ok()) return value.status();
  return Literal(*value);
}

absl::StatusOr<Pattern> Parse(std::string_view pattern) { return Parser(pattern).Run(); }

}  // namespace erato::regex
