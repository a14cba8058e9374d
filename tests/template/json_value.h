// A template's variables from JSON, and rendering in one call.
#ifndef ERATO_TESTS_TEMPLATE_JSON_VALUE_H_
#define ERATO_TESTS_TEMPLATE_JSON_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "tokenizer/template/chat_template.h"

namespace erato {

/// Every string of it is content.
Value ValueFromTestJson(const nlohmann::ordered_json& json);

absl::StatusOr<std::vector<RenderedSpan>> RenderSpans(std::string_view source,
                                                      const Value& variables,
                                                      std::optional<int64_t> now = std::nullopt,
                                                      const TemplateLimits& limits = {});

/// The text, or "error: " and the message.
std::string RenderText(std::string_view source, std::string_view variables_json = "{}",
                       std::optional<int64_t> now = std::nullopt,
                       const TemplateLimits& limits = {});

}  // namespace erato

#endif  // ERATO_TESTS_TEMPLATE_JSON_VALUE_H_
