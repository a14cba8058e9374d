#include "samples/search/passages.h"

#include <algorithm>
#include <cctype>

namespace search {
namespace {

// A word that a tokenizer does not know may be one token and a megabyte.
constexpr size_t kBytesPerToken = 16;
constexpr size_t kOverlapPieces = 2;
constexpr size_t kOverlapShare = 8;  // of the budget, at most one part of so many

/// A line, or a part of one that is too long.
struct Piece {
  std::string_view text;
  size_t line, tokens;
  bool blank;
};

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\f\v") == std::string_view::npos;
}

bool HasWords(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c >= 0x80 || std::isalnum(c) != 0; });
}

/// Where to cut a line in two: after the last blank of the first half, else between characters.
size_t Middle(std::string_view line) {
  size_t at = line.size() / 2;
  const size_t blank = line.find_last_of(" \t", at);
  if (blank != std::string_view::npos && blank > at / 2) return blank + 1;
  while (at > 0 && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80) --at;  // inside of UTF-8
  return at > 0 ? at : line.size();
}

std::string_view Between(const Piece& first, const Piece& last) {
  const char* const end = last.text.data() + last.text.size();
  return {first.text.data(), static_cast<size_t>(end - first.text.data())};
}

class Cutter {
 public:
  Cutter(size_t most_tokens, const TokenCount& count) : most_tokens_(most_tokens), count_(count) {}

  void AddLines(std::string_view text) {
    for (size_t begin = 0, line = 1; begin < text.size(); ++line) {
      const size_t end = std::min(text.find('\n', begin), text.size());
      AddLine(text.substr(begin, end - begin), line);
      begin = end + 1;
    }
  }

  std::vector<Passage> Cut() const {
    std::vector<Passage> passages;
    for (size_t begin = 0; begin < pieces_.size();) {
      if (pieces_[begin].blank) {
        ++begin;
        continue;
      }
      const size_t full = Fill(begin);
      const size_t end = full == pieces_.size() ? full : BestEnd(begin, full);
      Add(begin, end, passages);
      const bool between = end == pieces_.size() || pieces_[end].blank || pieces_[end - 1].blank;
      const size_t again = between ? end : Overlap(end);
      begin = Fill(again) > end ? std::max(begin + 1, again) : end;
    }
    return passages;
  }

 private:
  void AddLine(std::string_view line, size_t number) {
    const size_t tokens = count_(line);
    const bool fits = tokens <= most_tokens_ && line.size() <= most_tokens_ * kBytesPerToken;
    const size_t middle = fits ? line.size() : Middle(line);
    if (middle == line.size()) {
      pieces_.push_back({line, number, tokens, IsBlank(line)});
      return;
    }
    AddLine(line.substr(0, middle), number);
    AddLine(line.substr(middle), number);
  }

  /// The first piece that does not fit behind `begin` any more.
  size_t Fill(size_t begin) const {
    size_t end = begin, tokens = 0;
    for (; end < pieces_.size(); ++end) {
      const Piece& piece = pieces_[end];
      const size_t bytes = Between(pieces_[begin], piece).size();
      tokens += piece.tokens;
      if (end > begin && (tokens > most_tokens_ || bytes > most_tokens_ * kBytesPerToken)) break;
    }
    return end;
  }

  /// How good a passage's end before `end` would be: 2 between paragraphs of which the second is
  /// not indented (functions in most languages), 1 between others, 0 elsewhere.
  int Quality(size_t end) const {
    if (!pieces_[end].blank && !pieces_[end - 1].blank) return 0;
    while (end < pieces_.size() && pieces_[end].blank) ++end;
    if (end == pieces_.size()) return 2;
    const char first = pieces_[end].text[0];
    return first == ' ' || first == '\t' ? 1 : 2;
  }

  /// The best end in the second half of what would fit, the last of equals.
  size_t BestEnd(size_t begin, size_t full) const {
    size_t total = 0, best = full;
    for (size_t i = begin; i < full; ++i) total += pieces_[i].tokens;
    int quality = Quality(full);
    for (size_t end = full, tokens = total; end > begin + 1 && quality < 2;) {
      tokens -= pieces_[--end].tokens;
      if (tokens * 2 < total) break;
      if (const int here = Quality(end); here > quality) {
        quality = here;
        best = end;
      }
    }
    return best;
  }

  size_t Overlap(size_t end) const {
    size_t begin = end, tokens = 0;
    while (begin > 0 && end - begin < kOverlapPieces) {
      tokens += pieces_[begin - 1].tokens;
      if (tokens * kOverlapShare > most_tokens_) break;
      --begin;
    }
    return begin;
  }

  void Add(size_t begin, size_t end, std::vector<Passage>& passages) const {
    while (end > begin + 1 && pieces_[end - 1].blank) --end;
    const Piece &first = pieces_[begin], &last = pieces_[end - 1];
    const std::string_view text = Between(first, last);
    if (HasWords(text)) passages.push_back({text, first.line, last.line});
  }

  const size_t most_tokens_;
  const TokenCount& count_;
  std::vector<Piece> pieces_;
};

}  // namespace

std::vector<Passage> SplitPassages(std::string_view text, size_t most_tokens,
                                   const TokenCount& count) {
  Cutter cutter(most_tokens, count);
  cutter.AddLines(text);
  return cutter.Cut();
}

}  // namespace search
