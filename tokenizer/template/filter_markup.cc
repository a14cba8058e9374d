// Filters that write HTML and URLs.
#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_format.h"
#include "tokenizer/template/concat.h"
#include "tokenizer/template/filters.h"
#include "tokenizer/template/marked_text.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

template <bool always>
Value Escape(Run& run, const Value& input, const Bound&) {
  if (!always && input.string() != nullptr && input.string()->markup()) return input;
  MarkedString text = marked::EscapeHtml(TextOf(run, input));
  text.set_markup();
  return run.MakeString(std::move(text));
}

Value Safe(Run& run, const Value& input, const Bound&) {
  MarkedString text = TextOf(run, input);
  text.set_markup();
  return run.MakeString(std::move(text));
}

Value XmlAttributes(Run& run, const Value& input, const Bound& args) {
  const Mapping* dict = input.mapping();
  if (dict == nullptr) return run.Fail("xmlattr, got another value, expected a dict");
  MarkedString out;
  for (const auto& [key, value] : dict->entries) {
    if (!run.Spend(1)) return {};
    if (value.IsNone() || value.IsUndefined()) continue;
    if (key.string() == nullptr ||
        key.string()->text().find_first_of(" \t\n\r\f\v/>=") != std::string::npos) {
      return run.Fail("xmlattr key, got a character that ends it, expected a name");
    }
    if (out.size() > 0) out.Append(" ", false);
    out.Append(marked::EscapeHtml(*key.string()));
    out.Append("=\"", false);
    out.Append(marked::EscapeHtml(TextOf(run, value)));
    out.Append("\"", false);
  }
  MarkedString spaced;
  if (args.Truth(0, true) && out.size() > 0) spaced.Append(" ", false);
  spaced.Append(out);
  return run.MakeString(std::move(spaced));
}

std::string Quote(std::string_view text, bool query) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '.' || c == '-' || c == '~' || (c == '/' && !query);
    if (plain) {
      out += c;
    } else if (c == ' ' && query) {
      out += '+';
    } else {
      absl::StrAppendFormat(&out, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// A string is quoted; a dict or pairs become a query.
Value UrlEncode(Run& run, const Value& input, const Bound&) {
  const bool iterable = input.sequence() != nullptr || input.mapping() != nullptr;
  if (!iterable) {
    return run.MakeString(MarkedString(Quote(TextOf(run, input).text(), false), false));
  }
  std::string out;
  const auto add = [&](const Value& key, const Value& value) {
    AppendPieces(&out, out.empty() ? "" : "&", Quote(TextOf(run, key).text(), true), "=",
                 Quote(TextOf(run, value).text(), true));
  };
  if (const Mapping* dict = input.mapping()) {
    for (const auto& [key, value] : dict->entries) {
      if (run.ok()) add(key, value);
    }
  } else {
    for (const Value& pair : input.sequence()->items) {
      const Items two = ItemsOf(run, pair);
      if (!run.ok()) return {};
      if (two->size() != 2) return run.Fail("urlencode, got another item, expected pairs");
      add((*two)[0], (*two)[1]);
    }
  }
  return run.MakeString(MarkedString(std::move(out), false));
}

Value FileSize(Run& run, const Value& input, const Bound& args) {
  const std::optional<double> number = AsNumber(input);
  if (!number) return run.Fail("filesizeformat, got another value, expected a number");
  static constexpr std::array<const char*, 8> kDecimal = {"kB", "MB", "GB", "TB",
                                                          "PB", "EB", "ZB", "YB"};
  static constexpr std::array<const char*, 8> kBinary = {"KiB", "MiB", "GiB", "TiB",
                                                         "PiB", "EiB", "ZiB", "YiB"};
  const bool binary = args.Truth(0, false);
  const double base = binary ? 1024 : 1000;
  if (*number == 1) return Value::Content("1 Byte");
  if (*number < base) {
    return Value::Content(
        absl::StrFormat("%d Bytes", static_cast<int64_t>(std::max(*number, -9e18))));
  }
  double unit = base;
  size_t i = 0;
  while (i + 1 < kDecimal.size() && *number >= unit * base) {
    unit *= base;
    ++i;
  }
  return Value::Content(
      absl::StrFormat("%.1f %s", *number / unit, (binary ? kBinary : kDecimal)[i]));
}

constexpr Filter kFilters[] = {
    {"e", {"", 0}, Escape<false>},
    {"escape", {"", 0}, Escape<false>},
    {"forceescape", {"", 0}, Escape<true>},
    {"safe", {"", 0}, Safe},
    {"filesizeformat", {"binary", 0}, FileSize},
    {"urlencode", {"", 0}, UrlEncode},
    {"xmlattr", {"autospace", 0}, XmlAttributes},
};

}  // namespace

absl::Span<const Filter> MarkupFilters() { return kFilters; }

}  // namespace erato
