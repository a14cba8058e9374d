// A decoder-only transformer as data. Families turn metadata into this; decoder.cc runs it and
// knows no family.
//
// A layer is a token mixer, then a channel mixer, each under a residual:
//     x += post_norm(mix_tokens(norm(x)));   x += post_norm(mix_channels(norm(x)))
// A field enters when two families need it. Where the rest of the field will enter:
//
//   what                                      who                                     where it
//   enters both mixers read the same x               gpt-neox phi gptj falcon cohere2
//   LayerSpec::parallel; Forward: Qkv, Attend, GateUp, then
//                                             stablelm                                two ProjAdd
//   no norm before, one after                 olmo2 olmo3 exaone4                     there today:
//   pre_norm false, post_norm true q/k norm over all heads at once           olmo2 olmo3
//   AttentionSpec::qk_norm becomes a kind; Norm in ops.h
//                                                                                     gets a width
//   q/k norm after rope                       hunyuan                                 the same kind
//   layer norm with 1 + gain; without gain    nemotron; cohere2, olmo NormSpec::gain_offset,
//   NormSpec::gain part of a head turns                      gpt-neox phi glm4 stablelm nemotron
//   there today: RopeSpec::pairs no rope in some layers                    smollm3 cohere2 there
//   today: rope = -1 alibi                                     bloom, falcon (old)
//   AttentionSpec::alibi; AttendArgs slopes positions counted from 2                  opt
//   EmbedSpec::first_position a norm after the embedding                bloom EmbedSpec::norm;
//   EmbedArgs norm attention caps, sinks, output gates       gemma2; gpt-oss; qwen3-next qwen3_5
//   AttentionSpec; AttendArgs cap, sinks, gate scaled residuals and logits               granite
//   granitemoe cohere2              LayerSpec::residual_scale, HeadSpec::scale; in ops.h scale that
//   grows with position            ministral3                              RopeSpec; QkvArgs fused
//   q,k,v or gate,up tensors            phi3 glm4 falcon bloom gpt-neox         there today for
//   q,k,v: TensorNames::qkv (rows in turn);
//                                                                                     interleaved
//                                                                                     by head: one
//                                                                                     more slicing
//                                                                                     in weights.cc
//   other activations                         nemotron arcee (relu²), apertus (xIELU) Activate
//   experts, shared expert                    mixtral qwen3-moe qwen2-moe deepseek
//   LayerSpec::channel_mixer becomes a variant of
//                                             gpt-oss granitemoe FeedForwardSpec and ExpertsSpec;
//                                             Route, MoeGateUp, MoeProjAdd
//   latent attention                          deepseek-v3 LayerSpec::token_mixer becomes a variant:
//   LatentSpec gated delta rule, Mamba-2, short          qwen3-next qwen3_5 mamba2 lfm2          …
//   RecurrentSpec; op Recur, state beside the KvPool convolution a second embedding a layer, shared
//   KV     gemma4                                  EmbedSpec, AttentionSpec::cache_layer
#ifndef ERATO_MODELS_DECODER_SPEC_H_
#define ERATO_MODELS_DECODER_SPEC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/ops/ops.h"
#include "models/rope.h"

namespace erato {

/// Every norm of a model but its place.
struct NormSpec {
  Norm::Kind kind = Norm::Kind::kRms;
  float eps = 1e-5f;
  float gain_offset = 0;  // added to the gains of the file: 1 where it holds them less 1
};

struct AttentionSpec {
  int32_t heads = 0, kv_heads = 0;  // H, G
  int32_t head_width = 0;           // E = V
  float scale = 1;                  // of q·k
  int32_t window = 0;               // 0 = all earlier positions
  int32_t rope = 0;                 // index into DecoderSpec::ropes; -1 = none
  bool qkv_bias = false, out_bias = false;
  bool qk_norm = false;  // over each head
};

struct FeedForwardSpec {
  int32_t width = 0;  // F
  Activate act = Activate::kSilu;
  bool gated = true;
  bool bias = false;
};

struct LayerSpec {
  AttentionSpec token_mixer;
  FeedForwardSpec channel_mixer;
  bool pre_norm = true, post_norm = false;  // of both mixers
};

struct EmbedSpec {
  float scale = 1;
  bool positions = false;  // a learned vector a position is added
};

struct HeadSpec {
  bool tied = false;  // the head is the embedding table
  float cap = 0;      // c·tanh(y/c); 0 = none
};

struct DecoderSpec {
  std::string family;
  int32_t vocabulary = 0, width = 0, context_length = 0;
  EmbedSpec embed;
  NormSpec norm;
  std::vector<RopeSpec> ropes;
  std::vector<LayerSpec> layers;
  HeadSpec head;
};

/// What a family calls its tensors, less ".weight" and ".bias". A layer's names follow `layer` with
/// '#' as its number. Empty = the family has no such tensor.
struct TensorNames {
  std::vector<std::string> roots = {
      ""};  // put before every name but `head`; the first under which `embed` is found
  std::string embed, positions, final_norm, head, layer;
  std::string attention_norm, q, k, v, qkv, q_norm, k_norm, out, attention_post_norm;
  std::string feed_forward_norm, gate, up, down, feed_forward_post_norm;
  bool transposed = false;          // matrices of layers lie as [in, out]
  std::vector<std::string> unused;  // endings of tensors that may be there and are not weights
};

/// What a family makes of a file's metadata.
struct DecoderPlan {
  DecoderSpec spec;
  TensorNames names;
};

}  // namespace erato

#endif  // ERATO_MODELS_DECODER_SPEC_H_
