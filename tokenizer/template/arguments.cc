#include "tokenizer/template/arguments.h"

#include <utility>

#include "absl/strings/str_split.h"
#include "tokenizer/template/concat.h"
#include "tokenizer/template/operations.h"

namespace erato {

bool Arguments::TakeNamed(std::string_view name, Value& value) {
  for (auto it = named.begin(); it != named.end(); ++it) {
    if (it->first != name) continue;
    value = std::move(it->second);
    named.erase(it);
    return true;
  }
  return false;
}

Bound::Bound(Run& run, std::string_view function, const Signature& signature, const Arguments& raw)
    : run_(run), function_(function), raw_(raw) {
  if (signature.parameters == "*") return;
  if (!signature.parameters.empty()) {
    for (absl::string_view name : absl::StrSplit(AbslText(signature.parameters), ' ')) {
      names_[count_++] = std::string_view(name.data(), name.size());
    }
  }
  if (raw.positional.size() > count_) {
    run.Fail(
        Concat(function, ", got ", raw.positional.size(), " arguments, expected at most ", count_));
    return;
  }
  for (size_t i = 0; i < raw.positional.size(); ++i) values_[i] = &raw.positional[i];
  if (!raw.named.empty() || raw.positional.size() < signature.required) BindNamed(signature);
}

void Bound::BindNamed(const Signature& signature) {
  for (const auto& [name, value] : raw_.named) {
    size_t i = 0;
    while (i < count_ && names_[i] != name) ++i;
    if (i == count_ || values_[i] != nullptr) {
      run_.Fail(Concat(function_, ", got argument ", name,
                       i == count_ ? ", expected another name" : " twice, expected once"));
      return;
    }
    values_[i] = &value;
  }
  for (size_t i = 0; i < signature.required; ++i) {
    if (values_[i] == nullptr) {
      run_.Fail(Concat(function_, ", got no argument ", names_[i], ", expected one"));
      return;
    }
  }
}

int64_t Bound::Integer(size_t i, int64_t missing) const {
  if (!Has(i)) return missing;
  if (const std::optional<int64_t> n = AsInteger(*values_[i])) return *n;
  if (const auto* u = values_[i]->As<Value::Undefined>()) {
    run_.Fail(u->Message());
  } else {
    run_.Fail(Concat(function_, " ", NameOf(i), ", got ", TypeName(*values_[i]),
                     ", expected an integer"));
  }
  return missing;
}

bool Bound::Truth(size_t i, bool missing) const { return Has(i) ? IsTrue(*values_[i]) : missing; }

const MarkedString* Bound::String(size_t i) const {
  if (!Has(i) || values_[i]->IsNone()) return nullptr;
  if (const MarkedString* s = values_[i]->string()) return s;
  run_.Fail(
      Concat(function_, " ", NameOf(i), ", got ", TypeName(*values_[i]), ", expected a string"));
  return nullptr;
}

}  // namespace erato
