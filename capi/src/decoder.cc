// Ids to text as they come.
#include <memory>
#include <optional>
#include <utility>

#include "capi/src/model.h"
#include "core/base/status.h"
#include "erato/text.h"
#include "tokenizer/decode_stream.h"
#include "tokenizer/utf8_stream.h"

struct erato_decoder {
  erato_decoder(erato::capi::ModelRef model, const erato::Tokenizer& tokenizer, bool special)
      : model(std::move(model)), tokenizer(tokenizer), special(special) {
    bytes.emplace(tokenizer, special);
  }

  const erato::capi::Home home;
  std::atomic<bool> taken{false};
  const erato::capi::ModelRef model;  // keeps the tokenizer
  const erato::Tokenizer& tokenizer;
  const bool special;
  std::optional<erato::DecodeStream> bytes;
  erato::Utf8Stream letters;
  std::string piece;
};

namespace erato::capi {
namespace {

absl::Status Ready(erato_decoder* decoder, const Claim& claim) {
  ERATO_RETURN_IF_ERROR(decoder->home.Check());
  return claim.Check("decoder");
}

absl::Status Push(erato_decoder& decoder, const int32_t* ids, size_t count) {
  ERATO_ASSIGN_OR_RETURN(const auto tokens, IdsArgument(ids, count, decoder.tokenizer.size()));
  std::string bytes;
  for (int32_t id : tokens) {
    ERATO_RETURN_IF_ERROR(From(Origin::kText, decoder.bytes->Push(id, bytes)));
  }
  std::string piece;
  decoder.letters.Push(bytes, piece);
  decoder.piece = std::move(piece);
  return absl::OkStatus();
}

}  // namespace
}  // namespace erato::capi

using namespace erato::capi;  // NOLINT

extern "C" {

erato_status erato_decoder_create(const erato_model* model, int32_t flags, erato_decoder** decoder,
                                  erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{decoder, "decoder"}}));
    ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
    ERATO_ASSIGN_OR_RETURN(const erato::Tokenizer* tokenizer, loaded->RequireTokenizer());
    *decoder = new erato_decoder(loaded, *tokenizer, (flags & ERATO_TEXT_SHOW_SPECIAL) != 0);
    return absl::OkStatus();
  });
}

erato_status erato_decoder_push(erato_decoder* decoder, const int32_t* ids, size_t count,
                                erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{decoder, "decoder"}}));
    const Claim claim(decoder->taken);
    ERATO_RETURN_IF_ERROR(Ready(decoder, claim));
    return Push(*decoder, ids, count);
  });
}

erato_status erato_decoder_finish(erato_decoder* decoder, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{decoder, "decoder"}}));
    const Claim claim(decoder->taken);
    ERATO_RETURN_IF_ERROR(Ready(decoder, claim));
    std::string piece;
    decoder->letters.Flush(piece);
    decoder->piece = std::move(piece);
    decoder->bytes.emplace(decoder->tokenizer, decoder->special);
    return absl::OkStatus();
  });
}

const char* erato_decoder_piece(const erato_decoder* decoder, size_t* text_bytes) {
  if (text_bytes != nullptr) *text_bytes = decoder == nullptr ? 0 : decoder->piece.size();
  return decoder == nullptr ? "" : decoder->piece.c_str();
}

void erato_decoder_free(erato_decoder* decoder) {
  if (decoder != nullptr && decoder->home.here()) GuardFree([&] { delete decoder; });
}

}  // extern "C"
