#include "capi/src/banned_words.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace erato::capi {

BannedWords::BannedWords(const Tokenizer* tokenizer, std::vector<std::string> words)
    : tokenizer_(tokenizer) {
  for (std::string& word : words) {
    longest_ = std::max(longest_, word.size());
    words_.push_back({std::move(word), {}});
    words_.back().completions.resize(words_.back().text.size());
  }
  std::string bytes;
  for (int32_t id = 0; id < tokenizer->size(); ++id) {
    bytes.clear();
    tokenizer->AppendBytes(id, false, bytes);
    const std::string_view token(bytes);
    for (Word& word : words_) {
      const std::string_view text(word.text);
      if (token.find(text) != std::string_view::npos) word.completions[0].push_back(id);
      // A tail that is longer than the token cannot be what it begins with.
      const size_t first = text.size() > token.size() ? text.size() - token.size() : 1;
      for (size_t i = std::max<size_t>(first, 1); i < text.size(); ++i) {
        if (token.substr(0, text.size() - i) == text.substr(i)) word.completions[i].push_back(id);
      }
    }
  }
}

/// end_ becomes the last longest_ - 1 bytes of the answer, or more.
void BannedWords::ReadEnd(absl::Span<const int32_t> answer) const {
  size_t tokens = 0, bytes = 0;
  while (tokens < answer.size() && bytes + 1 < longest_) {
    ++tokens;
    piece_.clear();
    tokenizer_->AppendBytes(answer[answer.size() - tokens], false, piece_);
    bytes += piece_.size();
  }
  end_.clear();
  for (int32_t id : answer.last(tokens)) tokenizer_->AppendBytes(id, false, end_);
}

void BannedWords::Forbid(absl::Span<const int32_t> answer, absl::Span<float> logits) const {
  ReadEnd(answer);
  const std::string_view end(end_);
  for (const Word& word : words_) {
    for (size_t i = 0; i < word.text.size(); ++i) {
      if (word.completions[i].empty() || i > end.size() ||
          end.substr(end.size() - i) != std::string_view(word.text).substr(0, i)) {
        continue;
      }
      for (int32_t id : word.completions[i]) {
        logits[static_cast<size_t>(id)] = -std::numeric_limits<float>::infinity();
      }
    }
  }
}

std::vector<uint8_t> TokensThatHold(const Tokenizer& tokenizer, int32_t vocabulary,
                                    const std::vector<std::string>& texts) {
  std::vector<uint8_t> hold(static_cast<size_t>(vocabulary));
  std::string bytes;
  for (int32_t id = 0; id < std::min(vocabulary, tokenizer.size()); ++id) {
    bytes.clear();
    tokenizer.AppendBytes(id, false, bytes);
    for (const std::string& text : texts) {
      if (bytes.find(text) != std::string::npos) hold[static_cast<size_t>(id)] = 1;
    }
  }
  return hold;
}

}  // namespace erato::capi
