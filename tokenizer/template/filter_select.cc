// map, select, reject, selectattr, rejectattr: a filter, a test or an attribute applied to each
// item. All of them give iterators, and nothing, not even an error, for an input that is false.
#include <algorithm>
#include <utility>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/filters.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/tests.h"

namespace erato {
namespace {

Arguments Without(const Arguments& all, size_t leading) {
  Arguments rest;
  rest.positional.assign(
      all.positional.begin() + static_cast<ptrdiff_t>(std::min(leading, all.positional.size())),
      all.positional.end());
  rest.named = all.named;
  return rest;
}

void MapAttribute(Run& run, const Items& items, Arguments named, List& out) {
  Value attribute, missing;
  named.TakeNamed("attribute", attribute);
  named.TakeNamed("default", missing);
  if (!named.named.empty()) {
    run.Fail(Concat("map, got argument ", named.named[0].first, ", expected another name"));
  }
  const AttributePath path(run, &attribute);
  for (const Value& item : *items) {
    if (!run.Spend(1)) return;
    Value value = path.Get(run, item, &missing);
    if (run.ok()) out.push_back(std::move(value));
  }
}

void MapFilter(Run& run, const Items& items, const Arguments& args, List& out) {
  const MarkedString* name = args.positional.empty() ? nullptr : args.positional[0].string();
  const Filter* filter = name == nullptr ? nullptr : FindFilter(name->text());
  if (filter == nullptr) {
    run.Fail(Concat("map, got filter ", name == nullptr ? "none" : name->text(),
                    ", expected a known one"));
    return;
  }
  const Arguments rest = Without(args, 1);
  for (const Value& item : *items) {
    const Deeper deeper(run);  // map may apply map
    if (!deeper || !run.Spend(1)) return;
    Value value = CallFilter(run, *filter, item, rest);
    if (run.ok()) out.push_back(std::move(value));
  }
}

Value Map(Run& run, const Value& input, const Bound& args) {
  List out;
  if (IsTrue(input)) {
    const Items items = ItemsOf(run, input);
    bool by_attribute = args.raw().positional.empty();
    if (by_attribute) {
      by_attribute = false;
      for (const auto& [name, value] : args.raw().named) by_attribute |= name == "attribute";
    }
    if (run.ok()) {
      by_attribute ? MapAttribute(run, items, args.raw(), out)
                   : MapFilter(run, items, args.raw(), out);
    }
  }
  return run.MakeIterator(std::move(out), run.TakeError());
}

// What select and its kin do with each item.
void Select(Run& run, const Value& input, const Arguments& args, bool by_attribute, bool wanted,
            List& out) {
  const size_t name_at = by_attribute ? 1 : 0;
  const Items items = ItemsOf(run, input);
  if (!run.ok()) return;
  if (by_attribute && args.positional.empty()) {
    run.Fail("selectattr, got no attribute, expected one");
    return;
  }
  const AttributePath path(run, by_attribute ? &args.positional[0] : nullptr);
  const Test* test = nullptr;
  if (args.positional.size() > name_at) {
    const MarkedString* name = args.positional[name_at].string();
    test = name == nullptr ? nullptr : FindTest(name->text());
    if (test == nullptr) {
      run.Fail(Concat("select, got test ", name == nullptr ? "none" : name->text(),
                      ", expected a known one"));
      return;
    }
  }
  const Arguments rest = Without(args, name_at + 1);
  for (const Value& item : *items) {
    if (!run.Spend(1)) return;
    const Value subject = path.Get(run, item, nullptr);
    const bool passes = test == nullptr ? IsTrue(subject) : CallTest(run, *test, subject, rest);
    if (run.ok() && passes == wanted) out.push_back(item);
  }
}

template <bool by_attribute, bool wanted>
Value SelectFilter(Run& run, const Value& input, const Bound& args) {
  List out;
  if (IsTrue(input)) Select(run, input, args.raw(), by_attribute, wanted, out);
  return run.MakeIterator(std::move(out), run.TakeError());
}

constexpr Filter kFilters[] = {
    {"map", {"*", 0}, Map},
    {"reject", {"*", 0}, SelectFilter<false, false>},
    {"rejectattr", {"*", 0}, SelectFilter<true, false>},
    {"select", {"*", 0}, SelectFilter<false, true>},
    {"selectattr", {"*", 0}, SelectFilter<true, true>},
};

}  // namespace

absl::Span<const Filter> SelectFilters() { return kFilters; }

}  // namespace erato
