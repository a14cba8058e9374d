// Methods of strings that answer a question: find, count, startswith, isdigit …
#include <algorithm>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/methods.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

// text[start:end] in bytes, from the arguments at `first` and after it. `valid` is false where
// start lies beyond the end.
struct Window {
  size_t begin = 0, end = 0;
  bool valid = true;
};
Window WindowOf(Run& run, const std::string& text, const Bound& args, size_t first) {
  const auto given = [&](size_t i) { return args.Has(i) && !args[i].IsNone(); };
  if (!given(first) && !given(first + 1)) return {0, text.size(), true};
  run.SpendBytes(text.size());
  const auto length = static_cast<int64_t>(unicode::Length(text));
  const auto at = [&](size_t i, int64_t missing) {
    int64_t index = given(i) ? args.Integer(i, missing) : missing;
    if (index < 0) index = std::max<int64_t>(index + length, 0);
    return index;
  };
  const int64_t begin = at(first, 0), end = std::min(at(first + 1, length), length);
  if (begin > end) return {0, 0, false};
  return {unicode::OffsetOf(text, static_cast<size_t>(begin)),
          unicode::OffsetOf(text, static_cast<size_t>(end)), true};
}

const std::string* Need(Run& run, std::string_view method, const Value& value) {
  if (value.string() != nullptr) return &value.string()->text();
  run.Fail(Concat(method, ", got ", TypeName(value), ", expected a string"));
  return nullptr;
}

// Character index of the part, or -1.
int64_t FindPart(Run& run, const Value& self, const Bound& args, bool from_right) {
  const std::string* part = Need(run, "find", args[0]);
  if (part == nullptr) return -1;
  const std::string& text = self.string()->text();
  run.SpendBytes(text.size());
  const Window w = WindowOf(run, text, args, 1);
  if (!w.valid) return -1;
  const std::string_view view = std::string_view(text).substr(0, w.end);
  size_t found = from_right ? view.rfind(*part) : view.find(*part, w.begin);
  if (found == std::string_view::npos || found < w.begin) return -1;
  return static_cast<int64_t>(unicode::Length(view.substr(0, found)));
}

template <bool from_right, bool must>
Value Find(Run& run, const Value& self, const Bound& args) {
  const int64_t index = FindPart(run, self, args, from_right);
  if (must && index < 0) return run.Fail("index, got a text without that part");
  return Value(index);
}

Value Count(Run& run, const Value& self, const Bound& args) {
  const std::string* part = Need(run, "count", args[0]);
  if (part == nullptr) return {};
  const std::string& text = self.string()->text();
  run.SpendBytes(text.size());
  const Window w = WindowOf(run, text, args, 1);
  if (!w.valid) return Value(int64_t{0});
  const std::string_view view = std::string_view(text).substr(w.begin, w.end - w.begin);
  if (part->empty()) return Value(static_cast<int64_t>(unicode::Length(view)) + 1);
  int64_t n = 0;
  for (size_t at = view.find(*part); at != std::string_view::npos;
       at = view.find(*part, at + part->size())) {
    ++n;
  }
  return Value(n);
}

bool HasAffix(std::string_view text, std::string_view affix, bool suffix) {
  if (affix.size() > text.size()) return false;
  return text.substr(suffix ? text.size() - affix.size() : 0, affix.size()) == affix;
}

// One affix or a tuple of them.
template <bool suffix>
Value Affix(Run& run, const Value& self, const Bound& args) {
  const std::string& text = self.string()->text();
  const Window w = WindowOf(run, text, args, 1);
  if (!w.valid) return Value(false);
  const std::string_view view = std::string_view(text).substr(w.begin, w.end - w.begin);
  const ListValue* choices = args[0].sequence();
  if (choices == nullptr || !choices->is_tuple) {
    const std::string* affix = Need(run, suffix ? "endswith" : "startswith", args[0]);
    return Value(affix != nullptr && HasAffix(view, *affix, suffix));
  }
  for (const Value& choice : choices->items) {
    const std::string* affix = Need(run, suffix ? "endswith" : "startswith", choice);
    if (affix == nullptr || !run.Spend(1)) return {};
    if (HasAffix(view, *affix, suffix)) return Value(true);
  }
  return Value(false);
}

// Whether all characters, and at least one, are of a class.
template <bool (*is)(uint32_t)>
Value All(Run& run, const Value& self, const Bound&) {
  const std::string& text = self.string()->text();
  run.SpendBytes(text.size());
  for (size_t at = 0; at < text.size();) {
    const unicode::Char c = unicode::At(text, at);
    if (c.code == unicode::kInvalid || !is(c.code)) return Value(false);
    at += c.bytes;
  }
  return Value(!text.empty());
}

bool IsAlphanumeric(uint32_t code) { return unicode::IsLetter(code) || unicode::IsDigit(code); }
bool IsAscii(uint32_t code) { return code < 0x80; }
Value Ascii(Run& run, const Value& self, const Bound& args) {
  return self.string()->size() == 0 ? Value(true) : All<IsAscii>(run, self, args);
}
Value Printable(Run& run, const Value& self, const Bound& args) {
  return self.string()->size() == 0 ? Value(true) : All<unicode::IsPrintable>(run, self, args);
}

// Superscripts are digits for isdigit but not for isdecimal.
bool IsAnyDigit(uint32_t code) {
  return unicode::IsDigit(code) || code == 0xB2 || code == 0xB3 || code == 0xB9 || code == 0x2070 ||
         (code >= 0x2074 && code <= 0x2079) || (code >= 0x2080 && code <= 0x2089);
}

template <bool upper>
Value Cased(Run& run, const Value& self, const Bound&) {
  const std::string& text = self.string()->text();
  run.SpendBytes(text.size());
  bool cased = false;
  for (size_t at = 0; at < text.size();) {
    const unicode::Char c = unicode::At(text, at);
    if (upper ? unicode::IsLower(c.code) : unicode::IsUpper(c.code)) return Value(false);
    cased |= upper ? unicode::IsUpper(c.code) : unicode::IsLower(c.code);
    at += c.bytes;
  }
  return Value(cased);
}

Value TitleCased(Run& run, const Value& self, const Bound&) {
  const std::string& text = self.string()->text();
  run.SpendBytes(text.size());
  bool cased = false, inside = false;
  for (size_t at = 0; at < text.size();) {
    const unicode::Char c = unicode::At(text, at);
    const bool up = unicode::IsUpper(c.code), low = unicode::IsLower(c.code);
    if ((up && inside) || (low && !inside)) return Value(false);
    inside = up || low;
    cased |= inside;
    at += c.bytes;
  }
  return Value(cased);
}

constexpr Method kMethods[] = {
    {"count", {"sub start end", 1}, Count},
    {"endswith", {"suffix start end", 1}, Affix<true>},
    {"find", {"sub start end", 1}, Find<false, false>},
    {"index", {"sub start end", 1}, Find<false, true>},
    {"isalnum", {"", 0}, All<IsAlphanumeric>},
    {"isalpha", {"", 0}, All<unicode::IsLetter>},
    {"isascii", {"", 0}, Ascii},
    {"isdecimal", {"", 0}, All<unicode::IsDigit>},
    {"isdigit", {"", 0}, All<IsAnyDigit>},
    {"islower", {"", 0}, Cased<false>},
    {"isnumeric", {"", 0}, All<IsAnyDigit>},
    {"isprintable", {"", 0}, Printable},
    {"isspace", {"", 0}, All<unicode::IsSpace>},
    {"istitle", {"", 0}, TitleCased},
    {"isupper", {"", 0}, Cased<true>},
    {"rfind", {"sub start end", 1}, Find<true, false>},
    {"rindex", {"sub start end", 1}, Find<true, true>},
    {"startswith", {"prefix start end", 1}, Affix<false>},
};

}  // namespace

absl::Span<const Method> StringQueryMethods() { return kMethods; }

}  // namespace erato
