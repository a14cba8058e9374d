#include "tokenizer/template/marked_text.h"

#include <algorithm>

#include "tokenizer/template/unicode.h"

namespace erato::marked {
namespace {

using unicode::Char;

// Each character's replacement gets its origin. `map` appends to a string.
template <typename Map>
MarkedString MapCharacters(const MarkedString& text, Map map) {
  MarkedString out;
  out.Reserve(text.size());
  size_t run = 0;
  std::string piece;
  for (size_t at = 0; at < text.size();) {
    while (text.runs()[run].first <= at) ++run;
    const Char c = unicode::At(text.text(), at);
    piece.clear();
    if (c.code == unicode::kInvalid) {
      piece = text.text().substr(at, 1);
    } else {
      map(c.code, piece);
    }
    // A character that the border of two origins cuts through is not the template's.
    const bool whole = at + c.bytes <= text.runs()[run].first;
    out.Append(piece, text.runs()[run].second && whole);
    at += c.bytes;
  }
  return out;
}

bool IsLineEnd(uint32_t code) {
  return (code >= 0x0A && code <= 0x0D) || (code >= 0x1C && code <= 0x1E) || code == 0x85 ||
         code == 0x2028 || code == 0x2029;
}

// Whether the character is to be stripped.
bool Strips(std::string_view text, size_t at, Char c, const std::string* chars) {
  if (chars == nullptr) return unicode::IsSpace(c.code);
  const std::string_view character = text.substr(at, c.bytes);
  for (size_t i = 0; i < chars->size(); i += unicode::At(*chars, i).bytes) {
    if (std::string_view(*chars).substr(i, unicode::At(*chars, i).bytes) == character) return true;
  }
  return false;
}

}  // namespace

MarkedString Upper(const MarkedString& text) { return MapCharacters(text, unicode::AppendUpper); }
MarkedString Lower(const MarkedString& text) { return MapCharacters(text, unicode::AppendLower); }

MarkedString SwapCase(const MarkedString& text) {
  return MapCharacters(text, [](uint32_t code, std::string& out) {
    unicode::IsUpper(code) ? unicode::AppendLower(code, out) : unicode::AppendUpper(code, out);
  });
}

MarkedString Capitalize(const MarkedString& text) {
  bool first = true;
  return MapCharacters(text, [&](uint32_t code, std::string& out) {
    first ? unicode::AppendTitle(code, out) : unicode::AppendLower(code, out);
    first = false;
  });
}

MarkedString Title(const MarkedString& text) {
  bool inside = false;
  return MapCharacters(text, [&](uint32_t code, std::string& out) {
    inside ? unicode::AppendLower(code, out) : unicode::AppendTitle(code, out);
    inside = unicode::IsUpper(code) || unicode::IsLower(code);
  });
}

MarkedString TitleWords(const MarkedString& text) {
  bool inside = false;
  return MapCharacters(text, [&](uint32_t code, std::string& out) {
    inside ? unicode::AppendLower(code, out) : unicode::AppendUpper(code, out);
    inside = !unicode::IsSpace(code) && code != '-' && code != '(' && code != '{' && code != '[' &&
             code != '<';
  });
}

MarkedString Strip(const MarkedString& marked, const std::string* chars, Side side) {
  const std::string& text = marked.text();
  size_t begin = 0, end = text.size();
  while (side != Side::kRight && begin < end) {
    const Char c = unicode::At(text, begin);
    if (!Strips(text, begin, c, chars)) break;
    begin += c.bytes;
  }
  while (side != Side::kLeft && begin < end) {
    const Char c = unicode::Before(text, end);
    if (!Strips(text, end - c.bytes, c, chars)) break;
    end -= c.bytes;
  }
  return begin == 0 && end == text.size() ? marked : marked.Slice(begin, end);
}

MarkedString Replace(Run& run, const MarkedString& marked, const std::string& old,
                     const MarkedString& with, int64_t count) {
  const std::string& text = marked.text();
  run.SpendBytes(text.size());
  MarkedString out;
  size_t at = 0;
  for (; count != 0 && run.ok(); --count) {
    size_t found = text.find(old, at);
    if (found == std::string::npos) break;
    out.AppendSlice(marked, at, found);
    out.Append(with);
    run.Spend(1);
    if (out.size() > run.limits().max_output_bytes) run.AllowBytes(out.size());
    at = found + old.size();
    if (!old.empty()) continue;
    if (at >= text.size()) return out;  // between all characters and at both ends
    const size_t next = at + unicode::At(text, at).bytes;
    out.AppendSlice(marked, at, next);
    at = next;
  }
  out.AppendSlice(marked, at, text.size());
  return out;
}

List Split(const MarkedString& marked, const std::string& separator, int64_t limit,
           bool from_right) {
  const std::string& text = marked.text();
  List parts;
  if (from_right) {
    size_t end = text.size();
    while (limit != 0 && end >= separator.size()) {
      const size_t found = text.rfind(separator, end - separator.size());
      if (found == std::string::npos) break;
      parts.emplace_back(marked.Slice(found + separator.size(), end));
      end = found;
      --limit;
    }
    parts.emplace_back(marked.Slice(0, end));
    return List(parts.rbegin(), parts.rend());
  }
  size_t begin = 0;
  for (; limit != 0; --limit) {
    const size_t found = text.find(separator, begin);
    if (found == std::string::npos) break;
    parts.emplace_back(marked.Slice(begin, found));
    begin = found + separator.size();
  }
  parts.emplace_back(marked.Slice(begin, text.size()));
  return parts;
}

List SplitSpace(const MarkedString& marked, int64_t limit, bool from_right) {
  const std::string& text = marked.text();
  List parts;
  size_t begin = 0, end = text.size();
  const auto skip = [&](bool space) {
    while (begin < end) {
      const Char c = from_right ? unicode::Before(text, end) : unicode::At(text, begin);
      if (unicode::IsSpace(c.code) != space) break;
      from_right ? end -= c.bytes : begin += c.bytes;
    }
  };
  for (skip(true); begin < end && limit != 0; skip(true), --limit) {
    const size_t first = begin, last = end;
    skip(false);
    parts.emplace_back(from_right ? marked.Slice(end, last) : marked.Slice(first, begin));
  }
  if (begin < end) parts.emplace_back(marked.Slice(begin, end));  // the limit leaves a rest
  return from_right ? List(parts.rbegin(), parts.rend()) : parts;
}

List SplitLines(const MarkedString& marked, bool keep_ends) {
  const std::string& text = marked.text();
  List lines;
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    const Char c = unicode::At(text, at);
    size_t next = at + c.bytes;
    if (IsLineEnd(c.code)) {
      if (c.code == '\r' && next < text.size() && text[next] == '\n') ++next;
      lines.emplace_back(marked.Slice(begin, keep_ends ? next : at));
      begin = next;
    }
    at = next;
  }
  if (begin < text.size()) lines.emplace_back(marked.Slice(begin, text.size()));
  return lines;
}

MarkedString Pad(Run& run, const MarkedString& text, int64_t width, const MarkedString& fill,
                 Align align) {
  const auto length = static_cast<int64_t>(unicode::Length(text.text()));
  if (width <= length) return text;
  if (!run.AllowBytes(static_cast<size_t>(width))) return {};
  const int64_t pad = width - length;
  int64_t left = 0;
  if (align == Align::kRight) left = pad;
  if (align == Align::kCenter) left = pad / 2 + (pad & width & 1);
  if (align == Align::kMiddle) left = pad / 2;
  MarkedString out;
  for (int64_t i = 0; i < left; ++i) out.Append(fill);
  out.Append(text);
  for (int64_t i = left; i < pad; ++i) out.Append(fill);
  return out;
}

MarkedString EscapeHtml(const MarkedString& text) {
  return MapCharacters(text, [](uint32_t code, std::string& out) {
    switch (code) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&#34;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        unicode::Append(code, out);
    }
  });
}

}  // namespace erato::marked
