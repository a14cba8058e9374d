/* stream.h */
#include "check.h"

static erato_stream* start(const erato_model* model, const char* prompt,
                           const erato_options* options) {
  erato_stream* stream = NULL;
  CHECK_OK(erato_model_generate(model, prompt, strlen(prompt), ERATO_TEXT_PLAIN, options, &stream,
                                &error));
  return stream;
}

/* "\n" is followed by the answer; the whole of it, and its pieces are whole code points. */
static void whole(const erato_model* model, const erato_options* options) {
  char buffer[4096];
  erato_status status;
  erato_stream* stream = start(model, "\n", options);
  CHECK(erato_stream_piece(stream, NULL)[0] == '\0');
  CHECK(erato_stream_finish_reason(stream) == ERATO_FINISH_NONE);
  CHECK(strcmp(drain(stream, buffer, &status), kAnswer) == 0);
  CHECK(status == ERATO_END);
  CHECK_STATUS(ERATO_END, erato_stream_advance(stream, &error));
  CHECK(erato_stream_piece(stream, NULL)[0] == '\0');
  CHECK(erato_stream_finish_reason(stream) == ERATO_FINISH_STOP);
  CHECK(strcmp(erato_finish_name(ERATO_FINISH_STOP), "stop") == 0);
  CHECK(erato_stream_prompt_tokens(stream) == 1);
  CHECK(erato_stream_generated_tokens(stream) == 6);
  CHECK(erato_stream_reused_tokens(stream) == 0);
  CHECK(erato_stream_prompt_seconds(stream) > 0 && erato_stream_generate_seconds(stream) > 0);
  erato_stream_free(stream);
}

static void pieces(const erato_model* model, const erato_options* options) {
  erato_stream* stream = start(model, "\n", options);
  const char* expected[] = {"Hello", " wor", "ld", " ", "\xF0\x9F\x98\x80", "!"};
  const char* raw[] = {"Hello", " wor", "ld", " \xF0\x9F", "\x98\x80", "!"};
  size_t i, bytes, ids;
  for (i = 0; i < 6; ++i) {
    CHECK_OK(erato_stream_advance(stream, &error));
    CHECK(strcmp(erato_stream_piece(stream, &bytes), expected[i]) == 0 &&
          bytes == strlen(expected[i]));
    CHECK(erato_stream_ids(stream, &ids) != NULL && ids == 1);
    CHECK(strcmp(erato_stream_bytes(stream, &bytes), raw[i]) == 0 && bytes == strlen(raw[i]));
  }
  erato_stream_free(stream);
}

/* Every id is told once, those that are held back included. */
static void ids(const erato_model* model, erato_options* options) {
  erato_stream* stream;
  size_t count = 0, all = 0;
  CHECK_OK(erato_options_add_text(options, ERATO_GENERATE_STOP, " world never", 12, &error));
  stream = start(model, "\n", options);
  CHECK(erato_stream_ids(stream, &count) == NULL || count == 0);
  while (erato_stream_advance(stream, NULL) == ERATO_OK) {
    erato_stream_ids(stream, &count);
    all += count;
  }
  CHECK((int64_t)all == erato_stream_generated_tokens(stream));
  erato_stream_free(stream);
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_STOP, &error));
}

static void names(void) {
  static const char* const all[] = {"none", "stop", "length", "cancelled", "deadline", "error"};
  erato_finish finish;
  for (finish = 0; finish < 6; ++finish) CHECK(strcmp(erato_finish_name(finish), all[finish]) == 0);
}

static void max_tokens(const erato_model* model, erato_options* options) {
  char buffer[4096];
  erato_status status;
  erato_stream* stream;
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_MAX_TOKENS, 4, &error));
  stream = start(model, "\n", options);
  CHECK(strcmp(drain(stream, buffer, &status), "Hello world \xEF\xBF\xBD") ==
        0); /* half an emoji, flushed */
  CHECK(status == ERATO_END && erato_stream_finish_reason(stream) == ERATO_FINISH_LENGTH);
  erato_stream_free(stream);
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_MAX_TOKENS, &error));
}

/* A stop string over the border of pieces ends the answer, and no part of it gets out. */
static void stop_strings(const erato_model* model, erato_options* options) {
  char buffer[4096];
  erato_status status;
  erato_stream* stream;
  CHECK_OK(erato_options_add_text(options, ERATO_GENERATE_STOP, "never", 5, &error));
  CHECK_OK(erato_options_add_text(options, ERATO_GENERATE_STOP, "orld", 4, &error));
  stream = start(model, "\n", options);
  CHECK(strcmp(drain(stream, buffer, &status), "Hello w") == 0);
  CHECK(status == ERATO_END && erato_stream_finish_reason(stream) == ERATO_FINISH_STOP);
  erato_stream_free(stream);
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_STOP, &error));
  CHECK_OK(erato_options_add_text(options, ERATO_GENERATE_STOP, "!?", 2,
                                  &error)); /* held back, then let go */
  stream = start(model, "\n", options);
  CHECK(strcmp(drain(stream, buffer, &status), kAnswer) == 0 && status == ERATO_END);
  erato_stream_free(stream);
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_STOP, &error));
}

static void cancel(const erato_model* model, erato_options* options) {
  erato_error* error = NULL;
  erato_stream* stream;
  CHECK_OK(erato_options_set_bool(options, ERATO_GENERATE_IGNORE_END, 1, &error));
  stream = start(model, "\n", options);
  CHECK_OK(erato_stream_advance(stream, &error));
  erato_stream_cancel(stream);
  CHECK_STATUS(ERATO_CANCELLED, erato_stream_advance(stream, &error));
  CHECK(erato_stream_advance(stream, &error) == ERATO_CANCELLED); /* the same again */
  CHECK(erato_error_retriable(error) == 1);
  CHECK(erato_error_category(error) == ERATO_CATEGORY_STOPPED);
  erato_error_free(error);
  CHECK(erato_stream_finish_reason(stream) == ERATO_FINISH_CANCELLED);
  erato_stream_free(stream);
}

static void deadline(const erato_model* model, erato_options* options) {
  char buffer[4096];
  erato_error* error = NULL;
  erato_status status;
  erato_stream* stream;
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_DEADLINE_MS, 1, &error));
  stream = start(model, "\n", options);
  drain(stream, buffer, &status); /* 255 tokens take longer than a millisecond */
  CHECK(status == ERATO_DEADLINE && erato_stream_finish_reason(stream) == ERATO_FINISH_DEADLINE);
  CHECK(erato_stream_advance(stream, &error) == ERATO_DEADLINE);
  CHECK(erato_error_retriable(error) == 1 && erato_error_http_status(error) == 408);
  erato_error_free(error);
  erato_stream_free(stream);
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_DEADLINE_MS, &error));
}

/* Without an end the context is the end: 256 tokens, the prompt's one among them. */
static void context(const erato_model* model, const erato_options* options) {
  char buffer[4096];
  int32_t ids[300];
  size_t i;
  erato_error* error = NULL;
  erato_status status;
  erato_stream* stream = start(model, "\n", options);
  drain(stream, buffer, &status);
  CHECK(status == ERATO_END && erato_stream_finish_reason(stream) == ERATO_FINISH_LENGTH);
  CHECK(erato_stream_generated_tokens(stream) >= 255);
  erato_stream_free(stream);
  for (i = 0; i < 300; ++i) ids[i] = 40;
  stream = NULL;
  CHECK(erato_model_generate_ids(model, ids, 300, options, &stream, &error) == ERATO_CONTEXT_FULL);
  CHECK(strstr(erato_error_message(error, NULL), "300") != NULL &&
        strstr(erato_error_message(error, NULL), "256") != NULL);
  CHECK(stream == NULL);
  erato_error_free(error);
}

static void seeds(const erato_model* model, erato_options* options) {
  char first[4096], second[4096], other[4096];
  erato_status status;
  erato_stream* stream;
  CHECK_OK(erato_options_set_float(options, ERATO_GENERATE_TEMPERATURE, 20, &error));
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_TOP_K, 0, &error));
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_MAX_TOKENS, 40, &error));
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_SEED, 7, &error));
  drain(stream = start(model, "\n", options), first, &status);
  erato_stream_free(stream);
  drain(stream = start(model, "\n", options), second, &status);
  erato_stream_free(stream);
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_SEED, 8, &error));
  drain(stream = start(model, "\n", options), other, &status);
  erato_stream_free(stream);
  CHECK(strcmp(first, second) == 0);
  CHECK(strcmp(first, other) != 0);
}

/* The ids of each advance have their scores, and a bias, a ban and a least length are obeyed. */
static void scores(const erato_model* model, erato_options* options) {
  char buffer[4096];
  size_t bytes, ids, prompt_bytes;
  erato_status status;
  erato_stream* stream = start(model, "\n", options);
  CHECK_OK(erato_stream_advance(stream, &error));
  CHECK(strcmp(erato_stream_logprobs(stream, &bytes), "[]") == 0 && bytes == 2);
  CHECK(erato_stream_prompt_logprobs(stream, &prompt_bytes)[0] == '\0' && prompt_bytes == 0);
  CHECK(erato_stream_piece_kind(stream) == ERATO_PIECE_ANSWER);
  CHECK(erato_stream_reasoning_tokens(stream) == 0);
  erato_stream_free(stream);
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_LOGPROBS, 3, &error));
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_PROMPT_LOGPROBS, 1, &error));
  stream = start(model, "he said", options);
  CHECK(strstr(erato_stream_prompt_logprobs(stream, NULL), "[null,{\"id\":") != NULL);
  CHECK_OK(erato_stream_advance(stream, &error));
  CHECK(erato_stream_ids(stream, &ids) != NULL && ids == 1);
  CHECK(strstr(erato_stream_logprobs(stream, &bytes), "\"top_logprobs\":[{\"id\":") != NULL);
  CHECK(strlen(erato_stream_logprobs(stream, NULL)) == bytes);
  erato_stream_free(stream);
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_LOGPROBS, &error));
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_PROMPT_LOGPROBS, &error));
  CHECK_OK(erato_options_add_text(options, ERATO_GENERATE_BANNED_WORDS, "lo wor", 6, &error));
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_MAX_TOKENS, 30, &error));
  stream = start(model, "\n", options);
  drain(stream, buffer, &status);
  CHECK(strncmp(buffer, "Hello", 5) == 0 && strstr(buffer, "lo wor") == NULL);
  erato_stream_free(stream);
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_BANNED_WORDS, &error));
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_MIN_TOKENS, 20, &error));
  stream = start(model, "\n", options);
  drain(stream, buffer, &status);
  CHECK(erato_stream_generated_tokens(stream) >= 20);
  erato_stream_free(stream);
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_MIN_TOKENS, &error));
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_MAX_TOKENS, &error));
  CHECK_OK(erato_options_add_text(options, ERATO_GENERATE_LOGIT_BIAS, "99999=1", 7, &error));
  stream = NULL;
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_generate(model, "\n", 1, 0, options, &stream, &error));
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_LOGIT_BIAS, &error));
  CHECK_OK(erato_options_add_text(options, ERATO_GENERATE_LOGIT_BIAS, "1:1", 3, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_generate(model, "\n", 1, 0, options, &stream, &error));
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_LOGIT_BIAS, &error));
  CHECK(stream == NULL);
}

void test_streams(void) {
  erato_model* model = load_tiny();
  erato_options* options = greedy();
  erato_stream* stream = NULL;
  whole(model, options);
  pieces(model, options);
  ids(model, options);
  names();
  max_tokens(model, options);
  stop_strings(model, options);
  scores(model, options);
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_generate(model, "", 0, 0, options, &stream, &error));
  cancel(model, options); /* leaves ignore_end set */
  deadline(model, options);
  context(model, options);
  seeds(model, options);
  erato_options_free(options);
  erato_model_free(model);
}
