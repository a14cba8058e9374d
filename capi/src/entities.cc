#include "capi/src/entities.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "capi/src/error.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

/// "B-PER" → "PER", and whether an entity begins here. A label without such a mark is a kind.
struct Tag {
  std::string_view kind;
  bool begins = false;
  explicit Tag(std::string_view label) : kind(label) {
    if (!label.starts_with("B-") && !label.starts_with("I-")) return;
    begins = label.front() == 'B';
    kind.remove_prefix(2);
  }
  bool is_none() const { return kind == "O"; }
};

}  // namespace

std::vector<Entity> JoinEntities(absl::Span<const float> probabilities,
                                 const std::vector<std::string>& labels,
                                 const std::vector<ByteRange>& offsets) {
  std::vector<Entity> found;
  size_t tokens = 0;  // of the last entity; 0 where the last token was none
  for (size_t t = 0; t < offsets.size(); ++t) {
    if (offsets[t].begin == offsets[t].end) continue;
    const auto line = probabilities.subspan(t * labels.size(), labels.size());
    const auto best = std::max_element(line.begin(), line.end());
    const Tag tag(labels[static_cast<size_t>(best - line.begin())]);
    if (tag.is_none()) {
      tokens = 0;
      continue;
    }
    if (tokens == 0 || tag.begins || found.back().label != tag.kind) {
      found.push_back({std::string(tag.kind), offsets[t].begin, 0, 0});
      tokens = 0;
    }
    Entity& entity = found.back();
    entity.end = offsets[t].end;
    entity.score += (*best - entity.score) / static_cast<double>(++tokens);
  }
  return found;
}

absl::StatusOr<EntityList> FindEntities(Reading& reading, std::string_view text) {
  if (!reading.batch().by_token()) {
    return Fail(ERATO_UNSUPPORTED,
                "[model] head, got one that labels texts, expected one that labels tokens");
  }
  ERATO_ASSIGN_OR_RETURN(const TextReader* reader, reading.text());
  ERATO_ASSIGN_OR_RETURN(ReadText read, reader->ReadAligned(text));
  const std::vector<ByteRange> offsets = read.offsets;
  std::vector<float> probabilities(offsets.size() * reading.batch().columns());
  const auto next = [&](size_t) -> absl::StatusOr<ReadText> { return std::move(read); };
  ERATO_RETURN_IF_ERROR(reading.batch().ReadInto(1, next, probabilities.data()));
  return EntityList{JoinEntities(probabilities, reading.model().summary().labels, offsets),
                    offsets.size()};
}

}  // namespace erato::capi
