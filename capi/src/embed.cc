#include "erato/embed.h"

#include "capi/src/guard.h"
#include "capi/src/reading.h"
#include "capi/src/results.h"
#include "core/base/status.h"

using namespace erato::capi;  // NOLINT

namespace erato::capi {
namespace {

constexpr auto kVectors = Reading::Product::kVectors;

absl::Status Embed(const erato_model* model, const TextList& texts, const erato_options* options,
                   float* vectors, size_t floats) {
  ERATO_RETURN_IF_ERROR(texts.Check("texts", "text_bytes"));
  ERATO_ASSIGN_OR_RETURN(const auto reading, Reading::Start(model, options, kVectors));
  ERATO_RETURN_IF_ERROR(reading->CheckRoom(texts.count, vectors, floats));
  ERATO_ASSIGN_OR_RETURN(const auto next,
                         reading->Texts([&](size_t item) { return texts.At(item); }));
  return reading->batch().ReadInto(texts.count, next, vectors);
}

absl::Status EmbedIds(const erato_model* model, const int32_t* ids, const size_t* id_counts,
                      size_t count, const erato_options* options, float* vectors, size_t floats) {
  if (count > 0) ERATO_RETURN_IF_ERROR(Given({{ids, "ids"}, {id_counts, "id_counts"}}));
  ERATO_ASSIGN_OR_RETURN(const auto reading, Reading::Start(model, options, kVectors));
  ERATO_RETURN_IF_ERROR(reading->CheckRoom(count, vectors, floats));
  return reading->batch().ReadInto(count, reading->Ids(ids, id_counts), vectors);
}

absl::Status EmbedEach(const erato_model* model, const TextList& texts,
                       const erato_options* options, erato_results** results) {
  ERATO_RETURN_IF_ERROR(Given({{results, "results"}}));
  ERATO_RETURN_IF_ERROR(texts.Check("texts", "text_bytes"));
  ERATO_ASSIGN_OR_RETURN(const auto reading, Reading::Start(model, options, kVectors));
  ERATO_ASSIGN_OR_RETURN(const auto next,
                         reading->Texts([&](size_t item) { return texts.At(item); }));
  auto made = std::make_unique<erato_results>();
  ERATO_RETURN_IF_ERROR(reading->batch().ReadEach(texts.count, next, *made));
  *results = made.release();
  return absl::OkStatus();
}

}  // namespace
}  // namespace erato::capi

extern "C" {

int32_t erato_model_vector_width(const erato_model* model) {
  if (model == nullptr || !model->home.here()) return 0;
  const auto engine = model->loaded->RequireVectors();
  return engine.ok() ? (*engine)->model().width() : 0;
}

erato_status erato_model_embed(const erato_model* model, const char* const* texts,
                               const size_t* text_bytes, size_t count, const erato_options* options,
                               float* vectors, size_t floats, erato_error** error) {
  return Guard(error, [&] {
    return Embed(model, {texts, text_bytes, count}, options, vectors, floats);
  });
}

erato_status erato_model_embed_ids(const erato_model* model, const int32_t* ids,
                                   const size_t* id_counts, size_t count,
                                   const erato_options* options, float* vectors, size_t floats,
                                   erato_error** error) {
  return Guard(error,
               [&] { return EmbedIds(model, ids, id_counts, count, options, vectors, floats); });
}

erato_status erato_model_embed_each(const erato_model* model, const char* const* texts,
                                    const size_t* text_bytes, size_t count,
                                    const erato_options* options, erato_results** results,
                                    erato_error** error) {
  return Guard(error, [&] {
    return EmbedEach(model, {texts, text_bytes, count}, options, results);
  });
}

}  // extern "C"
