// One rendering: its limits, its first error, and what must die with it. Everything that computes
// on values takes a Run.
#ifndef ERATO_TOKENIZER_TEMPLATE_RUN_H_
#define ERATO_TOKENIZER_TEMPLATE_RUN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "tokenizer/template/chat_template.h"
#include "tokenizer/template/lexer.h"
#include "tokenizer/template/object.h"
#include "tokenizer/template/value.h"

namespace erato {

/// The first error stays. Every function may be called after it: it returns some value soon, and
/// whoever loops looks at ok(). So an expression need not check each of its parts, and nothing that
/// follows an error is ever seen.
class Run {
 public:
  Run(const TemplateLimits& limits, const int64_t* now_unix_seconds)
      : limits_(limits), now_(now_unix_seconds), steps_left_(limits.max_steps) {}
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  bool ok() const { return status_.ok(); }
  const absl::Status& status() const { return status_; }
  /// INVALID_ARGUMENT at the current position. Always none.
  Value Fail(std::string_view message);
  /// RESOURCE_EXHAUSTED, naming the limit. Always none.
  Value FailLimit(std::string_view what, std::string_view limit);
  void FailWith(const absl::Status& status);
  /// Takes an error back, as an iterator does that nobody may read; limits stay.
  absl::Status TakeError();

  /// False, and an error, where the work goes beyond the limit.
  bool Spend(int64_t steps) {
    steps_left_ -= steps;
    if (steps_left_ >= 0) return ok();
    FailLimit("steps", "max_steps");
    return false;
  }
  /// The same for copying bytes.
  bool SpendBytes(size_t bytes) { return Spend(static_cast<int64_t>(bytes / kBytesPerStep)); }
  /// Whether a string of `bytes`, a list of `items`, may exist.
  bool AllowBytes(size_t bytes);
  bool AllowItems(int64_t items);

  /// Lists and dicts that are nested too deeply are an error.
  Value MakeList(List items);
  Value MakeTuple(List items);
  Value MakeDict(Mapping::Entries entries);
  Value MakeIterator(List items, absl::Status pending = absl::OkStatus());
  Value MakeString(MarkedString text);

  void Adopt(const std::shared_ptr<Namespace>& space) { namespaces_.push_back(space); }
  const TemplateLimits& limits() const { return limits_; }
  const int64_t* now() const { return now_; }
  Position at;    // of what is being evaluated
  int depth = 0;  // of nested evaluation: macros, expressions, comparisons, printing

 private:
  static constexpr size_t kBytesPerStep = 32;
  bool CheckDepth(const Value& value);

  const TemplateLimits& limits_;
  const int64_t* now_;
  int64_t steps_left_;
  absl::Status status_;
  std::vector<std::shared_ptr<Namespace>> namespaces_;
};

/// One level of recursion in C++; false where there are too many.
class Deeper {
 public:
  explicit Deeper(Run& run);
  ~Deeper() { --run_.depth; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;
  explicit operator bool() const { return run_.ok(); }

 private:
  Run& run_;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_RUN_H_
