// Stretches of a text that tokens of one kind make.
#ifndef ERATO_CAPI_SRC_ENTITIES_H_
#define ERATO_CAPI_SRC_ENTITIES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "capi/src/reading.h"
#include "erato/classify.h"
#include "tokenizer/tokenizer.h"

namespace erato::capi {

struct Entity {
  std::string label;  // without "B-" or "I-"
  size_t begin = 0, end = 0;
  double score = 0;  // mean probability of its tokens' labels
};

/// Tokens with the probabilities of `labels` ([tokens, labels], end to end) and their bytes become
/// entities. Tokens without bytes (ends of the text) and those labelled "O" are none.
std::vector<Entity> JoinEntities(absl::Span<const float> probabilities,
                                 const std::vector<std::string>& labels,
                                 const std::vector<ByteRange>& offsets);
struct EntityList {
  std::vector<Entity> entities;
  size_t tokens = 0;  // that the model read
};
/// UNSUPPORTED where the model does not label tokens.
absl::StatusOr<EntityList> FindEntities(Reading& reading, std::string_view text);

}  // namespace erato::capi

struct erato_entities {
  std::vector<erato::capi::Entity> found;
};

#endif  // ERATO_CAPI_SRC_ENTITIES_H_
