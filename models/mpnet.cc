// MPNet (Song et al. 2020): RoBERTa with T5's relative positions beside the learned ones, one table
// for all layers.
#include "core/base/status.h"
#include "models/encoder_keys.h"
#include "models/families.h"
#include "models/relative.h"

namespace erato {

absl::StatusOr<EncoderPlan> PlanMpnet(const Keys& keys) {
  constexpr int32_t kBuckets = 32, kMaxDistance = 128;
  EncoderPlan plan;
  EncoderNames& n = plan.names = BertNames(keys, "mpnet");
  n.q = "attention.attn.q";
  n.k = "attention.attn.k";
  n.v = "attention.attn.v";
  n.out = "attention.attn.o";
  n.attention_norm = "attention.LayerNorm";
  n.relative = "encoder.relative_attention_bias";
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadEncoder(keys, BertKeys()));
  plan.spec.family = "mpnet";
  ERATO_ASSIGN_OR_RETURN(const int64_t padding, keys.Int({"", "pad_token_id"}, 0, 1 << 20, 1));
  const auto offset = static_cast<int32_t>(padding) + 1;
  ERATO_RETURN_IF_ERROR(ReadTables(keys, true, offset, plan.spec));
  plan.spec.embed.segments = 0;
  ERATO_RETURN_IF_ERROR(
      keys.Int({"", "relative_attention_num_buckets"}, kBuckets, kBuckets, kBuckets).status());
  plan.spec.relative = {RelativeSpec::Kind::kBias, kBuckets, BucketsOfBias(kBuckets, kMaxDistance)};
  const DenseSpec dense = {
      .name = "classifier.dense", .width = plan.spec.width, .act = Activate::kTanh};
  ERATO_RETURN_IF_ERROR(ReadPurpose(keys, HeadsOf(dense, "classifier.out_proj"), plan));
  return plan;
}

}  // namespace erato
