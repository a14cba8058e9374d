#include "erato/version.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace {
constexpr std::array<std::string_view, 9> kFeatures = {"chat",       "generate",   "logits",
                                                       "tokenize",   "template",   "request",
                                                       "device.cpu", "device.ref", "input.text"};
}  // namespace

#define ERATO_TEXT_OF_(x) #x
#define ERATO_TEXT_OF(x) ERATO_TEXT_OF_(x)

extern "C" {

const char* erato_version(void) {
  return ERATO_TEXT_OF(ERATO_VERSION_MAJOR) "." ERATO_TEXT_OF(
      ERATO_VERSION_MINOR) "." ERATO_TEXT_OF(ERATO_VERSION_PATCH);
}

int32_t erato_version_number(void) { return ERATO_VERSION_NUMBER; }

int32_t erato_has_feature(const char* name, size_t name_bytes) {
  if (name == nullptr) return 0;
  const std::string_view wanted(name, name_bytes);
  return std::find(kFeatures.begin(), kFeatures.end(), wanted) != kFeatures.end() ? 1 : 0;
}

}  // extern "C"
