#include <utility>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

Items NoItems() { return std::make_shared<const List>(); }

List ItemsOfView(const View& view) {
  List items;
  for (const auto& [key, value] : view.mapping->entries) {
    if (view.of == View::Of::kKeys) items.push_back(key);
    if (view.of == View::Of::kValues) items.push_back(value);
    if (view.of == View::Of::kItems) items.push_back(Value::Tuple({key, value}));
  }
  return items;
}

Items ItemsOfObject(Run& run, const Value& value) {
  Object& object = *value.object();
  switch (object.kind) {
    case Object::Kind::kRange: {
      const auto& range = static_cast<const Range&>(object);
      if (!run.AllowItems(range.size)) break;
      List items;
      items.reserve(static_cast<size_t>(range.size));
      for (int64_t i = 0; i < range.size; ++i) items.push_back(RangeItem(range, i));
      return std::make_shared<const List>(std::move(items));
    }
    case Object::Kind::kView: {
      const auto& view = static_cast<const View&>(object);
      if (!run.AllowItems(static_cast<int64_t>(view.mapping->entries.size()))) break;
      return std::make_shared<const List>(ItemsOfView(view));
    }
    case Object::Kind::kIterator: {
      auto& iterator = static_cast<Iterator&>(object);
      if (!iterator.pending.ok()) run.FailWith(iterator.pending);
      if (!run.Spend(static_cast<int64_t>(iterator.items.size()))) break;
      List rest(iterator.items.begin() + static_cast<ptrdiff_t>(iterator.next),
                iterator.items.end());
      iterator.next = iterator.items.size();
      return std::make_shared<const List>(std::move(rest));
    }
    default:
      run.Fail(Concat("iteration, got ", TypeName(value), ", expected an iterable"));
  }
  return NoItems();
}

}  // namespace

Items ItemsOf(Run& run, const Value& value) {
  if (const auto* s = value.Shared<const ListValue>()) return Items(*s, &(*s)->items);
  if (const MarkedString* text = value.string()) {
    return std::make_shared<const List>(CharactersOf(run, *text));
  }
  if (const Mapping* dict = value.mapping()) {
    List keys;
    if (!run.AllowItems(static_cast<int64_t>(dict->entries.size()))) return NoItems();
    for (const auto& [key, item] : dict->entries) keys.push_back(key);
    return std::make_shared<const List>(std::move(keys));
  }
  if (value.IsUndefined()) return NoItems();
  if (value.object() != nullptr) return ItemsOfObject(run, value);
  run.Fail(Concat("iteration, got ", TypeName(value), ", expected an iterable"));
  return NoItems();
}

std::optional<int64_t> LengthOf(const Value& value) {
  if (const ListValue* s = value.sequence()) return static_cast<int64_t>(s->items.size());
  if (const Mapping* m = value.mapping()) return static_cast<int64_t>(m->entries.size());
  if (const MarkedString* text = value.string()) {
    return static_cast<int64_t>(unicode::Length(text->text()));
  }
  if (value.IsUndefined()) return 0;
  const Object* o = value.object();
  if (o != nullptr && o->kind == Object::Kind::kRange) return static_cast<const Range*>(o)->size;
  if (o != nullptr && o->kind == Object::Kind::kView) {
    return static_cast<int64_t>(static_cast<const View*>(o)->mapping->entries.size());
  }
  return std::nullopt;
}

// Modulo 2^64: the product may leave int64_t where the item does not.
int64_t RangeAt(int64_t start, int64_t step, int64_t index) {
  return static_cast<int64_t>(static_cast<uint64_t>(start) +
                              static_cast<uint64_t>(step) * static_cast<uint64_t>(index));
}

Value RangeItem(const Range& range, int64_t index) {
  return Value(RangeAt(range.start, range.step, index));
}

List CharactersOf(Run& run, const MarkedString& text) {
  List items;
  const std::string& bytes = text.text();
  if (!run.AllowItems(static_cast<int64_t>(unicode::Length(bytes)))) return items;
  for (size_t at = 0; at < bytes.size();) {
    const size_t end = at + unicode::At(bytes, at).bytes;
    items.emplace_back(text.Slice(at, end));
    at = end;
  }
  return items;
}

}  // namespace erato
