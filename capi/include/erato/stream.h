/* Streams: an answer on its way, pulled piece by piece.
 *
 *     while ((status = erato_stream_advance(stream, &error)) == ERATO_OK) {
 *       const char* piece = erato_stream_piece(stream, &bytes);
 *       …
 *     }
 *
 * A stream belongs to one caller at a time: a second one meanwhile gets BUSY. It may be freed
 * before or after its session and model. To stop, stop asking and free it, or cancel it from any
 * thread. */
#ifndef ERATO_STREAM_H_
#define ERATO_STREAM_H_

#include "erato/model.h"

ERATO_OPEN

typedef struct erato_stream erato_stream;

/* Why a stream ended. */
typedef int32_t erato_finish;
enum {
  ERATO_FINISH_NONE = 0,      /* it has not */
  ERATO_FINISH_STOP = 1,      /* the model ended its text, or a stop string came */
  ERATO_FINISH_LENGTH = 2,    /* max_tokens, or the context is full */
  ERATO_FINISH_CANCELLED = 3, /* by erato_stream_cancel */
  ERATO_FINISH_DEADLINE = 4,
  ERATO_FINISH_ERROR = 5
};

/* Works until there is text to give out.
 *   OK       erato_stream_piece has it
 *   END      the text is complete
 *   CANCELLED, DEADLINE, NON_FINITE, NO_MEMORY, MODEL_CHANGED
 *            it is not, and what was given out stands
 * After END or an error (BUSY and FORKED aside) further calls return the same again. */
ERATO_API erato_status erato_stream_advance(erato_stream* stream, erato_error** error);
/* What the last advance gave: whole code points, never empty after OK; "" before the first and
 * after the end. NUL-terminated; borrowed until the next advance. piece_bytes: null, or where to
 * store the length. */
ERATO_API const char* erato_stream_piece(erato_stream* stream, size_t* piece_bytes);

/* What kind of text that is: a piece is never of two. Thinking is told apart where the chat
 * template has markers for it (option reasoning_format); the markers themselves are given out as
 * neither. */
typedef int32_t erato_piece_kind;
enum { ERATO_PIECE_ANSWER = 0, ERATO_PIECE_REASONING = 1 };
ERATO_API erato_piece_kind erato_stream_piece_kind(erato_stream* stream); /* 0 for null */

/* The ids that the last advance took in, those held back for stop strings and code points included.
 * Borrowed likewise. */
ERATO_API const int32_t* erato_stream_ids(erato_stream* stream, size_t* count);
/* The bytes that these ids stand for, as they are: perhaps not whole code points; thinking, its
 * markers and stop strings are among them, other control tokens have none. NUL-terminated; borrowed
 * likewise. */
ERATO_API const char* erato_stream_bytes(erato_stream* stream, size_t* count);
/* With option logprobs, JSON, one object for each of these ids:
 *     [{"token": text, "id", "logprob", "bytes": [0 … 255],
 *       "top_logprobs": [the same without this key, likeliest first]}, …]
 * Natural logarithms of the model's own probabilities, before any sampler. "[]" without the option.
 * Borrowed likewise. */
ERATO_API const char* erato_stream_logprobs(erato_stream* stream, size_t* json_bytes);
/* With option prompt_logprobs, JSON: the same of the prompt's ids, null for the first; "" without.
 * Valid as long as the stream. */
ERATO_API const char* erato_stream_prompt_logprobs(const erato_stream* stream, size_t* json_bytes);

/* Any thread, any time before free: the stream ends with CANCELLED, at the latest when the running
 * step is done. */
ERATO_API void erato_stream_cancel(const erato_stream* stream);
/* Null is fine. A stream not at its end is cancelled; its session keeps what was given out. */
ERATO_API void erato_stream_free(erato_stream* stream);

/* Any thread, any time before free; 0 for null. */
ERATO_API erato_finish erato_stream_finish_reason(const erato_stream* stream);
/* "none", "stop", "length", "cancelled", "deadline", "error": for ever valid. */
ERATO_API const char* erato_finish_name(erato_finish finish);

ERATO_API int64_t erato_stream_prompt_tokens(const erato_stream* stream);
/* Of these, how many were in the cache already. */
ERATO_API int64_t erato_stream_reused_tokens(const erato_stream* stream);
ERATO_API int64_t erato_stream_generated_tokens(const erato_stream* stream);
/* Of these, how many were thinking. */
ERATO_API int64_t erato_stream_reasoning_tokens(const erato_stream* stream);
/* Seconds from the call that made the stream to the first token, and from there to the last one. */
ERATO_API double erato_stream_prompt_seconds(const erato_stream* stream);
ERATO_API double erato_stream_generate_seconds(const erato_stream* stream);

/* Continues a text, without any template. flags: ERATO_TEXT_*, usually ERATO_TEXT_ADD_SPECIAL.
 * options: of kind GENERATE, or null. CONTEXT_FULL, with both counts, where it does not fit. */
ERATO_API erato_status erato_model_generate(const erato_model* model, const char* prompt,
                                            size_t prompt_bytes, int32_t flags,
                                            const erato_options* options, erato_stream** stream,
                                            erato_error** error);
/* Continues ids. Works without a tokenizer: then pieces are empty, advance gives one id at a time,
 * and a list of stop strings is UNSUPPORTED. */
ERATO_API erato_status erato_model_generate_ids(const erato_model* model, const int32_t* ids,
                                                size_t count, const erato_options* options,
                                                erato_stream** stream, erato_error** error);

ERATO_CLOSE

#endif /* ERATO_STREAM_H_ */
