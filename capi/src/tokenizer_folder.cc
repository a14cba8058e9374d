#include "capi/src/tokenizer_folder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "capi/src/tokenizer_json.h"
#include "capi/src/tokenizer_names.h"
#include "capi/src/vocabulary.h"
#include "core/base/concat.h"
#include "core/base/status.h"
#include "tokenizer/pipeline/pipeline_tokenizer.h"
#include "tokenizer/sentencepiece_model.h"

namespace erato::capi {
namespace {

using TokenizerOr = absl::StatusOr<std::unique_ptr<const Tokenizer>>;
using PieceType = Vocabulary::PieceType;

constexpr size_t kMostBytes = size_t{64} << 20;

int32_t IdOf(const std::vector<std::string>& pieces, std::string_view text) {
  if (text.empty()) return -1;
  const auto found = std::find(pieces.begin(), pieces.end(), text);
  return found == pieces.end() ? -1 : static_cast<int32_t>(found - pieces.begin());
}

int32_t IdOf(const TokenizerSpec& spec, std::string_view text) {
  for (const AddedTokenSpec& token : spec.added_tokens) {
    if (token.text == text && !text.empty()) return token.id;
  }
  return IdOf(spec.model.pieces, text);
}

// Begin, end and padding; what ends an answer.
void SetEnds(const TokenizerNames& names, const std::vector<int32_t>& end_ids,
             TokenizerSpec& spec) {
  spec.bos = IdOf(spec, names.bos);
  spec.eos = IdOf(spec, names.eos);
  spec.padding = IdOf(spec, names.padding);
  int32_t most = static_cast<int32_t>(spec.model.pieces.size());
  for (const AddedTokenSpec& token : spec.added_tokens) {
    most = std::max(most, token.id + 1);
    if (IsEndMarker(token.text)) spec.end_of_generation.push_back(token.id);
  }
  for (int32_t id : end_ids) {
    if (id >= 0 && id < most) spec.end_of_generation.push_back(id);
  }
}

void AddSpecial(const std::string& text, TokenizerSpec& spec) {
  AddedTokenSpec token;
  token.id = IdOf(spec, text);
  token.text = text;
  token.special = true;
  const bool known = std::any_of(spec.added_tokens.begin(), spec.added_tokens.end(),
                                 [&](const auto& other) { return other.text == text; });
  if (token.id >= 0 && !known) spec.added_tokens.push_back(std::move(token));
}

TokenizerOr FromTokenizerJson(const std::string& text, const TokenizerNames& names,
                              const std::vector<int32_t>& end_ids,
                              std::vector<std::string>& notes) {
  ERATO_ASSIGN_OR_RETURN(const Json json, ParseJson(text, "tokenizer.json"));
  ERATO_ASSIGN_OR_RETURN(TokenizerSpec spec, TokenizerSpecFromJson(json));
  if (spec.truncation_tokens > 0) {
    notes.push_back(Concat("tokenizer.json asks to cut texts at ", spec.truncation_tokens,
                           " tokens: texts are never cut here"));
  }
  SetEnds(names, end_ids, spec);
  return PipelineTokenizer::Create(spec);
}

// Which ends a class of the transformers library adds to what SentencePiece gives; and whether it
// takes SentencePiece's ids as they are, which not all do.
absl::Status SetSentencePieceEnds(const TokenizerNames& names, Vocabulary& v) {
  static constexpr struct {
    std::string_view name;
    bool bos, eos;
  } kClasses[] = {
      {"", false, false},
      {"LlamaTokenizer", true, false},
      {"CodeLlamaTokenizer", true, false},
      {"GemmaTokenizer", true, false},
      {"T5Tokenizer", false, true},
  };
  const auto found = std::find_if(std::begin(kClasses), std::end(kClasses),
                                  [&](const auto& c) { return c.name == names.tokenizer_class; });
  if (found == std::end(kClasses)) {
    return absl::UnimplementedError(Concat("[tokenizer_config.json] tokenizer_class, got \"",
                                           Excerpt(names.tokenizer_class),
                                           "\" without a tokenizer.json, expected one"));
  }
  v.add_bos = names.add_bos.value_or(found->bos) && v.bos >= 0;
  v.add_eos = names.add_eos.value_or(found->eos) && v.eos >= 0;
  return absl::OkStatus();
}

TokenizerOr FromSentencePiece(const std::string& bytes, const TokenizerNames& names,
                              const std::vector<int32_t>& end_ids) {
  ERATO_ASSIGN_OR_RETURN(Vocabulary v, ParseSentencePieceModel(bytes));
  std::vector<AddedTokenSpec> added = names.added;
  std::sort(added.begin(), added.end(), [](auto& a, auto& b) { return a.id < b.id; });
  for (const AddedTokenSpec& token : added) {
    if (token.id != static_cast<int64_t>(v.pieces.size())) continue;  // there already, or a hole
    v.pieces.push_back(token.text);
    v.scores.push_back(0);
    v.types.push_back(token.special ? PieceType::kControl : PieceType::kUserDefined);
  }
  if (const int32_t id = IdOf(v.pieces, names.bos); id >= 0) v.bos = id;
  if (const int32_t id = IdOf(v.pieces, names.eos); id >= 0) v.eos = id;
  if (const int32_t id = IdOf(v.pieces, names.padding); id >= 0) v.padding = id;
  ERATO_RETURN_IF_ERROR(SetSentencePieceEnds(names, v));
  for (size_t id = 0; id < v.pieces.size(); ++id) {
    if (v.types[id] != PieceType::kNormal && IsEndMarker(v.pieces[id])) {
      v.end_of_generation.push_back(static_cast<int32_t>(id));
    }
  }
  for (int32_t id : end_ids) {
    if (id >= 0 && id < static_cast<int64_t>(v.pieces.size())) v.end_of_generation.push_back(id);
  }
  return Tokenizer::Create(std::move(v));
}

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    at = end + 1;
  }
  return lines;
}

// vocab.txt: BERT's tokenizer (Devlin et al. 2018).
TokenizerOr FromVocabTxt(const std::string& text, const TokenizerNames& names,
                         const std::vector<int32_t>& end_ids) {
  TokenizerSpec spec;
  spec.model.kind = ModelSpec::Kind::kWordPiece;
  spec.model.pieces = Lines(text);
  spec.model.continuing_prefix = "##";
  spec.model.unknown = names.unknown.empty() ? "[UNK]" : names.unknown;
  NormalizerSpec normalizer;
  normalizer.kind = NormalizerSpec::Kind::kBert;
  normalizer.lowercase = names.lowercase.value_or(true);
  normalizer.strip_accents = names.strip_accents.value_or(normalizer.lowercase);
  normalizer.space_ideographs = names.space_ideographs.value_or(true);
  spec.normalizers.push_back(std::move(normalizer));
  spec.pre_tokenizers.emplace_back().kind = PreTokenizerSpec::Kind::kBert;
  PieceDecoderSpec decoder;
  decoder.kind = PieceDecoderSpec::Kind::kWordPiece;
  decoder.text = "##";
  spec.decoders.push_back(std::move(decoder));
  const std::string cls = names.cls.empty() ? "[CLS]" : names.cls;
  const std::string sep = names.sep.empty() ? "[SEP]" : names.sep;
  for (const std::string& token :
       {spec.model.unknown, cls, sep, std::string("[PAD]"), std::string("[MASK]")}) {
    AddSpecial(token, spec);
  }
  const int32_t cls_id = IdOf(spec, cls), sep_id = IdOf(spec, sep);
  if (cls_id < 0 || sep_id < 0) {
    return absl::InvalidArgumentError(Concat("[vocab.txt] pieces, got none that is \"",
                                             Excerpt(cls_id < 0 ? cls : sep), "\", expected one"));
  }
  SetBertTemplate(cls_id, sep_id, spec);
  SetEnds(names, end_ids, spec);
  if (spec.padding < 0) spec.padding = IdOf(spec, "[PAD]");
  return PipelineTokenizer::Create(spec);
}

// vocab.json and merges.txt: GPT-2's tokenizer (Radford et al. 2019) and RoBERTa's.
TokenizerOr FromVocabJson(const std::string& vocab, const std::string& merges,
                          const TokenizerNames& names, const std::vector<int32_t>& end_ids) {
  const bool roberta = names.tokenizer_class == "RobertaTokenizer";
  if (!roberta && names.tokenizer_class != "GPT2Tokenizer") {
    return absl::UnimplementedError(Concat("[tokenizer_config.json] tokenizer_class, got \"",
                                           Excerpt(names.tokenizer_class),
                                           "\" without a tokenizer.json, expected one"));
  }
  ERATO_ASSIGN_OR_RETURN(Json table, ParseJson(vocab, "vocab.json"));
  Json::Array list;
  for (std::string& line : Lines(merges)) {
    if (!line.empty() && !line.starts_with("#version")) list.emplace_back(std::move(line));
  }
  Json::Object model;
  model.emplace_back("type", "BPE");
  model.emplace_back("vocab", std::move(table));
  model.emplace_back("merges", std::move(list));
  TokenizerSpec spec;
  ERATO_RETURN_IF_ERROR(ReadTokenizerModel(std::move(model), spec.model));
  PreTokenizerSpec words;
  words.kind = PreTokenizerSpec::Kind::kByteLevel;
  words.add_prefix_space = names.add_prefix_space;
  spec.pre_tokenizers.push_back(std::move(words));
  spec.decoders.emplace_back().kind = PieceDecoderSpec::Kind::kByteLevel;
  for (const std::string& token :
       {names.bos, names.eos, names.unknown, names.padding, names.cls, names.sep}) {
    AddSpecial(token, spec);
  }
  const int32_t cls = IdOf(spec, names.cls.empty() ? "<s>" : names.cls);
  const int32_t sep = IdOf(spec, names.sep.empty() ? "</s>" : names.sep);
  if (roberta && cls >= 0 && sep >= 0) SetRobertaTemplate(cls, sep, spec);
  SetEnds(names, end_ids, spec);
  return PipelineTokenizer::Create(spec);
}

TokenizerOr ReadTokenizer(const std::string& folder, const TokenizerNames& names,
                          const std::vector<int32_t>& end_ids, std::vector<std::string>& notes) {
  const auto read = [&](std::string_view name) { return ReadFolderFile(folder, name, kMostBytes); };
  ERATO_ASSIGN_OR_RETURN(const auto json, read("tokenizer.json"));
  if (json.has_value()) return FromTokenizerJson(*json, names, end_ids, notes);
  for (const char* name : {"tokenizer.model", "spiece.model", "sentencepiece.bpe.model"}) {
    ERATO_ASSIGN_OR_RETURN(const auto model, read(name));
    if (model.has_value()) return FromSentencePiece(*model, names, end_ids);
  }
  ERATO_ASSIGN_OR_RETURN(const auto vocab, read("vocab.json"));
  ERATO_ASSIGN_OR_RETURN(const auto merges, read("merges.txt"));
  if (vocab.has_value() && merges.has_value()) {
    return FromVocabJson(*vocab, *merges, names, end_ids);
  }
  ERATO_ASSIGN_OR_RETURN(const auto lines, read("vocab.txt"));
  if (lines.has_value()) return FromVocabTxt(*lines, names, end_ids);
  return absl::UnimplementedError(
      "[model] missing tokenizer, got none in the folder, expected tokenizer.json, "
      "tokenizer.model, vocab.json with merges.txt, or vocab.txt");
}

}  // namespace

absl::StatusOr<FolderText> ReadFolderText(const std::string& folder,
                                          const std::vector<int32_t>& end_ids) {
  FolderText text;
  ERATO_ASSIGN_OR_RETURN(TokenizerNames names, ReadTokenizerNames(folder));
  auto tokenizer = ReadTokenizer(folder, names, end_ids, text.notes);
  if (absl::IsUnimplemented(tokenizer.status())) {
    text.why = std::string(tokenizer.status().message());
  } else if (!tokenizer.ok()) {
    return tokenizer.status();
  } else {
    text.tokenizer = *std::move(tokenizer);
  }
  text.chat_template = std::move(names.chat_template);
  return text;
}

}  // namespace erato::capi
