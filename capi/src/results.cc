#include "capi/src/results.h"

#include "capi/src/error.h"
#include "core/base/concat.h"
#include "core/base/status.h"

using namespace erato::capi;  // NOLINT

namespace {

/// Null for what is not there.
const erato_results::Item* ItemOf(const erato_results* results, size_t item) {
  return results == nullptr || item >= results->items.size() ? nullptr : &results->items[item];
}

}  // namespace

extern "C" {

size_t erato_results_count(const erato_results* results) {
  return results == nullptr ? 0 : results->items.size();
}

erato_status erato_results_status(const erato_results* results, size_t item, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{results, "results"}}));
    if (const auto* found = ItemOf(results, item)) return found->status;
    return Fail(ERATO_INVALID_ARGUMENT,
                erato::Concat("[argument item] index, got ", item, ", expected below ",
                              results->items.size()),
                "item");
  });
}

const float* erato_results_floats(const erato_results* results, size_t item, size_t* rows,
                                  size_t* columns) {
  const auto* found = ItemOf(results, item);
  const bool there = found != nullptr && found->status.ok() && found->rows > 0;
  if (rows != nullptr) *rows = there ? found->rows : 0;
  if (columns != nullptr) *columns = there ? results->columns : 0;
  return there ? results->floats.data() + found->begin : nullptr;
}

size_t erato_results_tokens(const erato_results* results, size_t item) {
  const auto* found = ItemOf(results, item);
  return found == nullptr ? 0 : found->tokens;
}

size_t erato_results_left_out(const erato_results* results, size_t item) {
  const auto* found = ItemOf(results, item);
  return found == nullptr ? 0 : found->left_out;
}

void erato_results_free(erato_results* results) { delete results; }

}  // extern "C"
