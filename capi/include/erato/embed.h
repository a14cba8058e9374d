/* Embeddings: a vector for each text, near to that of texts of like meaning.
 *
 *   const char *texts[] = {"one", "two"};
 *   size_t bytes[] = {3, 3};
 *   float vectors[2 * 384];
 *   erato_model_embed(model, texts, bytes, 2, NULL, vectors, 2 * 384, &error);
 *
 * Vectors are made as the model's files say (pooling, normalisation, dense layers) unless options of kind READ say
 * otherwise. What comes out for a text does not depend on the texts beside it: to the last bit with one set of
 * options on one machine. No text is ever cut unless option `truncate` asks for it, and then every result tells how
 * much was left out. Batches may be of any size; memory grows with the longest text, not with the batch.
 *
 * Any number of threads may call at once; they take turns step by step. Errors of all calls: UNSUPPORTED where the
 * model makes no vectors, CONTEXT_FULL where a text has too many tokens (both counts in the message), INVALID_UTF8,
 * INVALID_ARGUMENT (a text of no tokens at all, dimensions that the model does not offer, …), NON_FINITE, CANCELLED, DEADLINE,
 * NO_MEMORY; the message names the text by its index. */
#ifndef ERATO_EMBED_H_
#define ERATO_EMBED_H_

#include "erato/cancel.h"
#include "erato/model.h"

ERATO_OPEN

/* Values of one vector before option `dimensions`; 0 where the model makes none, and for null. */
ERATO_API int32_t erato_model_vector_width(const erato_model* model);

/* One vector a text, one after the other, into `vectors`, which has room for `floats` values (INVALID_ARGUMENT where
 * that is too few). texts[i] has text_bytes[i] bytes. The first text that fails fails the call; `vectors` then holds
 * anything. Pooling `none` has as many vectors as tokens: see erato_model_embed_each. */
ERATO_API erato_status erato_model_embed(const erato_model* model, const char* const* texts,
                                         const size_t* text_bytes, size_t count,
                                         const erato_options* options, float* vectors,
                                         size_t floats, erato_error** error);
/* The same of token ids as the model reads them, begin and end included: the first text's id_counts[0] ids, the
 * second's, … one after the other. Works without a tokenizer. */
ERATO_API erato_status erato_model_embed_ids(const erato_model* model, const int32_t* ids,
                                             const size_t* id_counts, size_t count,
                                             const erato_options* options, float* vectors,
                                             size_t floats, erato_error** error);

/* The same text by text: what fails for one is told of that one, and the others are whole. Each result has
 * [1, width] floats, or [tokens, width] with pooling `none`. Fails as a whole where no text could be read: CANCELLED,
 * DEADLINE, NO_MEMORY, wrong options. */
ERATO_API erato_status erato_model_embed_each(const erato_model* model, const char* const* texts,
                                              const size_t* text_bytes, size_t count,
                                              const erato_options* options, erato_results** results,
                                              erato_error** error);

ERATO_CLOSE

#endif /* ERATO_EMBED_H_ */
