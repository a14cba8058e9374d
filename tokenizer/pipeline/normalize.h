// The steps that rewrite a text before it is cut into words.
#ifndef ERATO_TOKENIZER_PIPELINE_NORMALIZE_H_
#define ERATO_TOKENIZER_PIPELINE_NORMALIZE_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "tokenizer/normal_form.h"
#include "tokenizer/pipeline/aligned_text.h"
#include "tokenizer/pipeline/spec.h"

namespace erato {

/// One step, ready to run; safe to use from any number of threads.
class Normalizer {
 public:
  virtual ~Normalizer() = default;
  /// Rewrites well-formed text; it stays well-formed. Time is linear in the text, but for sorting
  /// within one run of combining marks.
  virtual void Apply(AlignedText& text) const = 0;
};

/// Errors: a charsmap that is none, a pattern that we cannot run.
absl::StatusOr<std::unique_ptr<const Normalizer>> NewNormalizer(const NormalizerSpec& spec);

// Those that have a file of their own, and what they share.
std::unique_ptr<const Normalizer> NewBertNormalizer(const NormalizerSpec& spec);
absl::StatusOr<std::unique_ptr<const Normalizer>> NewCharsmapNormalizer(const NormalizerSpec& spec);
void ApplyNormalForm(AlignedText& text, NormalForm form);
/// Spells each byte as a letter of GPT-2's alphabet.
void SpellAsBytes(AlignedText& text);
/// Appends the small form of a code point, which is spelt `letter`.
void AppendLower(char32_t value, std::string_view letter, std::string& out);

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_NORMALIZE_H_
