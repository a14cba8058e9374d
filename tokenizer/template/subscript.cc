// Look-up of attributes, items and slices, with jinja2's habit that x.a and x['a'] stand in for
// each other.
#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "tokenizer/template/concat.h"
#include "tokenizer/template/loop.h"
#include "tokenizer/template/methods.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

// What the object itself has under that name: a namespace's variable, a part of `loop`, a method.
std::optional<Value> OwnAttribute(Run& run, const Value& object, std::string_view name) {
  if (Object* o = object.object()) {
    if (o->kind == Object::Kind::kNamespace) {
      const Value* value = static_cast<const Namespace*>(o)->Find(name);
      if (value != nullptr) return *value;
    } else if (o->kind == Object::Kind::kLoop) {
      std::optional<Value> value = static_cast<Loop*>(o)->Attribute(run, name);
      if (value) return value;
    } else if (o->kind == Object::Kind::kCycler && name == "current") {
      const auto& cycler = static_cast<const Cycler&>(*o);
      return cycler.items.sequence()->items[cycler.position];
    }
  }
  if (const ListValue* s = object.sequence(); s != nullptr && s->is_group) {
    if (name == "grouper") return s->items[0];
    if (name == "list") return s->items[1];
  }
  const Method* method = FindMethod(object, name);
  if (method == nullptr) return std::nullopt;
  return Value(std::shared_ptr<Object>(std::make_shared<BoundMethod>(object, method)));
}

Value Missing(const Value& object, const StringRef& name) {
  return Value(Value::Undefined{TypeRepr(object), name});
}

bool FailUndefined(Run& run, const Value& value) {
  const auto* u = value.As<Value::Undefined>();
  if (u != nullptr) run.Fail(u->Message());
  return u != nullptr;
}

std::optional<Value> Indexed(Run& run, const Value& object, int64_t index) {
  const std::optional<int64_t> length = LengthOf(object);
  if (!length || object.mapping() != nullptr) return std::nullopt;
  if (index < 0) index += *length;
  if (index < 0 || index >= *length) return std::nullopt;
  if (const ListValue* s = object.sequence()) return s->items[static_cast<size_t>(index)];
  if (const MarkedString* text = object.string()) {
    run.SpendBytes(text->size());
    const size_t begin = unicode::OffsetOf(text->text(), static_cast<size_t>(index));
    return Value(text->Slice(begin, begin + unicode::At(text->text(), begin).bytes));
  }
  if (object.object()->kind == Object::Kind::kRange) {
    return RangeItem(static_cast<const Range&>(*object.object()), index);
  }
  return std::nullopt;
}

// As slice.indices(): where to begin, where to end, and how many.
struct Cut {
  int64_t begin, end, count;
};
Cut CutOf(std::optional<int64_t> begin, std::optional<int64_t> end, int64_t step, int64_t length) {
  const int64_t low = step > 0 ? 0 : -1, high = step > 0 ? length : length - 1;
  const auto clamp = [&](std::optional<int64_t> i, int64_t missing) {
    if (!i) return missing;
    const int64_t at = *i < 0 ? *i + length : *i;
    return std::clamp(at, low, high);
  };
  const int64_t first = clamp(begin, step > 0 ? low : high);
  const int64_t last = clamp(end, step > 0 ? high : low);
  const int64_t span = step > 0 ? last - first : first - last;
  if (span <= 0) return {first, last, 0};
  // |step| without overflow; a step beyond the span takes one item.
  const uint64_t stride =
      step > 0 ? static_cast<uint64_t>(step) : uint64_t{0} - static_cast<uint64_t>(step);
  return {first, last, static_cast<int64_t>((static_cast<uint64_t>(span) - 1) / stride + 1)};
}

Value SliceString(Run& run, const MarkedString& text, Cut cut, int64_t step) {
  const std::string& bytes = text.text();
  run.SpendBytes(bytes.size());
  if (step == 1) {
    const size_t begin = unicode::OffsetOf(bytes, static_cast<size_t>(cut.begin));
    const std::string_view rest = std::string_view(bytes).substr(begin);
    return run.MakeString(
        text.Slice(begin, begin + unicode::OffsetOf(rest, static_cast<size_t>(cut.count))));
  }
  if (!run.AllowItems(cut.count)) return {};
  std::vector<size_t> offsets;
  for (size_t at = 0; at < bytes.size(); at += unicode::At(bytes, at).bytes) offsets.push_back(at);
  MarkedString out;
  int64_t index = cut.begin;
  for (int64_t i = 0; i < cut.count; ++i) {
    const size_t at = offsets[static_cast<size_t>(index)];
    out.AppendSlice(text, at, at + unicode::At(bytes, at).bytes);
    if (i + 1 < cut.count) index += step;
  }
  return Value(std::move(out));
}

}  // namespace

Value GetAttribute(Run& run, const Value& object, const StringRef& name) {
  if (FailUndefined(run, object)) return {};
  if (std::optional<Value> own = OwnAttribute(run, object, name->text())) return *std::move(own);
  if (const Mapping* dict = object.mapping()) {
    run.Spend(1 + static_cast<int64_t>(dict->entries.size() / 16));
    if (const Value* value = dict->Find(name->text())) return *value;
  }
  return Missing(object, name);
}

Value GetItem(Run& run, const Value& object, const Value& key) {
  if (FailUndefined(run, object)) return {};
  if (const Mapping* dict = object.mapping()) {
    const bool unhashable =
        key.mapping() != nullptr || (key.sequence() != nullptr && !key.sequence()->is_tuple);
    const Value* value = unhashable ? nullptr : Lookup(run, *dict, key);
    if (value != nullptr) return *value;
  } else if (const std::optional<int64_t> index = AsInteger(key)) {
    if (std::optional<Value> item = Indexed(run, object, *index)) return *std::move(item);
  }
  if (const StringRef* name = key.Shared<const MarkedString>()) {
    if (std::optional<Value> own = OwnAttribute(run, object, (*name)->text())) {
      return *std::move(own);
    }
    return Missing(object, *name);
  }
  MarkedString message(Concat(TypeRepr(object), " has no element "), true);
  std::string text;
  AppendRepr(run, key, text);
  message.Append(text, false);
  return Value(Value::Undefined{"", std::make_shared<const MarkedString>(std::move(message))});
}

Value GetSlice(Run& run, const Value& object, const Value& begin, const Value& end,
               const Value& step) {
  if (FailUndefined(run, object)) return {};
  const Object* o = object.object();
  const bool sliceable = object.sequence() != nullptr || object.string() != nullptr ||
                         (o != nullptr && o->kind == Object::Kind::kRange);
  for (const Value* bound : {&begin, &end, &step}) {
    if (!bound->IsNone() && !AsInteger(*bound)) {
      return run.Fail(Concat("slice, got a bound of ", TypeName(*bound), ", expected an integer"));
    }
  }
  if (!sliceable) {
    return run.Fail(Concat("slice, got one of ", TypeName(object), ", expected a sequence"));
  }
  const int64_t stride = AsInteger(step).value_or(1);
  if (stride == 0) return run.Fail("slice step, got 0, expected another integer");
  const int64_t length = *LengthOf(object);
  const Cut cut = CutOf(AsInteger(begin), AsInteger(end), stride, length);
  if (const MarkedString* text = object.string()) return SliceString(run, *text, cut, stride);
  if (o != nullptr) {
    const auto& range = static_cast<const Range&>(*o);
    const int64_t first = RangeAt(range.start, range.step, cut.begin);
    const int64_t stop = RangeAt(range.start, range.step, cut.end);
    const int64_t by = RangeAt(0, range.step, stride);
    return Value(std::shared_ptr<Object>(std::make_shared<Range>(first, stop, by, cut.count)));
  }
  if (!run.AllowItems(cut.count)) return {};
  List items;
  items.reserve(static_cast<size_t>(cut.count));
  int64_t index = cut.begin;
  for (int64_t i = 0; i < cut.count; ++i) {
    items.push_back(object.sequence()->items[static_cast<size_t>(index)]);
    if (i + 1 < cut.count) index += stride;
  }
  return object.sequence()->is_tuple ? run.MakeTuple(std::move(items))
                                     : run.MakeList(std::move(items));
}

}  // namespace erato
