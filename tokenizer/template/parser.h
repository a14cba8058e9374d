// Tokens to a TemplateProgram. Recursive descent with a bound on its depth; the grammar is that of
// jinja2 3.1.
#ifndef ERATO_TOKENIZER_TEMPLATE_PARSER_H_
#define ERATO_TOKENIZER_TEMPLATE_PARSER_H_

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tokenizer/template/ast.h"
#include "tokenizer/template/lexer.h"

namespace erato {

/// The first error stays in status_ and moves the cursor to the end, so that every loop stops; no
/// other function needs to look whether one went wrong.
class Parser {
 public:
  Parser(std::vector<Token> tokens, int max_depth);
  absl::StatusOr<TemplateProgram> Parse();

 private:
  using Kind = Expression::Kind;
  class Nesting;  // counts depth while it lives

  // The token stream.
  const Token& Current() const { return tokens_[cursor_]; }
  const Token& Next() const { return tokens_[cursor_ + (cursor_ + 1 < tokens_.size() ? 1 : 0)]; }
  Token Take();
  bool Is(Token::Kind kind) const { return Current().kind == kind; }
  bool IsOperator(std::string_view op) const;
  bool IsName(std::string_view name) const;
  bool TakeOperator(std::string_view op);
  bool TakeName(std::string_view name);
  void ExpectOperator(std::string_view op);
  void ExpectName(std::string_view name);
  void ExpectTagEnd();
  Token TakeIdentifier();
  void Fail(Position at, std::string_view message);
  void FailLimit(Position at);
  void FailExpected(std::string_view what, std::string_view expected);
  bool ok() const { return status_.ok(); }

  Symbol Intern(const std::string& name);
  void NoteUnknown(Position at, std::string_view what, const std::string& name);

  // Statements (parser.cc).
  std::vector<Statement> ParseBody(std::initializer_list<std::string_view> ends);
  std::vector<Statement> ParseBlock(std::initializer_list<std::string_view> ends);
  std::vector<Statement> ParseScope(std::initializer_list<std::string_view> ends);
  Statement ParseStatement();
  Statement ParseFor(Statement s);
  Statement ParseIf(Statement s);
  Statement ParseSet(Statement s);
  Statement ParseWith(Statement s);
  Statement ParseMacro(Statement s);
  Statement ParseCall(Statement s);
  Statement ParseFilterBlock(Statement s);
  Statement ParsePrint(Statement s);
  void ParseSignature(Statement& s);
  void ParseMacroBody(Statement& s, std::string_view end);
  ExpressionPtr ParseTarget(bool may_be_attribute);
  ExpressionPtr ParseTargetItem(bool may_be_attribute);

  // Expressions (parse_expression.cc).
  ExpressionPtr Make(Kind kind, Position at);
  ExpressionPtr Constant(Value value, Position at);
  void Adopt(Expression& parent, ExpressionPtr child);
  void Deepen(Expression& parent, const Expression& child);
  ExpressionPtr ParseTuple(bool with_condition, std::string_view end = {}, bool in_parens = false);
  ExpressionPtr ParseExpression(bool with_condition = true);
  ExpressionPtr ParseCondition();
  ExpressionPtr ParseJunction(bool is_or);
  ExpressionPtr ParseNot();
  ExpressionPtr ParseCompare();
  ExpressionPtr ParseArithmetic(int level);
  ExpressionPtr AsPythonPower(ExpressionPtr power);
  ExpressionPtr ParseUnary(bool with_filter);
  ExpressionPtr ParsePrimary();
  ExpressionPtr ParseName();
  ExpressionPtr ParseListLiteral();
  ExpressionPtr ParseDictLiteral();
  ExpressionPtr ParsePostfix(ExpressionPtr node);
  ExpressionPtr ParseFilters(ExpressionPtr node);
  ExpressionPtr ParseSubscript(ExpressionPtr node);
  ExpressionPtr ParseSubscribed();
  void ParseArguments(Expression& call);
  ExpressionPtr ParseFilter(ExpressionPtr node);
  ExpressionPtr ParseTest(ExpressionPtr node);
  std::string ParseDottedName();
  bool TakeCompareOperator(Operator& op);

  std::vector<Token> tokens_;
  size_t cursor_ = 0;
  const int max_depth_;
  int depth_ = 0;
  // Inside an if an unknown filter or test is an error only when it runs; as in Jinja, that ends at
  // the next scope.
  int conditional_ = 0;
  std::vector<absl::Status>
      unknown_;  // filters and tests elsewhere; the first is the error if the syntax is right
  absl::Status status_;
  TemplateProgram program_;
  std::unordered_map<std::string, Symbol> symbols_;
  // Which of the names that mean something there have been read in the bodies that are open.
  struct Body {
    bool loop = false, caller = false, varargs = false, kwargs = false;
  };
  std::vector<Body> bodies_;
  int loops_ = 0;  // open for-loops, for break and continue
};

/// Holds one level of nesting.
class Parser::Nesting {
 public:
  explicit Nesting(Parser& parser) : parser_(parser) {
    if (++parser.depth_ > parser.max_depth_) parser.FailLimit(parser.Current().at);
  }
  ~Nesting() { --parser_.depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  Parser& parser_;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_PARSER_H_
