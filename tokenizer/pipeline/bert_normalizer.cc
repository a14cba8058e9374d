// BERT's normaliser (Devlin et al. 2018, tokenization.py of its release): control characters go,
// white space becomes a space, ideographs get spaces around them, accents go, letters become small.
#include <utf8proc.h>

#include <memory>

#include "tokenizer/normal_form.h"
#include "tokenizer/pipeline/letter_class.h"
#include "tokenizer/pipeline/normalize.h"
#include "tokenizer/pipeline/rewrite.h"

namespace erato {
namespace {

class BertNormalizer final : public Normalizer {
 public:
  explicit BertNormalizer(const NormalizerSpec& spec)
      : clean_(spec.clean_text),
        space_ideographs_(spec.space_ideographs),
        strip_accents_(spec.strip_accents),
        lowercase_(spec.lowercase) {}

  void Apply(AlignedText& text) const override {
    if (clean_ || space_ideographs_) {
      RewriteLetters(text, [this](char32_t value, std::string_view letter, std::string& out) {
        Clean(value, letter, out);
      });
    }
    if (strip_accents_) ApplyNormalForm(text, NormalForm::kD);
    if (!strip_accents_ && !lowercase_) return;
    RewriteLetters(text, [this](char32_t value, std::string_view letter, std::string& out) {
      if (strip_accents_ && letter::IsNonspacing(value)) return;
      if (lowercase_) {
        AppendLower(value, letter, out);
      } else {
        out.append(letter);
      }
    });
  }

 private:
  void Clean(char32_t value, std::string_view letter, std::string& out) const {
    if (clean_) {
      if (value == 0 || value == 0xFFFD || letter::IsControl(value)) return;
      if (letter::IsSpace(value)) {
        out.push_back(' ');
        return;
      }
    }
    const bool spaced = space_ideographs_ && letter::IsIdeograph(value);
    if (spaced) out.push_back(' ');
    out.append(letter);
    if (spaced) out.push_back(' ');
  }

  const bool clean_, space_ideographs_, strip_accents_, lowercase_;
};

}  // namespace

void AppendLower(char32_t value, std::string_view letter, std::string& out) {
  if (value < 0x80) {
    out.push_back(static_cast<char>(value >= 'A' && value <= 'Z' ? value + 32 : value));
  } else if (value == 0x130) {  // the one letter whose small form is two (SpecialCasing.txt)
    out.append("i\u0307");
  } else {
    const auto lower =
        static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(value)));
    if (lower == value) {
      out.append(letter);
    } else {
      AppendUtf8(lower, out);
    }
  }
}

std::unique_ptr<const Normalizer> NewBertNormalizer(const NormalizerSpec& spec) {
  return std::make_unique<BertNormalizer>(spec);
}

}  // namespace erato
