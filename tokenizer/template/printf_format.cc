// "%s: %5.2f" % (name, number), as Python formats. Specification: Python library reference,
// "printf-style String Formatting".
#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "tokenizer/template/concat.h"
#include "tokenizer/template/marked_text.h"
#include "tokenizer/template/number_format.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

constexpr int64_t kMaxWidth = 100'000;

class PercentFormatter {
 public:
  PercentFormatter(Run& run, const MarkedString& format, const Value& argument)
      : run_(run), format_(format), text_(format.text()), argument_(argument) {
    const ListValue* s = argument.sequence();
    if (s != nullptr && s->is_tuple) tuple_ = s;
  }

  Value Format() {
    while (at_ < text_.size() && run_.ok()) {
      const size_t percent = std::min(text_.find('%', at_), text_.size());
      out_.AppendSlice(format_, at_, percent);
      at_ = percent + 1;
      if (percent < text_.size()) Directive();
      if (out_.size() > run_.limits().max_output_bytes) run_.AllowBytes(out_.size());
    }
    const bool leftover = tuple_ != nullptr
                              ? next_ < tuple_->items.size()
                              : next_ == 0 && argument_.mapping() == nullptr &&
                                    argument_.sequence() == nullptr && !argument_.IsUndefined();
    if (leftover) run_.Fail("% format, got more arguments than it takes");
    return run_.MakeString(std::move(out_));
  }

 private:
  Value NextArgument() {
    if (tuple_ != nullptr && next_ < tuple_->items.size()) return tuple_->items[next_++];
    if (tuple_ == nullptr && next_++ == 0) return argument_;
    return run_.Fail("% format, got too few arguments");
  }

  // (name)
  bool TakeKey(Value& value) {
    if (at_ >= text_.size() || text_[at_] != '(') return false;
    const size_t close = text_.find(')', at_);
    const Mapping* dict = argument_.mapping();
    if (close == std::string::npos || dict == nullptr) {
      run_.Fail("% format, got a key, expected a dict and a closing bracket");
      return true;
    }
    const std::string key = text_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    const Value* found = dict->Find(key);
    if (found == nullptr) {
      run_.Fail(Concat("% format, got no value for ", key));
    } else {
      value = *found;
    }
    next_ = 1;
    return true;
  }

  int64_t TakeNumber(int64_t missing) {
    if (at_ < text_.size() && text_[at_] == '*') {
      ++at_;
      const std::optional<int64_t> n = AsInteger(NextArgument());
      if (!n) run_.Fail("% format, got no integer for *, expected one");
      return Bounded(n.value_or(0));
    }
    int64_t n = missing;
    for (bool first = true;
         at_ < text_.size() && absl::ascii_isdigit(static_cast<unsigned char>(text_[at_])); ++at_) {
      n = Bounded((std::exchange(first, false) ? 0 : n) * 10 + (text_[at_] - '0'));
    }
    return n;
  }

  int64_t Bounded(int64_t n) {
    if (n <= kMaxWidth && n >= -kMaxWidth) return n;
    run_.FailLimit("width of a format", "max_output_bytes");
    return 0;
  }

  void Directive() {
    Value value;
    const bool keyed = TakeKey(value);
    NumberStyle style;
    bool left = false;
    for (; at_ < text_.size() && text_.find_first_of("#0- +", at_) == at_; ++at_) {
      left |= text_[at_] == '-';
      style.zero |= text_[at_] == '0';
      style.alternate |= text_[at_] == '#';
      if (text_[at_] == '+') style.sign = '+';
      if (text_[at_] == ' ' && style.sign == 0) style.sign = ' ';
    }
    style.width = TakeNumber(0);
    if (style.width < 0) {
      left = true;
      style.width = -style.width;
    }
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      style.precision = std::max<int64_t>(TakeNumber(0), 0);
    }
    while (at_ < text_.size() && text_.find_first_of("hlL", at_) == at_) ++at_;
    if (at_ >= text_.size()) {
      run_.Fail("% format, got the end of the text, expected a directive");
      return;
    }
    style.zero = style.zero && !left;
    style.type = text_[at_++];
    if (style.type == '%') return out_.Append("%", false);
    if (!keyed) value = NextArgument();
    if (run_.ok()) Convert(value, style, left);
  }

  void Convert(const Value& value, NumberStyle& style, bool left) {
    MarkedString piece;
    switch (style.type) {
      case 's':
        piece = TextOf(run_, value);
        Cut(piece, style.precision);
        break;
      case 'r':
      case 'a': {
        std::string repr;
        AppendRepr(run_, value, repr);
        piece = MarkedString(std::move(repr), false);
        Cut(piece, style.precision);
        break;
      }
      case 'c':
        piece = Character(value);
        break;
      default:
        piece = MarkedString(Number(value, style), false);
    }
    out_.Append(marked::Pad(run_, piece, style.width, MarkedString(" ", false),
                            left ? marked::Align::kLeft : marked::Align::kRight));
  }

  static void Cut(MarkedString& piece, int64_t precision) {
    if (precision < 0) return;
    piece = piece.Slice(0, unicode::OffsetOf(piece.text(), static_cast<size_t>(precision)));
  }

  MarkedString Character(const Value& value) {
    const MarkedString* text = value.string();
    if (text != nullptr && unicode::Length(text->text()) == 1) return *text;
    const std::optional<int64_t> code = AsInteger(value);
    const bool scalar =
        code && *code >= 0 && *code <= 0x10FFFF && (*code < 0xD800 || *code > 0xDFFF);
    std::string out;
    if (scalar) {
      unicode::Append(static_cast<uint32_t>(*code), out);
    } else {
      run_.Fail("% format, got another value for %c, expected a character");
    }
    return MarkedString(std::move(out), false);
  }

  std::string Number(const Value& value, NumberStyle& style) {
    const std::optional<double> number = AsNumber(value);
    if (std::string_view("diuoxXeEfFgG").find(style.type) == std::string_view::npos) {
      run_.Fail(
          Concat("% format, got directive ", std::string(1, style.type), ", expected a known one"));
      return {};
    }
    const auto* u = value.As<Value::Undefined>();
    if (!number) {
      run_.Fail(u != nullptr ? u->Message()
                             : Concat("% format, got ", TypeName(value), ", expected a number"));
      return {};
    }
    if (std::string_view("eEfFgG").find(style.type) != std::string_view::npos) {
      if (style.precision < 0) style.precision = 6;
      return FormatReal(run_, *number, style);
    }
    const bool whole = std::string_view("diu").find(style.type) != std::string_view::npos;
    std::optional<int64_t> integer = AsInteger(value);
    if (!integer && whole && std::abs(*number) < 9.2e18) integer = static_cast<int64_t>(*number);
    if (!integer) {
      run_.Fail("% format, got a float, expected an integer");
      return {};
    }
    if (whole) style.type = 'd';
    return FormatInteger(*integer, style);
  }

  Run& run_;
  const MarkedString& format_;
  const std::string& text_;
  const Value& argument_;
  const ListValue* tuple_ = nullptr;
  size_t next_ = 0;
  size_t at_ = 0;
  MarkedString out_;
};

}  // namespace

Value FormatPercent(Run& run, const MarkedString& format, const Value& argument) {
  run.SpendBytes(format.size());
  return PercentFormatter(run, format, argument).Format();
}

}  // namespace erato
