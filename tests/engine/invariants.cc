#include "tests/engine/invariants.h"

#include "absl/strings/str_cat.h"
#include "core/engine/engine_impl.h"

namespace erato {

EngineSnapshot TakeSnapshot(const Engine& engine, int32_t context_length) {
  EngineState& state = static_cast<const EngineImpl&>(engine).state();
  std::lock_guard<std::mutex> lock(state.mutex);
  EngineSnapshot s;
  s.pool_blocks = state.pool->blocks();
  s.total = state.blocks.total();
  s.limit = state.blocks.limit();
  s.context_length = context_length;
  s.free_ids = state.blocks.free_ids();
  s.leading = state.leading;
  s.running = state.running;
  for (const auto& q : state.sequences) {
    s.sequences.push_back({static_cast<int32_t>(q->tokens.size()), q->cached, q->blocks,
                           q->request != nullptr, q->in_step, q->dropped});
  }
  for (const auto& r : state.requests) {
    int32_t at = -1;
    for (size_t i = 0; i < state.sequences.size(); ++i) {
      if (state.sequences[i] == r->sequence) at = static_cast<int32_t>(i);
    }
    s.requests.push_back({at, r->sequence->request == r.get(), r->token.has_value(), r->ended(),
                          r->generated, r->max_tokens});
  }
  return s;
}

std::vector<std::string> BlocksAreConserved(const EngineSnapshot& s) {
  std::vector<std::string> wrong;
  if (s.pool_blocks != s.total) wrong.push_back("the pool and the allocator count differently");
  if (s.total > s.limit) wrong.push_back("more blocks than allowed");
  std::vector<int> owners(s.total, 0);
  auto own = [&](int32_t id) {
    if (id < 0 || id >= s.total) {
      wrong.push_back(absl::StrCat("block ", id, " does not exist"));
    } else if (++owners[id] == 2) {
      wrong.push_back(absl::StrCat("block ", id, " has two owners"));
    }
  };
  for (int32_t id : s.free_ids) own(id);
  for (const SequenceSnapshot& q : s.sequences) {
    for (int32_t id : q.blocks) own(id);
  }
  for (int32_t id = 0; id < s.total; ++id) {
    if (owners[id] == 0) wrong.push_back(absl::StrCat("block ", id, " is lost"));
  }
  return wrong;
}

std::vector<std::string> TablesCoverCaches(const EngineSnapshot& s) {
  std::vector<std::string> wrong;
  for (size_t i = 0; i < s.sequences.size(); ++i) {
    const SequenceSnapshot& q = s.sequences[i];
    auto expect = [&](bool holds, const char* what) {
      if (!holds) wrong.push_back(absl::StrCat("sequence ", i, ": ", what));
    };
    int32_t blocks = static_cast<int32_t>(q.blocks.size());
    expect(q.cached >= 0 && q.cached <= q.tokens, "more in the cache than tokens");
    expect(blocks >= BlocksFor(q.cached), "cached tokens without a block");
    expect(q.tokens <= s.context_length, "longer than the context");
    expect(blocks <= BlocksFor(s.context_length), "more blocks than the context has");
    if (!q.has_request && !q.in_step) expect(blocks == BlocksFor(q.cached), "idle blocks held");
  }
  return wrong;
}

std::vector<std::string> RequestsAreConsistent(const EngineSnapshot& s) {
  std::vector<std::string> wrong;
  size_t working = 0;
  for (const SequenceSnapshot& q : s.sequences) working += q.has_request;
  if (working != s.requests.size()) wrong.push_back("requests and sequences at work differ");
  for (size_t i = 0; i < s.requests.size(); ++i) {
    const RequestSnapshot& r = s.requests[i];
    auto expect = [&](bool holds, const char* what) {
      if (!holds) wrong.push_back(absl::StrCat("request ", i, ": ", what));
    };
    expect(!r.ended, "ended and still at work");
    expect(r.is_its_request, "its sequence works on another");
    expect(r.max_tokens == 0 || r.generated < r.max_tokens, "more tokens than wanted");
    if (r.sequence < 0) {
      wrong.push_back(absl::StrCat("request ", i, ": its sequence is gone"));
      continue;
    }
    const SequenceSnapshot& q = s.sequences[r.sequence];
    expect(q.cached < q.tokens, "nothing left to compute");
    expect(!(r.has_token && q.in_step), "runs ahead of who asks");
  }
  return wrong;
}

std::vector<std::string> StepsHaveLeaders(const EngineSnapshot& s) {
  std::vector<std::string> wrong;
  if (s.running && !s.leading) wrong.push_back("a step runs without a leader");
  for (const SequenceSnapshot& q : s.sequences) {
    if (q.in_step && !s.running) wrong.push_back("a sequence is in a step, but none runs");
    if (q.dropped && !q.in_step) wrong.push_back("a dropped sequence stays");
  }
  return wrong;
}

std::vector<std::string> Violations(const EngineSnapshot& s) {
  std::vector<std::string> all;
  for (auto check :
       {BlocksAreConserved, TablesCoverCaches, RequestsAreConsistent, StepsHaveLeaders}) {
    for (std::string& wrong : check(s)) all.push_back(std::move(wrong));
  }
  return all;
}

}  // namespace erato
