// JSON as the template language sees it.
#ifndef ERATO_CAPI_SRC_TEMPLATE_VALUE_H_
#define ERATO_CAPI_SRC_TEMPLATE_VALUE_H_

#include "core/base/json.h"
#include "tokenizer/template/value.h"

namespace erato::capi {

/// Objects keep their order; every string is content. `json` is at most as deep as ParseJson lets
/// through.
Value ToTemplateValue(const Json& json);
/// The members of an object.
Dict ToTemplateDict(const Json& object);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_TEMPLATE_VALUE_H_
