// A JSON object put together so that nothing leaks where memory ends: nlohmann's own constructor
// from nested braces loses what it has built when an exception passes through.
#ifndef ERATO_CAPI_SRC_JSON_OBJECT_H_
#define ERATO_CAPI_SRC_JSON_OBJECT_H_

#include <initializer_list>

#include "core/base/json.h"

namespace erato::capi {

struct JsonField {
  const char* name;
  Json value;
};

inline Json JsonObject(std::initializer_list<JsonField> fields) {
  Json object = Json::object();
  for (const JsonField& field : fields) object[field.name] = field.value;
  return object;
}

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_JSON_OBJECT_H_
