#include "capi/src/values.h"

namespace {
void Store(size_t* where, size_t value) {
  if (where != nullptr) *where = value;
}
}  // namespace

extern "C" {

const char* erato_text_data(const erato_text* text, size_t* text_bytes) {
  Store(text_bytes, text == nullptr ? 0 : text->value.size());
  return text == nullptr ? "" : text->value.c_str();
}

void erato_text_free(erato_text* text) { delete text; }

const int32_t* erato_ids_data(const erato_ids* ids, size_t* count) {
  Store(count, ids == nullptr ? 0 : ids->value.size());
  return ids == nullptr || ids->value.empty() ? nullptr : ids->value.data();
}

void erato_ids_free(erato_ids* ids) { delete ids; }

const float* erato_floats_data(const erato_floats* floats, size_t* rows, size_t* columns) {
  Store(rows, floats == nullptr ? 0 : floats->rows);
  Store(columns, floats == nullptr ? 0 : floats->columns);
  return floats == nullptr || floats->value.empty() ? nullptr : floats->value.data();
}

void erato_floats_free(erato_floats* floats) { delete floats; }

}  // extern "C"
