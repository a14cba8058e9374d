/* Results that belong to the caller: text, token ids, numbers. Immutable: any thread may read them.
 */
#ifndef ERATO_VALUES_H_
#define ERATO_VALUES_H_

#include "erato/status.h"

ERATO_OPEN

/* UTF-8 unless the call that made it says otherwise. Data and count are borrowed from the object.
 * Null objects are empty. */
typedef struct erato_text erato_text;
/* Never null; a NUL follows the last byte. text_bytes: null, or where to store the length. */
ERATO_API const char* erato_text_data(const erato_text* text, size_t* text_bytes);
ERATO_API void erato_text_free(erato_text* text);

typedef struct erato_ids erato_ids;
/* Null only when empty. */
ERATO_API const int32_t* erato_ids_data(const erato_ids* ids, size_t* count);
ERATO_API void erato_ids_free(erato_ids* ids);

/* A matrix, rows laid end to end. */
typedef struct erato_floats erato_floats;
/* Null only when empty. rows, columns: null, or where to store them. */
ERATO_API const float* erato_floats_data(const erato_floats* floats, size_t* rows, size_t* columns);
ERATO_API void erato_floats_free(erato_floats* floats);

/* What came of each text of a batch: floats [rows, columns], or the error that this text alone has.
 */
typedef struct erato_results erato_results;
ERATO_API size_t erato_results_count(const erato_results* results);
/* OK, or why this text has no result. INVALID_ARGUMENT for an item that is not below the count. */
ERATO_API erato_status erato_results_status(const erato_results* results, size_t item,
                                            erato_error** error);
/* Null where it has none. rows: 1, or its tokens where each has a line of its own. */
ERATO_API const float* erato_results_floats(const erato_results* results, size_t item, size_t* rows,
                                            size_t* columns);
/* Tokens that the model read, ends included, and those that truncation left out; 0 for what is not
 * there. */
ERATO_API size_t erato_results_tokens(const erato_results* results, size_t item);
ERATO_API size_t erato_results_left_out(const erato_results* results, size_t item);
ERATO_API void erato_results_free(erato_results* results);

ERATO_CLOSE

#endif /* ERATO_VALUES_H_ */
