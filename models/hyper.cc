#include "models/hyper.h"

#include <cmath>

#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato {
namespace {

constexpr int64_t kMaxLayers = 1024, kMaxWidth = 1 << 17, kMaxHeads = 4096, kMaxHeadWidth = 4096,
                  kMaxFeedForward = 1 << 20, kMaxVocabulary = 1 << 22, kMaxContext = 1 << 24;

absl::StatusOr<int32_t> Read(const Keys& keys, const IntKey& name, int64_t high) {
  ERATO_ASSIGN_OR_RETURN(const int64_t value, keys.Int(name.key, 1, high, name.otherwise));
  return static_cast<int32_t>(value);
}

absl::StatusOr<AttentionSpec> ReadAttention(const Keys& keys, const DecoderKeys& names,
                                            int32_t width) {
  AttentionSpec a;
  ERATO_ASSIGN_OR_RETURN(a.heads, Read(keys, names.heads, kMaxHeads));
  IntKey kv_heads = names.kv_heads;
  if (!kv_heads.otherwise) kv_heads.otherwise = a.heads;
  ERATO_ASSIGN_OR_RETURN(a.kv_heads, Read(keys, kv_heads, a.heads));
  if (a.heads % a.kv_heads != 0) {
    return keys.Error(names.kv_heads.key, a.kv_heads, Concat("a divisor of ", a.heads, " heads"));
  }
  IntKey head_width = names.head_width;
  if (!head_width.otherwise) {
    if (!keys.Has(head_width.key) && width % a.heads != 0) {
      return keys.Error(names.heads.key, a.heads, Concat("a divisor of the width ", width));
    }
    head_width.otherwise = width / a.heads;
  }
  ERATO_ASSIGN_OR_RETURN(a.head_width, Read(keys, head_width, kMaxHeadWidth));
  const Key value_width = {".attention.value_length", ""};
  ERATO_ASSIGN_OR_RETURN(const int64_t v, keys.Int(value_width, 1, kMaxHeadWidth, a.head_width));
  if (v != a.head_width) return keys.Error(value_width, v, Concat(a.head_width, ", as of keys"));
  a.scale = static_cast<float>(1 / std::sqrt(static_cast<double>(a.head_width)));
  return a;
}

/// What a GGUF says of its vocabulary: a key, a list of tokens, the embedding's rows; they must
/// agree.
absl::StatusOr<int32_t> ReadGgufVocabulary(const Keys& keys, const Key& name) {
  const TensorEntry* embed = keys.files().Find("token_embd.weight");
  int64_t rows = embed == nullptr ? 0 : embed->rows();
  ERATO_ASSIGN_OR_RETURN(const int64_t size, keys.Int(name, 1, kMaxVocabulary, rows));
  if (size < 1 || size > kMaxVocabulary) {
    return keys.Error(name, size, Concat("1 to ", kMaxVocabulary, " rows of token_embd.weight"));
  }
  const gguf::Value* tokens = keys.files().gguf()->Find("tokenizer.ggml.tokens");
  const auto* list = tokens == nullptr ? nullptr : std::get_if<std::vector<std::string>>(tokens);
  if (list != nullptr && list->size() != static_cast<size_t>(size)) {
    return keys.Error({"tokenizer.ggml.tokens", ""}, list->size(),
                      Concat("a vocabulary of ", size));
  }
  return static_cast<int32_t>(size);
}

}  // namespace

absl::StatusOr<DecoderSpec> ReadDecoder(const Keys& keys, const DecoderKeys& names) {
  DecoderSpec spec;
  ERATO_ASSIGN_OR_RETURN(spec.width, Read(keys, names.width, kMaxWidth));
  ERATO_ASSIGN_OR_RETURN(spec.context_length, Read(keys, names.context, kMaxContext));
  if (keys.is_gguf()) {
    ERATO_ASSIGN_OR_RETURN(spec.vocabulary, ReadGgufVocabulary(keys, names.vocabulary.key));
  } else {
    ERATO_ASSIGN_OR_RETURN(spec.vocabulary, Read(keys, names.vocabulary, kMaxVocabulary));
  }
  ERATO_ASSIGN_OR_RETURN(const double eps, keys.Float(names.eps, 0, 1, names.eps_otherwise));
  spec.norm.eps = static_cast<float>(eps);
  LayerSpec layer;
  ERATO_ASSIGN_OR_RETURN(layer.token_mixer, ReadAttention(keys, names, spec.width));
  ERATO_ASSIGN_OR_RETURN(layer.channel_mixer.width,
                         Read(keys, names.feed_forward, kMaxFeedForward));
  ERATO_ASSIGN_OR_RETURN(const int32_t layers, Read(keys, names.layers, kMaxLayers));
  spec.layers.assign(layers, layer);
  return spec;
}

absl::StatusOr<Activate> ReadActivation(const Keys& keys, std::string_view config_name,
                                        Activate otherwise) {
  const Key key = {"", config_name};
  if (!keys.Has(key)) return otherwise;
  ERATO_ASSIGN_OR_RETURN(const std::string name, keys.String(key, ""));
  if (name == "silu" || name == "swish") return Activate::kSilu;
  if (name == "gelu") return Activate::kGelu;
  if (name == "gelu_new" || name == "gelu_pytorch_tanh") return Activate::kGeluTanh;
  if (name == "relu") return Activate::kRelu;
  if (name == "relu2") return Activate::kReluSquared;
  return keys.Error(key, name, "silu, gelu, gelu_new, gelu_pytorch_tanh, relu or relu2");
}

absl::Status RefuseExperts(const Keys& keys) {
  const Key key = {".expert_count", "num_local_experts"};
  return keys.Int(key, 0, 0, 0).status();
}

}  // namespace erato
