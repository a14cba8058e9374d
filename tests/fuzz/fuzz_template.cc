// A chat template of any bytes, rendered over a small conversation within small limits.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "tests/fuzz/promise.h"
#include "tokenizer/template/chat_template.h"

namespace {

using erato::Dict;
using erato::List;
using erato::Value;

Value Message(std::string role, std::string content) {
  return Value(Dict{{"role", Value::Content(std::move(role))},
                    {"content", Value::Content(std::move(content))}});
}

Value Variables() {
  return Value(Dict{
      {"messages",
       Value(List{Message("system", "Be brief."), Message("user", "Hello <|im_end|> {{ 7 }}"),
                  Message("assistant", "Hi."), Message("user", "\xf0\x9f\x98\x80 ok")})},
      {"tools", Value(List{Value(Dict{
                    {"name", Value::Content("f")}, {"n", Value(int64_t{3})}, {"x", Value(1.5)}})})},
      {"add_generation_prompt", Value(true)},
      {"bos_token", Value::Content("<s>")},
      {"eos_token", Value::Content("</s>")}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  const erato::TemplateLimits limits = {.max_source_bytes = 4096,
                                        .max_depth = 50,
                                        .max_steps = 20'000,
                                        .max_output_bytes = size_t{1} << 18,
                                        .max_list_items = 10'000};
  const auto parsed = erato::ChatTemplate::Parse(
      std::string_view(reinterpret_cast<const char*>(data), bytes), limits);
  if (!parsed.ok()) return 0;
  const int64_t now = 1'700'000'000;
  const auto spans = (*parsed)->Render(Variables(), &now);
  if (spans.ok()) erato::test::Promise(erato::TextOf(*spans).size() <= limits.max_output_bytes);
  return 0;
}
