#include <utility>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/globals.h"
#include "tokenizer/template/interpreter.h"
#include "tokenizer/template/operations.h"

namespace erato {

using Kind = Statement::Kind;

Interpreter::Interpreter(const TemplateProgram& program, Run& run, const Value& variables)
    : program_(program),
      run_(run),
      root_(program.names.size()),
      has_root_(program.names.size(), false) {
  live_.push_back(&bottom_);
  const Mapping* given = variables.mapping();
  if (variables.depth() > run.limits().max_depth) run.FailLimit("nesting of values", "max_depth");
  for (size_t i = 0; i < root_.size(); ++i) {
    const Value* value = given == nullptr ? nullptr : given->Find(program.names[i]);
    if (value != nullptr) {
      root_[i] = *value;
    } else if (std::optional<Value> global = FindGlobal(program.names[i])) {
      root_[i] = *std::move(global);
    } else {
      continue;
    }
    has_root_[i] = true;
  }
}

MarkedString Interpreter::Render() {
  MarkedString out;
  out_ = &out;
  ExecuteBody(program_.body);
  return out;
}

Interpreter::Flow Interpreter::ExecuteBody(const std::vector<Statement>& body) {
  for (const Statement& s : body) {
    const Flow flow = Execute(s);
    if (flow != Flow::kNext || !run_.ok()) return flow;
  }
  return Flow::kNext;
}

Interpreter::Flow Interpreter::Execute(const Statement& s) {
  const Deeper deeper(run_);
  run_.at = s.at;
  if (!deeper || !run_.Spend(1)) return Flow::kNext;
  switch (s.kind) {
    case Kind::kText:
      out_->Append(s.text);
      if (out_->size() > run_.limits().max_output_bytes)
        run_.FailLimit("output", "max_output_bytes");
      run_.SpendBytes(s.text.size());
      break;
    case Kind::kPrint:
      Print(s);
      break;
    case Kind::kIf:
      return ExecuteIf(s);
    case Kind::kFor:
      ExecuteFor(s, Evaluate(*s.expression), scope_, 0);
      break;
    case Kind::kSet:
      ExecuteSet(s);
      break;
    case Kind::kSetBlock:
      ExecuteSetBlock(s);
      break;
    case Kind::kFilter:
      ExecuteFilterBlock(s);
      break;
    case Kind::kWith:
      ExecuteWith(s);
      break;
    case Kind::kMacro:
      Store(s.symbol, Value(std::shared_ptr<Object>(std::make_shared<Macro>(&s, scope_->self))));
      break;
    case Kind::kCall:
      ExecuteCall(s);
      break;
    case Kind::kGenerate:
      ExecuteScoped(s.body);
      break;
    case Kind::kBreak:
      return Flow::kBreak;
    case Kind::kContinue:
      return Flow::kContinue;
  }
  return Flow::kNext;
}

void Interpreter::Emit(const Value& value) {
  if (const MarkedString* text = value.string()) run_.SpendBytes(text->size());
  if (!run_.ok()) return;
  AppendText(run_, value, *out_);
  if (out_->size() > run_.limits().max_output_bytes) run_.FailLimit("output", "max_output_bytes");
}

void Interpreter::Print(const Statement& s) {
  for (const ExpressionPtr& e : s.expressions) Emit(Evaluate(*e));
}

Interpreter::Flow Interpreter::ExecuteIf(const Statement& s) {
  for (const Statement::Branch& branch : s.branches) {
    const bool holds = IsTrue(Evaluate(*branch.condition));
    if (!run_.ok()) return Flow::kNext;
    if (holds) return ExecuteBody(branch.body);
  }
  return ExecuteBody(s.else_body);
}

Interpreter::Flow Interpreter::ExecuteScoped(const std::vector<Statement>& body) {
  const Entered entered(*this, scope_);
  return ExecuteBody(body);
}

void Interpreter::ExecuteFor(const Statement& s, const Value& iterable, Scope* parent,
                             int64_t depth0) {
  if (!run_.ok()) return;
  Loop::Test test;
  if (s.condition != nullptr) {
    test = [&, parent](const Value& item) {
      Entered entered(*this, parent);
      Assign(*s.target, item);
      return IsTrue(Evaluate(*s.condition));
    };
  }
  const auto loop = std::make_shared<Loop>(run_, iterable, std::move(test), depth0);
  if (!run_.ok()) return;
  loop->statement = s.recursive ? &s : nullptr;
  loop->scope = parent->self;
  bool turned = false;
  {
    Entered entered(*this, parent);
    while (run_.ok() && loop->Advance(run_)) {
      turned = true;
      entered.scope.variables.clear();
      if (s.uses_loop)
        entered.scope.variables.emplace_back(program_.loop, Value(std::shared_ptr<Object>(loop)));
      Assign(*s.target, loop->current);
      if (run_.ok() && ExecuteBody(s.body) == Flow::kBreak) break;
    }
  }
  loop->Finish();
  if (turned || !run_.ok()) return;
  const Entered entered(*this, parent);
  ExecuteBody(s.else_body);
}

void Interpreter::ExecuteSet(const Statement& s) {
  Value value = Evaluate(*s.expression);
  if (run_.ok()) Assign(*s.target, std::move(value));
}

void Interpreter::ExecuteSetBlock(const Statement& s) {
  Value text;
  {
    Capture capture(*this);
    ExecuteScoped(s.body);
    text = run_.MakeString(std::move(capture.text));
  }
  if (s.expression != nullptr && run_.ok()) {
    const Value* outer = std::exchange(captured_, &text);
    Value filtered = Evaluate(*s.expression);
    captured_ = outer;
    text = std::move(filtered);
  }
  if (run_.ok()) Assign(*s.target, std::move(text));
}

void Interpreter::ExecuteFilterBlock(const Statement& s) {
  Value text;
  {
    Capture capture(*this);
    ExecuteScoped(s.body);
    text = run_.MakeString(std::move(capture.text));
  }
  if (!run_.ok()) return;
  const Value* outer = std::exchange(captured_, &text);
  const Value filtered = Evaluate(*s.expression);
  captured_ = outer;
  if (run_.ok() && filtered.string() == nullptr) {
    run_.Fail(Concat("filter block, got ", TypeName(filtered), ", expected a string"));
  }
  Emit(filtered);
}

void Interpreter::ExecuteWith(const Statement& s) {
  std::vector<Value> values;  // all in the outer scope
  for (const ExpressionPtr& e : s.expressions) values.push_back(Evaluate(*e));
  const Entered entered(*this, scope_);
  for (size_t i = 0; i < values.size() && run_.ok(); ++i) {
    Assign(*s.targets[i], std::move(values[i]));
  }
  if (run_.ok()) ExecuteBody(s.body);
}

void Interpreter::ExecuteCall(const Statement& s) {
  const Value caller(std::shared_ptr<Object>(std::make_shared<Macro>(&s, scope_->self)));
  Emit(EvaluateCall(*s.expression, &caller));
}

// A name, an attribute of a namespace, or several.
void Interpreter::Assign(const Expression& target, Value value) {
  if (target.kind == Expression::Kind::kName) return Store(target.symbol, std::move(value));
  if (target.kind == Expression::Kind::kAttribute) {
    const Value space = Evaluate(*target.args[0]);
    Object* o = space.object();
    if (o == nullptr || o->kind != Object::Kind::kNamespace) {
      run_.Fail(Concat("set, got an attribute of ", TypeName(space), ", expected a namespace"));
      return;
    }
    static_cast<Namespace*>(o)->Set(target.value.string()->text(), std::move(value));
    return;
  }
  const Items items = ItemsOf(run_, value);
  if (run_.ok() && items->size() != target.args.size()) {
    run_.Fail(Concat("unpacking, got ", items->size(), " values, expected ", target.args.size()));
  }
  for (size_t i = 0; i < target.args.size() && run_.ok(); ++i) Assign(*target.args[i], (*items)[i]);
}

}  // namespace erato
