#include <utility>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/filters.h"
#include "tokenizer/template/interpreter.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/tests.h"

namespace erato {

using Kind = Expression::Kind;

Value Interpreter::Evaluate(const Expression& e) {
  const Deeper deeper(run_);
  if (!deeper || !run_.Spend(1)) return {};
  const Position outer = std::exchange(run_.at, e.at);
  Value value = EvaluateNode(e);
  run_.at = outer;
  return value;
}

Value Interpreter::EvaluateNode(const Expression& e) {
  switch (e.kind) {
    case Kind::kConstant:
      return e.value;
    case Kind::kName:
      return Resolve(e);
    case Kind::kCaptured:
      return *captured_;
    case Kind::kList:
      return run_.MakeList(EvaluateAll(e));
    case Kind::kTuple:
      return run_.MakeTuple(EvaluateAll(e));
    case Kind::kDict:
      return EvaluateDict(e);
    case Kind::kNegate:
    case Kind::kPlus:
      return Negate(run_, Evaluate(*e.args[0]), e.kind == Kind::kNegate);
    case Kind::kNot:
      return Value(!IsTrue(Evaluate(*e.args[0])));
    case Kind::kChain:
      return EvaluateChain(e);
    case Kind::kCompare:
      return EvaluateCompare(e);
    case Kind::kConcat:
      return EvaluateConcat(e);
    case Kind::kAnd:
    case Kind::kOr: {
      Value value;
      for (const ExpressionPtr& arg : e.args) {
        value = Evaluate(*arg);
        if (!run_.ok() || IsTrue(value) == (e.kind == Kind::kOr)) break;
      }
      return value;
    }
    case Kind::kCondition:
      if (IsTrue(Evaluate(*e.args[1]))) return Evaluate(*e.args[0]);
      return e.args.size() > 2 ? Evaluate(*e.args[2]) : MissingElse(e);
    case Kind::kAttribute:
      return GetAttribute(run_, Evaluate(*e.args[0]), *e.value.Shared<const MarkedString>());
    case Kind::kItem:
      return EvaluateItem(e);
    case Kind::kSlice:
      return run_.Fail("slice, got one inside of several indices, expected it alone");
    case Kind::kCall:
      return EvaluateCall(e, nullptr);
    case Kind::kFilter:
      return EvaluateFilter(e);
    case Kind::kTest:
      return Value(EvaluateTest(e));
  }
  return {};
}

List Interpreter::EvaluateAll(const Expression& e) {
  List items;
  items.reserve(e.args.size());
  for (const ExpressionPtr& arg : e.args) items.push_back(Evaluate(*arg));
  return items;
}

Value Interpreter::MissingElse(const Expression& e) {
  return Value(Value::Undefined{
      "", std::make_shared<const MarkedString>(
              Concat("the inline if on line ", e.at.line, " is false and has no else"), true)});
}

// A sum of strings grows in place: copying it for every + would be quadratic.
Value Interpreter::EvaluateChain(const Expression& e) {
  Value total = Evaluate(*e.args[0]);
  std::shared_ptr<MarkedString> growing;
  for (size_t i = 1; i < e.args.size() && run_.ok(); ++i) {
    const Operator op = e.operators[i - 1];
    const Value right = Evaluate(*e.args[i]);
    if (!run_.ok()) return {};
    const MarkedString *a = total.string(), *b = right.string();
    if (op != Operator::kAdd || a == nullptr || b == nullptr || a->markup() || b->markup()) {
      total = Arithmetic(run_, op, total, right);
      growing = nullptr;
      continue;
    }
    if (!run_.AllowBytes(b->size() + (growing == nullptr ? a->size() : 0))) return {};
    if (growing == nullptr) {
      growing = std::make_shared<MarkedString>(*a);
      total = Value(StringRef(growing));
    }
    growing->Append(*b);
    if (growing->size() > run_.limits().max_output_bytes) run_.AllowBytes(growing->size());
  }
  return total;
}

Value Interpreter::EvaluateCompare(const Expression& e) {
  Value left = Evaluate(*e.args[0]);
  for (size_t i = 1; i < e.args.size(); ++i) {
    Value right = Evaluate(*e.args[i]);
    if (!run_.ok()) return {};
    if (!Compare(run_, e.operators[i - 1], left, right)) return Value(false);
    left = std::move(right);
  }
  return Value(true);
}

Value Interpreter::EvaluateConcat(const Expression& e) {
  MarkedString text;
  for (const ExpressionPtr& arg : e.args) {
    const Value part = Evaluate(*arg);
    if (!run_.ok()) return {};
    AppendText(run_, part, text);
    if (text.size() > run_.limits().max_output_bytes) run_.AllowBytes(text.size());
  }
  return run_.MakeString(std::move(text));
}

Value Interpreter::EvaluateItem(const Expression& e) {
  const Value object = Evaluate(*e.args[0]);
  const Expression& index = *e.args[1];
  if (index.kind != Kind::kSlice) {
    const Value key = Evaluate(index);
    return run_.ok() ? GetItem(run_, object, key) : Value();
  }
  Value bounds[3];
  for (size_t i = 0; i < 3; ++i) {
    if (index.args[i] != nullptr) bounds[i] = Evaluate(*index.args[i]);
  }
  return run_.ok() ? GetSlice(run_, object, bounds[0], bounds[1], bounds[2]) : Value();
}

Value Interpreter::EvaluateDict(const Expression& e) {
  Mapping::Entries entries;
  for (size_t i = 0; i + 1 < e.args.size() && run_.ok(); i += 2) {
    Value key = Evaluate(*e.args[i]);
    Value value = Evaluate(*e.args[i + 1]);
    if (run_.ok()) Insert(run_, entries, std::move(key), std::move(value));
  }
  return run_.MakeDict(std::move(entries));
}

Value Interpreter::EvaluateFilter(const Expression& e) {
  const Value input = Evaluate(*e.args[0]);
  Arguments args;
  if (!EvaluateArguments(e, args)) return {};
  if (e.filter == nullptr) {
    return run_.Fail(Concat("filter, got ", e.name, ", expected a known one"));
  }
  return CallFilter(run_, *e.filter, input, args);
}

bool Interpreter::EvaluateTest(const Expression& e) {
  const Value value = Evaluate(*e.args[0]);
  Arguments args;
  if (!EvaluateArguments(e, args)) return false;
  if (e.test == nullptr) {
    run_.Fail(Concat("test, got ", e.name, ", expected a known one"));
    return false;
  }
  return CallTest(run_, *e.test, value, args);
}

}  // namespace erato
