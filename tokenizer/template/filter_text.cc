// Filters on strings. What is no string is made one first, as Jinja does where it does.
#include <utility>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/filters.h"
#include "tokenizer/template/marked_text.h"
#include "tokenizer/template/methods.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

using marked::Align;
using marked::Side;

template <MarkedString (*map)(const MarkedString&)>
Value Mapped(Run& run, const Value& input, const Bound&) {
  return run.MakeString(map(TextOf(run, input)));
}

Value String(Run& run, const Value& input, const Bound&) {
  return input.string() != nullptr ? input : Value(TextOf(run, input));
}

Value Trim(Run& run, const Value& input, const Bound& args) {
  const MarkedString* chars = args.String(0);
  return run.MakeString(
      marked::Strip(TextOf(run, input), chars == nullptr ? nullptr : &chars->text(), Side::kBoth));
}

Value Replace(Run& run, const Value& input, const Bound& args) {
  const bool all = !args.Has(2) || args[2].IsNone();
  return run.MakeString(marked::Replace(run, TextOf(run, input), TextOf(run, args[0]).text(),
                                        TextOf(run, args[1]), all ? -1 : args.Integer(2, -1)));
}

Value Center(Run& run, const Value& input, const Bound& args) {
  const MarkedString text = TextOf(run, input);
  return run.MakeString(marked::Pad(run, text, args.Integer(0, 80),
                                    MarkedString(" ", text.AllScaffold()), Align::kCenter));
}

// The value must be a string here: Python adds to it.
const MarkedString* Need(Run& run, std::string_view filter, const Value& input) {
  if (const auto* u = input.As<Value::Undefined>()) {
    run.Fail(u->Message());
  } else if (input.string() == nullptr) {
    run.Fail(Concat(filter, ", got ", TypeName(input), ", expected a string"));
  }
  return input.string();
}

MarkedString Indention(Run& run, const Bound& args) {
  const MarkedString* given = args.Has(0) ? args[0].string() : nullptr;
  if (given != nullptr) return *given;
  const int64_t width = std::max<int64_t>(args.Integer(0, 4), 0);
  if (!run.AllowBytes(static_cast<size_t>(width))) return {};
  return MarkedString(std::string(static_cast<size_t>(width), ' '), true);
}

Value Indent(Run& run, const Value& input, const Bound& args) {
  const MarkedString* text = Need(run, "indent", input);
  if (text == nullptr) return {};
  const MarkedString indention = Indention(run, args);
  MarkedString lines = *text;
  lines.Append("\n", false);
  const bool first = args.Truth(1, false), blank = args.Truth(2, false);
  MarkedString out;
  const MarkedString newline("\n", text->AllScaffold());
  bool head = true;
  for (const Value& line : marked::SplitLines(lines, false)) {
    if (!run.Spend(1)) return {};
    if (!head) out.Append(newline);
    if (head ? first : blank || line.string()->size() > 0) out.Append(indention);
    if (out.size() > run.limits().max_output_bytes) run.AllowBytes(out.size());
    out.Append(*line.string());
    head = false;
  }
  return run.MakeString(std::move(out));
}

Value Truncate(Run& run, const Value& input, const Bound& args) {
  const MarkedString* end_given = args.String(2);
  const MarkedString end = end_given != nullptr ? *end_given : MarkedString("...", true);
  const int64_t length = args.Integer(0, 255);
  const int64_t leeway = args.Has(3) && !args[3].IsNone() ? args.Integer(3, 5) : 5;
  const auto end_length = static_cast<int64_t>(unicode::Length(end.text()));
  if (length < end_length || leeway < 0) {
    return run.Fail(Concat("truncate, got length ", length, " and leeway ", leeway,
                           ", expected at least ", end_length, " and 0"));
  }
  const std::optional<int64_t> size = LengthOf(input);
  if (size && *size <= length + std::min<int64_t>(leeway, INT64_MAX - length)) return input;
  const MarkedString* text = Need(run, "truncate", input);
  if (text == nullptr) return {};
  MarkedString head =
      text->Slice(0, unicode::OffsetOf(text->text(), static_cast<size_t>(length - end_length)));
  if (!args.Truth(1, false)) {
    const size_t space = head.text().rfind(' ');
    if (space != std::string::npos) head = head.Slice(0, space);
  }
  head.Append(end);
  return run.MakeString(std::move(head));
}

bool IsWordCharacter(uint32_t code) {
  return unicode::IsLetter(code) || unicode::IsDigit(code) || code == '_';
}

Value WordCount(Run& run, const Value& input, const Bound&) {
  const MarkedString text = TextOf(run, input);
  int64_t words = 0;
  bool inside = false;
  for (size_t at = 0; at < text.size();) {
    const unicode::Char c = unicode::At(text.text(), at);
    const bool word = IsWordCharacter(c.code);
    words += word && !inside;
    inside = word;
    at += c.bytes;
  }
  return Value(words);
}

Value Format(Run& run, const Value& input, const Bound& args) {
  const Arguments& raw = args.raw();
  if (!raw.positional.empty() && !raw.named.empty()) {
    return run.Fail("format, got positional and keyword arguments, expected one kind");
  }
  const MarkedString format = TextOf(run, input);
  if (raw.named.empty()) {
    return FormatPercent(run, format,
                         run.MakeTuple(List(raw.positional.begin(), raw.positional.end())));
  }
  Mapping::Entries entries;
  for (const auto& [name, value] : raw.named) entries.emplace_back(Value::Content(name), value);
  return FormatPercent(run, format, run.MakeDict(std::move(entries)));
}

// json.dumps takes a number of blanks or the text of one level.
std::optional<std::string> JsonIndent(Run& run, const Value* indent) {
  if (indent == nullptr || indent->IsNone()) return std::nullopt;
  if (indent->string() != nullptr) return indent->string()->text();
  const std::optional<int64_t> width = AsInteger(*indent);
  if (!width || *width > 1000) {
    run.Fail("tojson indent, got another value, expected a string or at most 1000");
    return std::nullopt;
  }
  return std::string(static_cast<size_t>(std::max<int64_t>(*width, 0)), ' ');
}

Value ToJson(Run& run, const Value& input, const Bound& args) {
  JsonStyle style;
  style.ensure_ascii = args.Truth(0, false);
  style.indent = JsonIndent(run, args.Get(1));
  style.item_separator = style.indent ? "," : ", ";
  style.key_separator = ": ";
  style.sort_keys = args.Truth(3, false);
  if (args.Has(2) && !args[2].IsNone()) {
    const Items pair = ItemsOf(run, args[2]);
    if (pair->size() != 2 || (*pair)[0].string() == nullptr || (*pair)[1].string() == nullptr) {
      return run.Fail("tojson separators, got another value, expected two strings");
    }
    style.item_separator = (*pair)[0].string()->text();
    style.key_separator = (*pair)[1].string()->text();
  }
  return run.MakeString(MarkedString(WriteTemplateJson(run, input, style), false));
}

constexpr Filter kFilters[] = {
    {"capitalize", {"", 0}, Mapped<marked::Capitalize>},
    {"center", {"width", 0}, Center},
    {"format", {"*", 0}, Format},
    {"indent", {"width first blank", 0}, Indent},
    {"lower", {"", 0}, Mapped<marked::Lower>},
    {"replace", {"old new count", 2}, Replace},
    {"string", {"", 0}, String},
    {"title", {"", 0}, Mapped<marked::TitleWords>},
    {"tojson", {"ensure_ascii indent separators sort_keys", 0}, ToJson},
    {"trim", {"chars", 0}, Trim},
    {"truncate", {"length killwords end leeway", 0}, Truncate},
    {"upper", {"", 0}, Mapped<marked::Upper>},
    {"wordcount", {"", 0}, WordCount},
};

}  // namespace

absl::Span<const Filter> TextFilters() { return kFilters; }

}  // namespace erato
