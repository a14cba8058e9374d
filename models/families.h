// The families: each turns a file's metadata into a plan, or says what it cannot do. registry.cc
// lists them.
#ifndef ERATO_MODELS_FAMILIES_H_
#define ERATO_MODELS_FAMILIES_H_

#include "absl/status/statusor.h"
#include "models/decoder_spec.h"
#include "models/encoder_spec.h"
#include "models/keys.h"

namespace erato {

absl::StatusOr<DecoderPlan> PlanLlama(const Keys& keys);
absl::StatusOr<DecoderPlan> PlanMistral(const Keys& keys);
absl::StatusOr<DecoderPlan> PlanQwen2(const Keys& keys);
absl::StatusOr<DecoderPlan> PlanQwen3(const Keys& keys);
absl::StatusOr<DecoderPlan> PlanGemma3(const Keys& keys);
absl::StatusOr<DecoderPlan> PlanGpt2(const Keys& keys);

absl::StatusOr<EncoderPlan> PlanBert(const Keys& keys);
absl::StatusOr<EncoderPlan> PlanRoberta(const Keys& keys);
absl::StatusOr<EncoderPlan> PlanElectra(const Keys& keys);
absl::StatusOr<EncoderPlan> PlanDistilBert(const Keys& keys);
absl::StatusOr<EncoderPlan> PlanMpnet(const Keys& keys);
absl::StatusOr<EncoderPlan> PlanDeberta(const Keys& keys);
absl::StatusOr<EncoderPlan> PlanNomicBert(const Keys& keys);
absl::StatusOr<EncoderPlan> PlanGte(const Keys& keys);
absl::StatusOr<EncoderPlan> PlanJinaV3(const Keys& keys);
absl::StatusOr<EncoderPlan> PlanModernBert(const Keys& keys);
absl::StatusOr<EncoderPlan> PlanEuroBert(const Keys& keys);

}  // namespace erato

#endif  // ERATO_MODELS_FAMILIES_H_
