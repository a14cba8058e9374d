#include "tokenizer/pipeline/normalize.h"

#include <utility>

#include "tokenizer/byte_alphabet.h"
#include "tokenizer/pipeline/letter_class.h"
#include "tokenizer/pipeline/pattern.h"
#include "tokenizer/pipeline/rewrite.h"

namespace erato {
namespace {

using Kind = NormalizerSpec::Kind;

/// A step that needs nothing but its specification.
template <typename Step>
class Simple final : public Normalizer {
 public:
  explicit Simple(Step step) : step_(std::move(step)) {}
  void Apply(AlignedText& text) const override { step_(text); }

 private:
  const Step step_;
};

template <typename Step>
std::unique_ptr<const Normalizer> NewSimple(Step step) {
  return std::make_unique<Simple<Step>>(std::move(step));
}

void Strip(AlignedText& text, bool left, bool right) {
  const std::string_view from = text.text;
  size_t begin = 0, end = from.size();
  while (left && begin < end) {
    const CodePoint c = DecodeCodePoint(from, begin);
    if (!letter::IsSpace(c.value)) break;
    begin += c.bytes;
  }
  while (right && end > begin) {
    size_t last = end - 1;
    while ((static_cast<unsigned char>(from[last]) & 0xC0) == 0x80) --last;
    if (!letter::IsSpace(DecodeCodePoint(from, last).value)) break;
    end = last;
  }
  if (begin == 0 && end == from.size()) return;
  AlignedText made(text.aligned());
  made.AppendFrom(text, begin, end);
  text = std::move(made);
}

void Prepend(AlignedText& text, const std::string& prefix) {
  if (text.text.empty()) return;
  AlignedText made(text.aligned());
  made.Append(prefix, text.Origin(0, 0));
  made.AppendFrom(text, 0, text.text.size());
  text = std::move(made);
}

void Replace(AlignedText& text, const Pattern& pattern, const std::string& content) {
  AlignedText made(text.aligned());
  made.text.reserve(text.text.size());
  size_t done = 0;
  pattern.ForEachMatch(text.text, [&](size_t begin, size_t end) {
    made.AppendFrom(text, done, begin);
    made.Append(content, text.Origin(begin, end));
    done = end;
  });
  if (done == 0 && made.text.empty()) return;
  made.AppendFrom(text, done, text.text.size());
  text = std::move(made);
}

void Lowercase(AlignedText& text) { RewriteLetters(text, AppendLower); }

void StripAccents(AlignedText& text) {
  RewriteLetters(text, [](char32_t value, std::string_view letter, std::string& out) {
    if (!letter::IsMark(value)) out.append(letter);
  });
}

}  // namespace

// With offsets, the text is normalised in parts that do not touch each other, and each letter of a
// part that changes comes from the whole part.
void ApplyNormalForm(AlignedText& text, NormalForm form) {
  if (!text.aligned()) {
    text.text = Normalize(text.text, form);
    return;
  }
  AlignedText made(true);
  const std::string_view from = text.text;
  for (size_t begin = 0; begin < from.size();) {
    size_t end = begin + DecodeCodePoint(from, begin).bytes;
    while (end < from.size()) {
      const CodePoint next = DecodeCodePoint(from, end);
      if (!MayJoin(next.value)) break;
      end += next.bytes;
    }
    const std::string_view part = from.substr(begin, end - begin);
    const std::string normal = Normalize(part, form);
    if (normal == part) {
      made.AppendFrom(text, begin, end);
    } else {
      made.Append(normal, text.Origin(begin, end));
    }
    begin = end;
  }
  text = std::move(made);
}

void SpellAsBytes(AlignedText& text) {
  RewriteLetters(text, [](char32_t, std::string_view letter, std::string& out) {
    out.append(SpellBytes(letter));
  });
}

absl::StatusOr<std::unique_ptr<const Normalizer>> NewNormalizer(const NormalizerSpec& spec) {
  const auto form = [](NormalForm f) {
    return NewSimple([f](AlignedText& text) { ApplyNormalForm(text, f); });
  };
  switch (spec.kind) {
    case Kind::kNfc:
      return form(NormalForm::kC);
    case Kind::kNfd:
      return form(NormalForm::kD);
    case Kind::kNfkc:
      return form(NormalForm::kKc);
    case Kind::kNfkd:
      return form(NormalForm::kKd);
    case Kind::kLowercase:
      return NewSimple(Lowercase);
    case Kind::kStripAccents:
      return NewSimple(StripAccents);
    case Kind::kStrip:
      return NewSimple(
          [left = spec.left, right = spec.right](AlignedText& text) { Strip(text, left, right); });
    case Kind::kPrepend:
      return NewSimple([prefix = spec.text](AlignedText& text) { Prepend(text, prefix); });
    case Kind::kByteLevel:
      return NewSimple(SpellAsBytes);
    case Kind::kBert:
      return NewBertNormalizer(spec);
    case Kind::kCharsmap:
      return NewCharsmapNormalizer(spec);
    case Kind::kReplace:
      break;
  }
  auto pattern = Pattern::Create(spec.pattern);
  if (!pattern.ok()) return pattern.status();
  return NewSimple([pattern = *std::move(pattern), content = spec.text](AlignedText& text) {
    Replace(text, pattern, content);
  });
}

}  // namespace erato
