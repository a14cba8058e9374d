/* Models: loading, what is in them, and their raw numbers.
 *
 * A model is immutable: any number of threads may use it at once. It lives until it was freed by
 * its owner and by every session and stream made from it, in any order. Paths are NUL-terminated,
 * as the operating system has them. */
#ifndef ERATO_MODEL_H_
#define ERATO_MODEL_H_

#include "erato/options.h"
#include "erato/values.h"

ERATO_OPEN

typedef struct erato_model erato_model;

/* ---- Loading ---- */

/* Loads a .gguf file, or a Hugging Face folder (config.json and *.safetensors). options: of kind
 * LOAD, or null. Errors: NOT_FOUND, PERMISSION, BAD_FILE, UNSUPPORTED (a family or format that this
 * version does not know), NO_MEMORY. */
ERATO_API erato_status erato_model_load(const char* path, const erato_options* options,
                                        erato_model** model, erato_error** error);
/* Null is fine. In a forked child this does nothing. */
ERATO_API void erato_model_free(erato_model* model);

/* Called with the share done, 0 … 1; return 0 to stop, anything else to go on. */
typedef int32_t (*erato_progress_fn)(double fraction, void* user_data);
/* As erato_model_load, telling its progress on the calling thread during the call. CANCELLED where
 * progress said stop; CALLBACK_FAILED where it threw a C++ exception. It must not longjmp. */
ERATO_API erato_status erato_model_load_with_progress(const char* path,
                                                      const erato_options* options,
                                                      erato_progress_fn progress, void* user_data,
                                                      erato_model** model, erato_error** error);

/* ---- Loading aside ---- */

/* A load on a worker thread, which exists from erato_load_start until the load has finished:
 * nothing else in this header starts a thread of its own besides a device's workers. */
typedef struct erato_load erato_load;
ERATO_API erato_status erato_load_start(const char* path, const erato_options* options,
                                        erato_load** load, erato_error** error);
/* 0 … 1. Any thread, any time. */
ERATO_API double erato_load_progress(const erato_load* load);
/* "opening", "weights", "text", "ready", "failed": for ever valid. Any thread, any time. */
ERATO_API const char* erato_load_stage(const erato_load* load);
/* Any thread, any time: the load ends with CANCELLED soon. */
ERATO_API void erato_load_cancel(const erato_load* load);
/* Waits at most timeout_ms (0 = not at all, -1 = as long as it takes).
 *   OK       *model is yours (once; later calls are NOT_FOUND)
 *   PENDING  not finished
 *   else     the load's own error */
ERATO_API erato_status erato_load_finish(erato_load* load, int64_t timeout_ms, erato_model** model,
                                         erato_error** error);
/* Cancels where needed and waits for the worker. Null is fine. */
ERATO_API void erato_load_free(erato_load* load);

/* ---- What is known without loading ---- */

/* JSON: what erato_model_info says of the file, weights unread. */
ERATO_API erato_status erato_file_info(const char* path, erato_text** json, erato_error** error);
/* Checks header, metadata and the shape of every tensor against the family; weights are not kept.
 * OK, or why not. */
ERATO_API erato_status erato_file_check(const char* path, erato_error** error);
/* JSON: the bytes of large memory (hooks.h) that loading with these options takes on their device,
 * and where loading would refuse the model, its error.
 *     {"weights", "kv_per_token", "kv", "context_tokens", "scratch", "total"}
 * weights and scratch come with loading; kv is what one text of context_tokens adds, as it grows.
 * Of an encoder, a text longer than step_tokens adds to scratch. */
ERATO_API erato_status erato_file_estimate(const char* path, const erato_options* options,
                                           erato_text** json, erato_error** error);

/* ---- What is in a model ---- */

/* JSON; keys are only ever added.
 *     {"family", "name", "format", "parameters", "weight_bytes", "layers", "width", "heads",
 *      "kv_heads", "head_width", "vocabulary", "context_tokens", "kv_bytes_per_token",
 *      "modalities": ["text"], "device", "has_tokenizer", "has_template",
 *      "special": {"bos": id or null, "eos", "unknown", "padding", "end": [ids]},
 *      "bos_token": text, "eos_token": text,
 *      "sampling": {options of generation by name, as the model's makers recommend them; nothing
 *                   applies them by itself},
 *      "task": "generate" | "embed" | "classify"}
 * And of a model that makes vectors or labels
 *     {"vector_width", "pooling", "normalised", "max_tokens": that texts are meant to be cut to,
 *      "dimensions": [that vectors may be cut to; none = any], "prompts": {name: text}}
 * and with a head
 *     {"labels": [text], "labels_of": "texts" | "tokens", "scores": as option scores has it} */
ERATO_API erato_status erato_model_info(const erato_model* model, erato_text** json,
                                        erato_error** error);
/* JSON: what the model has done so far, and its cache.
 *     {"steps", "prompt_tokens", "generated_tokens", "reused_tokens", "kv_blocks_used",
 *      "kv_blocks_total"} */
ERATO_API erato_status erato_model_stats(const erato_model* model, erato_text** json,
                                         erato_error** error);
/* Most tokens of one text; 0 for null. */
ERATO_API int32_t erato_model_context_tokens(const erato_model* model);
/* Ids are 0 … vocabulary-1; 0 for null. */
ERATO_API int32_t erato_model_vocabulary(const erato_model* model);
/* The chat template's source; NOT_FOUND where the model has none. */
ERATO_API erato_status erato_model_template(const erato_model* model, erato_text** source,
                                            erato_error** error);

/* Logits after each id (all_rows != 0) or after the last one: [rows, vocabulary]. */
ERATO_API erato_status erato_model_logits(const erato_model* model, const int32_t* ids,
                                          size_t count, int32_t all_rows, erato_floats** logits,
                                          erato_error** error);

/* ---- The library itself ---- */

/* JSON; templates: the built-in chat templates.
 *     {"version", "families": [names], "devices": [{"name", "usable", "detail"}],
 *      "templates": [{"name", "models"}], "compiler"} */
ERATO_API erato_status erato_library_info(erato_text** json, erato_error** error);

ERATO_CLOSE

#endif /* ERATO_MODEL_H_ */
