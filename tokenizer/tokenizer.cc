#include "tokenizer/tokenizer.h"

#include <algorithm>
#include <utility>

#include "tokenizer/byte_bpe.h"
#include "tokenizer/message.h"
#include "tokenizer/sentencepiece_bpe.h"
#include "tokenizer/vocabulary_checks.h"

namespace erato {
namespace {

using PieceType = Vocabulary::PieceType;

// Files that forget types, or call their end marker normal: what a vocabulary itself names as its
// begin or end, and what looks like a marker, is a control piece.
void LabelMarkers(Vocabulary& v) {
  std::vector<int32_t> ids = v.end_of_generation;
  ids.insert(ids.end(), {v.bos, v.eos});
  for (int32_t id : ids) {
    if (id < 0) continue;
    const std::string& piece = v.pieces[id];
    const bool marker = (piece.starts_with('<') && piece.ends_with('>')) ||
                        (piece.starts_with('[') && piece.ends_with(']'));
    if (!marker) continue;
    if (v.types.empty()) v.types.assign(v.pieces.size(), PieceType::kNormal);
    if (v.types[id] != PieceType::kUnknown) v.types[id] = PieceType::kControl;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Tokenizer>> Tokenizer::Create(Vocabulary vocabulary) {
  if (absl::Status status = CheckVocabulary(vocabulary); !status.ok()) return status;
  LabelMarkers(vocabulary);
  if (vocabulary.kind == Vocabulary::Kind::kSentencePieceBpe)
    return SentencePieceBpe::Create(std::move(vocabulary));
  return ByteBpe::Create(std::move(vocabulary));
}

absl::StatusOr<std::vector<int32_t>> Tokenizer::Encode(std::string_view text, bool trusted,
                                                       const EncodeOptions& options) const {
  const TextSpan span{text, trusted};
  return Encode(absl::MakeConstSpan(&span, 1), options);
}

absl::StatusOr<std::string> Tokenizer::Decode(absl::Span<const int32_t> ids, bool special) const {
  std::string out;
  bool at_begin = drops_leading_space();
  for (size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] < 0 || ids[i] >= size()) {
      return message::Wrong("[tokenizer] id at index ", i, ", got ", ids[i], ", expected 0 to ",
                            size() - 1);
    }
    const size_t before = out.size();
    AppendBytes(ids[i], special, out);
    if (!at_begin || IsControl(ids[i]) || out.size() == before) continue;
    if (out[before] == ' ') out.erase(before, 1);
    at_begin = false;
  }
  return out;
}

bool Tokenizer::IsEndOfGeneration(int32_t id) const {
  const Vocabulary& v = vocabulary();
  if (id < 0) return false;
  return id == v.eos || std::find(v.end_of_generation.begin(), v.end_of_generation.end(), id) !=
                            v.end_of_generation.end();
}

bool Tokenizer::IsControl(int32_t id) const {
  const Vocabulary& v = vocabulary();
  if (id < 0 || id >= size() || v.types.empty()) return false;
  return v.types[id] == PieceType::kControl || v.types[id] == PieceType::kUnknown;
}

}  // namespace erato
