// "{}: {name!r:>10}".format(…), as Python formats, with the look-ups of the sandbox. Specification:
// Python library reference, "Format String Syntax".
#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "tokenizer/template/concat.h"
#include "tokenizer/template/marked_text.h"
#include "tokenizer/template/methods.h"
#include "tokenizer/template/number_format.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

constexpr int64_t kMaxWidth = 100'000;

class BraceFormatter {
 public:
  BraceFormatter(Run& run, const Arguments& args) : run_(run), args_(args) {}

  // `depth`: a field's specification may hold fields once more.
  MarkedString Format(const MarkedString& format, int depth) {
    MarkedString out;
    const std::string& text = format.text();
    for (size_t at = 0; at < text.size() && run_.Spend(1);) {
      const size_t brace = std::min(text.find_first_of("{}", at), text.size());
      out.AppendSlice(format, at, brace);
      at = brace + 1;
      if (brace >= text.size()) break;
      if (at < text.size() && text[at] == text[brace]) {  // {{ and }}
        out.AppendSlice(format, at, at + 1);
        ++at;
      } else if (text[brace] == '}') {
        run_.Fail("format, got a single }, expected two");
      } else {
        const size_t close = FieldEnd(text, at);
        if (close == std::string::npos) {
          run_.Fail("format, got the end of the text, expected }");
          return out;
        }
        out.Append(Field(format.Slice(at, close), depth));
        at = close + 1;
      }
      if (out.size() > run_.limits().max_output_bytes) run_.AllowBytes(out.size());
    }
    return out;
  }

 private:
  static size_t FieldEnd(const std::string& text, size_t at) {
    int open = 1;
    for (; at < text.size(); ++at) {
      if (text[at] == '{') ++open;
      if (text[at] == '}' && --open == 0) return at;
    }
    return std::string::npos;
  }

  // name [!conversion] [:specification]
  MarkedString Field(const MarkedString& field, int depth) {
    const std::string& text = field.text();
    size_t end = 0;
    for (bool bracket = false;
         end < text.size() && (bracket || (text[end] != ':' && text[end] != '!')); ++end) {
      bracket = text[end] == '[' || (bracket && text[end] != ']');
    }
    Value value = Find(text.substr(0, end));
    if (end < text.size() && text[end] == '!') {
      const char conversion = end + 1 < text.size() ? text[end + 1] : 0;
      end += 2;
      if (end < text.size() && text[end] != ':') run_.Fail("format, got more after !, expected :");
      value = Convert(value, conversion);
    }
    MarkedString spec = end < text.size() ? field.Slice(end + 1, text.size()) : MarkedString();
    if (!run_.ok()) return {};
    if (spec.text().find_first_of("{}") != std::string::npos) {
      if (depth == 0) {
        run_.Fail("format, got fields inside of fields, expected one level");
        return {};
      }
      spec = Format(spec, depth - 1);
    }
    return Apply(value, spec.text());
  }

  Value Convert(const Value& value, char conversion) {
    if (conversion == 's') return Value(TextOf(run_, value));
    if (conversion != 'r' && conversion != 'a') {
      return run_.Fail("format conversion, got another, expected s, r or a");
    }
    std::string repr;
    AppendRepr(run_, value, repr);
    return Value::Content(std::move(repr));
  }

  // first(.attribute | [item])*
  Value Find(const std::string& path) {
    size_t at = std::min(path.find_first_of(".["), path.size());
    Value value = First(path.substr(0, at));
    while (at < path.size() && run_.ok()) {
      const bool item = path[at] == '[';
      size_t end = item ? path.find(']', at) : path.find_first_of(".[", at + 1);
      if (item && end == std::string::npos) return run_.Fail("format, got no ] after [");
      end = std::min(end, path.size());
      const std::string part = path.substr(at + 1, end - at - 1);
      if (part.empty()) return run_.Fail("format, got an empty attribute");
      int64_t index = 0;
      const bool number = absl::ascii_isdigit(static_cast<unsigned char>(part[0])) &&
                          absl::SimpleAtoi(part, &index);
      const Value missing = value;
      value = item ? GetItem(run_, value, number ? Value(index) : Value::Content(part))
                   : GetAttribute(run_, value, std::make_shared<const MarkedString>(part, false));
      at = item ? end + 1 : end;
    }
    return value;
  }

  Value First(const std::string& name) {
    int64_t index = 0;
    const bool number = !name.empty() && absl::ascii_isdigit(static_cast<unsigned char>(name[0])) &&
                        absl::SimpleAtoi(name, &index);
    if (name.empty() || number) {
      if ((numbering_ == 'n' && name.empty()) || (numbering_ == 'a' && number)) {
        return run_.Fail("format, got automatic and manual numbering, expected one of them");
      }
      numbering_ = number ? 'n' : 'a';
      const size_t i = number ? static_cast<size_t>(index) : next_++;
      if (i < args_.positional.size()) return args_.positional[i];
      return run_.Fail(Concat("format, got no argument ", i));
    }
    for (const auto& [key, value] : args_.named) {
      if (key == name) return value;
    }
    return run_.Fail(Concat("format, got no argument ", name));
  }

  // [[fill]align][sign][#][0][width][group][.precision][type]
  MarkedString Apply(const Value& value, const std::string& spec) {
    if (spec.empty()) return TextOf(run_, value);
    size_t at = 0;
    const unicode::Char first = unicode::At(spec, 0);
    std::string fill = " ";
    char align = 0;
    const auto is_align = [&](size_t i) {
      return i < spec.size() && std::string_view("<>=^").find(spec[i]) != std::string_view::npos;
    };
    if (is_align(first.bytes)) {
      fill = spec.substr(0, first.bytes);
      align = spec[first.bytes];
      at = first.bytes + 1;
    } else if (is_align(0)) {
      align = spec[at++];
    }
    NumberStyle style;
    style.type = 0;
    const auto take = [&](char c) {
      return at < spec.size() && spec[at] == c ? (++at, true) : false;
    };
    if (take('+')) style.sign = '+';
    if (take(' ')) style.sign = ' ';
    take('-');
    style.alternate = take('#');
    style.zero = take('0');
    style.width = Number(spec, at, 0);
    if (take(',')) style.group = ',';
    if (take('_')) style.group = '_';
    if (take('.')) style.precision = Number(spec, at, -1);
    if (at < spec.size()) style.type = spec[at++];
    if (at != spec.size()) {
      run_.Fail(Concat("format, got specification ", spec, ", expected a known one"));
      return {};
    }
    return Finish(value, style, fill, align);
  }

  int64_t Number(const std::string& spec, size_t& at, int64_t missing) {
    if (at >= spec.size() || !absl::ascii_isdigit(static_cast<unsigned char>(spec[at])))
      return missing;
    int64_t n = 0;
    for (; at < spec.size() && absl::ascii_isdigit(static_cast<unsigned char>(spec[at])); ++at) {
      n = std::min(n * 10 + (spec[at] - '0'), kMaxWidth + 1);
    }
    if (n > kMaxWidth) run_.FailLimit("width of a format", "max_output_bytes");
    return n;
  }

  MarkedString Finish(const Value& value, NumberStyle style, const std::string& fill, char align) {
    const MarkedString* text = value.string();
    const bool number = AsNumber(value).has_value();
    if (!number && text == nullptr) {
      run_.Fail(Concat("format, got a specification for ", TypeName(value),
                       ", expected a string or number"));
      return {};
    }
    MarkedString piece;
    if (number) {
      style.zero = (style.zero && align == 0) || (align == '=' && fill == "0");
      piece = MarkedString(FormatNumber(value, style), false);
    } else {
      if ((style.type != 0 && style.type != 's') || align == '=' || style.sign != 0 ||
          style.group != 0 || style.alternate) {
        run_.Fail("format, got a number's specification for a string");
      }
      piece = TextOf(run_, value);
      if (style.precision >= 0) {
        piece =
            piece.Slice(0, unicode::OffsetOf(piece.text(), static_cast<size_t>(style.precision)));
      }
    }
    if (align == 0 || align == '=') align = number ? '>' : '<';
    const bool zeros = style.zero && !number;
    return marked::Pad(run_, piece, style.width, MarkedString(zeros ? "0" : fill, false),
                       align == '<'   ? marked::Align::kLeft
                       : align == '>' ? marked::Align::kRight
                                      : marked::Align::kMiddle);
  }

  std::string FormatNumber(const Value& value, NumberStyle& style) {
    const std::optional<int64_t> integer = AsInteger(value);
    const bool real = std::string_view("eEfFgG%").find(style.type) != std::string_view::npos;
    if (style.type == 0 && integer) style.type = 'd';
    if (style.type == 0 || (real && style.type != 0)) {
      if (style.type == 0 && style.precision < 0) {  // as repr, with sign and zeros
        std::string digits = FormatFloat(*value.As<double>());
        if (style.sign != 0 && digits[0] != '-') digits.insert(0, 1, style.sign);
        const auto width = static_cast<size_t>(style.width);
        if (style.zero && digits.size() < width) {
          digits.insert(digits[0] == '-' || digits[0] == '+' ? 1 : 0, width - digits.size(), '0');
        }
        return digits;
      }
      if (style.type == 0) style.type = 'g';
      if (style.precision < 0) style.precision = 6;
      return FormatReal(run_, *AsNumber(value), style);
    }
    if (style.type == 'c' && integer && *integer >= 0 && *integer < 0xD800) {
      std::string out;
      unicode::Append(static_cast<uint32_t>(*integer), out);
      return out;
    }
    if (!integer || style.precision >= 0 ||
        std::string_view("dxXob").find(style.type) == std::string_view::npos) {
      run_.Fail(Concat("format type, got ", std::string(1, style.type), " for ", TypeName(value),
                       ", expected one that it has"));
      return {};
    }
    return FormatInteger(*integer, style);
  }

  Run& run_;
  const Arguments& args_;
  size_t next_ = 0;
  char numbering_ = 0;
};

}  // namespace

Value FormatBraces(Run& run, const MarkedString& format, const Arguments& args) {
  run.SpendBytes(format.size());
  return run.MakeString(BraceFormatter(run, args).Format(format, 1));
}

}  // namespace erato
