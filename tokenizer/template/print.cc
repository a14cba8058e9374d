// str() and repr() of Python.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "absl/strings/str_format.h"
#include "tokenizer/template/ast.h"
#include "tokenizer/template/concat.h"
#include "tokenizer/template/loop.h"
#include "tokenizer/template/methods.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

void AppendQuoted(const std::string& text, std::string& out) {
  const bool has_single = text.find('\'') != std::string::npos;
  const char quote = has_single && text.find('"') == std::string::npos ? '"' : '\'';
  out += quote;
  for (size_t at = 0; at < text.size();) {
    const unicode::Char c = unicode::At(text, at);
    if (c.code == static_cast<uint32_t>(quote) || c.code == '\\') {
      out += '\\';
      out += static_cast<char>(c.code);
    } else if (c.code == '\n') {
      out += "\\n";
    } else if (c.code == '\r') {
      out += "\\r";
    } else if (c.code == '\t') {
      out += "\\t";
    } else if (unicode::IsPrintable(c.code) || c.code == unicode::kInvalid) {
      out.append(text, at, c.bytes);
    } else if (c.code < 0x100) {
      absl::StrAppendFormat(&out, "\\x%02x", c.code);
    } else if (c.code < 0x10000) {
      absl::StrAppendFormat(&out, "\\u%04x", c.code);
    } else {
      absl::StrAppendFormat(&out, "\\U%08x", c.code);
    }
    at += c.bytes;
  }
  out += quote;
}

void AppendItems(Run& run, const List& items, std::string& out) {
  for (size_t i = 0; i < items.size() && run.ok(); ++i) {
    if (i > 0) out += ", ";
    AppendRepr(run, items[i], out);
    // Lists share their items, so that a small value may print as a very long text.
    if (out.size() > run.limits().max_output_bytes) run.AllowBytes(out.size());
  }
}

void AppendDict(Run& run, const Mapping& dict, std::string& out) {
  out += '{';
  bool first = true;
  for (const auto& [key, value] : dict.entries) {
    if (!run.ok()) return;
    if (!std::exchange(first, false)) out += ", ";
    AppendRepr(run, key, out);
    out += ": ";
    AppendRepr(run, value, out);
    if (out.size() > run.limits().max_output_bytes) run.AllowBytes(out.size());
  }
  out += '}';
}

void AppendView(Run& run, const Value& value, std::string& out) {
  AppendPieces(&out, TypeName(value), "([");
  AppendItems(run, *ItemsOf(run, value), out);
  out += "])";
}

void AppendObject(Run& run, const Value& value, std::string& out) {
  const Object& object = *value.object();
  switch (object.kind) {
    case Object::Kind::kRange: {
      const auto& r = static_cast<const Range&>(object);
      AppendPieces(&out, "range(", r.start, ", ", r.stop);
      AppendPieces(&out, r.step == 1 ? "" : Concat(", ", r.step), ")");
      return;
    }
    case Object::Kind::kView:
      return AppendView(run, value, out);
    case Object::Kind::kNamespace: {
      Mapping::Entries entries;
      for (const auto& [name, item] : static_cast<const Namespace&>(object).attributes) {
        entries.emplace_back(Value::Content(name), item);
      }
      out += "<Namespace ";
      AppendDict(run, Mapping(std::move(entries)), out);
      out += '>';
      return;
    }
    case Object::Kind::kMacro:
      AppendPieces(&out, "<Macro '", static_cast<const Macro&>(object).declaration->name, "'>");
      return;
    default:
      AppendPieces(&out, "<", TypeName(value), " object>");
  }
}

const char* ObjectTypeName(const Object& object) {
  switch (object.kind) {
    case Object::Kind::kRange:
      return "range";
    case Object::Kind::kView:
      switch (static_cast<const View&>(object).of) {
        case View::Of::kKeys:
          return "dict_keys";
        case View::Of::kValues:
          return "dict_values";
        default:
          return "dict_items";
      }
    case Object::Kind::kIterator:
      return "generator";
    case Object::Kind::kNamespace:
      return "Namespace";
    case Object::Kind::kLoop:
      return "LoopContext";
    case Object::Kind::kMacro:
      return "Macro";
    case Object::Kind::kMethod:
      return "builtin_function_or_method";
    case Object::Kind::kGlobal:
      return "function";
    case Object::Kind::kCycler:
      return "Cycler";
    default:
      return "Joiner";
  }
}

}  // namespace

const char* TypeName(const Value& value) {
  if (value.IsNone()) return "NoneType";
  if (value.IsUndefined()) return "Undefined";
  if (value.As<bool>() != nullptr) return "bool";
  if (value.As<int64_t>() != nullptr) return "int";
  if (value.As<double>() != nullptr) return "float";
  if (value.string() != nullptr) return "str";
  if (value.mapping() != nullptr) return "dict";
  if (const ListValue* s = value.sequence()) return s->is_tuple ? "tuple" : "list";
  return ObjectTypeName(*value.object());
}

const char* TypeRepr(const Value& value) {
  if (value.IsNone()) return "None";
  if (value.As<bool>() != nullptr) return "bool object";
  if (value.As<int64_t>() != nullptr) return "int object";
  if (value.As<double>() != nullptr) return "float object";
  if (value.string() != nullptr) return "str object";
  if (value.mapping() != nullptr) return "dict object";
  if (const ListValue* s = value.sequence()) return s->is_tuple ? "tuple object" : "list object";
  return TypeName(value);
}

void AppendText(Run& run, const Value& value, MarkedString& out) {
  if (const MarkedString* text = value.string()) {
    out.Append(*text);
    return;
  }
  if (value.IsUndefined()) return;
  std::string text;
  AppendRepr(run, value, text);
  out.Append(text, false);
}

MarkedString TextOf(Run& run, const Value& value) {
  if (const MarkedString* text = value.string()) {
    run.SpendBytes(text->size());
    return *text;
  }
  MarkedString out;
  AppendText(run, value, out);
  run.AllowBytes(out.size());
  return out;
}

void AppendRepr(Run& run, const Value& value, std::string& out) {
  const Deeper deeper(run);
  if (!deeper || !run.Spend(1)) return;
  if (value.IsNone()) {
    out += "None";
  } else if (value.IsUndefined()) {
    out += "Undefined";
  } else if (const bool* b = value.As<bool>()) {
    out += *b ? "True" : "False";
  } else if (const int64_t* i = value.As<int64_t>()) {
    AppendPieces(&out, *i);
  } else if (const double* d = value.As<double>()) {
    out += FormatFloat(*d);
  } else if (const MarkedString* text = value.string()) {
    run.SpendBytes(text->size());
    if (text->markup()) out += "Markup(";
    AppendQuoted(text->text(), out);
    if (text->markup()) out += ')';
  } else if (const Mapping* dict = value.mapping()) {
    AppendDict(run, *dict, out);
  } else if (const ListValue* s = value.sequence()) {
    out += s->is_tuple ? '(' : '[';
    AppendItems(run, s->items, out);
    if (s->is_tuple && s->items.size() == 1) out += ',';
    out += s->is_tuple ? ')' : ']';
  } else {
    AppendObject(run, value, out);
  }
}

// The shortest digits that read back the same; an exponent below 1e-4 and from 1e16 on.
std::string FormatFloat(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[32];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<size_t>(end.ptr - buffer));
  const size_t e = text.find('e');
  int exponent = 0;
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), text.data() + text.size(),
                  exponent);
  std::string digits(text.substr(0, e));
  if (exponent < -4 || exponent >= 16) {
    return absl::StrFormat("%se%c%02d", digits, exponent < 0 ? '-' : '+', std::abs(exponent));
  }
  std::string out(digits[0] == '-' ? "-" : "");
  digits.erase(
      std::remove_if(digits.begin(), digits.end(), [](char c) { return c == '-' || c == '.'; }),
      digits.end());
  if (exponent < 0) {
    out += "0.";
    out.append(static_cast<size_t>(-exponent - 1), '0');
    return out += digits;
  }
  const size_t point = std::min(digits.size(), static_cast<size_t>(exponent) + 1);
  out.append(digits, 0, point);
  out.append(static_cast<size_t>(exponent) + 1 - point, '0');
  out += '.';
  return out += point == digits.size() ? std::string("0") : digits.substr(point);
}

}  // namespace erato
