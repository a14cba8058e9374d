// What a caller knows about which tokens may come next: banned words, a grammar.
#ifndef ERATO_CORE_ENGINE_TOKEN_FILTER_H_
#define ERATO_CORE_ENGINE_TOKEN_FILTER_H_

#include <cstdint>

#include "absl/types/span.h"

namespace erato {

/// A function of the tokens so far and of nothing else: a step that failed or was stopped asks
/// again. Called by whoever leads, so on any thread, one at a time for one request.
class TokenFilter {
 public:
  virtual ~TokenFilter() = default;
  /// Sets the logits of tokens that may not follow `answer` (what was generated so far) to
  /// -infinity.
  virtual void Forbid(absl::Span<const int32_t> answer, absl::Span<float> logits) const = 0;
};

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_TOKEN_FILTER_H_
