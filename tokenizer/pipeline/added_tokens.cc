#include "tokenizer/pipeline/added_tokens.h"

#include <algorithm>
#include <utility>

#include "tokenizer/pipeline/letter_class.h"
#include "tokenizer/utf8.h"

namespace erato {
namespace {

size_t LetterBefore(std::string_view text, size_t at) {
  do --at;
  while ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  return at;
}

bool WordEndsAt(std::string_view text, size_t at) {
  return at > 0 && letter::IsWord(DecodeCodePoint(text, LetterBefore(text, at)).value);
}

bool WordBeginsAt(std::string_view text, size_t at) {
  return at < text.size() && letter::IsWord(DecodeCodePoint(text, at).value);
}

size_t SkipSpaces(std::string_view text, size_t at) {
  while (at < text.size()) {
    const CodePoint c = DecodeCodePoint(text, at);
    if (!letter::IsSpace(c.value)) break;
    at += c.bytes;
  }
  return at;
}

size_t SkipSpacesBack(std::string_view text, size_t at, size_t least) {
  while (at > least) {
    const size_t before = LetterBefore(text, at);
    if (!letter::IsSpace(DecodeCodePoint(text, before).value)) break;
    at = before;
  }
  return std::max(at, least);
}

}  // namespace

AddedTokens::AddedTokens(std::vector<Entry> entries) : entries_(std::move(entries)) {
  std::erase_if(entries_, [](const Entry& e) { return e.text.empty(); });
  std::vector<PieceTrie::Entry> texts;
  for (size_t i = 0; i < entries_.size(); ++i) {
    texts.push_back({entries_[i].text, static_cast<int32_t>(i)});
    first_.set(static_cast<unsigned char>(entries_[i].text[0]));
  }
  trie_ = PieceTrie(std::move(texts));
}

AddedTokens::Match AddedTokens::LongestAt(std::string_view text, size_t at,
                                          size_t trusted_end) const {
  Match best;
  trie_.ForEachAt(text, at, [&](size_t end, int32_t index) {
    const Entry& entry = entries_[static_cast<size_t>(index)];
    if (!entry.needs_trust || end <= trusted_end) best = {&entry, end};
  });
  return best;
}

void AddedTokens::Cut(std::string_view text, TrustCursor trust, std::vector<Part>& out) const {
  size_t done = 0;
  for (size_t at = 0; at < text.size();) {
    Match match;
    if (first_[static_cast<unsigned char>(text[at])]) {
      match = LongestAt(text, at, trust.EndAt(at));
    }
    if (match.entry == nullptr) {
      ++at;
      continue;
    }
    size_t begin = at, end = match.end;
    at = match.end;
    const AddedTokenSpec& spec = match.entry->spec;
    if (spec.single_word && (WordEndsAt(text, begin) || WordBeginsAt(text, end))) continue;
    if (spec.left_strip) begin = SkipSpacesBack(text, begin, done);
    if (spec.right_strip) end = SkipSpaces(text, end);
    if (begin < done) continue;  // in the white space that the last one took
    if (begin > done) out.push_back({done, begin, -1});
    out.push_back({begin, end, spec.id});
    done = end;
    at = std::max(at, done);
  }
  if (done < text.size()) out.push_back({done, text.size(), -1});
}

}  // namespace erato
