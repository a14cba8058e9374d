// Filters that write HTML and URLs.
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
  const Object* o = input.object();
  const bool iterable =
      input.sequence() != nullptr || input.mapping() != nullptr ||
      (o != nullptr && (o->kind == Object::Kind::kRange || o->kind == Object::Kind::kView));
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
    const Items pairs = ItemsOf(run, input);
    if (!run.ok()) return {};
    for (const Value& pair : *pairs) {
      const Items two = ItemsOf(run, pair);
      if (!run.ok()) return {};
      if (two->size() != 2) return run.Fail("urlencode, got another item, expected pairs");
      add((*two)[0], (*two)[1]);
    }
  }
  return run.MakeString(MarkedString(std::move(out), false));
}

constexpr Filter kFilters[] = {
    {"e", {"", 0}, Escape<false>},          {"escape", {"", 0}, Escape<false>},
    {"forceescape", {"", 0}, Escape<true>}, {"safe", {"", 0}, Safe},
    {"urlencode", {"", 0}, UrlEncode},      {"xmlattr", {"autospace", 0}, XmlAttributes},
};

}  // namespace

absl::Span<const Filter> MarkupFilters() { return kFilters; }

}  // namespace erato
