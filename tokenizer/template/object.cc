#include "tokenizer/template/object.h"

#include <algorithm>
#include <utility>

namespace erato {

Iterator::Iterator(List list, absl::Status status)
    : Object(Kind::kIterator, 1), items(std::move(list)), pending(std::move(status)) {
  for (const Value& item : items) depth = std::max(depth, 1 + item.depth());
}

const Value* Namespace::Find(std::string_view name) const {
  for (const auto& [key, value] : attributes) {
    if (key == name) return &value;
  }
  return nullptr;
}

void Namespace::Set(std::string_view name, Value value) {
  for (auto& [key, slot] : attributes) {
    if (key == name) {
      slot = std::move(value);
      return;
    }
  }
  attributes.emplace_back(name, std::move(value));
}

}  // namespace erato
