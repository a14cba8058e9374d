#include "tokenizer/tokenizer.h"

#include <algorithm>
#include <utility>

#include "tokenizer/byte_bpe.h"
#include "tokenizer/decode_stream.h"
#include "tokenizer/message.h"
#include "tokenizer/pipeline/letter_bpe_vocabulary.h"
#include "tokenizer/pipeline/pipeline_tokenizer.h"
#include "tokenizer/pipeline/word_piece_vocabulary.h"
#include "tokenizer/sentencepiece.h"
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

absl::Status NoPair() {
  return absl::UnimplementedError(
      "[tokenizer] pair of texts, got two, expected one: the vocabulary has no form for a pair");
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Tokenizer>> Tokenizer::Create(Vocabulary vocabulary) {
  if (absl::Status status = CheckVocabulary(vocabulary); !status.ok()) return status;
  LabelMarkers(vocabulary);
  switch (vocabulary.kind) {
    case Vocabulary::Kind::kSentencePieceBpe:
    case Vocabulary::Kind::kUnigram:
      return SentencePiece::Create(std::move(vocabulary));
    case Vocabulary::Kind::kWordPiece: {
      auto spec = WordPieceSpec(vocabulary);
      if (!spec.ok()) return spec.status();
      return PipelineTokenizer::Create(*spec);
    }
    case Vocabulary::Kind::kLetterBpe: {
      auto spec = LetterBpeSpec(vocabulary);
      if (!spec.ok()) return spec.status();
      return PipelineTokenizer::Create(*spec);
    }
    case Vocabulary::Kind::kPipeline:
      return message::Wrong("[vocabulary] kind, got a pipeline, expected its specification");
    case Vocabulary::Kind::kByteBpe:
      break;
  }
  return ByteBpe::Create(std::move(vocabulary));
}

absl::StatusOr<std::vector<int32_t>> Tokenizer::Encode(std::string_view text, bool trusted,
                                                       const EncodeOptions& options) const {
  const TextSpan span{text, trusted};
  return Encode(absl::MakeConstSpan(&span, 1), options);
}

// Words are not rewritten here: what an id decodes to is the text that it came from.
absl::StatusOr<Encoding> Tokenizer::EncodeDetailed(absl::Span<const TextSpan> first,
                                                   const absl::Span<const TextSpan>* second,
                                                   const EncodeOptions& options) const {
  if (second != nullptr) {
    if (!options.add_special) return NoPair();
    auto one = EncodeDetailed(first, nullptr, EncodeOptions{});
    if (!one.ok()) return one;
    auto other = EncodeDetailed(*second, nullptr, EncodeOptions{});
    if (!other.ok()) return other;
    return AddEnds(*std::move(one), &*other);
  }
  auto ids = Encode(first, EncodeOptions{});
  if (!ids.ok()) return ids.status();
  std::string text, bytes;
  for (const TextSpan& span : first) text.append(span.text);
  Encoding made;
  size_t at = 0;
  for (int32_t id : *ids) {
    bytes.clear();
    AppendBytes(id, /*special=*/true, bytes);
    std::string_view known = bytes;
    if (!std::string_view(text).substr(at).starts_with(known) && known.starts_with(' ')) {
      known.remove_prefix(1);
    }
    if (!std::string_view(text).substr(at).starts_with(known)) {
      return absl::UnimplementedError(
          absl::StrCat("[tokenizer] offsets, got a text that is normalised at byte ", at,
                       ", expected one that ", "stays as it is"));
    }
    const size_t end = at + known.size();
    made.offsets.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(end)});
    at = end;
  }
  made.ids = *std::move(ids);
  if (options.add_special) return AddEnds(std::move(made), nullptr);
  made.segments.assign(made.ids.size(), 0);
  return made;
}

// A pair is BOS first EOS separator second EOS, as XLM-R has it and llama.cpp's reranking.
absl::StatusOr<Encoding> Tokenizer::AddEnds(Encoding first, const Encoding* second) const {
  const Vocabulary& v = vocabulary();
  if (second != nullptr && (v.separator < 0 || !v.add_eos)) return NoPair();
  const bool aligned = first.offsets.size() == first.ids.size();
  if (v.add_bos && (first.ids.empty() || first.ids.front() != v.bos)) {
    first.ids.insert(first.ids.begin(), v.bos);
    if (aligned) first.offsets.insert(first.offsets.begin(), ByteRange());
  }
  const auto end = [&] {
    if (v.add_eos && (first.ids.empty() || first.ids.back() != v.eos)) first.ids.push_back(v.eos);
    if (aligned) first.offsets.resize(first.ids.size());
  };
  end();
  if (second != nullptr) {
    first.ids.push_back(v.separator);
    if (aligned) first.offsets.emplace_back();
    first.ids.insert(first.ids.end(), second->ids.begin(), second->ids.end());
    first.offsets.insert(first.offsets.end(), second->offsets.begin(), second->offsets.end());
    end();
  }
  first.segments.assign(first.ids.size(), 0);
  return first;
}

absl::StatusOr<std::string> Tokenizer::Decode(absl::Span<const int32_t> ids, bool special) const {
  std::string out;
  DecodeStream stream(*this, special);
  for (size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] < 0 || ids[i] >= size()) {
      return message::Wrong("[tokenizer] id at index ", i, ", got ", ids[i], ", expected 0 to ",
                            size() - 1);
    }
    if (absl::Status status = stream.Push(ids[i], out); !status.ok()) return status;
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
