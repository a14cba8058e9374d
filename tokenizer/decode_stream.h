// Ids that arrive one by one, given out as the bytes of a text: what Tokenizer::Decode says of all.
#ifndef ERATO_TOKENIZER_DECODE_STREAM_H_
#define ERATO_TOKENIZER_DECODE_STREAM_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "tokenizer/tokenizer.h"

namespace erato {

/// Keeps a reference to the tokenizer.
class DecodeStream {
 public:
  /// `special`: control pieces are spelt out.
  DecodeStream(const Tokenizer& tokenizer, bool special)
      : tokenizer_(tokenizer), special_(special), rules_(tokenizer.decode_rules()) {}

  /// Appends what the text has more by `id`: perhaps nothing, perhaps not whole code points.
  /// Where a vocabulary drops the space at a text's end, a space comes with what follows it.
  /// INVALID_ARGUMENT where `id` is out of range; the stream stays as it was.
  absl::Status Push(int32_t id, std::string& out);

 private:
  void DropBeginSpaces();

  const Tokenizer& tokenizer_;
  const bool special_;
  DecodeRules rules_;  // begin_spaces: as many as may still be dropped
  bool begun_ = false;
  bool held_space_ = false;
  std::string piece_;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_DECODE_STREAM_H_
