// Calls: of methods, built-ins, macros, the callers of call blocks, and recursive loops.
#include <algorithm>
#include <utility>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/globals.h"
#include "tokenizer/template/interpreter.h"
#include "tokenizer/template/methods.h"
#include "tokenizer/template/operations.h"

namespace erato {

Value Interpreter::EvaluateCall(const Expression& e, const Value* caller) {
  const Expression& callee = *e.args[0];
  Arguments args;
  // x.method(…) without making a bound method first.
  if (callee.kind == Expression::Kind::kAttribute && caller == nullptr) {
    const Value self = Evaluate(*callee.args[0]);
    const StringRef& name = *callee.value.Shared<const MarkedString>();
    const Method* method = run_.ok() ? FindMethod(self, name->text()) : nullptr;
    if (method != nullptr) {
      return EvaluateArguments(e, args) ? CallMethod(run_, *method, self, args) : Value();
    }
    const Value function = GetAttribute(run_, self, name);
    return EvaluateArguments(e, args) ? Call(function, std::move(args)) : Value();
  }
  const Value function = Evaluate(callee);
  if (!EvaluateArguments(e, args)) return {};
  if (caller != nullptr) args.named.emplace_back("caller", *caller);
  return Call(function, std::move(args));
}

bool Interpreter::EvaluateArguments(const Expression& e, Arguments& args) {
  for (size_t i = 1; i < e.args.size(); ++i) args.positional.push_back(Evaluate(*e.args[i]));
  for (const auto& [name, value] : e.keywords) args.named.emplace_back(name, Evaluate(*value));
  if (e.star != nullptr) {
    const Items more = ItemsOf(run_, Evaluate(*e.star));
    if (run_.Spend(static_cast<int64_t>(more->size()))) {
      args.positional.insert(args.positional.end(), more->begin(), more->end());
    }
  }
  if (e.star_star != nullptr && run_.ok()) {
    const Value more = Evaluate(*e.star_star);
    const Mapping* dict = more.mapping();
    if (dict == nullptr) {
      run_.Fail(Concat("arguments, got ** of ", TypeName(more), ", expected a dict"));
      return false;
    }
    for (const auto& [key, value] : dict->entries) {
      const MarkedString* name = key.string();
      const bool twice =
          name != nullptr && std::any_of(args.named.begin(), args.named.end(),
                                         [&](const auto& n) { return n.first == name->text(); });
      if (name == nullptr || twice) {
        run_.Fail("arguments, got a key of ** that is no new name, expected one");
        return false;
      }
      if (!run_.Spend(1 + static_cast<int64_t>(args.named.size() / 16))) return false;
      args.named.emplace_back(name->text(), value);
    }
  }
  return run_.ok();
}

Value Interpreter::Call(const Value& callee, Arguments args) {
  if (const auto* u = callee.As<Value::Undefined>()) return run_.Fail(u->Message());
  Object* o = callee.object();
  if (o != nullptr && run_.ok()) {
    switch (o->kind) {
      case Object::Kind::kMethod: {
        const auto& bound = static_cast<const BoundMethod&>(*o);
        return CallMethod(run_, *bound.method, bound.receiver, args);
      }
      case Object::Kind::kGlobal:
        return CallGlobal(run_, *static_cast<const GlobalFunction&>(*o).global, args);
      case Object::Kind::kMacro:
        return CallMacro(static_cast<const Macro&>(*o), std::move(args));
      case Object::Kind::kLoop:
        return CallLoop(static_cast<const Loop&>(*o), args);
      case Object::Kind::kJoiner: {
        auto& joiner = static_cast<Joiner&>(*o);
        return std::exchange(joiner.used, true) ? joiner.separator : Value(MarkedString());
      }
      default:
        break;
    }
  }
  return run_.Fail(Concat("call, got ", TypeName(callee), ", expected a function or macro"));
}

Value Interpreter::CallMacro(const Macro& macro, Arguments args) {
  Scope* parent = Find(macro.scope);
  if (parent == nullptr) {
    return run_.Fail(Concat("macro, got a call of ", macro.declaration->name,
                            " after its scope has ended, expected it inside"));
  }
  if (macros_ >= run_.limits().max_depth) return run_.FailLimit("calls of macros", "max_depth");
  ++macros_;
  Capture capture(*this);
  {
    Entered entered(*this, parent);
    BindMacro(*macro.declaration, args, entered.scope);
    if (run_.ok()) ExecuteBody(macro.declaration->body);
  }
  --macros_;
  return run_.MakeString(std::move(capture.text));
}

// Positional arguments, keywords, then defaults, which may read the parameters before them.
void Interpreter::BindMacro(const Statement& declaration, Arguments& args, Scope& scope) {
  const std::vector<Symbol>& parameters = declaration.parameters;
  const size_t given = std::min(args.positional.size(), parameters.size());
  const size_t first_default = parameters.size() - declaration.defaults.size();
  bool takes_caller = false;
  for (size_t i = 0; i < parameters.size() && run_.ok(); ++i) {
    const std::string& name = program_.names[static_cast<size_t>(parameters[i])];
    takes_caller |= parameters[i] == program_.caller;
    Value value;
    if (i < given) {
      value = args.positional[i];
    } else if (!args.TakeNamed(name, value)) {
      if (i >= first_default) {
        value = Evaluate(*declaration.defaults[i - first_default]);
      } else {
        value = Value(
            Value::Undefined{"", std::make_shared<const MarkedString>(
                                     Concat("parameter '", name, "' was not provided"), true)});
      }
    }
    scope.variables.emplace_back(parameters[i], std::move(value));
  }
  if (declaration.uses_caller && !takes_caller) {
    Value caller;
    if (!args.TakeNamed("caller", caller) || caller.IsNone()) {
      caller = Value(
          Value::Undefined{"", std::make_shared<const MarkedString>("No caller defined", true)});
    }
    scope.variables.emplace_back(program_.caller, std::move(caller));
  }
  if (declaration.uses_kwargs) {
    Mapping::Entries entries;
    for (auto& [name, value] : args.named)
      entries.emplace_back(Value::Content(name), std::move(value));
    scope.variables.emplace_back(program_.kwargs, run_.MakeDict(std::move(entries)));
  } else if (!args.named.empty()) {
    run_.Fail(Concat("macro ", declaration.name, ", got argument ", args.named[0].first,
                     ", expected another name"));
  }
  if (declaration.uses_varargs) {
    scope.variables.emplace_back(
        program_.varargs,
        run_.MakeTuple(
            List(args.positional.begin() + static_cast<ptrdiff_t>(given), args.positional.end())));
  } else if (args.positional.size() > parameters.size()) {
    run_.Fail(Concat("macro ", declaration.name, ", got ", args.positional.size(),
                     " arguments, expected at most ", parameters.size()));
  }
}

Value Interpreter::CallLoop(const Loop& loop, const Arguments& args) {
  Scope* parent = Find(loop.scope);
  if (loop.statement == nullptr || parent == nullptr) {
    return run_.Fail("loop, got a call, expected the for to be recursive");
  }
  if (args.positional.size() != 1 || !args.named.empty()) {
    return run_.Fail("loop, got another number of arguments, expected 1");
  }
  if (macros_ >= run_.limits().max_depth) return run_.FailLimit("calls of a loop", "max_depth");
  ++macros_;
  Capture capture(*this);
  ExecuteFor(*loop.statement, args.positional[0], parent, loop.depth0 + 1);
  --macros_;
  return run_.MakeString(std::move(capture.text));
}

}  // namespace erato
