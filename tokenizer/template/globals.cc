#include "tokenizer/template/globals.h"

#include <algorithm>
#include <utility>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/operations.h"

namespace erato {
namespace {

// The bound of Python's sandbox, below max_list_items.
constexpr int64_t kMaxRange = 100'000;

template <typename T, typename... Args>
Value MakeObject(Args&&... args) {
  return Value(std::shared_ptr<Object>(std::make_shared<T>(std::forward<Args>(args)...)));
}

Value MakeRange(Run& run, const Bound& args) {
  for (size_t i = 0; i < 3; ++i) args.Integer(i, 0);
  const int64_t start = args.Has(1) ? args.Integer(0, 0) : 0;
  const int64_t stop = args.Integer(args.Has(1) ? 1 : 0, 0);
  const int64_t step = args.Integer(2, 1);
  if (!run.ok()) return {};
  if (step == 0) return run.Fail("range step, got 0, expected another integer");
  // In unsigned arithmetic, where differences of any two integers fit.
  const bool empty = step > 0 ? start >= stop : start <= stop;
  const uint64_t span = step > 0 ? static_cast<uint64_t>(stop) - static_cast<uint64_t>(start)
                                 : static_cast<uint64_t>(start) - static_cast<uint64_t>(stop);
  const uint64_t stride =
      step > 0 ? static_cast<uint64_t>(step) : uint64_t{0} - static_cast<uint64_t>(step);
  const uint64_t size = empty ? 0 : (span - 1) / stride + 1;
  if (size > static_cast<uint64_t>(std::min(kMaxRange, run.limits().max_list_items))) {
    return run.FailLimit("items of a range", "max_list_items");
  }
  return MakeObject<Range>(start, stop, step, static_cast<int64_t>(size));
}

// What dict() and namespace() take: a dict, or pairs, then keywords.
Mapping::Entries Entries(Run& run, const Arguments& args) {
  Mapping::Entries entries;
  if (args.positional.size() > 1) {
    run.Fail(Concat("dict, got ", args.positional.size(), " arguments, expected at most 1"));
    return entries;
  }
  if (!args.positional.empty()) {
    const Value& source = args.positional[0];
    if (const Mapping* dict = source.mapping()) {
      run.AllowItems(static_cast<int64_t>(dict->entries.size()));
      entries = dict->entries;
    } else {
      const Items pairs = ItemsOf(run, source);
      for (const Value& pair : *pairs) {
        const Items two = ItemsOf(run, pair);
        if (run.ok() && two->size() != 2) run.Fail("dict, got another item, expected pairs");
        if (!run.ok()) return entries;
        Insert(run, entries, (*two)[0], (*two)[1]);
      }
    }
  }
  for (const auto& [name, value] : args.named) Insert(run, entries, Value::Content(name), value);
  return entries;
}

Value MakeDict(Run& run, const Bound& args) { return run.MakeDict(Entries(run, args.raw())); }

Value MakeNamespace(Run& run, const Bound& args) {
  auto space = std::make_shared<Namespace>();
  run.Adopt(space);
  run.Spend(8);
  for (auto& [name, value] : Entries(run, args.raw())) {
    const MarkedString* text = name.string();
    if (text != nullptr) space->attributes.emplace_back(text->text(), value);
  }
  return Value(std::shared_ptr<Object>(std::move(space)));
}

Value MakeCycler(Run& run, const Bound& args) {
  const auto& items = args.raw().positional;
  if (items.empty()) return run.Fail("cycler, got no items, expected at least one");
  return MakeObject<Cycler>(run.MakeList(List(items.begin(), items.end())));
}

Value MakeJoiner(Run&, const Bound& args) {
  return MakeObject<Joiner>(args.Has(0) ? args[0] : Value::Scaffold(", "));
}

Value RaiseException(Run& run, const Bound& args) { return run.Fail(TextOf(run, args[0]).text()); }

Value StrftimeNow(Run& run, const Bound& args) {
  const MarkedString* format = args.String(0);
  if (format == nullptr) return run.Fail("strftime_now, got no format, expected a string");
  if (run.now() == nullptr) {
    return run.Fail("strftime_now, got no clock, expected the caller to give the time");
  }
  return run.MakeString(MarkedString(FormatTime(run, format->text(), *run.now()), false));
}

constexpr Global kGlobals[] = {
    {"cycler", {"*", 0}, MakeCycler},
    {"dict", {"*", 0}, MakeDict},
    {"joiner", {"sep", 0}, MakeJoiner},
    {"namespace", {"*", 0}, MakeNamespace},
    {"raise_exception", {"message", 1}, RaiseException},
    {"range", {"start stop step", 1}, MakeRange},
    {"strftime_now", {"format", 1}, StrftimeNow},
};

}  // namespace

std::optional<Value> FindGlobal(std::string_view name) {
  for (const Global& global : kGlobals) {
    if (global.name == name) return MakeObject<GlobalFunction>(&global);
  }
  return std::nullopt;
}

Value CallGlobal(Run& run, const Global& global, const Arguments& args) {
  const Bound bound(run, global.name, global.signature, args);
  return run.ok() ? global.call(run, bound) : Value();
}

}  // namespace erato
