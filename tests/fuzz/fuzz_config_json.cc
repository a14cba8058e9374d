// A config.json of any bytes: as JSON, and as the description of a model.
#include <cstdint>
#include <string_view>
#include <utility>

#include "core/base/json.h"
#include "models/registry.h"
#include "tests/fuzz/parsed_model.h"
#include "tests/fuzz/promise.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  using namespace erato;
  const std::string_view text(reinterpret_cast<const char*>(data), bytes);
  absl::StatusOr<Json> parsed = ParseJson(text, "config.json", {.max_values = 50'000});
  if (!parsed.ok()) return 0;
  Json json = *std::move(parsed);
  // What was read is written and read again to the same (but for NaN, which JSON does not have).
  absl::StatusOr<Json> again = ParseJson(WriteJson(json), "again");
  test::Promise(again.ok());
  test::Promise(*again == json);
  if (!json.is_object()) return 0;
  const test::ParsedModel model(
      std::move(json), {{"model.embed_tokens.weight", Format::kF32, {160, 64}, 0, 0, 40960},
                        {"model.norm.weight", Format::kF32, {64}, 0, 0, 256},
                        {"transformer.wte.weight", Format::kF32, {160, 64}, 0, 0, 40960}});
  (void)Summarise(model);
  (void)CheckModel(model);
  return 0;
}
