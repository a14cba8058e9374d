// A text with its tokens: the objects behind erato_encoding_*.
#include <memory>
#include <utility>
#include <vector>

#include "capi/src/chat.h"
#include "capi/src/json_argument.h"
#include "capi/src/model.h"
#include "capi/src/text.h"
#include "core/base/concat.h"
#include "core/base/status.h"
#include "erato/text.h"

struct erato_encoding {
  std::string text;
  std::vector<int32_t> ids;
  std::vector<uint64_t> offsets, spans;
};

namespace erato::capi {
namespace {

using EncodingOr = absl::StatusOr<std::unique_ptr<erato_encoding>>;

// Not every vocabulary keeps an account of where ids are from.
absl::Status EncodeInto(const Tokenizer& tokenizer, const std::vector<TextSpan>& spans,
                        bool add_special, erato_encoding& out) {
  const EncodeOptions options{.add_special = add_special};
  auto detailed = tokenizer.EncodeDetailed(spans, nullptr, options);
  if (detailed.ok()) {
    out.ids = std::move(detailed->ids);
    out.offsets.reserve(2 * detailed->offsets.size());
    for (const ByteRange& range : detailed->offsets) {
      out.offsets.insert(out.offsets.end(), {range.begin, range.end});
    }
    return absl::OkStatus();
  }
  if (!absl::IsUnimplemented(detailed.status())) return From(Origin::kText, detailed.status());
  ERATO_ASSIGN_OR_RETURN(out.ids, From(Origin::kText, tokenizer.Encode(spans, options)));
  return absl::OkStatus();
}

EncodingOr EncodeParts(const LoadedModel& model, const std::vector<TextSpan>& parts,
                       int32_t flags) {
  ERATO_ASSIGN_OR_RETURN(const Tokenizer* tokenizer, model.RequireTokenizer());
  auto made = std::make_unique<erato_encoding>();
  for (const TextSpan& part : parts) {
    made->text.append(part.text);
    made->spans.insert(made->spans.end(), {made->text.size(), part.trusted ? 1u : 0u});
  }
  ERATO_RETURN_IF_ERROR(
      EncodeInto(*tokenizer, parts, (flags & ERATO_TEXT_ADD_SPECIAL) != 0, *made));
  return made;
}

absl::StatusOr<std::vector<TextSpan>> PartsArgument(size_t parts, const char* const* texts,
                                                    const size_t* text_bytes,
                                                    const int32_t* part_flags) {
  std::vector<TextSpan> spans;
  if (parts == 0) return spans;
  ERATO_RETURN_IF_ERROR(
      Given({{texts, "texts"}, {text_bytes, "text_bytes"}, {part_flags, "part_flags"}}));
  spans.reserve(parts);
  for (size_t i = 0; i < parts; ++i) {
    const std::string name = Concat("texts[", i, "]");
    ERATO_ASSIGN_OR_RETURN(const auto view, TextArgument(texts[i], text_bytes[i], name.c_str()));
    spans.push_back({view, (part_flags[i] & ERATO_TEXT_TRUSTED) != 0});
  }
  return spans;
}

EncodingOr EncodeChat(const LoadedModel& model, const char* json, size_t json_bytes) {
  ERATO_ASSIGN_OR_RETURN(const auto rendered, RenderJson(model, json, json_bytes));
  std::vector<TextSpan> spans;
  spans.reserve(rendered.size());
  for (const RenderedSpan& span : rendered) spans.push_back({span.text, span.scaffold});
  return EncodeParts(model, spans, ERATO_TEXT_PLAIN);
}

template <typename T>
const T* Give(const std::vector<T>* values, size_t each, size_t* count) {
  const size_t size = values == nullptr ? 0 : values->size();
  if (count != nullptr) *count = size / each;
  return size == 0 ? nullptr : values->data();
}

}  // namespace
}  // namespace erato::capi

using namespace erato::capi;  // NOLINT

extern "C" {

erato_status erato_model_encode(const erato_model* model, const char* text, size_t text_bytes,
                                int32_t flags, erato_encoding** encoding, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{encoding, "encoding"}}));
    ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
    ERATO_ASSIGN_OR_RETURN(const auto view, TextArgument(text, text_bytes, "text"));
    const bool trusted = (flags & ERATO_TEXT_TRUSTED) != 0;
    ERATO_ASSIGN_OR_RETURN(auto made, EncodeParts(*loaded, {{view, trusted}}, flags));
    *encoding = made.release();
    return absl::OkStatus();
  });
}

erato_status erato_model_encode_parts(const erato_model* model, size_t parts,
                                      const char* const* texts, const size_t* text_bytes,
                                      const int32_t* part_flags, int32_t flags,
                                      erato_encoding** encoding, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{encoding, "encoding"}}));
    ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
    ERATO_ASSIGN_OR_RETURN(const auto spans, PartsArgument(parts, texts, text_bytes, part_flags));
    ERATO_ASSIGN_OR_RETURN(auto made, EncodeParts(*loaded, spans, flags));
    *encoding = made.release();
    return absl::OkStatus();
  });
}

erato_status erato_model_encode_chat(const erato_model* model, const char* json, size_t json_bytes,
                                     erato_encoding** encoding, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{encoding, "encoding"}}));
    ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
    ERATO_ASSIGN_OR_RETURN(auto made, EncodeChat(*loaded, json, json_bytes));
    *encoding = made.release();
    return absl::OkStatus();
  });
}

const char* erato_encoding_text(const erato_encoding* encoding, size_t* text_bytes) {
  if (text_bytes != nullptr) *text_bytes = encoding == nullptr ? 0 : encoding->text.size();
  return encoding == nullptr ? "" : encoding->text.c_str();
}

const int32_t* erato_encoding_ids(const erato_encoding* encoding, size_t* count) {
  return Give(encoding == nullptr ? nullptr : &encoding->ids, 1, count);
}

const uint64_t* erato_encoding_offsets(const erato_encoding* encoding, size_t* count) {
  return Give(encoding == nullptr ? nullptr : &encoding->offsets, 2, count);
}

const uint64_t* erato_encoding_spans(const erato_encoding* encoding, size_t* count) {
  return Give(encoding == nullptr ? nullptr : &encoding->spans, 2, count);
}

void erato_encoding_free(erato_encoding* encoding) { delete encoding; }

}  // extern "C"
