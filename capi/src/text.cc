#include "erato/text.h"

#include "capi/src/chat.h"
#include "capi/src/json_argument.h"
#include "capi/src/model.h"
#include "capi/src/text.h"
#include "capi/src/values.h"
#include "core/base/status.h"
#include "tokenizer/template/builtin.h"
#include "tokenizer/utf8_stream.h"

namespace erato::capi {
namespace {

absl::StatusOr<std::vector<int32_t>> Encode(const erato_model* model, const char* text,
                                            size_t text_bytes, int32_t flags) {
  ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
  ERATO_ASSIGN_OR_RETURN(const auto view, TextArgument(text, text_bytes, "text"));
  ERATO_ASSIGN_OR_RETURN(const Tokenizer* tokenizer, loaded->RequireTokenizer());
  EncodeOptions options;
  options.add_special = (flags & ERATO_TEXT_ADD_SPECIAL) != 0;
  const bool trusted = (flags & ERATO_TEXT_TRUSTED) != 0;
  return From(Origin::kText, tokenizer->Encode(view, trusted, options));
}

std::string WholeCodePoints(std::string_view bytes) {
  std::string text;
  Utf8Stream stream;
  stream.Push(bytes, text);
  stream.Flush(text);
  return text;
}

absl::StatusOr<std::string> Decode(const erato_model* model, const int32_t* ids, size_t count,
                                   int32_t flags) {
  ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
  ERATO_ASSIGN_OR_RETURN(const erato::Tokenizer* tokenizer, loaded->RequireTokenizer());
  ERATO_ASSIGN_OR_RETURN(const auto tokens, IdsArgument(ids, count, tokenizer->size()));
  return From(Origin::kText, tokenizer->Decode(tokens, (flags & ERATO_TEXT_SHOW_SPECIAL) != 0));
}

absl::StatusOr<std::vector<int32_t>> ChatIds(const erato_model* model, const char* json,
                                             size_t json_bytes) {
  ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
  ERATO_ASSIGN_OR_RETURN(const erato::Tokenizer* tokenizer, loaded->RequireTokenizer());
  ERATO_ASSIGN_OR_RETURN(const auto spans, RenderJson(*loaded, json, json_bytes));
  return EncodeSpans(*tokenizer, spans);
}

}  // namespace

absl::StatusOr<std::vector<RenderedSpan>> RenderJson(const LoadedModel& model, const char* json,
                                                     size_t json_bytes) {
  ERATO_ASSIGN_OR_RETURN(const Json variables, JsonArgument(json, json_bytes));
  ERATO_ASSIGN_OR_RETURN(const auto chat_template, model.RequireTemplate());
  return RenderVariables(*chat_template, variables, model.tokenizer());
}

}  // namespace erato::capi

using namespace erato::capi;  // NOLINT

extern "C" {

erato_status erato_model_tokenize(const erato_model* model, const char* text, size_t text_bytes,
                                  int32_t flags, erato_ids** ids, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{ids, "ids"}}));
    ERATO_ASSIGN_OR_RETURN(auto tokens, Encode(model, text, text_bytes, flags));
    *ids = new erato_ids{std::move(tokens)};
    return absl::OkStatus();
  });
}

erato_status erato_model_count_tokens(const erato_model* model, const char* text, size_t text_bytes,
                                      int32_t flags, size_t* count, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{count, "count"}}));
    ERATO_ASSIGN_OR_RETURN(const auto tokens, Encode(model, text, text_bytes, flags));
    *count = tokens.size();
    return absl::OkStatus();
  });
}

erato_status erato_model_detokenize(const erato_model* model, const int32_t* ids, size_t count,
                                    int32_t flags, erato_text** text, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{text, "text"}}));
    ERATO_ASSIGN_OR_RETURN(const auto bytes, Decode(model, ids, count, flags));
    *text = new erato_text{WholeCodePoints(bytes)};
    return absl::OkStatus();
  });
}

erato_status erato_model_piece(const erato_model* model, int32_t id, int32_t flags,
                               erato_text** bytes, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{bytes, "bytes"}}));
    ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
    ERATO_ASSIGN_OR_RETURN(const erato::Tokenizer* tokenizer, loaded->RequireTokenizer());
    ERATO_RETURN_IF_ERROR(IdsArgument(&id, 1, tokenizer->size()).status());
    std::string piece;
    tokenizer->AppendBytes(id, (flags & ERATO_TEXT_SHOW_SPECIAL) != 0, piece);
    *bytes = new erato_text{std::move(piece)};
    return absl::OkStatus();
  });
}

erato_status erato_model_render(const erato_model* model, const char* json, size_t json_bytes,
                                erato_text** text, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{text, "text"}}));
    ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
    ERATO_ASSIGN_OR_RETURN(const auto spans, RenderJson(*loaded, json, json_bytes));
    *text = new erato_text{erato::TextOf(spans)};
    return absl::OkStatus();
  });
}

erato_status erato_model_render_ids(const erato_model* model, const char* json, size_t json_bytes,
                                    erato_ids** ids, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{ids, "ids"}}));
    ERATO_ASSIGN_OR_RETURN(auto tokens, ChatIds(model, json, json_bytes));
    *ids = new erato_ids{std::move(tokens)};
    return absl::OkStatus();
  });
}

erato_status erato_model_count_chat_tokens(const erato_model* model, const char* json,
                                           size_t json_bytes, size_t* count, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{count, "count"}}));
    ERATO_ASSIGN_OR_RETURN(const auto tokens, ChatIds(model, json, json_bytes));
    *count = tokens.size();
    return absl::OkStatus();
  });
}

erato_status erato_template_render(const char* source, size_t source_bytes, const char* json,
                                   size_t json_bytes, erato_text** text, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{text, "text"}}));
    ERATO_ASSIGN_OR_RETURN(const auto view, TextArgument(source, source_bytes, "source"));
    ERATO_ASSIGN_OR_RETURN(const auto variables, JsonArgument(json, json_bytes));
    ERATO_ASSIGN_OR_RETURN(const auto known, From(Origin::kTemplate, erato::BuiltinOrSource(view)));
    ERATO_ASSIGN_OR_RETURN(const auto parsed,
                           From(Origin::kTemplate, erato::ChatTemplate::Parse(known)));
    ERATO_ASSIGN_OR_RETURN(const auto spans, RenderVariables(*parsed, variables, nullptr));
    *text = new erato_text{erato::TextOf(spans)};
    return absl::OkStatus();
  });
}

}  // extern "C"
