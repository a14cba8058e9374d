#include "tokenizer/template/filters.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tokenizer/template/marked_text.h"
#include "tokenizer/template/operations.h"

namespace erato {

const Filter* FindFilter(std::string_view name) {
  for (const auto& group : {TextFilters(), MarkupFilters(), ListFilters(), OrderFilters(),
                            SelectFilters(), NumberFilters()}) {
    for (const Filter& filter : group) {
      if (filter.name == name) return &filter;
    }
  }
  return nullptr;
}

Value CallFilter(Run& run, const Filter& filter, const Value& input, const Arguments& args) {
  const Bound bound(run, filter.name, filter.signature, args);
  return run.ok() ? filter.call(run, input, bound) : Value();
}

AttributePath::AttributePath(Run& run, const Value* attribute) {
  if (attribute == nullptr || attribute->IsNone()) return;
  const MarkedString* text = attribute->string();
  if (text == nullptr) {
    parts_.push_back(*attribute);
    return;
  }
  for (absl::string_view part : absl::StrSplit(text->text(), '.')) {
    int64_t index = 0;
    const bool is_index =
        !part.empty() && absl::SimpleAtoi(part, &index) && part[0] != '-' && part[0] != '+';
    parts_.push_back(is_index ? Value(index) : Value::Content(std::string(part)));
  }
  run.Spend(static_cast<int64_t>(parts_.size()));
}

Value AttributePath::Get(Run& run, const Value& item, const Value* missing) const {
  Value value = item;
  for (const Value& part : parts_) {
    value = GetItem(run, value, part);
    if (missing != nullptr && !missing->IsNone() && value.IsUndefined()) value = *missing;
  }
  return value;
}

Value SortKey(Run& run, const Value& value, bool case_sensitive) {
  const MarkedString* text = value.string();
  if (case_sensitive || text == nullptr) return value;
  run.SpendBytes(text->size());
  return Value(marked::Lower(*text));
}

}  // namespace erato
