// BERT (Devlin et al. 2019) and those that changed its training or its embedding only: RoBERTa (Liu
// et al. 2019) and XLM-RoBERTa count positions from padding_idx + 1, ELECTRA (Clark et al. 2020)
// has narrower tables and a projection, DistilBERT (Sanh et al. 2019) has half the layers and no
// segments.
#include "core/base/status.h"
#include "models/encoder_keys.h"
#include "models/families.h"

namespace erato {

absl::StatusOr<EncoderPlan> PlanBert(const Keys& keys) {
  EncoderPlan plan;
  plan.names = BertNames(keys, "bert");
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadEncoder(keys, BertKeys()));
  plan.spec.family = "bert";
  ERATO_RETURN_IF_ERROR(ReadTables(keys, true, 0, plan.spec));
  const DenseSpec pooler = {
      .name = "pooler.dense", .in_root = true, .width = plan.spec.width, .act = Activate::kTanh};
  ERATO_RETURN_IF_ERROR(ReadPurpose(keys, HeadsOf(pooler, "classifier"), plan));
  return plan;
}

absl::StatusOr<EncoderPlan> PlanRoberta(const Keys& keys) {
  EncoderPlan plan;
  plan.names = BertNames(keys, "roberta");
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadEncoder(keys, BertKeys()));
  plan.spec.family = "roberta";
  ERATO_ASSIGN_OR_RETURN(const int64_t padding, keys.Int({"", "pad_token_id"}, 0, 1 << 20, 1));
  const auto offset = static_cast<int32_t>(padding) + 1;
  ERATO_RETURN_IF_ERROR(ReadTables(keys, true, offset, plan.spec));
  const DenseSpec dense = {
      .name = "classifier.dense", .width = plan.spec.width, .act = Activate::kTanh};
  ERATO_RETURN_IF_ERROR(ReadPurpose(keys, HeadsOf(dense, "classifier.out_proj"), plan));
  return plan;
}

absl::StatusOr<EncoderPlan> PlanElectra(const Keys& keys) {
  EncoderPlan plan;
  plan.names = BertNames(keys, "electra");
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadEncoder(keys, BertKeys()));
  plan.spec.family = "electra";
  ERATO_ASSIGN_OR_RETURN(const int64_t width,
                         keys.Int({"", "embedding_size"}, 1, 1 << 17, plan.spec.width));
  plan.spec.embed.width = static_cast<int32_t>(width);
  ERATO_RETURN_IF_ERROR(ReadTables(keys, true, 0, plan.spec));
  const DenseSpec dense = {
      .name = "classifier.dense", .width = plan.spec.width, .act = Activate::kGelu};
  ERATO_RETURN_IF_ERROR(ReadPurpose(keys, HeadsOf(dense, "classifier.out_proj"), plan));
  return plan;
}

absl::StatusOr<EncoderPlan> PlanDistilBert(const Keys& keys) {
  EncoderPlan plan;
  EncoderNames& n = plan.names = BertNames(keys, "distilbert");
  n.layer = "transformer.layer.#.";
  n.q = "attention.q_lin";
  n.k = "attention.k_lin";
  n.v = "attention.v_lin";
  n.out = "attention.out_lin";
  n.attention_norm = "sa_layer_norm";
  n.up = "ffn.lin1";
  n.down = "ffn.lin2";
  n.feed_forward_norm = "output_layer_norm";
  DecoderKeys names = BertKeys();
  names.layers.key.config = "n_layers";
  names.width.key.config = "dim";
  names.heads.key.config = "n_heads";
  names.feed_forward.key.config = "hidden_dim";
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadEncoder(keys, names, "activation"));
  plan.spec.family = "distilbert";
  ERATO_RETURN_IF_ERROR(ReadTables(keys, true, 0, plan.spec));
  plan.spec.embed.segments = 0;
  const DenseSpec dense = {
      .name = "pre_classifier", .width = plan.spec.width, .act = Activate::kRelu};
  ERATO_RETURN_IF_ERROR(ReadPurpose(keys, HeadsOf(dense, "classifier"), plan));
  return plan;
}

}  // namespace erato
