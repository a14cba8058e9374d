// Runs a TemplateProgram. Scopes are those of Jinja: a for, with, macro, call, filter and set block
// have one of their own, an if has none; what a loop sets is gone at its next turn.
#ifndef ERATO_TOKENIZER_TEMPLATE_INTERPRETER_H_
#define ERATO_TOKENIZER_TEMPLATE_INTERPRETER_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "tokenizer/template/arguments.h"
#include "tokenizer/template/ast.h"
#include "tokenizer/template/loop.h"
#include "tokenizer/template/run.h"

namespace erato {

class Interpreter {
 public:
  Interpreter(const TemplateProgram& program, Run& run, const Value& variables);
  /// The whole text, or run.status().
  MarkedString Render();

 private:
  enum class Flow { kNext, kBreak, kContinue };

  struct Scope {
    Scope* parent = nullptr;
    ScopeRef self;
    absl::InlinedVector<std::pair<Symbol, Value>, 4> variables;
  };
  // Makes a scope, and a place for it among the live ones.
  class Entered;
  // Sends what is printed into another text.
  class Capture;

  // execute.cc
  Flow ExecuteBody(const std::vector<Statement>& body);
  Flow Execute(const Statement& s);
  void Print(const Statement& s);
  Flow ExecuteIf(const Statement& s);
  void ExecuteFor(const Statement& s, const Value& iterable, Scope* parent, int64_t depth0);
  bool Turns(const Statement& s, Loop& loop, Scope& scope);
  void ExecuteSet(const Statement& s);
  void ExecuteSetBlock(const Statement& s);
  void ExecuteFilterBlock(const Statement& s);
  void ExecuteWith(const Statement& s);
  void ExecuteCall(const Statement& s);
  Flow ExecuteScoped(const std::vector<Statement>& body);
  void Assign(const Expression& target, Value value);
  void Emit(const Value& value);

  // scope.cc
  Value Resolve(const Expression& name);
  void Store(Symbol symbol, Value value);
  Scope* Find(ScopeRef ref);

  // evaluate.cc
  Value Evaluate(const Expression& e);
  Value EvaluateNode(const Expression& e);
  Value EvaluateChain(const Expression& e);
  Value EvaluateCompare(const Expression& e);
  Value EvaluateConcat(const Expression& e);
  Value EvaluateItem(const Expression& e);
  Value EvaluateDict(const Expression& e);
  Value EvaluateFilter(const Expression& e);
  bool EvaluateTest(const Expression& e);
  Value MissingElse(const Expression& e);
  List EvaluateAll(const Expression& e);

  // call.cc
  Value EvaluateCall(const Expression& e, const Value* caller);
  bool EvaluateArguments(const Expression& e, Arguments& args);
  Value Call(const Value& callee, Arguments args);
  Value CallMacro(const Macro& macro, Arguments args);
  void BindMacro(const Statement& declaration, Arguments& args, Scope& scope);
  Value CallLoop(const Loop& loop, const Arguments& args);

  const TemplateProgram& program_;
  Run& run_;
  std::vector<Value>
      root_;  // by Symbol: the caller's variables, built-ins, and what the top level sets
  std::vector<bool> has_root_;
  Scope bottom_;  // stands for root_
  Scope* scope_ = &bottom_;
  std::vector<Scope*> live_;  // by ScopeRef::index
  uint64_t serial_ = 0;
  MarkedString* out_ = nullptr;
  int macros_ = 0;  // calls that are open
  const Value* captured_ = nullptr;
};

class Interpreter::Entered {
 public:
  Entered(Interpreter& in, Scope* parent);
  ~Entered();
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;
  Scope scope;

 private:
  Interpreter& in_;
  Scope* outer_;
};

class Interpreter::Capture {
 public:
  explicit Capture(Interpreter& in) : in_(in), outer_(std::exchange(in.out_, &text)) {}
  ~Capture() { in_.out_ = outer_; }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  MarkedString text;

 private:
  Interpreter& in_;
  MarkedString* outer_;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_INTERPRETER_H_
