// Who may see which variable: the scopes of an Interpreter.
#include <utility>

#include "tokenizer/template/interpreter.h"

namespace erato {

Interpreter::Entered::Entered(Interpreter& in, Scope* parent) : in_(in), outer_(in.scope_) {
  scope.parent = parent;
  scope.self = {in.live_.size(), ++in.serial_};
  in.live_.push_back(&scope);
  in.scope_ = &scope;
}

Interpreter::Entered::~Entered() {
  in_.live_.pop_back();
  in_.scope_ = outer_;
}

Value Interpreter::Resolve(const Expression& name) {
  for (const Scope* s = scope_; s->parent != nullptr; s = s->parent) {
    for (const auto& [symbol, value] : s->variables) {
      if (symbol == name.symbol) return value;
    }
  }
  const auto i = static_cast<size_t>(name.symbol);
  return has_root_[i] ? root_[i] : name.value;
}

void Interpreter::Store(Symbol symbol, Value value) {
  if (scope_ == &bottom_) {
    root_[static_cast<size_t>(symbol)] = std::move(value);
    has_root_[static_cast<size_t>(symbol)] = true;
    return;
  }
  for (auto& [name, slot] : scope_->variables) {
    if (name == symbol) {
      slot = std::move(value);
      return;
    }
  }
  scope_->variables.emplace_back(symbol, std::move(value));
}

Interpreter::Scope* Interpreter::Find(ScopeRef ref) {
  if (ref.index >= live_.size() || live_[ref.index]->self.serial != ref.serial) return nullptr;
  return live_[ref.index];
}

}  // namespace erato
