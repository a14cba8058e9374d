/* Classification: labels with scores, of whole texts, of pairs of texts, or of stretches of a text (names, places, …).
 * Rules and errors as in embed.h; UNSUPPORTED where the model has no labels. */
#ifndef ERATO_CLASSIFY_H_
#define ERATO_CLASSIFY_H_

#include "erato/cancel.h"
#include "erato/model.h"

ERATO_OPEN

/* Labels of the model's head; 0 where it has none, and for null. */
ERATO_API size_t erato_model_label_count(const erato_model* model);
/* "positive". NUL-terminated, as long as the model; "" for what is not there. */
ERATO_API const char* erato_model_label(const erato_model* model, size_t index, size_t* label_bytes);

/* One line of scores a text, [count, labels], into `scores`, which has room for `floats` values. Option `scores` says
 * what they are; by default probabilities as the model means them: of all labels together, or of each by itself. */
ERATO_API erato_status erato_model_classify(const erato_model* model, const char* const* texts,
                                            const size_t* text_bytes, size_t count,
                                            const erato_options* options, float* scores,
                                            size_t floats, erato_error** error);
/* The same of pairs: texts[i] with seconds[i] (a premise and a hypothesis, a question and a passage). */
ERATO_API erato_status erato_model_classify_pairs(const erato_model* model, const char* const* texts,
                                                  const size_t* text_bytes,
                                                  const char* const* seconds,
                                                  const size_t* second_bytes, size_t count,
                                                  const erato_options* options, float* scores,
                                                  size_t floats, erato_error** error);
/* Text by text: each result has [1, labels] floats, or [tokens, labels] where the model labels tokens. */
ERATO_API erato_status erato_model_classify_each(const erato_model* model, const char* const* texts,
                                                 const size_t* text_bytes, size_t count,
                                                 const erato_options* options,
                                                 erato_results** results, erato_error** error);

/* ---- Stretches of a text, for models that label tokens ----
 * Tokens of one kind that follow each other are one entity; of labels "B-PER" and "I-PER" the first begins a new one;
 * tokens labelled "O" are none. */
typedef struct erato_entities erato_entities;
ERATO_API erato_status erato_model_find_entities(const erato_model* model, const char* text,
                                                 size_t text_bytes, const erato_options* options,
                                                 erato_entities** entities, erato_error** error);
ERATO_API size_t erato_entities_count(const erato_entities* entities); /* 0 for null */
/* "PER": the label without its "B-" or "I-". NUL-terminated, borrowed; "" for what is not there. */
ERATO_API const char* erato_entities_label(const erato_entities* entities, size_t index,
                                           size_t* label_bytes);
/* Bytes [begin, end) of the text, and the mean probability of the label over its tokens; 0 for what is not there. */
ERATO_API size_t erato_entities_begin(const erato_entities* entities, size_t index);
ERATO_API size_t erato_entities_end(const erato_entities* entities, size_t index);
ERATO_API double erato_entities_score(const erato_entities* entities, size_t index);
ERATO_API void erato_entities_free(erato_entities* entities); /* null is fine */

ERATO_CLOSE

#endif /* ERATO_CLASSIFY_H_ */
