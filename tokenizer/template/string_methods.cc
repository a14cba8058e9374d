// Methods of strings that give new strings.
#include <utility>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/marked_text.h"
#include "tokenizer/template/methods.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

using marked::Side;

template <MarkedString (*map)(const MarkedString&)>
Value Mapped(Run& run, const Value& self, const Bound&) {
  return run.MakeString(map(*self.string()));
}

template <Side side>
Value Strip(Run& run, const Value& self, const Bound& args) {
  const MarkedString* chars = args.String(0);
  return run.MakeString(
      marked::Strip(*self.string(), chars == nullptr ? nullptr : &chars->text(), side));
}

// A required string argument, or null and an error.
const MarkedString* Need(Run& run, std::string_view method, const Value& value) {
  if (value.string() == nullptr) {
    run.Fail(Concat(method, ", got ", TypeName(value), ", expected a string"));
  }
  return value.string();
}

Value Replace(Run& run, const Value& self, const Bound& args) {
  const MarkedString* old = Need(run, "replace", args[0]);
  const MarkedString* with = Need(run, "replace", args[1]);
  if (old == nullptr || with == nullptr) return {};
  return run.MakeString(
      marked::Replace(run, *self.string(), old->text(), *with, args.Integer(2, -1)));
}

template <bool from_right>
Value Split(Run& run, const Value& self, const Bound& args) {
  const MarkedString* separator = args.String(0);
  const int64_t limit = args.Integer(1, -1);
  run.SpendBytes(self.string()->size());
  if (!run.ok()) return {};
  if (separator == nullptr) {
    return run.MakeList(marked::SplitSpace(*self.string(), limit, from_right));
  }
  if (separator->size() == 0) return run.Fail("split, got an empty separator, expected another");
  return run.MakeList(marked::Split(*self.string(), separator->text(), limit, from_right));
}

Value SplitLines(Run& run, const Value& self, const Bound& args) {
  return run.MakeList(marked::SplitLines(*self.string(), args.Integer(0, 0) != 0));
}

template <bool from_right>
Value Partition(Run& run, const Value& self, const Bound& args) {
  const MarkedString* separator = Need(run, "partition", args[0]);
  if (separator == nullptr) return {};
  if (separator->size() == 0)
    return run.Fail("partition, got an empty separator, expected another");
  const MarkedString& text = *self.string();
  run.SpendBytes(text.size());
  const size_t at =
      from_right ? text.text().rfind(separator->text()) : text.text().find(separator->text());
  if (at == std::string::npos) {
    return from_right ? run.MakeTuple({Value(MarkedString()), Value(MarkedString()), self})
                      : run.MakeTuple({self, Value(MarkedString()), Value(MarkedString())});
  }
  const size_t end = at + separator->size();
  return run.MakeTuple(
      {Value(text.Slice(0, at)), Value(*separator), Value(text.Slice(end, text.size()))});
}

Value Join(Run& run, const Value& self, const Bound& args) {
  const Items items = ItemsOf(run, args[0]);
  MarkedString out;
  for (size_t i = 0; i < items->size() && run.Spend(1); ++i) {
    const MarkedString* part = Need(run, "join", (*items)[i]);
    if (part == nullptr) return {};
    if (i > 0) out.Append(*self.string());
    out.Append(*part);
    if (out.size() > run.limits().max_output_bytes) run.AllowBytes(out.size());
  }
  return run.MakeString(std::move(out));
}

template <bool suffix>
Value Remove(Run& run, const Value& self, const Bound& args) {
  const MarkedString* affix = Need(run, suffix ? "removesuffix" : "removeprefix", args[0]);
  if (affix == nullptr) return {};
  const MarkedString& text = *self.string();
  if (affix->size() > text.size()) return self;
  const size_t rest = text.size() - affix->size();
  if (text.text().compare(suffix ? rest : 0, affix->size(), affix->text()) != 0) return self;
  return Value(suffix ? text.Slice(0, rest) : text.Slice(affix->size(), text.size()));
}

Value Format(Run& run, const Value& self, const Bound& args) {
  return FormatBraces(run, *self.string(), args.raw());
}

constexpr Method kMethods[] = {
    {"capitalize", {"", 0}, Mapped<marked::Capitalize>},
    {"casefold", {"", 0}, Mapped<marked::Lower>},
    {"format", {"*", 0}, Format},
    {"join", {"iterable", 1}, Join},
    {"lower", {"", 0}, Mapped<marked::Lower>},
    {"lstrip", {"chars", 0}, Strip<Side::kLeft>},
    {"partition", {"sep", 1}, Partition<false>},
    {"removeprefix", {"prefix", 1}, Remove<false>},
    {"removesuffix", {"suffix", 1}, Remove<true>},
    {"replace", {"old new count", 2}, Replace},
    {"rpartition", {"sep", 1}, Partition<true>},
    {"rsplit", {"sep maxsplit", 0}, Split<true>},
    {"rstrip", {"chars", 0}, Strip<Side::kRight>},
    {"split", {"sep maxsplit", 0}, Split<false>},
    {"splitlines", {"keepends", 0}, SplitLines},
    {"strip", {"chars", 0}, Strip<Side::kBoth>},
    {"swapcase", {"", 0}, Mapped<marked::SwapCase>},
    {"title", {"", 0}, Mapped<marked::Title>},
    {"upper", {"", 0}, Mapped<marked::Upper>},
};

}  // namespace

absl::Span<const Method> StringMethods() { return kMethods; }

}  // namespace erato
