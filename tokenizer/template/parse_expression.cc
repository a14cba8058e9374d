// The expression half of the parser. From loose to tight: inline if, or, and, not, comparison, + -,
// ~, * / // %, **, sign, then postfix, filters and tests.
#include <algorithm>
#include <array>
#include <utility>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/filters.h"
#include "tokenizer/template/parser.h"
#include "tokenizer/template/tests.h"

namespace erato {

using TokenKind = Token::Kind;

ExpressionPtr Parser::Make(Kind kind, Position at) {
  auto node = std::make_unique<Expression>();
  node->kind = kind;
  node->at = at;
  return node;
}

ExpressionPtr Parser::Constant(Value value, Position at) {
  ExpressionPtr node = Make(Kind::kConstant, at);
  node->value = std::move(value);
  return node;
}

// Chains of postfixes and filters deepen the tree without deepening the parser, so the tree is
// measured as well.
void Parser::Adopt(Expression& parent, ExpressionPtr child) {
  if (child != nullptr) Deepen(parent, *child);
  parent.args.push_back(std::move(child));
}

void Parser::Deepen(Expression& parent, const Expression& child) {
  if (child.depth < parent.depth) return;
  parent.depth = child.depth + 1;
  if (parent.depth > max_depth_) FailLimit(parent.at);
}

ExpressionPtr Parser::ParseTuple(bool with_condition, std::string_view end, bool in_parens) {
  const Position at = Current().at;
  const auto at_end = [&] {
    return Is(TokenKind::kPrintEnd) || Is(TokenKind::kTagEnd) || IsOperator(")") ||
           (!end.empty() && IsName(end));
  };
  ExpressionPtr tuple = Make(Kind::kTuple, at);
  bool has_comma = false;
  while (ok() && !at_end()) {
    Adopt(*tuple, ParseExpression(with_condition));
    if (!TakeOperator(",")) break;
    has_comma = true;
  }
  if (has_comma) return tuple;
  if (!tuple->args.empty()) return std::move(tuple->args[0]);
  if (!in_parens) FailExpected("expression", "one");
  return tuple;
}

ExpressionPtr Parser::ParseExpression(bool with_condition) {
  const Nesting nesting(*this);
  if (!ok()) return Constant(Value(), Current().at);
  return with_condition ? ParseCondition() : ParseJunction(true);
}

ExpressionPtr Parser::ParseCondition() {
  const size_t unknown = unknown_.size();
  ExpressionPtr node = ParseJunction(true);
  while (ok() && IsName("if")) {
    ExpressionPtr condition = Make(Kind::kCondition, Take().at);
    ++conditional_;
    Adopt(*condition, std::move(node));
    Adopt(*condition, ParseJunction(true));
    if (TakeName("else")) Adopt(*condition, ParseExpression());
    --conditional_;
    unknown_.resize(std::min(unknown, unknown_.size()));  // what stands before the if as well
    node = std::move(condition);
  }
  return node;
}

ExpressionPtr Parser::ParseJunction(bool is_or) {
  const Position at = Current().at;
  const auto operand = [&] { return is_or ? ParseJunction(false) : ParseNot(); };
  ExpressionPtr first = operand();
  const std::string_view word = is_or ? "or" : "and";
  if (!IsName(word)) return first;
  ExpressionPtr node = Make(is_or ? Kind::kOr : Kind::kAnd, at);
  Adopt(*node, std::move(first));
  while (ok() && TakeName(word)) Adopt(*node, operand());
  return node;
}

ExpressionPtr Parser::ParseNot() {
  if (!IsName("not")) return ParseCompare();
  const Nesting nesting(*this);
  ExpressionPtr node = Make(Kind::kNot, Take().at);
  Adopt(*node, ParseNot());
  return node;
}

bool Parser::TakeCompareOperator(Operator& op) {
  static constexpr std::pair<std::string_view, Operator> kSigns[] = {
      {"==", Operator::kEqual},     {"!=", Operator::kNotEqual}, {"<", Operator::kLess},
      {"<=", Operator::kLessEqual}, {">", Operator::kGreater},   {">=", Operator::kGreaterEqual}};
  for (const auto& [sign, meaning] : kSigns) {
    if (!TakeOperator(sign)) continue;
    op = meaning;
    return true;
  }
  if (TakeName("in")) {
    op = Operator::kIn;
    return true;
  }
  if (!IsName("not") || Next().kind != TokenKind::kName || Next().text != "in") return false;
  cursor_ += 2;
  op = Operator::kNotIn;
  return true;
}

ExpressionPtr Parser::ParseCompare() {
  const Position at = Current().at;
  ExpressionPtr first = ParseArithmetic(0);
  Operator op;
  if (!TakeCompareOperator(op)) return first;
  ExpressionPtr node = Make(Kind::kCompare, at);
  Adopt(*node, std::move(first));
  do {
    node->operators.push_back(op);
    Adopt(*node, ParseArithmetic(0));
  } while (ok() && TakeCompareOperator(op));
  return node;
}

// Level 0: + -, 1: ~, 2: * / // %, 3: **. All of them group from the left, ** too (as in Jinja, not
// as in Python).
ExpressionPtr Parser::ParseArithmetic(int level) {
  struct Sign {
    int level;
    std::string_view text;
    Operator op;
  };
  static constexpr Sign kSigns[] = {
      {0, "+", Operator::kAdd},    {0, "-", Operator::kSubtract},     {2, "*", Operator::kMultiply},
      {2, "/", Operator::kDivide}, {2, "//", Operator::kFloorDivide}, {2, "%", Operator::kModulo},
      {3, "**", Operator::kPower}};
  const auto take = [&](Operator& op) {
    if (level == 1) return TakeOperator("~");
    for (const Sign& sign : kSigns) {
      if (sign.level != level || !TakeOperator(sign.text)) continue;
      op = sign.op;
      return true;
    }
    return false;
  };
  const auto operand = [&] { return level == 3 ? ParseUnary(true) : ParseArithmetic(level + 1); };
  const Position at = Current().at;
  ExpressionPtr first = operand();
  Operator op = Operator::kAdd;
  if (!take(op)) return first;
  ExpressionPtr node = Make(level == 1 ? Kind::kConcat : Kind::kChain, at);
  Adopt(*node, std::move(first));
  do {
    if (level != 1) node->operators.push_back(op);
    Adopt(*node, operand());
    if (ok() && level == 3 && node->args.size() == 2) node = AsPythonPower(std::move(node));
  } while (ok() && take(op));
  return node;
}

// Jinja folds -1 to a constant and writes -1 ** x into its Python, where ** binds tighter than the
// sign. Where x is a constant too, it folds the whole and the sign stays inside.
ExpressionPtr Parser::AsPythonPower(ExpressionPtr power) {
  const auto is_number = [](const Expression& e) { return e.kind == Kind::kConstant; };
  const auto is_signed = [&](const Expression& e) {
    return (e.kind == Kind::kNegate || e.kind == Kind::kPlus) && is_number(*e.args[0]);
  };
  Expression& base = *power->args[0];
  const Expression& exponent = *power->args[1];
  if (base.kind != Kind::kNegate || !is_signed(base) || is_number(exponent) || is_signed(exponent))
    return power;
  const int64_t* const integer = base.args[0]->value.As<int64_t>();
  if (integer != nullptr && *integer == 0) return power;  // -0 folds to 0
  ExpressionPtr positive = std::move(base.args[0]);
  power->args[0] = std::move(positive);
  ExpressionPtr negated = Make(Kind::kNegate, power->at);
  Adopt(*negated, std::move(power));
  ExpressionPtr chain = Make(Kind::kChain, negated->at);  // goes on with the next **
  Adopt(*chain, std::move(negated));
  return chain;
}

ExpressionPtr Parser::ParseUnary(bool with_filter) {
  const Nesting nesting(*this);
  ExpressionPtr node;
  if (IsOperator("-") || IsOperator("+")) {
    node = Make(IsOperator("-") ? Kind::kNegate : Kind::kPlus, Current().at);
    ++cursor_;
    Adopt(*node, ParseUnary(false));
  } else {
    node = ParsePrimary();
  }
  node = ParsePostfix(std::move(node));
  return with_filter ? ParseFilters(std::move(node)) : std::move(node);
}

ExpressionPtr Parser::ParsePrimary() {
  const Position at = Current().at;
  switch (Current().kind) {
    case TokenKind::kName:
      return ParseName();
    case TokenKind::kString: {
      std::string text = Take().text;
      while (Is(TokenKind::kString)) text += Take().text;  // as in Python, neighbours are one
      return Constant(Value::Scaffold(std::move(text)), at);
    }
    case TokenKind::kInteger:
      return Constant(Value(Take().integer), at);
    case TokenKind::kFloat:
      return Constant(Value(Take().real), at);
    default:
      break;
  }
  if (TakeOperator("(")) {
    ExpressionPtr node = ParseTuple(true, {}, true);
    ExpectOperator(")");
    return node;
  }
  if (TakeOperator("[")) return ParseListLiteral();
  if (TakeOperator("{")) return ParseDictLiteral();
  FailExpected("expression", "a value");
  return Constant(Value(), at);
}

ExpressionPtr Parser::ParseName() {
  const Token name = Take();
  if (name.text == "true" || name.text == "True") return Constant(Value(true), name.at);
  if (name.text == "false" || name.text == "False") return Constant(Value(false), name.at);
  if (name.text == "none" || name.text == "None") return Constant(Value(), name.at);
  ExpressionPtr node = Make(Kind::kName, name.at);
  node->symbol = Intern(name.text);
  node->value = Value(Value::Undefined{
      nullptr, std::make_shared<const MarkedString>(name.text, true)});  // where nobody has set it
  for (Body& body : bodies_) {
    body.loop |= node->symbol == program_.loop;
    body.caller |= node->symbol == program_.caller;
    body.varargs |= node->symbol == program_.varargs;
    body.kwargs |= node->symbol == program_.kwargs;
  }
  return node;
}

ExpressionPtr Parser::ParseListLiteral() {
  ExpressionPtr node = Make(Kind::kList, Current().at);
  while (ok() && !IsOperator("]")) {
    Adopt(*node, ParseExpression());
    if (!TakeOperator(",")) break;
  }
  ExpectOperator("]");
  return node;
}

ExpressionPtr Parser::ParseDictLiteral() {
  ExpressionPtr node = Make(Kind::kDict, Current().at);
  while (ok() && !IsOperator("}")) {
    Adopt(*node, ParseExpression());
    ExpectOperator(":");
    Adopt(*node, ParseExpression());
    if (!TakeOperator(",")) break;
  }
  ExpectOperator("}");
  return node;
}

ExpressionPtr Parser::ParsePostfix(ExpressionPtr node) {
  while (ok()) {
    if (IsOperator(".") || IsOperator("[")) {
      node = ParseSubscript(std::move(node));
    } else if (IsOperator("(")) {
      ExpressionPtr call = Make(Kind::kCall, Current().at);
      Adopt(*call, std::move(node));
      ParseArguments(*call);
      node = std::move(call);
    } else {
      break;
    }
  }
  return node;
}

ExpressionPtr Parser::ParseFilters(ExpressionPtr node) {
  while (ok()) {
    if (IsOperator("|")) {
      node = ParseFilter(std::move(node));
    } else if (IsName("is")) {
      node = ParseTest(std::move(node));
    } else if (IsOperator("(")) {
      ExpressionPtr call = Make(Kind::kCall, Current().at);
      Adopt(*call, std::move(node));
      ParseArguments(*call);
      node = std::move(call);
    } else {
      break;
    }
  }
  return node;
}

ExpressionPtr Parser::ParseSubscript(ExpressionPtr node) {
  const Position at = Current().at;
  if (TakeOperator(".")) {
    if (Is(TokenKind::kInteger)) {
      ExpressionPtr item = Make(Kind::kItem, at);
      Adopt(*item, std::move(node));
      Adopt(*item, Constant(Value(Take().integer), at));
      return item;
    }
    ExpressionPtr attribute = Make(Kind::kAttribute, at);
    Adopt(*attribute, std::move(node));
    if (!Is(TokenKind::kName)) FailExpected("attribute", "a name or number");
    attribute->value = Value::Scaffold(Take().text);
    return attribute;
  }
  ExpectOperator("[");
  ExpressionPtr item = Make(Kind::kItem, at);
  Adopt(*item, std::move(node));
  ExpressionPtr index = ParseSubscribed();
  if (IsOperator(",")) {
    ExpressionPtr tuple = Make(Kind::kTuple, at);
    Adopt(*tuple, std::move(index));
    while (ok() && TakeOperator(",")) Adopt(*tuple, ParseSubscribed());
    index = std::move(tuple);
  }
  Adopt(*item, std::move(index));
  ExpectOperator("]");
  return item;
}

// One index or a slice begin:end:step.
ExpressionPtr Parser::ParseSubscribed() {
  const Position at = Current().at;
  ExpressionPtr begin;
  if (!IsOperator(":")) {
    begin = ParseExpression();
    if (!IsOperator(":")) return begin;
  }
  ExpressionPtr slice = Make(Kind::kSlice, at);
  Adopt(*slice, std::move(begin));
  for (int part = 1; part < 3; ++part) {
    const bool given =
        TakeOperator(":") && !IsOperator(":") && !IsOperator("]") && !IsOperator(",");
    Adopt(*slice, given ? ParseExpression() : nullptr);
  }
  return slice;
}

void Parser::ParseArguments(Expression& call) {
  const Nesting nesting(*this);
  ExpectOperator("(");
  while (ok() && !IsOperator(")")) {
    const Position at = Current().at;
    if (TakeOperator("*")) {
      if (call.star || call.star_star) Fail(at, "arguments, got a second *, expected one");
      call.star = ParseExpression();
      Deepen(call, *call.star);
    } else if (TakeOperator("**")) {
      if (call.star_star) Fail(at, "arguments, got a second **, expected one");
      call.star_star = ParseExpression();
      Deepen(call, *call.star_star);
    } else if (Is(TokenKind::kName) && Next().kind == TokenKind::kOperator && Next().text == "=") {
      if (call.star_star) Fail(at, "arguments, got a keyword after **, expected it before");
      std::string name = Take().text;
      ++cursor_;
      for (const auto& [other, value] : call.keywords) {
        if (other == name) Fail(at, Concat("arguments, got ", name, " twice, expected once"));
      }
      call.keywords.emplace_back(std::move(name), ParseExpression());
      Deepen(call, *call.keywords.back().second);
    } else {
      if (call.star || call.star_star || !call.keywords.empty()) {
        Fail(at, "arguments, got a positional one after keywords, expected it before");
      }
      Adopt(call, ParseExpression());
    }
    if (!TakeOperator(",")) break;
  }
  ExpectOperator(")");
}

std::string Parser::ParseDottedName() {
  std::string name = TakeIdentifier().text;
  while (ok() && TakeOperator(".")) AppendPieces(&name, ".", TakeIdentifier().text);
  return name;
}

// One filter or several; a filter block begins without a bar.
ExpressionPtr Parser::ParseFilter(ExpressionPtr node) {
  TakeOperator("|");
  do {
    ExpressionPtr filter = Make(Kind::kFilter, Current().at);
    filter->name = ParseDottedName();
    filter->filter = FindFilter(filter->name);
    if (filter->filter == nullptr) NoteUnknown(filter->at, "filter", filter->name);
    Adopt(*filter, std::move(node));
    if (IsOperator("(")) ParseArguments(*filter);
    node = std::move(filter);
  } while (ok() && TakeOperator("|"));
  return node;
}

ExpressionPtr Parser::ParseTest(ExpressionPtr node) {
  const Position at = Take().at;  // is
  const bool negated = TakeName("not");
  ExpressionPtr test = Make(Kind::kTest, at);
  test->name = ParseDottedName();
  test->test = FindTest(test->name);
  if (test->test == nullptr) NoteUnknown(at, "test", test->name);
  Adopt(*test, std::move(node));
  const bool has_operand =
      Is(TokenKind::kString) || Is(TokenKind::kInteger) || Is(TokenKind::kFloat) ||
      IsOperator("[") || IsOperator("{") ||
      (Is(TokenKind::kName) && !IsName("else") && !IsName("or") && !IsName("and"));
  if (IsOperator("(")) {
    ParseArguments(*test);
  } else if (has_operand) {
    if (IsName("is")) Fail(Current().at, "test, got a second is, expected one");
    const Nesting nesting(*this);
    Adopt(*test, ParsePostfix(ParsePrimary()));
  }
  if (!negated) return test;
  ExpressionPtr node_not = Make(Kind::kNot, at);
  Adopt(*node_not, std::move(test));
  return node_not;
}

}  // namespace erato
