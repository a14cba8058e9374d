// Filters on sequences: their items, length, parts and joins. Those that are generators in Python
// give an Iterator.
#include <utility>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/filters.h"
#include "tokenizer/template/marked_text.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

Value NoItem(std::string_view message) {
  return Value(
      Value::Undefined{"", std::make_shared<const MarkedString>(std::string(message), true)});
}

Iterator* AsIterator(const Value& value) {
  Object* o = value.object();
  return o != nullptr && o->kind == Object::Kind::kIterator ? static_cast<Iterator*>(o) : nullptr;
}

Value Length(Run& run, const Value& input, const Bound&) {
  if (const MarkedString* text = input.string()) run.SpendBytes(text->size());
  const std::optional<int64_t> length = LengthOf(input);
  if (length) return Value(*length);
  return run.Fail(Concat("length, got ", TypeName(input), ", expected a value that has one"));
}

Value ToList(Run& run, const Value& input, const Bound&) {
  const ListValue* s = input.sequence();
  if (s != nullptr && !s->is_tuple) return input;
  return run.MakeList(List(*ItemsOf(run, input)));
}

Value First(Run& run, const Value& input, const Bound&) {
  if (Iterator* iterator = AsIterator(input)) {
    if (iterator->next < iterator->items.size()) return iterator->items[iterator->next++];
    if (!iterator->pending.ok()) run.FailWith(iterator->pending);
    return NoItem("No first item, sequence was empty.");
  }
  if (const MarkedString* text = input.string(); text != nullptr && text->size() > 0) {
    return Value(text->Slice(0, unicode::At(text->text(), 0).bytes));
  }
  const Items items = ItemsOf(run, input);
  return items->empty() ? NoItem("No first item, sequence was empty.") : items->front();
}

Value Last(Run& run, const Value& input, const Bound&) {
  if (AsIterator(input) != nullptr) {
    return run.Fail("last, got an iterator, expected what can be reversed (make it a list first)");
  }
  if (const MarkedString* text = input.string(); text != nullptr && text->size() > 0) {
    const size_t bytes = unicode::Before(text->text(), text->size()).bytes;
    return Value(text->Slice(text->size() - bytes, text->size()));
  }
  const Items items = ItemsOf(run, input);
  return items->empty() ? NoItem("No last item, sequence was empty.") : items->back();
}

Value Reverse(Run& run, const Value& input, const Bound&) {
  if (input.string() != nullptr) {
    return GetSlice(run, input, Value(), Value(), Value(int64_t{-1}));
  }
  const Items forward = ItemsOf(run, input);
  List items(forward->rbegin(), forward->rend());
  return AsIterator(input) != nullptr ? run.MakeList(std::move(items))
                                      : run.MakeIterator(std::move(items));
}

Value Join(Run& run, const Value& input, const Bound& args) {
  const AttributePath path(run, args.Get(1));
  const Items items = ItemsOf(run, input);
  const MarkedString separator = args.Has(0) ? TextOf(run, args[0]) : MarkedString();
  MarkedString out;
  bool first = true;
  for (const Value& item : *items) {
    if (!run.Spend(1)) return {};
    if (!std::exchange(first, false)) out.Append(separator);
    AppendText(run, path.Get(run, item, nullptr), out);
    if (out.size() > run.limits().max_output_bytes) run.AllowBytes(out.size());
  }
  return run.MakeString(std::move(out));
}

// In an iterator an error waits until somebody reads that far.
template <typename Produce>
Value Lazily(Run& run, Produce produce) {
  List items;
  produce(items);
  return run.MakeIterator(std::move(items), run.TakeError());
}

Value ItemsFilter(Run& run, const Value& input, const Bound&) {
  return Lazily(run, [&](List& out) {
    if (input.IsUndefined()) return;
    const Mapping* dict = input.mapping();
    if (dict == nullptr) {
      run.Fail(Concat("items, got ", TypeName(input), ", expected a dict"));
      return;
    }
    if (!run.AllowItems(static_cast<int64_t>(dict->entries.size()))) return;
    for (const auto& [key, value] : dict->entries) out.push_back(Value::Tuple({key, value}));
  });
}

Value Batch(Run& run, const Value& input, const Bound& args) {
  const int64_t size = args.Integer(0, 1);
  const Value* fill = args.Has(1) && !args[1].IsNone() ? args.Get(1) : nullptr;
  return Lazily(run, [&](List& out) {
    List row;
    const Items items = ItemsOf(run, input);
    for (const Value& item : *items) {
      if (!run.Spend(1)) return;
      if (static_cast<int64_t>(row.size()) == size) {
        out.push_back(run.MakeList(std::exchange(row, {})));
      }
      row.push_back(item);
    }
    if (row.empty()) return;
    if (fill != nullptr && static_cast<int64_t>(row.size()) < size) {
      if (!run.AllowItems(size)) return;
      row.resize(static_cast<size_t>(size), *fill);
    }
    out.push_back(run.MakeList(std::move(row)));
  });
}

Value Slice(Run& run, const Value& input, const Bound& args) {
  const int64_t slices = args.Integer(0, 1);
  const Value* fill = args.Has(1) && !args[1].IsNone() ? args.Get(1) : nullptr;
  return Lazily(run, [&](List& out) {
    const Items items = ItemsOf(run, input);
    if (slices == 0) {
      run.Fail("slice, got 0 slices, expected at least 1");
      return;
    }
    if (slices < 0 || !run.AllowItems(slices)) return;
    const auto length = static_cast<int64_t>(items->size());
    const int64_t each = length / slices, extra = length % slices;
    auto at = items->begin();
    for (int64_t i = 0; i < slices && run.ok(); ++i) {
      const int64_t n = each + (i < extra ? 1 : 0);
      List row(at, at + n);
      at += n;
      if (fill != nullptr && i >= extra) row.push_back(*fill);
      out.push_back(run.MakeList(std::move(row)));
    }
  });
}

Value Default(Run&, const Value& input, const Bound& args) {
  if (!input.IsUndefined() && (!args.Truth(1, false) || IsTrue(input))) return input;
  return args.Has(0) ? args[0] : Value(MarkedString());
}

// Unlike x.name this does not look into a dict.
Value Attribute(Run& run, const Value& input, const Bound& args) {
  const MarkedString* name = args.String(0);
  if (name == nullptr) return run.Fail("attr, got no name, expected a string");
  const StringRef ref = std::make_shared<const MarkedString>(*name);
  if (input.mapping() == nullptr) return GetAttribute(run, input, ref);
  return GetAttribute(run, run.MakeDict({}), ref);
}

constexpr Filter kFilters[] = {
    {"attr", {"name", 1}, Attribute},
    {"batch", {"linecount fill_with", 1}, Batch},
    {"count", {"", 0}, Length},
    {"d", {"default_value boolean", 0}, Default},
    {"default", {"default_value boolean", 0}, Default},
    {"first", {"", 0}, First},
    {"items", {"", 0}, ItemsFilter},
    {"join", {"d attribute", 0}, Join},
    {"last", {"", 0}, Last},
    {"length", {"", 0}, Length},
    {"list", {"", 0}, ToList},
    {"reverse", {"", 0}, Reverse},
    {"slice", {"slices fill_with", 1}, Slice},
};

}  // namespace

absl::Span<const Filter> ListFilters() { return kFilters; }

}  // namespace erato
