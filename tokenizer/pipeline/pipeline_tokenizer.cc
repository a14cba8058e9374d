#include "tokenizer/pipeline/pipeline_tokenizer.h"

#include <algorithm>
#include <utility>

#include "absl/memory/memory.h"
#include "tokenizer/message.h"
#include "tokenizer/special_pieces.h"
#include "tokenizer/vocabulary_checks.h"

namespace erato {
namespace {

using PieceType = Vocabulary::PieceType;

constexpr size_t kMostSteps = 64;
constexpr size_t kMostTemplateParts = 64;

// Steps that each double a text would make of one letter more than there is memory.
constexpr size_t kMostGrowth = 64;

size_t MostBytes(size_t bytes) { return bytes * kMostGrowth + 1024; }

absl::Status TooLong(const char* section, size_t bytes, size_t most) {
  return message::Wrong("[tokenizer ", section, "] text, got ", bytes, " bytes, expected at most ",
                        most, ", ", kMostGrowth, " times what it was");
}

absl::Status CheckTemplate(const std::vector<TemplatePart>& parts, size_t pieces) {
  if (parts.size() > kMostTemplateParts) {
    return message::Wrong("[tokenizer post_processor] template, got ", parts.size(),
                          " parts, expected at most ", kMostTemplateParts);
  }
  for (const TemplatePart& part : parts) {
    for (int32_t id : part.ids) {
      if (id < 0 || id >= static_cast<int64_t>(pieces)) {
        return message::Wrong("[tokenizer post_processor] id, got ", id, ", expected 0 to ", pieces,
                              " - 1");
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Tokenizer>> PipelineTokenizer::Create(
    const TokenizerSpec& spec) {
  auto made = absl::WrapUnique(new PipelineTokenizer);
  absl::Status status = made->ReadVocabulary(spec);
  if (status.ok()) status = made->ReadSteps(spec);
  if (status.ok()) status = made->ReadTemplates(spec);
  if (status.ok()) status = made->ReadAddedTokens(spec);
  if (status.ok()) status = made->ReadTexts(spec);
  if (!status.ok()) return status;
  return made;
}

absl::Status PipelineTokenizer::ReadVocabulary(const TokenizerSpec& spec) {
  Vocabulary& v = vocabulary_;
  v.kind = Vocabulary::Kind::kPipeline;
  v.pieces = spec.model.pieces;
  v.types.assign(v.pieces.size(), PieceType::kNormal);
  for (size_t id = 0; id < v.pieces.size(); ++id) {
    if (v.pieces[id].empty()) v.types[id] = PieceType::kUnused;
  }
  if (spec.model.unknown_id >= 0) v.unknown = spec.model.unknown_id;
  for (size_t id = 0; id < v.pieces.size() && v.unknown < 0; ++id) {
    if (!spec.model.unknown.empty() && v.pieces[id] == spec.model.unknown)
      v.unknown = static_cast<int32_t>(id);
  }
  constexpr int32_t kMostPieces = 1 << 22;
  for (const AddedTokenSpec& token : spec.added_tokens) {
    if (token.id < 0 || token.id >= kMostPieces) {
      return message::Wrong("[tokenizer added_tokens] id, got ", token.id, ", expected 0 to ",
                            kMostPieces, " - 1");
    }
    const auto id = static_cast<size_t>(token.id);
    if (id >= v.pieces.size()) {
      v.pieces.resize(id + 1);
      v.types.resize(id + 1, PieceType::kUnused);
    }
    v.pieces[id] = token.text;
    v.types[id] = token.special ? PieceType::kControl : PieceType::kUserDefined;
  }
  if (v.unknown >= 0 && v.unknown < static_cast<int64_t>(v.types.size())) {
    v.types[static_cast<size_t>(v.unknown)] = PieceType::kUnknown;
  }
  v.bos = spec.bos;
  v.eos = spec.eos;
  v.padding = spec.padding;
  v.end_of_generation = spec.end_of_generation;
  return CheckVocabulary(v);
}

absl::Status PipelineTokenizer::ReadSteps(const TokenizerSpec& spec) {
  if (spec.normalizers.size() > kMostSteps || spec.pre_tokenizers.size() > kMostSteps ||
      spec.decoders.size() > kMostSteps) {
    return message::Wrong("[tokenizer] steps of one kind, got more than ", kMostSteps,
                          ", expected no more");
  }
  for (const NormalizerSpec& step : spec.normalizers) {
    auto made = NewNormalizer(step);
    if (!made.ok()) return made.status();
    normalizers_.push_back(*std::move(made));
  }
  for (const PreTokenizerSpec& step : spec.pre_tokenizers) {
    auto made = NewPreTokenizerStep(step);
    if (!made.ok()) return made.status();
    pre_tokenizers_.push_back(*std::move(made));
    marks_begin_ |= step.kind == PreTokenizerSpec::Kind::kMetaspace &&
                    step.prefix == PreTokenizerSpec::Prefix::kFirst;
  }
  auto model = NewWordModel(spec.model, vocabulary_);
  if (!model.ok()) return model.status();
  model_ = *std::move(model);
  auto decoder = PieceDecoder::Create(spec.decoders);
  if (!decoder.ok()) return decoder.status();
  decoder_ = *std::move(decoder);
  return absl::OkStatus();
}

absl::Status PipelineTokenizer::ReadTemplates(const TokenizerSpec& spec) {
  absl::Status status = CheckTemplate(spec.single, vocabulary_.pieces.size());
  if (status.ok()) status = CheckTemplate(spec.pair, vocabulary_.pieces.size());
  if (!status.ok()) return status;
  single_ = spec.single;
  pair_ = spec.pair;
  if (single_.empty()) single_.emplace_back();
  if (pair_.empty()) {
    pair_.resize(2);
    pair_[1].kind = TemplatePart::Kind::kSecond;
    pair_[1].segment = 1;
  }
  return absl::OkStatus();
}

absl::Status PipelineTokenizer::ReadAddedTokens(const TokenizerSpec& spec) {
  std::vector<AddedTokens::Entry> raw, normal;
  for (const AddedTokenSpec& token : spec.added_tokens) {
    AddedTokens::Entry entry{token.text, token, NeedsTrust(vocabulary_, token.id)};
    if (!token.normalized || entry.needs_trust || normalizers_.empty()) {
      raw.push_back(std::move(entry));
      continue;
    }
    AlignedText text(token.text, 0, /*aligned=*/false);
    if (absl::Status status = Normalize(text); !status.ok()) return status;
    entry.text = std::move(text.text);
    normal.push_back(std::move(entry));
  }
  raw_added_ = AddedTokens(std::move(raw));
  normal_added_ = AddedTokens(std::move(normal));
  return absl::OkStatus();
}

absl::Status PipelineTokenizer::ReadTexts(const TokenizerSpec& spec) {
  texts_.reserve(vocabulary_.pieces.size());
  for (const std::string& piece : vocabulary_.pieces) {
    if (!decoder_.Decode(piece, texts_.emplace_back())) {
      return message::Wrong("[tokenizer decoder] piece ", message::Quoted(piece),
                            ", got a text that grows, expected at most ", kMostGrowth,
                            " times its size");
    }
  }
  if (!decoder_.spells_bytes()) return absl::OkStatus();
  for (const AddedTokenSpec& token : spec.added_tokens) {
    texts_[static_cast<size_t>(token.id)] = token.text;
  }
  return absl::OkStatus();
}

absl::Status PipelineTokenizer::EncodeText(absl::Span<const TextSpan> spans, Output& out) const {
  JoinedText joined;
  if (absl::Status status = joined.Read(spans); !status.ok()) return status;
  std::vector<AddedTokens::Part> parts;
  raw_added_.Cut(joined.text(), TrustCursor(joined.trusted()), parts);
  for (const AddedTokens::Part& part : parts) {
    if (part.id >= 0) {
      out.Add(part.id, {static_cast<uint32_t>(part.begin), static_cast<uint32_t>(part.end)});
      continue;
    }
    absl::Status status =
        EncodeStretch(joined.text().substr(part.begin, part.end - part.begin), part.begin, out);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status PipelineTokenizer::Normalize(AlignedText& text) const {
  const size_t most = MostBytes(text.text.size());
  for (const auto& step : normalizers_) {
    step->Apply(text);
    if (text.text.size() > most) return TooLong("normalizer", text.text.size(), most);
  }
  return absl::OkStatus();
}

absl::Status PipelineTokenizer::EncodeStretch(std::string_view stretch, size_t begin,
                                              Output& out) const {
  // Whether the first letter is still the input's first one can only be told from alignment.
  const bool aligned = out.aligned || (begin == 0 && marks_begin_ && !normalizers_.empty());
  AlignedText text(stretch, begin, aligned);
  if (absl::Status status = Normalize(text); !status.ok()) return status;
  const bool at_begin = begin == 0 && (!aligned || text.Origin(0, 1).begin == 0);
  if (normal_added_.empty()) return EncodeNormal(std::move(text), at_begin, out);
  std::vector<AddedTokens::Part> parts;
  normal_added_.Cut(text.text, TrustCursor({}), parts);
  for (const AddedTokens::Part& part : parts) {
    if (part.id >= 0) {
      out.Add(part.id, text.Origin(part.begin, part.end));
      continue;
    }
    AlignedText between(aligned);
    between.AppendFrom(text, part.begin, part.end);
    absl::Status status = EncodeNormal(std::move(between), at_begin && part.begin == 0, out);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status PipelineTokenizer::EncodeNormal(AlignedText text, bool at_begin, Output& out) const {
  const size_t most = MostBytes(text.text.size());
  CutText cut(std::move(text), at_begin);
  for (const auto& step : pre_tokenizers_) {
    step->Apply(cut);
    if (cut.text.text.size() > most) return TooLong("pre_tokenizer", cut.text.text.size(), most);
  }
  for (const Word& word : cut.words) {
    const std::string_view whole = cut.View(word);
    for (size_t at = 0; at < whole.size();) {
      const size_t end = model_->PartEnd(whole, at);
      EncodePart(cut, {word.begin + at, word.begin + end}, out);
      at = end;
    }
  }
  return absl::OkStatus();
}

void PipelineTokenizer::EncodePart(const CutText& cut, Word part, Output& out) const {
  const std::string_view text = cut.View(part);
  if (!out.aligned && out.scratch.words.Append(text, out.ids)) return;
  out.tokens.clear();
  model_->Encode(text, out.scratch, out.tokens);
  const size_t before = out.ids.size();
  for (const WordToken& token : out.tokens) {
    out.ids.push_back(token.id);
    if (!out.aligned) continue;
    out.offsets.push_back(cut.text.Origin(part.begin + token.begin, part.begin + token.end));
  }
  if (!out.aligned) out.scratch.words.Add(text, absl::MakeConstSpan(out.ids).subspan(before));
}

absl::StatusOr<std::vector<int32_t>> PipelineTokenizer::Encode(absl::Span<const TextSpan> spans,
                                                               const EncodeOptions& options) const {
  Output out;
  if (absl::Status status = EncodeText(spans, out); !status.ok()) return status;
  if (!options.add_special) return std::move(out.ids);
  return Fill(single_, true, {std::move(out.ids), {}, {}}, nullptr).ids;
}

Encoding PipelineTokenizer::Fill(absl::Span<const TemplatePart> parts, bool ends,
                                 const Encoding& first, const Encoding* second) {
  const bool aligned = first.offsets.size() == first.ids.size();
  Encoding made;
  for (const TemplatePart& part : parts) {
    if (part.kind == TemplatePart::Kind::kSpecial) {
      if (!ends) continue;
      made.ids.insert(made.ids.end(), part.ids.begin(), part.ids.end());
      if (aligned) made.offsets.resize(made.ids.size());
    } else {
      const Encoding* text = part.kind == TemplatePart::Kind::kSecond ? second : &first;
      if (text == nullptr) continue;
      made.ids.insert(made.ids.end(), text->ids.begin(), text->ids.end());
      made.offsets.insert(made.offsets.end(), text->offsets.begin(), text->offsets.end());
    }
    made.segments.resize(made.ids.size(), part.segment);
  }
  return made;
}

absl::StatusOr<Encoding> PipelineTokenizer::AddEnds(Encoding first, const Encoding* second) const {
  return Fill(second != nullptr ? pair_ : single_, true, first, second);
}

absl::StatusOr<Encoding> PipelineTokenizer::EncodeDetailed(absl::Span<const TextSpan> first,
                                                           const absl::Span<const TextSpan>* second,
                                                           const EncodeOptions& options) const {
  Output texts[2];
  texts[0].aligned = texts[1].aligned = true;
  absl::Status status = EncodeText(first, texts[0]);
  if (status.ok() && second != nullptr) status = EncodeText(*second, texts[1]);
  if (!status.ok()) return status;
  Encoding encoded[2];
  for (int i = 0; i < 2; ++i) {
    encoded[i].ids = std::move(texts[i].ids);
    encoded[i].offsets = std::move(texts[i].offsets);
  }
  return Fill(second != nullptr ? pair_ : single_, options.add_special, encoded[0], &encoded[1]);
}

void PipelineTokenizer::AppendBytes(int32_t id, bool special, std::string& out) const {
  if (id < 0 || id >= size()) return;
  const auto index = static_cast<size_t>(id);
  const PieceType type = vocabulary_.types[index];
  if ((type == PieceType::kControl || type == PieceType::kUnknown) && !special) return;
  out.append(texts_[index]);
}

DecodeRules PipelineTokenizer::decode_rules() const {
  DecodeRules rules;
  rules.begin_spaces = static_cast<int32_t>(decoder_.begin_spaces());
  rules.last_space = decoder_.drops_last_space();
  return rules;
}

}  // namespace erato
