// DeBERTa version 3 (He et al. 2021, 2023): no positions in the embedding; scores are of content to
// content, content to position and position to content, where positions are distances and share the
// query and key matrices.
#include <cmath>

#include "core/base/status.h"
#include "models/encoder_keys.h"
#include "models/families.h"
#include "models/relative.h"

namespace erato {
namespace {

/// `pos_att_type` as a list, or as "p2c|c2p".
absl::Status CheckKinds(const Keys& keys) {
  const Key key = {"", "pos_att_type"};
  const std::string text = WriteJson(keys.Find(key));
  const bool both = text.find("c2p") != std::string::npos && text.find("p2c") != std::string::npos;
  return both && text.find("p2p") == std::string::npos
             ? absl::OkStatus()
             : keys.Error(key, keys.Find(key), "c2p and p2c");
}

absl::StatusOr<RelativeSpec> ReadRelative(const Keys& keys, int32_t context) {
  for (const char* name : {"relative_attention", "share_att_key"}) {
    ERATO_ASSIGN_OR_RETURN(const bool on, keys.Bool({"", name}, false));
    if (!on) return keys.Error({"", name}, on, "true");
  }
  ERATO_RETURN_IF_ERROR(CheckKinds(keys));
  ERATO_RETURN_IF_ERROR(keys.Int({"", "conv_kernel_size"}, 0, 0, 0).status());
  ERATO_ASSIGN_OR_RETURN(const bool biased, keys.Bool({"", "position_biased_input"}, true));
  if (biased) return keys.Error({"", "position_biased_input"}, biased, "false");
  ERATO_ASSIGN_OR_RETURN(int64_t reach, keys.Int({"", "max_relative_positions"}, -1, 1 << 20, -1));
  if (reach < 1) reach = context;
  ERATO_ASSIGN_OR_RETURN(int64_t buckets, keys.Int({"", "position_buckets"}, -1, 1 << 16, -1));
  if (buckets < 0) buckets = 0;
  if (buckets == 1 || buckets == 2 || 2 * reach < buckets + 4) {
    return keys.Error({"", "position_buckets"}, buckets, "0, or 3 to twice the distances");
  }
  RelativeSpec relative;
  relative.kind = RelativeSpec::Kind::kDisentangled;
  relative.rows = static_cast<int32_t>(2 * (buckets > 0 ? buckets : reach));
  relative.row = BucketsOfDistance(static_cast<int32_t>(buckets), static_cast<int32_t>(reach));
  ERATO_ASSIGN_OR_RETURN(const std::string norm, keys.String({"", "norm_rel_ebd"}, "none"));
  if (norm != "none" && norm != "layer_norm") {
    return keys.Error({"", "norm_rel_ebd"}, norm, "none or layer_norm");
  }
  relative.norm = norm == "layer_norm";
  return relative;
}

}  // namespace

absl::StatusOr<EncoderPlan> PlanDeberta(const Keys& keys) {
  EncoderPlan plan;
  EncoderNames& n = plan.names = BertNames(keys, "deberta");
  n.q = "attention.self.query_proj";
  n.k = "attention.self.key_proj";
  n.v = "attention.self.value_proj";
  n.relative = "encoder.rel_embeddings";
  n.relative_norm = "encoder.LayerNorm";
  n.unused.emplace_back("mask_predictions.");
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadEncoder(keys, BertKeys()));
  EncoderSpec& spec = plan.spec;
  spec.family = "deberta-v2";
  ERATO_RETURN_IF_ERROR(ReadTables(keys, false, 0, spec));
  if (!keys.Has({"", "type_vocab_size"})) spec.embed.segments = 0;
  for (const char* name : {"embedding_size", "pooler_hidden_size"}) {
    ERATO_RETURN_IF_ERROR(keys.Int({"", name}, spec.width, spec.width, spec.width).status());
  }
  ERATO_ASSIGN_OR_RETURN(spec.relative, ReadRelative(keys, spec.context_length));
  for (LayerSpec& layer : spec.layers) {
    const double width = layer.token_mixer.head_width;
    layer.token_mixer.scale = static_cast<float>(1 / std::sqrt(3 * width));
  }
  ERATO_ASSIGN_OR_RETURN(const Activate act,
                         ReadActivation(keys, "pooler_hidden_act", Activate::kGelu));
  const DenseSpec dense = {.name = "pooler.dense", .width = spec.width, .act = act};
  ERATO_RETURN_IF_ERROR(ReadPurpose(keys, HeadsOf(dense, "classifier"), plan));
  return plan;
}

}  // namespace erato
