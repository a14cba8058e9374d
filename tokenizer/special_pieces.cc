#include "tokenizer/special_pieces.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "tokenizer/space_escape.h"

namespace erato {
namespace {

using PieceType = Vocabulary::PieceType;

// Elements of the HTML standard that vocabularies have as user-defined pieces, in order.
constexpr std::string_view kHtmlElements[] = {
    "a",      "abbr",   "b",      "blockquote", "body",  "br",   "button",  "caption", "center",
    "cite",   "code",   "col",    "dd",         "del",   "div",  "dl",      "dt",      "em",
    "figure", "font",   "footer", "form",       "h1",    "h2",   "h3",      "h4",      "h5",
    "h6",     "head",   "header", "hr",         "html",  "i",    "iframe",  "img",     "input",
    "ins",    "kbd",    "label",  "li",         "link",  "main", "mark",    "meta",    "nav",
    "ol",     "option", "p",      "pre",        "q",     "s",    "samp",    "script",  "section",
    "select", "small",  "span",   "strong",     "style", "sub",  "summary", "sup",     "svg",
    "table",  "tbody",  "td",     "textarea",   "tfoot", "th",   "thead",   "title",   "tr",
    "tt",     "u",      "ul",     "var",        "video",
};

bool IsHtmlTag(std::string_view piece) {
  if (piece.front() != '<' || piece.back() != '>') return false;
  piece = piece.substr(1, piece.size() - 2);
  if (piece.front() == '/') piece.remove_prefix(1);
  return std::binary_search(std::begin(kHtmlElements), std::end(kHtmlElements), piece);
}

bool IsMarker(std::string_view piece) {
  if (piece.size() < 3) return false;
  const bool bracketed = (piece.front() == '<' && piece.back() == '>') ||
                         (piece.front() == '[' && piece.back() == ']');
  const bool names_something = std::any_of(piece.begin(), piece.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           static_cast<unsigned char>(c) >= 0x80;
  });
  return bracketed && names_something && !IsHtmlTag(piece);
}

}  // namespace

bool NeedsTrust(const Vocabulary& vocabulary, int32_t id) {
  if (vocabulary.types.empty()) return false;
  switch (vocabulary.types[id]) {
    case PieceType::kControl:
    case PieceType::kUnknown:
      return true;
    case PieceType::kUserDefined:
      return IsMarker(vocabulary.pieces[id]);
    default:
      return false;
  }
}

bool IsSpaceRun(const Vocabulary& vocabulary, int32_t id) {
  if (vocabulary.kind != Vocabulary::Kind::kSentencePieceBpe || vocabulary.types.empty() ||
      vocabulary.inner_symbols) {
    return false;
  }
  if (vocabulary.types[id] != PieceType::kUserDefined) return false;
  std::string text;
  AppendUnescaped(vocabulary.pieces[id], text);
  return !text.empty() && text.find_first_not_of(' ') == std::string::npos;
}

SpecialPieces::SpecialPieces(const Vocabulary& vocabulary) {
  const bool spaces_are_escaped = vocabulary.kind != Vocabulary::Kind::kByteBpe;
  for (size_t i = 0; i < vocabulary.types.size(); ++i) {
    const PieceType type = vocabulary.types[i];
    const bool special = type == PieceType::kControl || type == PieceType::kUserDefined ||
                         type == PieceType::kUnknown;
    const int32_t id = static_cast<int32_t>(i);
    if (!special || vocabulary.pieces[i].empty() || IsSpaceRun(vocabulary, id)) continue;
    if (vocabulary.inner_symbols && !NeedsTrust(vocabulary, id)) continue;
    std::string text;
    if (spaces_are_escaped) {
      AppendUnescaped(vocabulary.pieces[i], text);
    } else {
      text = vocabulary.pieces[i];
    }
    entries_.push_back({std::move(text), id, NeedsTrust(vocabulary, id)});
  }
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](auto& a, auto& b) { return a.text < b.text; });
  // Of several pieces with one text the lowest id stands for all; it needs trust if any of them
  // does.
  size_t kept = 0;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (kept > 0 && entries_[kept - 1].text == entries_[i].text) {
      entries_[kept - 1].needs_trust |= entries_[i].needs_trust;
    } else {
      if (kept != i) entries_[kept] = std::move(entries_[i]);
      ++kept;
    }
  }
  entries_.resize(kept);
  for (const Entry& entry : entries_) ++first_[Byte(entry.text[0]) + 1];
  for (size_t b = 0; b < 256; ++b) first_[b + 1] += first_[b];
}

SpecialPieces::Match SpecialPieces::At(std::string_view text, size_t at, size_t trusted_end) const {
  Match best;
  auto low = entries_.begin() + first_[Byte(text[at])];
  auto high = entries_.begin() + first_[Byte(text[at]) + 1];
  // All entries of [low, high) share `depth` bytes with the text; a shorter entry sorts before its
  // extensions.
  for (size_t depth = 1; low != high; ++depth) {
    if (low->text.size() == depth) {
      if (!low->needs_trust || at + depth <= trusted_end) best = {low->id, depth};
      ++low;
    }
    if (at + depth == text.size()) break;
    const size_t next = Byte(text[at + depth]);
    low =
        std::partition_point(low, high, [&](const Entry& e) { return Byte(e.text[depth]) < next; });
    high = std::partition_point(low, high,
                                [&](const Entry& e) { return Byte(e.text[depth]) == next; });
  }
  return best;
}

}  // namespace erato
