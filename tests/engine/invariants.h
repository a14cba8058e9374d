// What must hold of the engine after every step and every call: pure functions over a snapshot.
#ifndef ERATO_TESTS_ENGINE_INVARIANTS_H_
#define ERATO_TESTS_ENGINE_INVARIANTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/engine.h"

namespace erato {

struct SequenceSnapshot {
  int32_t tokens = 0, cached = 0;
  std::vector<int32_t> blocks;
  bool has_request = false, in_step = false, dropped = false;
};

struct RequestSnapshot {
  int32_t sequence = -1;  // index into sequences, -1 = none of them
  bool is_its_request = false;
  bool has_token = false, ended = false;
  int32_t generated = 0, max_tokens = 0;
};

struct EngineSnapshot {
  int32_t pool_blocks = 0, total = 0, limit = 0, context_length = 0;
  std::vector<int32_t> free_ids;
  std::vector<SequenceSnapshot> sequences;
  std::vector<RequestSnapshot> requests;
  bool leading = false, running = false;
};

EngineSnapshot TakeSnapshot(const Engine& engine, int32_t context_length);

/// Each returns what is wrong, or nothing.
std::vector<std::string> BlocksAreConserved(const EngineSnapshot& s);
std::vector<std::string> TablesCoverCaches(const EngineSnapshot& s);
std::vector<std::string> RequestsAreConsistent(const EngineSnapshot& s);
std::vector<std::string> StepsHaveLeaders(const EngineSnapshot& s);

/// All of them.
std::vector<std::string> Violations(const EngineSnapshot& s);

}  // namespace erato

#endif  // ERATO_TESTS_ENGINE_INVARIANTS_H_
