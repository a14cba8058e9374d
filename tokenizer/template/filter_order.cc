// Filters that compare items: sort, dictsort, groupby, unique, min, max.
#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_split.h"
#include "tokenizer/template/concat.h"
#include "tokenizer/template/filters.h"
#include "tokenizer/template/operations.h"

namespace erato {
namespace {

struct Keyed {
  Value key, item;
};

// A stable merge sort of our own: the order may fail half-way, and std::sort must not be given one
// that does.
void Sort(Run& run, std::vector<Keyed>& items, bool reverse) {
  std::vector<Keyed> merged;
  const size_t n = items.size();
  for (size_t width = 1; width < n; width *= 2) {
    merged.clear();
    for (size_t begin = 0; begin < n; begin += 2 * width) {
      size_t i = begin, j = std::min(begin + width, n);
      const size_t middle = j, end = std::min(begin + 2 * width, n);
      while (i < middle && j < end) {
        if (!run.ok()) return;
        const bool right_first =
            reverse ? Less(run, items[i].key, items[j].key) : Less(run, items[j].key, items[i].key);
        merged.push_back(std::move(items[right_first ? j++ : i++]));
      }
      while (i < middle) merged.push_back(std::move(items[i++]));
      while (j < end) merged.push_back(std::move(items[j++]));
    }
    items.swap(merged);
  }
}

List ItemsInOrder(std::vector<Keyed> items) {
  List out;
  out.reserve(items.size());
  for (Keyed& k : items) out.push_back(std::move(k.item));
  return out;
}

Value SortFilter(Run& run, const Value& input, const Bound& args) {
  const bool case_sensitive = args.Truth(1, false);
  std::vector<AttributePath> paths;
  const MarkedString* names = args.Has(2) ? args[2].string() : nullptr;
  if (names != nullptr) {
    for (absl::string_view name : absl::StrSplit(names->text(), ',')) {
      const Value path = Value::Content(std::string(name));
      paths.emplace_back(run, &path);
    }
  } else {
    paths.emplace_back(run, args.Get(2));
  }
  std::vector<Keyed> items;
  const Items input_items = ItemsOf(run, input);
  for (const Value& item : *input_items) {
    if (!run.Spend(1)) return {};
    List key;
    for (const AttributePath& path : paths) {
      key.push_back(SortKey(run, path.Get(run, item, nullptr), case_sensitive));
    }
    items.push_back({Value(std::move(key)), item});
  }
  Sort(run, items, args.Truth(0, false));
  return run.MakeList(ItemsInOrder(std::move(items)));
}

Value DictSort(Run& run, const Value& input, const Bound& args) {
  const MarkedString* by = args.String(1);
  const bool by_value = by != nullptr && by->text() == "value";
  if (by != nullptr && !by_value && by->text() != "key") {
    return run.Fail(Concat("dictsort by, got ", by->text(), ", expected key or value"));
  }
  const Mapping* dict = input.mapping();
  if (dict == nullptr) {
    return run.Fail(Concat("dictsort, got ", TypeName(input), ", expected a dict"));
  }
  std::vector<Keyed> items;
  for (const auto& [key, value] : dict->entries) {
    if (!run.Spend(1)) return {};
    items.push_back(
        {SortKey(run, by_value ? value : key, args.Truth(0, false)), Value::Tuple({key, value})});
  }
  Sort(run, items, args.Truth(2, false));
  return run.MakeList(ItemsInOrder(std::move(items)));
}

Value GroupBy(Run& run, const Value& input, const Bound& args) {
  const AttributePath path(run, args.Get(0));
  const bool case_sensitive = args.Truth(2, false);
  std::vector<Keyed> items;
  const Items input_items = ItemsOf(run, input);
  for (const Value& item : *input_items) {
    if (!run.Spend(1)) return {};
    items.push_back({SortKey(run, path.Get(run, item, args.Get(1)), case_sensitive), item});
  }
  Sort(run, items, false);
  List groups;
  for (size_t begin = 0; begin < items.size() && run.ok();) {
    size_t end = begin;
    List group;
    while (end < items.size() && run.ok() && Equal(run, items[begin].key, items[end].key)) {
      group.push_back(items[end++].item);
    }
    if (end == begin) break;  // a NaN equals nothing
    Value grouper = path.Get(run, group.front(), args.Get(1));
    auto pair =
        std::make_shared<ListValue>(List{std::move(grouper), run.MakeList(std::move(group))}, true);
    pair->is_group = true;
    groups.emplace_back(std::shared_ptr<const ListValue>(std::move(pair)));
    begin = end;
  }
  return run.MakeList(std::move(groups));
}

Value Unique(Run& run, const Value& input, const Bound& args) {
  const AttributePath path(run, args.Get(1));
  List out;
  std::unordered_set<std::string> seen;
  const Items items = ItemsOf(run, input);
  absl::Status pending = run.TakeError();
  for (const Value& item : *items) {
    if (!run.Spend(1)) break;
    const Value key = SortKey(run, path.Get(run, item, nullptr), args.Truth(0, false));
    if (seen.insert(HashKey(run, key)).second && run.ok()) out.push_back(item);
  }
  if (pending.ok()) pending = run.TakeError();
  return run.MakeIterator(std::move(out), std::move(pending));
}

template <bool is_max>
Value Extreme(Run& run, const Value& input, const Bound& args) {
  const AttributePath path(run, args.Get(1));
  const Items items = ItemsOf(run, input);
  if (items->empty()) {
    return Value(Value::Undefined{
        "", std::make_shared<const MarkedString>("No aggregated item, sequence was empty.", true)});
  }
  const auto key_of = [&](const Value& item) {
    return SortKey(run, path.Get(run, item, nullptr), args.Truth(0, false));
  };
  const Value* best = &items->front();
  Value best_key = key_of(*best);
  for (size_t i = 1; i < items->size() && run.Spend(1); ++i) {
    Value key = key_of((*items)[i]);
    if (!(is_max ? Less(run, best_key, key) : Less(run, key, best_key))) continue;
    best = &(*items)[i];
    best_key = std::move(key);
  }
  return *best;
}

constexpr Filter kFilters[] = {
    {"dictsort", {"case_sensitive by reverse", 0}, DictSort},
    {"groupby", {"attribute default case_sensitive", 1}, GroupBy},
    {"max", {"case_sensitive attribute", 0}, Extreme<true>},
    {"min", {"case_sensitive attribute", 0}, Extreme<false>},
    {"sort", {"reverse case_sensitive attribute", 0}, SortFilter},
    {"unique", {"case_sensitive attribute", 0}, Unique},
};

}  // namespace

absl::Span<const Filter> OrderFilters() { return kFilters; }

}  // namespace erato
