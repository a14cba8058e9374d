// A parsed template: statements that hold expressions. Immutable after parsing.
#ifndef ERATO_TOKENIZER_TEMPLATE_AST_H_
#define ERATO_TOKENIZER_TEMPLATE_AST_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tokenizer/template/lexer.h"
#include "tokenizer/template/value.h"

namespace erato {

struct Filter;
struct Test;

enum class Operator {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kFloorDivide,
  kModulo,
  kPower,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kNotIn
};

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

/// A name is a number: its place in TemplateProgram::names.
using Symbol = int32_t;

struct Expression {
  enum class Kind {
    kConstant,   // value
    kName,       // symbol
    kList,       // args
    kTuple,      // args
    kDict,       // args: key, value, key, value …
    kNegate,     // args[0]
    kPlus,       // args[0]
    kNot,        // args[0]
    kChain,      // args[0] operators[0] args[1] operators[1] …, from the left
    kCompare,    // the same shape, with Python's meaning of a < b < c
    kConcat,     // args[0] ~ args[1] ~ …
    kAnd,        // args
    kOr,         // args
    kCondition,  // args[0] if args[1] else args[2] (which may be absent)
    kAttribute,  // args[0] . value
    kItem,       // args[0] [ args[1] ]
    kSlice,      // args: begin, end, step, each may be null; only inside kItem
    kCall,       // args[0] ( args[1…], keywords, star, star_star )
    kFilter,     // args[0] | filter ( args[1…], … )
    kTest,       // args[0] is test ( args[1…], … )
    kCaptured    // the text that a filter or set block has caught
  };
  Kind kind = Kind::kConstant;
  Position at;
  int depth = 1;
  Symbol symbol = -1;
  Value value;
  std::string name;  // of a filter or test
  const Filter* filter = nullptr;
  const Test* test = nullptr;
  std::vector<ExpressionPtr> args;
  std::vector<Operator> operators;
  std::vector<std::pair<std::string, ExpressionPtr>> keywords;
  ExpressionPtr star, star_star;
};

struct Statement {
  enum class Kind {
    kText,      // text
    kPrint,     // expressions, one after the other
    kIf,        // branches, else_body
    kFor,       // target in expression if condition: body else else_body
    kSet,       // target = expression
    kSetBlock,  // target = filters of body (expression: kFilter over kCaptured, may be null)
    kFilter,    // expression of body
    kWith,      // targets[i] = expressions[i], body
    kMacro,     // target name, parameters, defaults
    kCall,      // expression (kCall), parameters, defaults, body
    kGenerate,  // body: what the assistant is to learn; a scope of its own
    kBreak,
    kContinue
  };
  struct Branch {
    ExpressionPtr condition;
    std::vector<Statement> body;
  };
  Kind kind = Kind::kText;
  Position at;
  MarkedString text;
  ExpressionPtr target, expression, condition;
  std::vector<ExpressionPtr> targets, expressions;
  std::vector<Branch> branches;
  std::vector<Statement> body, else_body;
  bool recursive = false;
  bool uses_loop = false;  // the body names `loop`

  // Macros and call blocks. The last defaults.size() parameters have a default.
  Symbol symbol = -1;
  std::string name;
  std::vector<Symbol> parameters;
  std::vector<ExpressionPtr> defaults;
  bool uses_caller = false, uses_varargs = false, uses_kwargs = false;
};

struct TemplateProgram {
  std::vector<Statement> body;
  std::vector<std::string> names;  // by Symbol
  Symbol loop = -1, caller = -1, varargs = -1, kwargs = -1;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_AST_H_
