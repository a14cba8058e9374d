#include "erato/classify.h"

#include <utility>

#include "capi/src/entities.h"
#include "capi/src/guard.h"
#include "capi/src/reading.h"
#include "capi/src/results.h"
#include "core/base/status.h"

using namespace erato::capi;  // NOLINT

namespace erato::capi {
namespace {

constexpr auto kLabels = Reading::Product::kLabels;

absl::Status Classify(const erato_model* model, const TextList& texts, const TextList* seconds,
                      const erato_options* options, float* scores, size_t floats) {
  ERATO_RETURN_IF_ERROR(texts.Check("texts", "text_bytes"));
  if (seconds != nullptr) ERATO_RETURN_IF_ERROR(seconds->Check("seconds", "second_bytes"));
  ERATO_ASSIGN_OR_RETURN(const auto reading, Reading::Start(model, options, kLabels));
  ERATO_RETURN_IF_ERROR(reading->CheckRoom(texts.count, scores, floats));
  const auto first = [&](size_t item) { return texts.At(item); };
  const auto second = [&](size_t item) { return seconds->At(item); };
  ERATO_ASSIGN_OR_RETURN(
      const auto next, seconds != nullptr ? reading->Pairs(first, second) : reading->Texts(first));
  return reading->batch().ReadInto(texts.count, next, scores);
}

absl::Status ClassifyEach(const erato_model* model, const TextList& texts,
                          const erato_options* options, erato_results** results) {
  ERATO_RETURN_IF_ERROR(Given({{results, "results"}}));
  ERATO_RETURN_IF_ERROR(texts.Check("texts", "text_bytes"));
  ERATO_ASSIGN_OR_RETURN(const auto reading, Reading::Start(model, options, kLabels));
  ERATO_ASSIGN_OR_RETURN(const auto next,
                         reading->Texts([&](size_t item) { return texts.At(item); }));
  auto made = std::make_unique<erato_results>();
  ERATO_RETURN_IF_ERROR(reading->batch().ReadEach(texts.count, next, *made));
  *results = made.release();
  return absl::OkStatus();
}

absl::Status Entities(const erato_model* model, const char* text, size_t text_bytes,
                      const erato_options* options, erato_entities** entities) {
  ERATO_RETURN_IF_ERROR(Given({{entities, "entities"}}));
  ERATO_ASSIGN_OR_RETURN(const auto view, TextArgument(text, text_bytes, "text"));
  ERATO_ASSIGN_OR_RETURN(const auto reading, Reading::Start(model, options, kLabels));
  ERATO_ASSIGN_OR_RETURN(EntityList found, FindEntities(*reading, view));
  *entities = new erato_entities{std::move(found.entities)};
  return absl::OkStatus();
}

/// Null for what is not there.
const Entity* EntityOf(const erato_entities* entities, size_t index) {
  return entities == nullptr || index >= entities->found.size() ? nullptr : &entities->found[index];
}

const char* Borrow(const std::string* text, size_t* bytes) {
  if (bytes != nullptr) *bytes = text == nullptr ? 0 : text->size();
  return text == nullptr ? "" : text->c_str();
}

}  // namespace
}  // namespace erato::capi

extern "C" {

size_t erato_model_label_count(const erato_model* model) {
  return model == nullptr ? 0 : model->loaded->summary().labels.size();
}

const char* erato_model_label(const erato_model* model, size_t index, size_t* label_bytes) {
  const bool there = index < erato_model_label_count(model);
  return Borrow(there ? &model->loaded->summary().labels[index] : nullptr, label_bytes);
}

erato_status erato_model_classify(const erato_model* model, const char* const* texts,
                                  const size_t* text_bytes, size_t count,
                                  const erato_options* options, float* scores, size_t floats,
                                  erato_error** error) {
  return Guard(error, [&] {
    return Classify(model, {texts, text_bytes, count}, nullptr, options, scores, floats);
  });
}

erato_status erato_model_classify_pairs(const erato_model* model, const char* const* texts,
                                        const size_t* text_bytes, const char* const* seconds,
                                        const size_t* second_bytes, size_t count,
                                        const erato_options* options, float* scores, size_t floats,
                                        erato_error** error) {
  return Guard(error, [&] {
    const TextList second{seconds, second_bytes, count};
    return Classify(model, {texts, text_bytes, count}, &second, options, scores, floats);
  });
}

erato_status erato_model_classify_each(const erato_model* model, const char* const* texts,
                                       const size_t* text_bytes, size_t count,
                                       const erato_options* options, erato_results** results,
                                       erato_error** error) {
  return Guard(error, [&] {
    return ClassifyEach(model, {texts, text_bytes, count}, options, results);
  });
}

erato_status erato_model_find_entities(const erato_model* model, const char* text,
                                       size_t text_bytes, const erato_options* options,
                                       erato_entities** entities, erato_error** error) {
  return Guard(error, [&] { return Entities(model, text, text_bytes, options, entities); });
}

size_t erato_entities_count(const erato_entities* entities) {
  return entities == nullptr ? 0 : entities->found.size();
}

const char* erato_entities_label(const erato_entities* entities, size_t index,
                                 size_t* label_bytes) {
  const Entity* entity = EntityOf(entities, index);
  return Borrow(entity == nullptr ? nullptr : &entity->label, label_bytes);
}

size_t erato_entities_begin(const erato_entities* entities, size_t index) {
  const Entity* entity = EntityOf(entities, index);
  return entity == nullptr ? 0 : entity->begin;
}

size_t erato_entities_end(const erato_entities* entities, size_t index) {
  const Entity* entity = EntityOf(entities, index);
  return entity == nullptr ? 0 : entity->end;
}

double erato_entities_score(const erato_entities* entities, size_t index) {
  const Entity* entity = EntityOf(entities, index);
  return entity == nullptr ? 0 : entity->score;
}

void erato_entities_free(erato_entities* entities) { delete entities; }

}  // extern "C"
