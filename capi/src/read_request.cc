#include "capi/src/read_request.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "capi/src/entities.h"
#include "capi/src/json_text.h"
#include "capi/src/request_fields.h"
#include "capi/src/reranking.h"
#include "capi/src/response.h"
#include "core/base/concat.h"
#include "core/base/status.h"
#include "erato/vectors.h"

namespace erato::capi {
namespace {

absl::StatusOr<ReadSettings> Settings(const Json& json) {
  erato_options options{ERATO_OPTIONS_READ};
  ERATO_RETURN_IF_ERROR(ReadOptionFields(json, {}, options));
  return ReadReadOptions(&options);
}

JsonText OpenAnswer(const LoadedModel& model) {
  JsonText json;
  json.Open('{').Field("object", "list").Field("model", ModelName(model));
  return json;
}

std::string CloseAnswer(JsonText json, size_t tokens) {
  json.Key("usage").Open('{').Field("prompt_tokens", tokens).Field("total_tokens", tokens);
  return json.Close('}').Close('}').Take();
}

/// Adds up the tokens; the first item that failed is the request's error.
absl::StatusOr<size_t> CountTokens(const erato_results& results) {
  size_t tokens = 0;
  for (const auto& item : results.items) {
    ERATO_RETURN_IF_ERROR(item.status);
    tokens += item.tokens;
  }
  return tokens;
}

// ---- input ----

bool IsIds(const Json& json) {
  const Json::Array* list = json.array();
  return list != nullptr && !list->empty() &&
         std::all_of(list->begin(), list->end(), [](const Json& id) { return id.is_integer(); });
}

/// A text, a list of texts, ids, or a list of lists of ids.
struct Input {
  std::vector<std::string_view> texts;
  std::vector<int32_t> ids;
  std::vector<size_t> id_counts;
  size_t count() const { return texts.size() + id_counts.size(); }
};

void AddIds(const Json& list, Input& input) {
  for (const Json& id : *list.array()) {
    // What does not fit is no id of any vocabulary.
    const int64_t value =
        id.is_unsigned() && id.get<uint64_t>() > INT32_MAX ? -1 : id.get<int64_t>();
    input.ids.push_back(static_cast<int32_t>(std::clamp<int64_t>(value, -1, INT32_MAX)));
  }
  input.id_counts.push_back(list.size());
}

absl::StatusOr<Input> ReadInput(const Json& json) {
  constexpr std::string_view kExpected = "a text, ids, or an array of texts or of arrays of ids";
  Input input;
  const auto one = [&](const Json& item) {
    if (item.is_string()) {
      input.texts.push_back(*item.string());
    } else if (IsIds(item)) {
      AddIds(item, input);
    }
  };
  size_t items = 1;
  if (json.is_array() && !IsIds(json)) {
    items = json.size();
    for (const Json& item : *json.array()) one(item);
  } else {
    one(json);
  }
  const bool mixed = !input.texts.empty() && !input.id_counts.empty();
  if (mixed || items == 0 || input.count() != items) {
    return Refuse(ERATO_INVALID_ARGUMENT, "input", kExpected);
  }
  return input;
}

absl::StatusOr<BatchReader::Next> NextOf(Reading& reading, const Input& input) {
  if (!input.id_counts.empty()) return reading.Ids(input.ids.data(), input.id_counts.data());
  return reading.Texts([&](size_t item) { return input.texts[item]; });
}

/// A list with an object an item, of which `add` tells what its numbers say.
template <class Add>
absl::StatusOr<std::string> AnswerEach(Reading& reading, const Input& input, const char* object,
                                       Add add) {
  ERATO_ASSIGN_OR_RETURN(const auto next, NextOf(reading, input));
  erato_results results;
  ERATO_RETURN_IF_ERROR(reading.batch().ReadEach(input.count(), next, results));
  ERATO_ASSIGN_OR_RETURN(const size_t tokens, CountTokens(results));
  JsonText answer = OpenAnswer(reading.model());
  answer.Key("data").Open('[');
  for (size_t i = 0; i < results.items.size(); ++i) {
    answer.Open('{').Field("object", object).Field("index", i);
    ERATO_RETURN_IF_ERROR(add(&results.floats[results.items[i].begin], results.columns, answer));
    answer.Close('}');
  }
  answer.Close(']');
  return CloseAnswer(std::move(answer), tokens);
}

// ---- embeddings ----

std::string Base64(const void* data, size_t bytes) {
  return absl::Base64Escape(absl::string_view(static_cast<const char*>(data), bytes));
}

/// Little-endian, whatever the machine.
std::string Base64(const float* vector, size_t n) {
  static_assert(std::endian::native == std::endian::little);
  return Base64(static_cast<const void*>(vector), n * sizeof(float));
}

absl::Status AddVector(std::string_view format, const float* vector, size_t n, JsonText& json) {
  json.Key("embedding");
  if (format == "base64") {
    json.Add(Base64(vector, n));
  } else if (format == "float") {
    json.Open('[');
    for (size_t i = 0; i < n; ++i) json.Add(vector[i]);
    json.Close(']');
  } else if (format == "int8") {
    std::vector<int8_t> values(n);
    erato_to_int8(vector, n, values.data());
    json.Open('[');
    for (const int8_t value : values) json.Add(int32_t{value});
    json.Close(']');
  } else if (format == "ubinary") {
    std::vector<uint8_t> bits((n + 7) / 8);
    erato_to_bits(vector, n, bits.data());
    json.Open('[');
    for (const uint8_t byte : bits) json.Add(int32_t{byte});
    json.Close(']');
  } else {
    return Refuse(ERATO_INVALID_ARGUMENT, "encoding_format", "float, base64, int8 or ubinary");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Embeddings(Reading& reading, const Json& json) {
  ERATO_ASSIGN_OR_RETURN(const Input input, ReadInput(Field(json, "input")));
  const Json& given = Field(json, "encoding_format");
  if (!given.is_null() && !given.is_string()) {
    return Refuse(ERATO_INVALID_ARGUMENT, "encoding_format", "a text");
  }
  const std::string format = given.is_null() ? "float" : *given.string();
  if (reading.batch().by_token()) {
    return Refuse(ERATO_UNSUPPORTED, "pooling", "one that makes one vector of a text");
  }
  return AnswerEach(reading, input, "embedding",
                    [&](const float* vector, size_t n, JsonText& answer) {
                      return AddVector(format, vector, n, answer);
                    });
}

// ---- labels ----

/// Likeliest first.
void AddPredictions(const float* scores, const std::vector<std::string>& labels, JsonText& json) {
  std::vector<size_t> order(labels.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  json.Field("prediction", labels[order[0]]).Field("score", scores[order[0]]);
  json.Key("predictions").Open('[');
  for (const size_t i : order) {
    json.Open('{').Field("label", labels[i]).Field("score", scores[i]).Close('}');
  }
  json.Close(']');
}

void AddEntities(const std::vector<Entity>& entities, std::string_view text, JsonText& json) {
  json.Key("entities").Open('[');
  for (const Entity& entity : entities) {
    json.Open('{').Field("label", entity.label);
    json.Field("text", text.substr(entity.begin, entity.end - entity.begin));
    json.Field("begin", entity.begin).Field("end", entity.end).Field("score", entity.score);
    json.Close('}');
  }
  json.Close(']');
}

absl::StatusOr<std::string> TokenLabels(Reading& reading, const Input& input) {
  if (input.texts.empty()) return Refuse(ERATO_INVALID_ARGUMENT, "input", "a text or texts");
  JsonText answer = OpenAnswer(reading.model());
  answer.Key("data").Open('[');
  size_t tokens = 0;
  for (size_t i = 0; i < input.texts.size(); ++i) {
    ERATO_ASSIGN_OR_RETURN(const EntityList found, FindEntities(reading, input.texts[i]));
    tokens += found.tokens;
    answer.Open('{').Field("object", "classification").Field("index", i);
    AddEntities(found.entities, input.texts[i], answer);
    answer.Close('}');
  }
  answer.Close(']');
  return CloseAnswer(std::move(answer), tokens);
}

absl::StatusOr<std::string> Labels(Reading& reading, const Json& json) {
  ERATO_ASSIGN_OR_RETURN(const Input input, ReadInput(Field(json, "input")));
  if (reading.batch().by_token()) return TokenLabels(reading, input);
  return AnswerEach(reading, input, "classification",
                    [&](const float* scores, size_t, JsonText& answer) {
                      AddPredictions(scores, reading.model().summary().labels, answer);
                      return absl::OkStatus();
                    });
}

// ---- ranking ----

struct RankRequest {
  std::string_view query;
  std::vector<std::string_view> documents;
  size_t top = 0;
  bool return_documents = false;
};

absl::StatusOr<RankRequest> ReadRankRequest(const Json& json) {
  RankRequest request;
  const Json& query = Field(json, "query");
  if (!query.is_string()) return Refuse(ERATO_INVALID_ARGUMENT, "query", "a text");
  request.query = *query.string();
  const Json& documents = Field(json, "documents");
  for (size_t i = 0; documents.is_array() && i < documents.size(); ++i) {
    const Json& document = documents[i];
    const Json& text = document.is_object() ? Field(document, "text") : document;
    if (text.is_string()) request.documents.push_back(*text.string());
  }
  if (!documents.is_array() || documents.size() != request.documents.size()) {
    return Refuse(ERATO_INVALID_ARGUMENT, "documents", "an array of texts or objects with a text");
  }
  const Json& top = Field(json, "top_n");
  if (!top.is_null() && (!top.is_unsigned() || top.get<uint64_t>() == 0)) {
    return Refuse(ERATO_INVALID_ARGUMENT, "top_n", "a number of at least 1");
  }
  request.top = request.documents.size();
  if (!top.is_null()) request.top = std::min<uint64_t>(request.top, top.get<uint64_t>());
  ERATO_ASSIGN_OR_RETURN(request.return_documents, ReadBool(json, "return_documents"));
  return request;
}

absl::StatusOr<std::string> Ranking(const ModelRef& model, ReadSettings settings,
                                    const Json& json) {
  ERATO_ASSIGN_OR_RETURN(const RankRequest request, ReadRankRequest(json));
  ERATO_ASSIGN_OR_RETURN(Reranking reranking, Reranking::Start(model, std::move(settings)));
  erato_results results;
  ERATO_RETURN_IF_ERROR(reranking.Each(
      request.query, request.documents.size(), [&](size_t item) { return request.documents[item]; },
      results));
  ERATO_ASSIGN_OR_RETURN(const size_t tokens, CountTokens(results));
  const auto raw = [&](size_t item) { return results.floats[results.items[item].begin]; };
  std::vector<size_t> order(request.documents.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return raw(a) > raw(b); });
  order.resize(request.top);
  JsonText answer = OpenAnswer(*model);
  answer.Key("results").Open('[');
  for (const size_t i : order) {
    const float relevance = results.floats[results.items[i].begin + 1];
    answer.Open('{').Field("index", i).Field("relevance_score", relevance);
    answer.Field("raw_score", raw(i));
    if (request.return_documents) {
      answer.Key("document").Open('{').Field("text", request.documents[i]).Close('}');
    }
    answer.Close('}');
  }
  answer.Close(']');
  return CloseAnswer(std::move(answer), tokens);
}

}  // namespace

bool IsReadRequest(const Json& json) {
  return json.is_object() &&
         (!Field(json, "input").is_null() || !Field(json, "documents").is_null());
}

absl::StatusOr<std::string> AnswerReadRequest(const ModelRef& model, const Json& json) {
  ERATO_ASSIGN_OR_RETURN(ReadSettings settings, Settings(json));
  if (!Field(json, "documents").is_null()) return Ranking(model, std::move(settings), json);
  const bool labels = !model->summary().labels.empty();
  ERATO_ASSIGN_OR_RETURN(const auto reading, Reading::Start(model, std::move(settings),
                                                            labels ? Reading::Product::kLabels
                                                                   : Reading::Product::kVectors));
  return labels ? Labels(*reading, json) : Embeddings(*reading, json);
}

}  // namespace erato::capi
