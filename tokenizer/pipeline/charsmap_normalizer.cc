// SentencePiece's rules the way Hugging Face tokenizers applies them ("Precompiled"), which is not
// SentencePiece's own: a grapheme cluster (Unicode Standard Annex #29) of at most five bytes is
// replaced as a whole if the shortest rule that begins it matches; else each of its letters is, in
// the same way.
#include <utf8proc.h>

#include <memory>
#include <utility>

#include "tokenizer/charsmap.h"
#include "tokenizer/pipeline/normalize.h"
#include "tokenizer/utf8.h"

namespace erato {
namespace {

constexpr size_t kMostClusterBytes = 5;

class CharsmapNormalizer final : public Normalizer {
 public:
  explicit CharsmapNormalizer(Charsmap charsmap) : charsmap_(std::move(charsmap)) {}

  void Apply(AlignedText& text) const override {
    AlignedText made(text.aligned());
    const std::string_view from = text.text;
    made.text.reserve(from.size());
    for (size_t at = 0; at < from.size();) {
      const size_t end = ClusterEnd(from, at);
      if (end - at > kMostClusterBytes || !Replace(text, at, end, made)) {
        while (at < end) {
          const size_t next = at + DecodeCodePoint(from, at).bytes;
          if (!Replace(text, at, next, made)) made.AppendFrom(text, at, next);
          at = next;
        }
      }
      at = end;
    }
    text = std::move(made);
  }

 private:
  bool Replace(const AlignedText& text, size_t begin, size_t end, AlignedText& made) const {
    const auto match = charsmap_.Shortest(std::string_view(text.text).substr(begin, end - begin));
    if (match.bytes > 0) made.Append(match.text, text.Origin(begin, end));
    return match.bytes > 0;
  }

  static size_t ClusterEnd(std::string_view text, size_t at) {
    CodePoint left = DecodeCodePoint(text, at);
    at += left.bytes;
    utf8proc_int32_t state = 0;
    while (at < text.size()) {
      const CodePoint right = DecodeCodePoint(text, at);
      if (left.value < 0x80 && right.value < 0x80) {
        if (left.value != '\r' || right.value != '\n') return at;
      } else if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(left.value),
                                                  static_cast<utf8proc_int32_t>(right.value),
                                                  &state)) {
        return at;
      }
      at += right.bytes;
      left = right;
    }
    return at;
  }

  const Charsmap charsmap_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const Normalizer>> NewCharsmapNormalizer(
    const NormalizerSpec& spec) {
  auto charsmap = Charsmap::Parse(spec.text);
  if (!charsmap.ok()) return charsmap.status();
  return std::make_unique<CharsmapNormalizer>(*std::move(charsmap));
}

}  // namespace erato
