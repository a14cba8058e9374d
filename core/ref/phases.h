// The phases of ops.h, one after the other, on one thread.
#ifndef ERATO_CORE_REF_PHASES_H_
#define ERATO_CORE_REF_PHASES_H_

#include <cstdint>
#include <vector>

#include "core/base/buffer.h"
#include "core/ops/ops.h"
#include "core/ref/math.h"

namespace erato::ref {

/// Scratch of the phases; made large enough by the backend before a run.
struct Scratch {
  Buffer normed, first, second;  // float32 [rows, cols] each
  std::vector<double> scores;    // [context]
  int64_t cols = 0;
  Rows Normed() { return {normed.as<float>(), cols}; }
  Rows First() { return {first.as<float>(), cols}; }
  Rows Second() { return {second.as<float>(), cols}; }
};

/// Once step.stop was seen at the start of a phase, that phase and all later ones do nothing.
class RefOps final : public Ops {
 public:
  explicit RefOps(Scratch& scratch) : scratch_(scratch) {}

  void Embed(const EmbedArgs& a, const Step& step) override;
  void Qkv(const QkvArgs& a, const Step& step) override;
  void Attend(const AttendArgs& a, const Step& step) override;
  void ProjAdd(const ProjAddArgs& a, const Step& step) override;
  void GateUp(const GateUpArgs& a, const Step& step) override;
  void Head(const HeadArgs& a, const Step& step) override;
  void Dense(const DenseArgs& a, const Step& step) override;
  void Pool(const PoolArgs& a, const Step& step) override;
  bool Stopped(const Step& step) const override;

 private:
  Scratch& scratch_;
  mutable bool stopped_ = false;
};

}  // namespace erato::ref

#endif  // ERATO_CORE_REF_PHASES_H_
