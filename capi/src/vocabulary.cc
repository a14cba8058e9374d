#include "capi/src/vocabulary.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/concat.h"
#include "core/base/status.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

namespace erato {
namespace {

using Kind = Vocabulary::Kind;
using PieceType = Vocabulary::PieceType;

// Markers that end an answer, whatever a file says of its end: chat-tuned files often name only one
// of theirs. Those of ChatML, Llama 3, Gemma, Phi 3, Harmony and DeepSeek.
constexpr std::string_view kEndMarkers[] = {
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end_of_text|>",
    "<end_of_turn>",
    "<eos>",
    "<|end|>",
    "<|return|>",
    "<|call|>",
    "<EOT>",
    "<|eot|>",
    "<|end_of_turn|>",
    "<end_of_utterance>",
    "<｜end▁of▁sentence｜>",
};

std::string Key(std::string_view name) { return Concat("tokenizer.ggml.", name); }

absl::Status ReadKind(const gguf::Metadata& metadata, Vocabulary& v) {
  ERATO_ASSIGN_OR_RETURN(const std::string_view model, metadata.GetString(Key("model")));
  static constexpr std::pair<std::string_view, Kind> kKinds[] = {
      {"gpt2", Kind::kByteBpe},         {"gemma4", Kind::kLetterBpe},
      {"whitespace", Kind::kLetterBpe}, {"llama", Kind::kSentencePieceBpe},
      {"t5", Kind::kUnigram},           {"bert", Kind::kWordPiece},
  };
  for (const auto& [name, kind] : kKinds) {
    if (name != model) continue;
    v.kind = kind;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(Concat("[gguf metadata] tokenizer.ggml.model, got \"",
                                           model.substr(0, 64),
                                           "\", expected gpt2, llama, t5, bert, gemma4 or "
                                           "whitespace"));
}

bool HasScores(const Vocabulary& v) {
  return v.kind == Kind::kSentencePieceBpe || v.kind == Kind::kUnigram;
}

absl::Status ReadCharsmap(const gguf::Metadata& metadata, Vocabulary& v) {
  if (!metadata.Has(Key("precompiled_charsmap"))) return absl::OkStatus();
  ERATO_ASSIGN_OR_RETURN(const std::vector<int64_t> bytes,
                         metadata.GetInts(Key("precompiled_charsmap")));
  v.charsmap.reserve(bytes.size());
  for (int64_t byte : bytes) {
    if (byte < -128 || byte > 255) {
      return absl::InvalidArgumentError(Concat(
          "[gguf metadata] tokenizer.ggml.precompiled_charsmap, got ", byte, ", expected bytes"));
    }
    v.charsmap.push_back(static_cast<char>(byte));
  }
  return absl::OkStatus();
}

absl::Status ReadTypes(const gguf::Metadata& metadata, Vocabulary& v) {
  if (!metadata.Has(Key("token_type"))) return absl::OkStatus();
  ERATO_ASSIGN_OR_RETURN(const std::vector<int64_t> types, metadata.GetInts(Key("token_type")));
  v.types.reserve(types.size());
  for (size_t id = 0; id < types.size(); ++id) {
    if (types[id] < 1 || types[id] > static_cast<int64_t>(PieceType::kByte)) {
      return absl::InvalidArgumentError(Concat("[gguf metadata] tokenizer.ggml.token_type[", id,
                                               "], got ", types[id], ", expected 1 to 6"));
    }
    v.types.push_back(static_cast<PieceType>(types[id]));
  }
  return absl::OkStatus();
}

// What a file means is what its "pre" says; a model "gemma4" has none.
absl::Status ReadPreTokenizer(const gguf::Metadata& metadata, Vocabulary& v) {
  if (v.kind == Kind::kLetterBpe) {
    ERATO_ASSIGN_OR_RETURN(v.pre_tokenizer, metadata.GetString(Key("model")));
  }
  if (metadata.Has(Key("pre"))) {
    ERATO_ASSIGN_OR_RETURN(v.pre_tokenizer, metadata.GetString(Key("pre")));
  }
  // An unknown pre-tokeniser is an error of Tokenizer::Create.
  const auto known = FindPreTokenizer(v.pre_tokenizer);
  if (known.ok() && (*known)->rule == nullptr) v.kind = Kind::kLetterBpe;
  return absl::OkStatus();
}

absl::Status ReadPieces(const gguf::Metadata& metadata, Vocabulary& v) {
  ERATO_ASSIGN_OR_RETURN(const auto* pieces, metadata.GetStrings(Key("tokens")));
  v.pieces = *pieces;
  ERATO_RETURN_IF_ERROR(ReadTypes(metadata, v));
  if (v.kind == Kind::kWordPiece) return absl::OkStatus();
  if (HasScores(v)) {
    ERATO_RETURN_IF_ERROR(ReadCharsmap(metadata, v));
    ERATO_ASSIGN_OR_RETURN(const std::vector<double> scores, metadata.GetFloats(Key("scores")));
    v.scores.assign(scores.begin(), scores.end());
    return absl::OkStatus();
  }
  ERATO_ASSIGN_OR_RETURN(const auto* merges, metadata.GetStrings(Key("merges")));
  v.merges = *merges;
  return ReadPreTokenizer(metadata, v);
}

// `id` keeps its value where the key is absent.
absl::Status ReadId(const gguf::Metadata& metadata, std::string_view name, size_t size,
                    int32_t& id) {
  const std::string key = Key(name);
  if (!metadata.Has(key)) return absl::OkStatus();
  ERATO_ASSIGN_OR_RETURN(const int64_t value, metadata.GetInt(key));
  if (value < 0 || value >= static_cast<int64_t>(size)) {
    return absl::InvalidArgumentError(
        Concat("[gguf metadata] ", key, ", got ", value, ", expected 0 to ", size, " - 1"));
  }
  id = static_cast<int32_t>(value);
  return absl::OkStatus();
}

// SentencePiece's own places for its three first pieces, where the file does not say.
int32_t DefaultId(const Vocabulary& v, size_t id, PieceType type) {
  const bool there =
      v.kind == Kind::kSentencePieceBpe && id < v.types.size() && v.types[id] == type;
  return there ? static_cast<int32_t>(id) : -1;
}

absl::Status ReadIds(const gguf::Metadata& metadata, Vocabulary& v) {
  const size_t size = v.pieces.size();
  v.unknown = DefaultId(v, 0, PieceType::kUnknown);
  v.bos = DefaultId(v, 1, PieceType::kControl);
  v.eos = DefaultId(v, 2, PieceType::kControl);
  ERATO_RETURN_IF_ERROR(ReadId(metadata, "unknown_token_id", size, v.unknown));
  ERATO_RETURN_IF_ERROR(ReadId(metadata, "bos_token_id", size, v.bos));
  ERATO_RETURN_IF_ERROR(ReadId(metadata, "eos_token_id", size, v.eos));
  ERATO_RETURN_IF_ERROR(ReadId(metadata, "padding_token_id", size, v.padding));
  if (v.kind == Kind::kWordPiece) {  // some files name these ends for what they are; one misspells
    ERATO_RETURN_IF_ERROR(ReadId(metadata, "cls_token_id", size, v.bos));
    ERATO_RETURN_IF_ERROR(ReadId(metadata, "seperator_token_id", size, v.eos));
    ERATO_RETURN_IF_ERROR(ReadId(metadata, "separator_token_id", size, v.eos));
  }
  ERATO_RETURN_IF_ERROR(ReadId(metadata, "seperator_token_id", size, v.separator));
  ERATO_RETURN_IF_ERROR(ReadId(metadata, "separator_token_id", size, v.separator));
  for (std::string_view name : {"eot_token_id", "eom_token_id"}) {
    int32_t id = -1;
    ERATO_RETURN_IF_ERROR(ReadId(metadata, name, size, id));
    if (id >= 0) v.end_of_generation.push_back(id);
  }
  for (size_t id = 0; id < v.types.size() && id < size; ++id) {
    if (v.types[id] != PieceType::kControl && v.types[id] != PieceType::kUserDefined) continue;
    if (IsEndMarker(v.pieces[id])) v.end_of_generation.push_back(static_cast<int32_t>(id));
  }
  return absl::OkStatus();
}

// `flag` keeps its value where the key is absent.
absl::Status ReadFlag(const gguf::Metadata& metadata, std::string_view name, bool& flag) {
  if (!metadata.Has(Key(name))) return absl::OkStatus();
  ERATO_ASSIGN_OR_RETURN(flag, metadata.GetBool(Key(name)));
  return absl::OkStatus();
}

absl::Status ReadFlags(const gguf::Metadata& metadata, Vocabulary& v) {
  const bool sentence_piece = v.kind == Kind::kSentencePieceBpe;
  const auto pre_tokenizer = FindPreTokenizer(v.pre_tokenizer);
  v.add_bos = v.bos >= 0 && (sentence_piece || (pre_tokenizer.ok() && (*pre_tokenizer)->adds_bos));
  v.add_eos = v.kind == Kind::kUnigram && v.eos >= 0;
  v.add_space_prefix = HasScores(v);
  v.remove_extra_whitespace = v.kind == Kind::kUnigram;
  ERATO_RETURN_IF_ERROR(ReadFlag(metadata, "add_bos_token", v.add_bos));
  ERATO_RETURN_IF_ERROR(ReadFlag(metadata, "add_eos_token", v.add_eos));
  ERATO_RETURN_IF_ERROR(ReadFlag(metadata, "add_space_prefix", v.add_space_prefix));
  ERATO_RETURN_IF_ERROR(ReadFlag(metadata, "remove_extra_whitespaces", v.remove_extra_whitespace));
  for (const auto& [name, flag] : {std::pair("normalizer.lowercase", &v.lowercase),
                                   std::pair("normalizer.strip_accents", &v.strip_accents)}) {
    if (!metadata.Has(Key(name))) continue;
    bool value = false;
    ERATO_RETURN_IF_ERROR(ReadFlag(metadata, name, value));
    *flag = value;
  }
  return absl::OkStatus();
}

}  // namespace

bool IsEndMarker(std::string_view piece) {
  return std::find(std::begin(kEndMarkers), std::end(kEndMarkers), piece) != std::end(kEndMarkers);
}

absl::StatusOr<Vocabulary> VocabularyFromGguf(const gguf::Metadata& metadata) {
  Vocabulary vocabulary;
  ERATO_RETURN_IF_ERROR(ReadKind(metadata, vocabulary));
  ERATO_RETURN_IF_ERROR(ReadPieces(metadata, vocabulary));
  ERATO_RETURN_IF_ERROR(ReadIds(metadata, vocabulary));
  ERATO_RETURN_IF_ERROR(ReadFlags(metadata, vocabulary));
  return vocabulary;
}

}  // namespace erato
