#include "samples/search/passages.h"

#include <algorithm>
#include <cctype>

namespace search {
namespace {

// A word that a tokenizer does not know may be one token and a megabyte.
constexpr size_t kBytesPerToken = 16;

/// A line, or a part of one that is too long.
struct Piece {
  std::string_view text;
  size_t line, tokens;
};

bool IsBlank(const Piece& piece) {
  return piece.text.find_first_not_of(" \t\r\f\v") == std::string_view::npos;
}

bool IsIndented(const Piece& piece) { return piece.text[0] == ' ' || piece.text[0] == '\t'; }

bool HasWords(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c >= 0x80 || std::isalnum(c) != 0; });
}

/// Where to cut a line in two: behind a blank, else between two characters.
size_t Middle(std::string_view line) {
  size_t at = line.size() / 2;
  const size_t blank = line.find_last_of(" \t", at);
  if (blank != std::string_view::npos && blank > at / 2) return blank + 1;
  while (at > 0 && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80) --at;  // inside of UTF-8
  return at > 0 ? at : line.size();
}

}  // namespace

std::vector<Passage> SplitPassages(std::string_view text, size_t most_tokens,
                                   const std::function<size_t(const std::string&)>& count_tokens) {
  const size_t most_bytes = most_tokens * kBytesPerToken;
  std::vector<Piece> pieces;
  const std::function<void(std::string_view, size_t)> add_line = [&](std::string_view line,
                                                                     size_t number) {
    const size_t tokens = count_tokens(std::string(line));
    const bool fits = tokens <= most_tokens && line.size() <= most_bytes;
    const size_t middle = fits ? line.size() : Middle(line);
    if (middle == line.size()) return pieces.push_back({line, number, tokens});
    add_line(line.substr(0, middle), number);
    add_line(line.substr(middle), number);
  };
  for (size_t begin = 0, number = 1; begin < text.size(); ++number) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    add_line(text.substr(begin, end - begin), number);
    begin = end + 1;
  }

  std::vector<Passage> passages;
  const auto between = [&](size_t begin, size_t end) {
    const std::string_view last = pieces[end - 1].text;
    const char* const from = pieces[begin].text.data();
    return std::string_view(from, static_cast<size_t>(last.data() + last.size() - from));
  };
  for (size_t begin = 0; begin < pieces.size();) {
    if (IsBlank(pieces[begin])) {
      ++begin;
      continue;
    }
    // As much as fits; back to the last paragraph's end in its second half, best to one before a
    // line without indentation, as functions begin in most languages.
    size_t end = begin + 1, tokens = pieces[begin].tokens, paragraph = 0, section = 0;
    for (; end < pieces.size(); ++end) {
      tokens += pieces[end].tokens;
      if (tokens > most_tokens || between(begin, end + 1).size() > most_bytes) break;
      if (tokens * 2 < most_tokens || IsBlank(pieces[end]) || !IsBlank(pieces[end - 1])) continue;
      (IsIndented(pieces[end]) ? paragraph : section) = end;
    }
    const bool is_cut = end < pieces.size() && !IsBlank(pieces[end]);
    if (is_cut && (section > 0 || paragraph > 0)) end = section > 0 ? section : paragraph;
    size_t last = end;
    while (IsBlank(pieces[last - 1])) --last;
    const std::string_view passage = between(begin, last);
    if (HasWords(passage)) {
      passages.push_back({std::string(passage), pieces[begin].line, pieces[last - 1].line});
    }
    begin = end;
  }
  return passages;
}

}  // namespace search
