#include "erato/rerank.h"

#include "capi/src/error.h"
#include "capi/src/guard.h"
#include "capi/src/reranking.h"
#include "capi/src/results.h"
#include "core/base/status.h"

using namespace erato::capi;  // NOLINT

extern "C" {

erato_status erato_model_rerank(const erato_model* model, const char* query, size_t query_bytes,
                                const char* const* documents, const size_t* document_bytes,
                                size_t count, const erato_options* options, float* raw,
                                float* relevance, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    const TextList texts{documents, document_bytes, count};
    ERATO_RETURN_IF_ERROR(texts.Check("documents", "document_bytes"));
    if (raw == nullptr) ERATO_RETURN_IF_ERROR(Given({{relevance, "relevance"}}));
    ERATO_ASSIGN_OR_RETURN(const auto asked, TextArgument(query, query_bytes, "query"));
    ERATO_ASSIGN_OR_RETURN(Reranking reranking, Reranking::Start(model, options));
    return reranking.Into(
        asked, count, [&](size_t item) { return texts.At(item); }, raw, relevance);
  });
}

erato_status erato_model_rerank_each(const erato_model* model, const char* query,
                                     size_t query_bytes, const char* const* documents,
                                     const size_t* document_bytes, size_t count,
                                     const erato_options* options, erato_results** results,
                                     erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    const TextList texts{documents, document_bytes, count};
    ERATO_RETURN_IF_ERROR(Given({{results, "results"}}));
    ERATO_RETURN_IF_ERROR(texts.Check("documents", "document_bytes"));
    ERATO_ASSIGN_OR_RETURN(const auto asked, TextArgument(query, query_bytes, "query"));
    ERATO_ASSIGN_OR_RETURN(Reranking reranking, Reranking::Start(model, options));
    auto made = std::make_unique<erato_results>();
    ERATO_RETURN_IF_ERROR(reranking.Each(
        asked, count, [&](size_t item) { return texts.At(item); }, *made));
    *results = made.release();
    return absl::OkStatus();
  });
}

}  // extern "C"
