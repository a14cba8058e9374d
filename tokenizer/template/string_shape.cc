// Methods of strings that fill to a width.
#include <utility>

#include "absl/strings/str_cat.h"
#include "tokenizer/template/marked_text.h"
#include "tokenizer/template/methods.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

using marked::Align;

template <Align align>
Value Pad(Run& run, const Value& self, const Bound& args) {
  const MarkedString& text = *self.string();
  const MarkedString* fill = args.String(1);
  if (fill != nullptr && unicode::Length(fill->text()) != 1) {
    return run.Fail("fill, got another length, expected one character");
  }
  const int64_t width = args.Integer(0, 0);
  return run.MakeString(marked::Pad(
      run, text, width, fill != nullptr ? *fill : MarkedString(" ", text.AllScaffold()), align));
}

Value ZeroFill(Run& run, const Value& self, const Bound& args) {
  const MarkedString& text = *self.string();
  const size_t sign = text.size() > 0 && (text.text()[0] == '-' || text.text()[0] == '+') ? 1 : 0;
  const MarkedString digits = marked::Pad(run, text.Slice(sign, text.size()),
                                          args.Integer(0, 0) - static_cast<int64_t>(sign),
                                          MarkedString("0", text.AllScaffold()), Align::kRight);
  MarkedString out = text.Slice(0, sign);
  out.Append(digits);
  return run.MakeString(std::move(out));
}

Value ExpandTabs(Run& run, const Value& self, const Bound& args) {
  const MarkedString& text = *self.string();
  const int64_t size = args.Integer(0, 8);
  MarkedString out;
  int64_t column = 0;
  for (size_t at = 0; at < text.size() && run.Spend(1);) {
    const unicode::Char c = unicode::At(text.text(), at);
    if (c.code == '\t') {
      const int64_t blanks = size > 0 ? size - column % size : 0;
      if (!run.AllowBytes(out.size() / 64 + static_cast<size_t>(blanks))) return {};
      out.Append(std::string(static_cast<size_t>(blanks), ' '), text.ScaffoldAt(at));
      column += blanks;
    } else {
      out.AppendSlice(text, at, at + c.bytes);
      column = c.code == '\n' || c.code == '\r' ? 0 : column + 1;
    }
    at += c.bytes;
  }
  return run.MakeString(std::move(out));
}

constexpr Method kMethods[] = {
    {"center", {"width fillchar", 1}, Pad<Align::kCenter>},
    {"expandtabs", {"tabsize", 0}, ExpandTabs},
    {"ljust", {"width fillchar", 1}, Pad<Align::kLeft>},
    {"rjust", {"width fillchar", 1}, Pad<Align::kRight>},
    {"zfill", {"width", 1}, ZeroFill},
};

}  // namespace

absl::Span<const Method> StringShapeMethods() { return kMethods; }

}  // namespace erato
