#include "tokenizer/template/parser.h"

#include <algorithm>
#include <utility>

#include "tokenizer/template/concat.h"

namespace erato {

using StatementKind = Statement::Kind;
using TokenKind = Token::Kind;

Parser::Parser(std::vector<Token> tokens, int max_depth)
    : tokens_(std::move(tokens)), max_depth_(max_depth) {
  program_.loop = Intern("loop");
  program_.caller = Intern("caller");
  program_.varargs = Intern("varargs");
  program_.kwargs = Intern("kwargs");
}

absl::StatusOr<TemplateProgram> Parser::Parse() {
  program_.body = ParseBody({});
  if (!ok()) return status_;
  if (!unknown_.empty()) return unknown_.front();
  return std::move(program_);
}

namespace {

std::string Joined(std::initializer_list<std::string_view> names) {
  std::string text;
  for (std::string_view name : names) AppendPieces(&text, text.empty() ? "" : " or ", name);
  return text;
}

}  // namespace

// ---- the token stream

Token Parser::Take() {
  if (Is(TokenKind::kEnd)) return Current();
  return std::move(tokens_[cursor_++]);
}

bool Parser::IsOperator(std::string_view op) const {
  return Is(TokenKind::kOperator) && Current().text == op;
}

bool Parser::IsName(std::string_view name) const {
  return Is(TokenKind::kName) && Current().text == name;
}

bool Parser::TakeOperator(std::string_view op) {
  if (!IsOperator(op)) return false;
  ++cursor_;
  return true;
}

bool Parser::TakeName(std::string_view name) {
  if (!IsName(name)) return false;
  ++cursor_;
  return true;
}

void Parser::ExpectOperator(std::string_view op) {
  if (!TakeOperator(op)) FailExpected("token", op);
}

void Parser::ExpectName(std::string_view name) {
  if (!TakeName(name)) FailExpected("token", name);
}

void Parser::ExpectTagEnd() {
  if (Is(TokenKind::kTagEnd)) {
    ++cursor_;
  } else {
    FailExpected("tag", "%}");
  }
}

Token Parser::TakeIdentifier() {
  if (!Is(TokenKind::kName)) FailExpected("token", "a name");
  return Take();
}

void Parser::Fail(Position at, std::string_view message) {
  if (!ok()) return;
  status_ = TemplateError(at, message);
  cursor_ = tokens_.size() - 1;
}

void Parser::FailLimit(Position at) {
  if (!ok()) return;
  status_ =
      absl::ResourceExhaustedError(TemplateError(at, Concat("nesting, got more than ", max_depth_,
                                                            " levels, expected at most max_depth"))
                                       .message());
  cursor_ = tokens_.size() - 1;
}

void Parser::FailExpected(std::string_view what, std::string_view expected) {
  Fail(Current().at, Concat(what, ", got ", Describe(Current()), ", expected ", expected));
}

void Parser::NoteUnknown(Position at, std::string_view what, const std::string& name) {
  if (conditional_ > 0) return;
  unknown_.push_back(TemplateError(at, Concat(what, ", got ", name, ", expected a known one")));
}

Symbol Parser::Intern(const std::string& name) {
  const auto [it, added] = symbols_.emplace(name, static_cast<Symbol>(program_.names.size()));
  if (added) program_.names.push_back(name);
  return it->second;
}

// ---- statements

std::vector<Statement> Parser::ParseBody(std::initializer_list<std::string_view> ends) {
  std::vector<Statement> body;
  while (ok() && !Is(TokenKind::kEnd)) {
    Statement s;
    s.at = Current().at;
    if (Is(TokenKind::kData)) {
      s.text = MarkedString(Take().text, true);
      body.push_back(std::move(s));
    } else if (Is(TokenKind::kPrintBegin)) {
      ++cursor_;
      s.kind = StatementKind::kPrint;
      s.expressions.push_back(ParseTuple(true));
      if (Is(TokenKind::kPrintEnd)) {
        ++cursor_;
      } else {
        FailExpected("expression", "}}");
      }
      body.push_back(std::move(s));
    } else {
      ++cursor_;  // {%
      if (Is(TokenKind::kName) &&
          std::find(ends.begin(), ends.end(), Current().text) != ends.end()) {
        return body;
      }
      body.push_back(ParseStatement());
      ExpectTagEnd();
    }
  }
  if (ends.size() > 0) FailExpected("block", Joined(ends));
  return body;
}

// `%}`, a body and the name that ended it, which is still to be taken.
std::vector<Statement> Parser::ParseBlock(std::initializer_list<std::string_view> ends) {
  TakeOperator(":");
  ExpectTagEnd();
  return ParseBody(ends);
}

std::vector<Statement> Parser::ParseScope(std::initializer_list<std::string_view> ends) {
  const int conditional = std::exchange(conditional_, 0);
  std::vector<Statement> body = ParseBlock(ends);
  conditional_ = conditional;
  return body;
}

Statement Parser::ParseStatement() {
  const Nesting nesting(*this);
  Statement s;
  s.at = Current().at;
  if (!Is(TokenKind::kName)) {
    FailExpected("tag", "its name");
    return s;
  }
  const std::string name = Take().text;
  if (name == "for") return ParseFor(std::move(s));
  if (name == "if") return ParseIf(std::move(s));
  if (name == "set") return ParseSet(std::move(s));
  if (name == "with") return ParseWith(std::move(s));
  if (name == "macro") return ParseMacro(std::move(s));
  if (name == "call") return ParseCall(std::move(s));
  if (name == "filter") return ParseFilterBlock(std::move(s));
  if (name == "print") return ParsePrint(std::move(s));
  if (name == "generation") {
    s.kind = StatementKind::kGenerate;
    ParseMacroBody(s, "endgeneration");
    return s;
  }
  if (name == "break" || name == "continue") {
    s.kind = name == "break" ? StatementKind::kBreak : StatementKind::kContinue;
    if (loops_ == 0) Fail(s.at, Concat("tag, got ", name, " outside of a for"));
    return s;
  }
  Fail(s.at, Concat("tag, got ", name,
                    ", expected for, if, set, with, macro, call, filter, print, generation, "
                    "break, continue or the end of an open block"));
  return s;
}

Statement Parser::ParseFor(Statement s) {
  s.kind = StatementKind::kFor;
  s.target = ParseTarget(false);
  if (s.target->symbol == program_.loop) {
    Fail(s.at, "target, got loop, expected another variable of a for");
  }
  ExpectName("in");
  s.expression = ParseTuple(false, "recursive");
  if (TakeName("if")) s.condition = ParseExpression();
  s.recursive = TakeName("recursive");
  bodies_.emplace_back();
  ++loops_;
  s.body = ParseScope({"endfor", "else"});
  --loops_;
  s.uses_loop = bodies_.back().loop || s.recursive;
  bodies_.pop_back();
  if (TakeName("else")) s.else_body = ParseScope({"endfor"});
  ExpectName("endfor");
  return s;
}

Statement Parser::ParseIf(Statement s) {
  s.kind = StatementKind::kIf;
  ++conditional_;
  do {
    Statement::Branch branch;
    branch.condition = ParseTuple(false);
    branch.body = ParseBlock({"elif", "else", "endif"});
    s.branches.push_back(std::move(branch));
  } while (TakeName("elif"));
  if (TakeName("else")) s.else_body = ParseBlock({"endif"});
  ExpectName("endif");
  --conditional_;
  return s;
}

Statement Parser::ParseSet(Statement s) {
  s.target = ParseTarget(true);
  if (TakeOperator("=")) {
    s.kind = StatementKind::kSet;
    s.expression = ParseTuple(true);
    return s;
  }
  s.kind = StatementKind::kSetBlock;
  if (IsOperator("|")) s.expression = ParseFilter(Make(Kind::kCaptured, s.at));
  s.body = ParseScope({"endset"});
  ExpectName("endset");
  return s;
}

Statement Parser::ParseWith(Statement s) {
  s.kind = StatementKind::kWith;
  while (ok() && !Is(TokenKind::kTagEnd) && !IsOperator(":")) {
    if (!s.targets.empty()) ExpectOperator(",");
    s.targets.push_back(ParseTarget(false));
    ExpectOperator("=");
    s.expressions.push_back(ParseExpression());
  }
  s.body = ParseScope({"endwith"});
  ExpectName("endwith");
  return s;
}

void Parser::ParseSignature(Statement& s) {
  ExpectOperator("(");
  while (ok() && !IsOperator(")")) {
    if (!s.parameters.empty()) ExpectOperator(",");
    const Token name = TakeIdentifier();
    const Symbol symbol = Intern(name.text);
    if (std::find(s.parameters.begin(), s.parameters.end(), symbol) != s.parameters.end()) {
      Fail(name.at, Concat("parameter, got ", name.text, " twice, expected once"));
    }
    s.parameters.push_back(symbol);
    if (TakeOperator("=")) {
      s.defaults.push_back(ParseExpression());
    } else if (!s.defaults.empty() || symbol == program_.caller) {
      Fail(name.at, Concat("parameter, got ", name.text, " alone, expected a default"));
    }
  }
  ExpectOperator(")");
}

// The body of a macro, call or generation block: what it reads of `caller`, `varargs` and `kwargs`,
// and no loop of the outside to break.
void Parser::ParseMacroBody(Statement& s, std::string_view end) {
  bodies_.emplace_back();
  const int loops = std::exchange(loops_, 0);
  s.body = ParseScope({end});
  loops_ = loops;
  s.uses_caller = bodies_.back().caller;
  s.uses_varargs = bodies_.back().varargs;
  s.uses_kwargs = bodies_.back().kwargs;
  bodies_.pop_back();
  ExpectName(end);
}

Statement Parser::ParseMacro(Statement s) {
  s.kind = StatementKind::kMacro;
  s.name = TakeIdentifier().text;
  s.symbol = Intern(s.name);
  ParseSignature(s);
  ParseMacroBody(s, "endmacro");
  return s;
}

Statement Parser::ParseCall(Statement s) {
  s.kind = StatementKind::kCall;
  s.name = "caller";
  if (IsOperator("(")) ParseSignature(s);
  s.expression = ParseExpression();
  if (s.expression->kind != Kind::kCall) {
    Fail(s.at, "call block, got another expression, expected a call");
  }
  ParseMacroBody(s, "endcall");
  return s;
}

Statement Parser::ParseFilterBlock(Statement s) {
  s.kind = StatementKind::kFilter;
  s.expression = ParseFilter(Make(Kind::kCaptured, s.at));
  s.body = ParseScope({"endfilter"});
  ExpectName("endfilter");
  return s;
}

Statement Parser::ParsePrint(Statement s) {
  s.kind = StatementKind::kPrint;
  while (ok() && !Is(TokenKind::kTagEnd)) {
    if (!s.expressions.empty()) ExpectOperator(",");
    s.expressions.push_back(ParseExpression());
  }
  return s;
}

// A name, `namespace.name` where it may be, or several with commas (parentheses and brackets
// allowed around).
ExpressionPtr Parser::ParseTarget(bool may_be_attribute) {
  const Nesting nesting(*this);
  const Position at = Current().at;
  ExpressionPtr first = ParseTargetItem(may_be_attribute);
  if (!IsOperator(",")) return first;
  ExpressionPtr tuple = Make(Kind::kTuple, at);
  Adopt(*tuple, std::move(first));
  while (ok() && TakeOperator(",")) {
    if (IsName("in") || IsOperator("=") || IsOperator(")")) break;
    Adopt(*tuple, ParseTargetItem(may_be_attribute));
  }
  return tuple;
}

ExpressionPtr Parser::ParseTargetItem(bool may_be_attribute) {
  if (TakeOperator("(")) {
    ExpressionPtr inner = ParseTarget(may_be_attribute);
    ExpectOperator(")");
    return inner;
  }
  static constexpr std::string_view kReserved[] = {"true", "false", "none",
                                                   "True", "False", "None"};
  const Token name = TakeIdentifier();
  if (std::find(std::begin(kReserved), std::end(kReserved), name.text) != std::end(kReserved)) {
    Fail(name.at, Concat("target, got ", name.text, ", expected a variable"));
  }
  ExpressionPtr target = Make(Kind::kName, name.at);
  target->symbol = Intern(name.text);
  if (!may_be_attribute || !TakeOperator(".")) return target;
  ExpressionPtr attribute = Make(Kind::kAttribute, name.at);
  Adopt(*attribute, std::move(target));
  attribute->value = Value::Scaffold(TakeIdentifier().text);
  return attribute;
}

}  // namespace erato
