#include "tokenizer/sentencepiece.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/memory/memory.h"
#include "tokenizer/space_escape.h"
#include "tokenizer/vocabulary_checks.h"

namespace erato {

using PieceType = Vocabulary::PieceType;

absl::StatusOr<std::unique_ptr<const Tokenizer>> SentencePiece::Create(Vocabulary vocabulary) {
  auto made = absl::WrapUnique(new SentencePiece(std::move(vocabulary)));
  auto text = SentencePieceText::Create(made->vocabulary());
  if (!text.ok()) return text.status();
  made->text_ = *std::move(text);
  made->ReadBytes();
  if (made->vocabulary().kind == Vocabulary::Kind::kUnigram) {
    made->ReadUnigram();
  } else {
    made->bpe_.emplace(made->vocabulary());
  }
  return made;
}

SentencePiece::SentencePiece(Vocabulary vocabulary) : StretchTokenizer(std::move(vocabulary)) {
  byte_ids_.fill(-1);
}

void SentencePiece::ReadBytes() {
  for (int32_t id = size() - 1; id >= 0; --id) {  // downwards: the lowest id of a byte stays
    if (TypeOf(id) != PieceType::kByte) continue;
    if (const std::optional<unsigned char> byte = ParseBytePiece(vocabulary().pieces[id])) {
      byte_ids_[*byte] = id;
      has_bytes_ = true;
    }
  }
}

// As SentencePiece has it: also where spaces are put behind words.
DecodeRules SentencePiece::decode_rules() const {
  const Vocabulary& v = vocabulary();
  DecodeRules rules;
  if (v.remove_extra_whitespace) {
    rules.begin_spaces = std::numeric_limits<int32_t>::max();
  } else if (v.add_space_prefix) {
    rules.begin_spaces = 1;
  }
  rules.one_a_piece = rules.past_control = true;
  return rules;
}

void SentencePiece::ReadUnigram() {
  const Vocabulary& v = vocabulary();
  std::vector<PieceTrie::Entry> entries;
  // SentencePiece begins its search for the best at the least positive number.
  float best = std::numeric_limits<float>::min(), worst = std::numeric_limits<float>::max();
  for (int32_t id = 0; id < size(); ++id) {
    const PieceType type = TypeOf(id);
    if (type == PieceType::kNormal) {
      best = std::max(best, v.scores[id]);
      worst = std::min(worst, v.scores[id]);
    }
    if (type == PieceType::kNormal || (type == PieceType::kUserDefined && !NeedsTrust(v, id))) {
      entries.push_back({v.pieces[id], id});
    }
  }
  if (worst == std::numeric_limits<float>::max()) worst = 0;  // no normal pieces
  best_score_ = best;
  unigram_.emplace(std::move(entries), worst - static_cast<float>(kUnknownPenalty));
}

// A defined symbol is worth a little less than the best piece for each of its bytes: it wins.
double SentencePiece::ScoreOf(int32_t id, size_t bytes) const {
  if (TypeOf(id) != PieceType::kUserDefined) return vocabulary().scores[id];
  return static_cast<float>(bytes) * best_score_ - 0.1;
}

void SentencePiece::EncodeStretch(std::string_view stretch, Scratch& scratch,
                                  std::vector<int32_t>& out) const {
  std::string& text = scratch.text;
  text_.Prepare(stretch, text);
  if (text.empty()) return;
  if (unigram_.has_value()) {
    EncodeUnigram(text, out);
  } else {
    EncodeBpe(text, scratch, out);
  }
}

// Defined symbols stand for themselves, and merging goes on between them.
void SentencePiece::EncodeBpe(std::string_view text, Scratch& scratch,
                              std::vector<int32_t>& out) const {
  const auto unknown = [this](std::string_view bytes, std::vector<int32_t>& ids) {
    AppendUnknown(bytes, ids);
  };
  size_t begin = 0;
  for (size_t at = 0; !text_.symbols().empty() && at < text.size();) {
    const PieceTrie::Match symbol = text_.symbols().Longest(text, at);
    if (symbol.id < 0) {
      ++at;
      continue;
    }
    bpe_->Encode(text.substr(begin, at - begin), scratch, out, unknown);
    out.push_back(symbol.id);
    begin = at += symbol.bytes;
  }
  bpe_->Encode(text.substr(begin), scratch, out, unknown);
}

void SentencePiece::EncodeUnigram(std::string_view text, std::vector<int32_t>& out) const {
  unigram_->Encode(
      text, [this](int32_t id, size_t bytes) { return ScoreOf(id, bytes); },
      [&](size_t begin, size_t end, int32_t id) {
        if (id >= 0) {
          out.push_back(id);
        } else {
          AppendUnknown(text.substr(begin, end - begin), out);
        }
      });
}

void SentencePiece::AppendUnknown(std::string_view bytes, std::vector<int32_t>& out) const {
  if (has_bytes_) {
    for (char c : bytes) out.push_back(byte_ids_[static_cast<unsigned char>(c)]);
  } else if (out.empty() || out.back() != vocabulary().unknown) {  // one for a run of them
    out.push_back(vocabulary().unknown);
  }
}

void SentencePiece::AppendPiece(int32_t id, std::string& out) const {
  const std::string& piece = vocabulary().pieces[id];
  if (TypeOf(id) == PieceType::kByte) {
    if (const std::optional<unsigned char> byte = ParseBytePiece(piece))
      out.push_back(static_cast<char>(*byte));
    return;
  }
  AppendUnescaped(piece, out);
}

}  // namespace erato
