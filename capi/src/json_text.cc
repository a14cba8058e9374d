#include "capi/src/json_text.h"

#include <charconv>
#include <cmath>

#include "tokenizer/utf8_stream.h"

namespace erato::capi {
namespace {

void AppendQuoted(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (const auto byte = static_cast<unsigned char>(c); byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

void JsonText::Separate() {
  if (out_.empty()) return;
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':') out_ += ',';
}

JsonText& JsonText::Raw(std::string_view text) {
  Separate();
  out_ += text;
  return *this;
}

JsonText& JsonText::Open(char bracket) { return Raw(std::string_view(&bracket, 1)); }

JsonText& JsonText::Close(char bracket) {
  out_ += bracket;
  return *this;
}

JsonText& JsonText::Key(std::string_view name) {
  Add(name);
  out_ += ':';
  return *this;
}

JsonText& JsonText::Add(std::string_view text) {
  Separate();
  if (FindInvalidUtf8(text) == std::string_view::npos) {
    AppendQuoted(text, out_);
  } else {
    std::string mended;
    Utf8Stream stream;
    stream.Push(text, mended);
    stream.Flush(mended);
    AppendQuoted(mended, out_);
  }
  return *this;
}

template <typename T>
JsonText& JsonText::AddNumber(T value) {
  if (!std::isfinite(value)) return AddNull();
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return Raw(std::string_view(digits, static_cast<size_t>(end - digits)));
}

JsonText& JsonText::Add(double value) { return AddNumber(value); }
JsonText& JsonText::Add(float value) { return AddNumber(value); }

// As deep as the JSON that it came from, which was limited.
JsonText& JsonText::Add(const Value& value) {
  if (const auto* truth = value.As<bool>()) return Add(*truth);
  if (const auto* whole = value.As<int64_t>()) return Add(*whole);
  if (const auto* number = value.As<double>()) return Add(*number);
  if (const MarkedString* text = value.string()) return Add(std::string_view(text->text()));
  if (const ListValue* list = value.sequence()) {
    Open('[');
    for (const Value& item : list->items) Add(item);
    return Close(']');
  }
  if (const Mapping* dict = value.mapping()) {
    Open('{');
    for (const auto& [key, item] : dict->entries) Key(key.string()->text()).Add(item);
    return Close('}');
  }
  return AddNull();
}

}  // namespace erato::capi
