/* The JSON family: requests and answers in the shapes of OpenAI's chat completions and embeddings
 * and of Jina's and Cohere's rerank, for languages that want one function. A request says by its
 * fields what it asks for: messages or prompt an answer, input vectors or labels, query with
 * documents a ranking.
 *
 * What is read for an answer; null means not given:
 *   messages                whose content is a text, or an array of parts of type text
 *   prompt                  in place of messages: a plain completion, whose logprobs is a count
 *   temperature, top_p, …   every option of generation by its name (options.h); a list (stop,
 *                           banned_words, …) is a text or an array of texts
 *   max_completion_tokens   the same as max_tokens
 *   logit_bias              an object of ids and numbers
 *   logprobs, top_logprobs  true, and how many
 *   prompt_logprobs         0 to 20
 *   tools                   given to the template; calls in the answer are not parsed
 *   n                       1
 *   stream_options          include_usage
 *
 * What cannot be honoured is refused with the field's name: n above 1, response_format other than
 * text, tool_choice that forces. Unknown fields are ignored.
 *
 * Thinking comes as reasoning_content beside content, in messages and in deltas; its tokens are
 * counted in usage.completion_tokens_details.reasoning_tokens. Logprobs have the shape of
 * erato_stream_logprobs, in choices[0].logprobs.content, and those of the prompt in
 * prompt_logprobs.
 *
 * What is read for vectors, labels and rankings, beside every option of kind READ by its name
 * (dimensions, truncate, prompt, …):
 *   input                   a text, ids, or an array of texts or of arrays of ids
 *   encoding_format         float (default), base64 (of little-endian float32), int8 or ubinary as
 *                           in vectors.h
 *   query, documents        a text, and an array of texts or of objects with a text
 *   top_n, return_documents how many of the best, and whether with their texts
 *
 * Vectors: {"object": "list", "model", "data": [{"object": "embedding", "index", "embedding"}],
 * "usage": {"prompt_tokens", "total_tokens"}}. Where the model has labels each of data is
 * {"object": "classification", "index", "prediction", "score", "predictions": [{"label",
 * "score"}]}, likeliest first, or {…, "entities": [{"label", "text", "begin", "end", "score"}]} in
 * bytes of the text. A ranking: {…, "results": [{"index", "relevance_score", "raw_score",
 * "document"?: {"text"}}]}, best first. The first item that fails is the request's error. */
#ifndef ERATO_JSON_H_
#define ERATO_JSON_H_

#include "erato/model.h"

ERATO_OPEN

/* The whole response. Refuses "stream": true. */
ERATO_API erato_status erato_model_request(const erato_model* model, const char* json,
                                           size_t json_bytes, erato_text** response,
                                           erato_error** error);

/* The response in chunks ("object": "chat.completion.chunk"), pulled like a stream and under the
 * same rules. Answers only. */
typedef struct erato_response erato_response;
ERATO_API erato_status erato_model_request_stream(const erato_model* model, const char* json,
                                                  size_t json_bytes, erato_response** response,
                                                  erato_error** error);
/* OK: erato_response_chunk has the next chunk. END: the last one has been. */
ERATO_API erato_status erato_response_advance(erato_response* response, erato_error** error);
/* One JSON object, NUL-terminated, borrowed until the next advance; "" before the first and after
 * the last. */
ERATO_API const char* erato_response_chunk(erato_response* response, size_t* chunk_bytes);
/* Any thread, any time before free. */
ERATO_API void erato_response_cancel(const erato_response* response);
/* Null is fine. */
ERATO_API void erato_response_free(erato_response* response);

/* An error in the API's shape; null gives code null.
 *     {"error": {"message", "type", "param", "code"}} */
ERATO_API erato_status erato_error_json(const erato_error* cause, erato_text** json,
                                        erato_error** error);
/* The HTTP status that a server would send with it: 400, 404, 408, 429, 500, 503 … Null: 200. */
ERATO_API int32_t erato_error_http_status(const erato_error* cause);

ERATO_CLOSE

#endif /* ERATO_JSON_H_ */
