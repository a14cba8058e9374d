#include "capi/src/reading.h"

#include <utility>

#include "capi/src/error.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {

absl::StatusOr<std::unique_ptr<Reading>> Reading::Start(const erato_model* model,
                                                        const erato_options* options,
                                                        Product product) {
  ERATO_ASSIGN_OR_RETURN(ModelRef loaded, ModelArgument(model));
  ERATO_ASSIGN_OR_RETURN(ReadSettings settings, ReadReadOptions(options));
  return Start(std::move(loaded), std::move(settings), product);
}

absl::StatusOr<std::unique_ptr<Reading>> Reading::Start(ModelRef model, ReadSettings settings,
                                                        Product product) {
  std::unique_ptr<Reading> reading(new Reading(std::move(model), std::move(settings)));
  const LoadedModel& loaded = *reading->model_;
  ERATO_ASSIGN_OR_RETURN(reading->engine_, product == Product::kVectors ? loaded.RequireVectors()
                                                                        : loaded.RequireLabels());
  ERATO_RETURN_IF_ERROR(loaded.CheckUnchanged());
  ERATO_ASSIGN_OR_RETURN(reading->batch_, BatchReader::Create(*reading->engine_, loaded.summary(),
                                                              reading->settings_, product));
  return reading;
}

absl::Status Reading::CheckRoom(size_t count, const float* out, size_t floats) const {
  if (batch_->by_token()) {
    return Fail(ERATO_INVALID_ARGUMENT,
                "[read] results, got a model or pooling with as many lines as there are tokens, "
                "expected one line a text: the call that ends in _each has them");
  }
  const size_t columns = batch_->columns();
  // As a quotient: a product could overflow.
  if (floats / columns < count) {
    return Fail(ERATO_INVALID_ARGUMENT,
                Concat("[argument floats] room, got ", floats, ", expected ", columns,
                       " for each of ", count),
                "floats");
  }
  return count == 0 ? absl::OkStatus() : Given({{out, "out"}});
}

absl::StatusOr<const TextReader*> Reading::text() {
  if (!text_.has_value()) {
    ERATO_ASSIGN_OR_RETURN(TextReader made, TextReader::Create(*model_, settings_));
    text_.emplace(std::move(made));
  }
  return &*text_;
}

absl::StatusOr<BatchReader::Next> Reading::Texts(TextOf text) {
  ERATO_ASSIGN_OR_RETURN(const TextReader* reader, this->text());
  return BatchReader::Next(
      [reader, text = std::move(text)](size_t item) -> absl::StatusOr<ReadText> {
        ERATO_ASSIGN_OR_RETURN(const std::string_view view, text(item));
        return reader->Read(view);
      });
}

absl::StatusOr<BatchReader::Next> Reading::Pairs(TextOf first, TextOf second) {
  ERATO_ASSIGN_OR_RETURN(const TextReader* reader, this->text());
  return BatchReader::Next([reader, first = std::move(first),
                            second = std::move(second)](size_t item) -> absl::StatusOr<ReadText> {
    ERATO_ASSIGN_OR_RETURN(const std::string_view one, first(item));
    ERATO_ASSIGN_OR_RETURN(const std::string_view other, second(item));
    ERATO_ASSIGN_OR_RETURN(const Encoding read, reader->ReadFirst(one));
    return reader->ReadPair(read, other);
  });
}

BatchReader::Next Reading::Ids(const int32_t* ids, const size_t* counts) {
  return [this, ids, counts](size_t item) mutable -> absl::StatusOr<ReadText> {
    const size_t count = counts[item];
    ERATO_ASSIGN_OR_RETURN(const int32_t most, MostTokens(*model_, settings_));
    if (count == 0 || count > static_cast<size_t>(most)) {
      return Fail(count == 0 ? ERATO_INVALID_ARGUMENT : ERATO_CONTEXT_FULL,
                  Concat("[text] tokens, got ", count, ", expected 1 to ", most));
    }
    ReadText text;
    ERATO_ASSIGN_OR_RETURN(text.ids, IdsArgument(ids, count, model_->vocabulary()));
    ids += count;
    return text;
  };
}

}  // namespace erato::capi
