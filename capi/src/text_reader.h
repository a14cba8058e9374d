// From a text, or a pair of texts, to the ids that a model which reads texts is given: prompt in
// front, ends around, and cut only where the caller said so.
#ifndef ERATO_CAPI_SRC_TEXT_READER_H_
#define ERATO_CAPI_SRC_TEXT_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "capi/src/loaded_model.h"
#include "capi/src/read_options.h"
#include "tokenizer/tokenizer.h"

namespace erato::capi {

/// Most tokens of one text or pair: option max_tokens, or what the model is meant for.
/// INVALID_ARGUMENT where that is more than it takes.
absl::StatusOr<int32_t> MostTokens(const LoadedModel& model, const ReadSettings& settings);

struct ReadText {
  std::vector<int32_t> ids, segments;
  std::vector<ByteRange> offsets;  // in the text, where they were asked for
  size_t left_out = 0;             // tokens that truncation took
};

/// Borrows model and settings. Errors name no text: whoever has several adds which.
class TextReader {
 public:
  /// UNSUPPORTED where the model has no tokenizer, INVALID_ARGUMENT for a prompt that it does not
  /// have or more tokens than it takes.
  static absl::StatusOr<TextReader> Create(const LoadedModel& model, const ReadSettings& settings);

  absl::StatusOr<ReadText> Read(std::string_view text) const;
  /// With offsets, and without a prompt.
  absl::StatusOr<ReadText> ReadAligned(std::string_view text) const;

  /// The first of a pair, for as many seconds as there are.
  absl::StatusOr<Encoding> ReadFirst(std::string_view text) const;
  absl::StatusOr<ReadText> ReadPair(const Encoding& first, std::string_view second) const;
  /// A query and a document, as the model's own template for both has them.
  absl::StatusOr<ReadText> ReadTemplate(const std::string& source, std::string_view query,
                                        std::string_view document) const;

 private:
  TextReader(const Tokenizer& tokenizer, const ReadSettings& settings)
      : tokenizer_(&tokenizer), settings_(&settings) {}
  absl::StatusOr<Encoding> Encode(absl::Span<const TextSpan> spans, bool aligned) const;
  absl::StatusOr<ReadText> Finish(Encoding first, const Encoding* second) const;
  absl::StatusOr<size_t> Shorten(Encoding& first, Encoding* second) const;

  const Tokenizer* tokenizer_;
  const ReadSettings* settings_;
  std::string prefix_;
  size_t most_ = 0;                  // tokens of one text or pair, ends included
  size_t ends_ = 0, pair_ends_ = 0;  // tokens that are added to one text, to a pair
};

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_TEXT_READER_H_
