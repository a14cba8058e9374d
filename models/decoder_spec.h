// A decoder-only transformer as data. Families turn metadata into this; decoder.cc runs it and
// knows no family.
//
// A layer is a token mixer, then a channel mixer, each under a residual:
//     x += post_norm(mix_tokens(norm(x)));   x += post_norm(mix_channels(norm(x)))
// A field enters when two families need it. Where the rest of the field will enter:
//
// clang-format off
//   what, and who has it                          where it enters
//   ---------------------------------------------------------------------------------------------
//   both mixers read the same x (gpt-neox, phi,   LayerSpec::parallel; Forward: Qkv, Attend, GateUp,
//     gptj, falcon, cohere2, stablelm)              then two ProjAdd
//   a norm after each mixer, none before (olmo2,  here already: pre_norm = false, post_norm = true
//     olmo3, exaone4)
//   part of a head turns (gpt-neox, phi, glm4,    here already: RopeSpec::pairs
//     stablelm, nemotron, gptj, qwen3-next)
//   layers without rope (smollm3, cohere2)        here already: AttentionSpec::rope = -1
//   windows, ropes by layer (gpt-oss, olmo3, …)   here already: LayerSpec, DecoderSpec::ropes
//   q,k,v in one tensor (phi3, starcoder …)       here already: TensorNames::qkv; by head (falcon,
//                                                   bloom, gpt-neox): one more slicing in SlotsOf
//   gate, up in one tensor (phi3, glm4)           TensorNames::gate_up, sliced as qkv is
//   q/k norm over all heads at once (olmo2,       AttentionSpec::qk_norm becomes a kind; QkvArgs
//     olmo3), after rope (hunyuan)
//   layer norm of 1 + gain (nemotron), without    here already: NormSpec::gain_offset; a field for
//     bias (cohere2), without both                  what a norm has
//   alibi (bloom, old falcon)                     AttentionSpec::alibi; AttendArgs slopes
//   caps (gemma2), sinks (gpt-oss), output gates  AttentionSpec; AttendArgs cap, sinks, gate
//     (qwen3-next, qwen3_5)
//   q grows with position (ministral3)            RopeSpec; QkvArgs
//   positions counted from 2 (opt), a norm after  EmbedSpec; EmbedArgs
//     the embedding (bloom)
//   scaled residuals and logits (granite,         LayerSpec::residual_scale, HeadSpec::scale: ops.h
//     granitemoe, cohere2)                          has both
//   head with a bias (phi, gptj)                  HeadSpec::bias: ops.h has it
//   xIELU (apertus)                               Activate, with its two parameters in GateUpArgs
//   experts, shared experts (mixtral, qwen3-moe,  LayerSpec::channel_mixer becomes a variant of
//     qwen2-moe, deepseek-v3, gpt-oss, granitemoe)  FeedForwardSpec and ExpertsSpec; ops Route,
//                                                   MoeGateUp, MoeProjAdd
//   latent attention (deepseek-v3)                LayerSpec::token_mixer becomes a variant: LatentSpec
//   gated delta rule (qwen3-next, qwen3_5),       … RecurrentSpec; op Recur, whose state lies beside
//     Mamba-2 (mamba2), short convolution (lfm2)    the KvPool
//   an embedding a layer (gemma4)                 EmbedSpec, LayerSpec
// clang-format on
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
  bool bias = true;       // of layer norms
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
  bool causal = true;  // false: rows see later ones too, which only makes vectors
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
