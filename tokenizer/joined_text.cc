#include "tokenizer/joined_text.h"

#include "tokenizer/message.h"
#include "tokenizer/utf8_stream.h"

namespace erato {
namespace {

constexpr size_t kMostTextBytes = size_t{1} << 30;  // positions are 32-bit

}  // namespace

absl::Status JoinedText::Read(absl::Span<const TextSpan> spans) {
  size_t bytes = 0;
  for (const TextSpan& span : spans) {
    if (span.text.size() > kMostTextBytes - bytes) {
      return message::Wrong("[tokenizer] text, got more than ", kMostTextBytes,
                            " bytes, expected no more");
    }
    bytes += span.text.size();
  }
  text_ = spans.empty() ? std::string_view() : spans[0].text;
  if (spans.size() > 1) joined_.reserve(bytes);
  size_t at = 0;
  for (const TextSpan& span : spans) {
    if (spans.size() > 1) joined_.append(span.text);
    const size_t begin = at;
    at += span.text.size();
    if (!span.trusted || span.text.empty()) continue;
    if (!trusted_.empty() && trusted_.back().end == begin) {
      trusted_.back().end = at;
    } else {
      trusted_.push_back({begin, at});
    }
  }
  if (spans.size() > 1) text_ = joined_;
  if (const size_t bad = FindInvalidUtf8(text_); bad != std::string_view::npos) {
    const absl::Hex byte(static_cast<unsigned char>(text_[bad]), absl::kZeroPad2);
    return message::Wrong("[tokenizer] text, got byte 0x", byte, " at offset ", bad,
                          ", expected UTF-8");
  }
  return absl::OkStatus();
}

}  // namespace erato
