// Answers in the JSON family's shapes: whole, or in chunks.
#ifndef ERATO_CAPI_SRC_RESPONSE_H_
#define ERATO_CAPI_SRC_RESPONSE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "capi/src/answer.h"
#include "capi/src/request.h"

namespace erato::capi {

/// What every chunk of one response has in common.
struct ResponseHead {
  std::string id;
  int64_t created = 0;  // Unix seconds
  std::string model;
  bool is_chat = true;
};
/// What a response calls the model: its name, else its family.
const std::string& ModelName(const LoadedModel& model);
ResponseHead NewHead(const LoadedModel& model, bool is_chat);

/// Runs the answer to its end. Cancelled or past its deadline it is an error, not half an answer.
absl::StatusOr<std::string> WholeResponse(const ResponseHead& head, Answer& answer);

/// A chat's first chunk has the role, then come pieces, then finish_reason once, then (if asked
/// for) usage. A completion has no role.
class ResponseChunks {
 public:
  ResponseChunks(ResponseHead head, std::unique_ptr<Answer> answer, bool include_usage);
  /// OK: chunk() has one. END: there are no more. Any other status ends it too.
  absl::StatusOr<erato_status> Advance();
  const std::string& chunk() const { return chunk_; }
  const Answer& answer() const { return *answer_; }

 private:
  enum class Next { kRole, kPieces, kUsage, kEnd };
  absl::StatusOr<std::string> Chunk();
  std::string Choice(bool role, const std::string* content, const char* finish) const;

  const ResponseHead head_;
  const std::unique_ptr<Answer> answer_;
  const bool include_usage_;
  Next next_;
  bool lost_ = false;  // memory was short in the middle of a chunk
  std::string chunk_;
};

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_RESPONSE_H_
