// tojson as transformers defines it: json.dumps with its options.
#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_format.h"
#include "tokenizer/template/concat.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

class Writer {
 public:
  Writer(Run& run, const JsonStyle& style) : run_(run), style_(style) {}

  void Write(const Value& value, size_t level) {
    const Deeper deeper(run_);
    if (!deeper || !run_.Spend(1)) return;
    if (out_.size() > run_.limits().max_output_bytes) run_.AllowBytes(out_.size());
    if (const MarkedString* text = value.string()) {
      run_.SpendBytes(text->size());
      Quote(text->text());
    } else if (const ListValue* s = value.sequence()) {
      WriteList(s->items, level);
    } else if (const Mapping* m = value.mapping()) {
      WriteDict(*m, level);
    } else if (!WriteScalar(value)) {
      run_.Fail(Concat("tojson, got ", TypeName(value), ", expected a JSON value"));
    }
  }

  std::string Take() { return std::move(out_); }

 private:
  bool WriteScalar(const Value& value) {
    if (value.IsNone()) {
      out_ += "null";
    } else if (const bool* b = value.As<bool>()) {
      out_ += *b ? "true" : "false";
    } else if (const int64_t* i = value.As<int64_t>()) {
      AppendPieces(&out_, *i);
    } else if (const double* d = value.As<double>()) {
      out_ += std::isnan(*d)   ? "NaN"
              : std::isinf(*d) ? (*d < 0 ? "-Infinity" : "Infinity")
                               : FormatFloat(*d);
    } else {
      return false;
    }
    return true;
  }

  void NewLine(size_t level) {
    if (!style_.indent) return;
    out_ += '\n';
    for (size_t i = 0; i < level; ++i) out_ += *style_.indent;
  }

  void WriteList(const List& items, size_t level) {
    out_ += '[';
    bool first = true;
    for (const Value& item : items) {
      if (!run_.ok()) return;
      if (!std::exchange(first, false)) out_ += style_.item_separator;
      NewLine(level + 1);
      Write(item, level + 1);
    }
    if (!items.empty()) NewLine(level);
    out_ += ']';
  }

  void WriteDict(const Mapping& dict, size_t level) {
    std::vector<const std::pair<Value, Value>*> entries;
    for (const auto& entry : dict.entries) entries.push_back(&entry);
    if (style_.sort_keys) Sort(entries);
    out_ += '{';
    bool first = true;
    for (const auto* entry : entries) {
      if (!run_.ok()) return;
      if (!std::exchange(first, false)) out_ += style_.item_separator;
      NewLine(level + 1);
      WriteKey(entry->first);
      out_ += style_.key_separator;
      Write(entry->second, level + 1);
    }
    if (!entries.empty()) NewLine(level);
    out_ += '}';
  }

  void WriteKey(const Value& key) {
    if (const MarkedString* text = key.string()) return Quote(text->text());
    out_ += '"';
    if (!WriteScalar(key)) {
      run_.Fail(Concat("tojson key, got ", TypeName(key), ", expected a plain value"));
    }
    out_ += '"';
  }

  void Sort(std::vector<const std::pair<Value, Value>*>& entries) {
    const bool strings = std::all_of(entries.begin(), entries.end(),
                                     [](const auto* e) { return e->first.string() != nullptr; });
    const bool numbers = std::all_of(entries.begin(), entries.end(), [](const auto* e) {
      return AsNumber(e->first).has_value() && !std::isnan(*AsNumber(e->first));
    });
    if (strings) {
      std::stable_sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) {
        return a->first.string()->text() < b->first.string()->text();
      });
    } else if (numbers) {
      std::stable_sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) {
        return *AsNumber(a->first) < *AsNumber(b->first);
      });
    } else if (entries.size() > 1) {
      run_.Fail("tojson sort_keys, got keys of several types, expected one");
    }
  }

  void Quote(const std::string& text) {
    static constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t", kLetters = "\"\\bfnrt";
    out_ += '"';
    for (size_t at = 0; at < text.size();) {
      const unicode::Char c = unicode::At(text, at);
      const size_t plain =
          c.code < 0x80 ? kEscaped.find(static_cast<char>(c.code)) : std::string_view::npos;
      if (plain != std::string_view::npos) {
        out_ += '\\';
        out_ += kLetters[plain];
      } else if (c.code < 0x20) {
        absl::StrAppendFormat(&out_, "\\u%04x", c.code);
      } else if (c.code >= 0x80 && c.code != unicode::kInvalid && style_.ensure_ascii) {
        AppendAscii(c.code);
      } else {
        out_.append(text, at, c.bytes);
      }
      at += c.bytes;
    }
    out_ += '"';
  }

  void AppendAscii(uint32_t code) {
    if (code < 0x10000) {
      absl::StrAppendFormat(&out_, "\\u%04x", code);
      return;
    }
    code -= 0x10000;
    absl::StrAppendFormat(&out_, "\\u%04x\\u%04x", 0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF));
  }

  Run& run_;
  const JsonStyle& style_;
  std::string out_;
};

}  // namespace

std::string WriteTemplateJson(Run& run, const Value& value, const JsonStyle& style) {
  Writer writer(run, style);
  writer.Write(value, 0);
  return writer.Take();
}

}  // namespace erato
