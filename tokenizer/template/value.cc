#include "tokenizer/template/value.h"

#include <algorithm>
#include <utility>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/object.h"

namespace erato {

MarkedString::MarkedString(std::string text, bool scaffold) : text_(std::move(text)) {
  if (!text_.empty()) runs_.emplace_back(text_.size(), scaffold);
}

bool MarkedString::ScaffoldAt(size_t byte) const {
  for (const auto& [end, scaffold] : runs_) {
    if (byte < end) return scaffold;
  }
  return false;
}

bool MarkedString::AllScaffold() const {
  return std::all_of(runs_.begin(), runs_.end(), [](const auto& run) { return run.second; });
}

void MarkedString::Append(std::string_view text, bool scaffold) {
  if (text.empty()) return;
  text_.append(text);
  if (!runs_.empty() && runs_.back().second == scaffold) {
    runs_.back().first = text_.size();
  } else {
    runs_.emplace_back(text_.size(), scaffold);
  }
}

void MarkedString::Append(const MarkedString& other) { AppendSlice(other, 0, other.size()); }

void MarkedString::AppendSlice(const MarkedString& other, size_t begin, size_t end) {
  const std::string_view text = other.text_;
  // Runs are sorted by their ends, and a string may have very many.
  auto run = std::upper_bound(other.runs_.begin(), other.runs_.end(), begin,
                              [](size_t at, const auto& r) { return at < r.first; });
  for (; begin < end && run != other.runs_.end(); ++run) {
    const size_t stop = std::min(end, run->first);
    Append(text.substr(begin, stop - begin), run->second);
    begin = stop;
  }
}

MarkedString MarkedString::Slice(size_t begin, size_t end) const {
  MarkedString out;
  out.AppendSlice(*this, begin, end);
  return out;
}

std::string Value::Undefined::Message() const {
  const std::string& text = name->text();
  if (owner == nullptr) return Concat("'", text, "' is undefined");
  if (*owner == '\0') return text;
  return Concat("'", owner, "' has no attribute '", text, "'");
}

Value::Value(List value) : value_(std::make_shared<const ListValue>(std::move(value), false)) {}

Value Value::Tuple(List items) {
  return Value(std::make_shared<const ListValue>(std::move(items), true));
}

Value::Value(Dict value) {
  Mapping::Entries entries;
  entries.reserve(value.size());
  for (auto& entry : value) {
    entries.emplace_back(Content(std::move(entry.first)), std::move(entry.second));
  }
  value_ = std::make_shared<const Mapping>(std::move(entries));
}

int Value::depth() const {
  if (const ListValue* s = sequence()) return s->depth;
  if (const Mapping* m = mapping()) return m->depth;
  if (const Object* o = object()) return o->depth;
  return 0;
}

ListValue::ListValue(List list, bool tuple) : items(std::move(list)), depth(1), is_tuple(tuple) {
  for (const Value& item : items) depth = std::max(depth, 1 + item.depth());
}

Mapping::Mapping(Entries list) : entries(std::move(list)), depth(1) {
  for (const auto& [key, item] : entries) {
    depth = std::max({depth, 1 + key.depth(), 1 + item.depth()});
  }
}

const Value* Mapping::Find(std::string_view key) const {
  for (const auto& [name, item] : entries) {
    const MarkedString* text = name.string();
    if (text != nullptr && text->text() == key) return &item;
  }
  return nullptr;
}

}  // namespace erato
