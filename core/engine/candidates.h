// The tokens that are still in the draw, and the cuts that take tokens out.
//
// With l the logits after bias and penalties and T the temperature so far (1 before that step),
//   p(x) = e^(l(x)/T) / sum over candidates.
// Every cut looks at what the ones before it left, and leaves at least one token.
//
// At first all tokens of the vocabulary are candidates and nothing is copied; the first cut gathers
// what it leaves. Cuts select before they sort, so that a step on a quarter of a million tokens
// costs a few passes over the logits and sorts some dozens.
#ifndef ERATO_CORE_ENGINE_CANDIDATES_H_
#define ERATO_CORE_ENGINE_CANDIDATES_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "core/engine/sampler.h"

namespace erato {

/// Likelier first, lower id among equals: one order, whatever a library's sort does.
inline bool Likelier(const Choice& a, const Choice& b) {
  return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
}

/// The largest of numbers that are no NaN; -infinity of none.
float Largest(absl::Span<const float> logits);

class Candidates {
 public:
  /// Borrows both. A logit of -infinity is no candidate.
  Candidates(absl::Span<const float> logits, SamplerScratch& scratch);

  bool empty() const { return top_ == -__builtin_inff(); }
  double scale() const { return scale_; }
  /// Logits were changed: the candidates stay, their order is gone.
  void Reload();

  /// T. A dynamic one goes from t - range (where the likeliest has it all) to t + range (where all
  /// are alike): T = low + (high - low) · (H / ln n)^exponent, H the entropy in nats of the n
  /// candidates (kalomaze 2023; low is kept at 0.001 or more).
  void Temperature(double t, double range, double exponent);
  /// The k likeliest (Fan et al. 2018).
  void TopK(int32_t k);
  /// l(x) >= max - n·sigma, sigma the standard deviation of the candidates' logits (Tang et al.
  /// 2024, "Top-nσ").
  void TopNSigma(double n);
  /// The tokens whose surprise is nearest to the entropy, by |-ln p(x) - H|, until their sum
  /// reaches `mass` (Meister et al. 2022, "Locally typical sampling").
  void Typical(double mass);
  /// The fewest likeliest whose sum reaches `mass` (Holtzman et al. 2019, nucleus sampling).
  void TopP(double mass);
  /// p(x) >= share · max p (Nguyen et al. 2024, "Min-p").
  void MinP(double share);
  /// Of the tokens with p(x) >= threshold, where they are two or more, only the least likely stays
  /// ("exclude top choices", p-e-w, text-generation-webui 2024). Whether it is done at all is the
  /// caller's draw.
  void Xtc(double threshold);
  /// Surprise -log2 p(x) <= mu, or the likeliest alone (Basu et al. 2021, Mirostat 2).
  void Mirostat(double mu);

  /// ln of the sum of e^(l/T).
  double LogSum() const;
  /// scratch.choices has the candidates, likeliest first.
  void Order();

  /// The candidate at share u of the sum, and its p.
  struct Drawn {
    int32_t id;
    double probability;
  };
  Drawn Draw(double u);

 private:
  double Weight(float logit) const;
  double Sum() const;
  struct Spread {
    double sum, entropy;  // of weights; of their shares of the sum, in nats
  };
  Spread FindSpread() const;
  size_t Count() const;  // candidates that are not forbidden
  /// Keeps logits that are `least` or more.
  void Gather(float least);
  /// A logit such that all tokens of this weight or more have it or a larger one.
  float LogitOf(double weight) const;
  size_t size() const { return whole_ ? logits_.size() : scratch_.choices.size(); }
  template <class Visit>
  void ForBlocks(Visit visit) const;

  absl::Span<const float> logits_;  // by id
  SamplerScratch& scratch_;
  bool whole_ = true;     // all of logits_, scratch_.choices is not filled
  bool ordered_ = false;  // scratch_.choices by Likelier
  float top_;             // the largest logit of a candidate
  double scale_ = 1;
};

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_CANDIDATES_H_
