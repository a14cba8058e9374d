/* Reranking: how well each of some documents answers a query. For models that read query and document together
 * (cross-encoders with one label, or with the labels "yes" and "no"). Rules and errors as in embed.h; UNSUPPORTED
 * where the model has no such head. */
#ifndef ERATO_RERANK_H_
#define ERATO_RERANK_H_

#include "erato/cancel.h"
#include "erato/model.h"

ERATO_OPEN

/* Into raw[count] the scores as the model makes them (higher is better; of two labels the difference of their logits),
 * into relevance[count] the same from 0 to 1. Either may be null, not both. */
ERATO_API erato_status erato_model_rerank(const erato_model* model, const char* query,
                                          size_t query_bytes, const char* const* documents,
                                          const size_t* document_bytes, size_t count,
                                          const erato_options* options, float* raw,
                                          float* relevance, erato_error** error);
/* Document by document: each result has [1, 2] floats, raw and relevance. */
ERATO_API erato_status erato_model_rerank_each(const erato_model* model, const char* query,
                                               size_t query_bytes, const char* const* documents,
                                               const size_t* document_bytes, size_t count,
                                               const erato_options* options,
                                               erato_results** results, erato_error** error);

ERATO_CLOSE

#endif /* ERATO_RERANK_H_ */
