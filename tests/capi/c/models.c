/* model.h, values.h */
#include <math.h>
#include <stdio.h>

#include "check.h"

static void loading_errors(void) {
  erato_model* model = (erato_model*)&model; /* a sentinel: must stay */
  erato_options* generate = NULL;
  CHECK_STATUS(ERATO_NOT_FOUND, erato_model_load("/no/such/file.gguf", NULL, &model, &error));
  CHECK_STATUS(ERATO_BAD_FILE, erato_model_load(self_path, NULL, &model, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_load(NULL, NULL, &model, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_load(tiny_path, NULL, NULL, &error));
  CHECK_OK(erato_options_create(ERATO_OPTIONS_GENERATE, &generate, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_load(tiny_path, generate, &model, &error));
  CHECK(model == (erato_model*)&model);
  erato_options_free(generate);
}

/* Messages carry no folder of the host. */
static void no_folders(void) {
  erato_model* model = NULL;
  erato_error* error = NULL;
  CHECK(erato_model_load("/no/such/folder/file.gguf", NULL, &model, &error) == ERATO_NOT_FOUND);
  CHECK(strstr(erato_error_message(error, NULL), "file.gguf") != NULL);
  CHECK(strstr(erato_error_message(error, NULL), "folder") == NULL);
  CHECK(erato_error_http_status(error) == 404);
  erato_error_free(error);
}

static int32_t count_progress(double fraction, void* user_data) {
  double* last = user_data;
  CHECK(fraction >= *last && fraction <= 1);
  *last = fraction;
  return 1;
}

static int32_t stop_at_once(double fraction, void* user_data) {
  (void)fraction;
  (void)user_data;
  return 0;
}

static void progress(void) {
  double last = 0;
  erato_model* model = NULL;
  CHECK_OK(erato_model_load_with_progress(tiny_path, NULL, count_progress, &last, &model, &error));
  CHECK(last == 1);
  erato_model_free(model);
  model = NULL;
  CHECK_STATUS(ERATO_CANCELLED,
               erato_model_load_with_progress(tiny_path, NULL, stop_at_once, NULL, &model, &error));
  CHECK(model == NULL);
}

static void loading_aside(void) {
  erato_load* load = NULL;
  erato_model* model = NULL;
  CHECK_OK(erato_load_start(tiny_path, NULL, &load, &error));
  CHECK_OK(erato_load_finish(load, -1, &model, &error));
  CHECK(model != NULL && erato_load_progress(load) == 1);
  CHECK(strcmp(erato_load_stage(load), "ready") == 0);
  CHECK_STATUS(ERATO_NOT_FOUND, erato_load_finish(load, 0, &model, &error));
  erato_load_free(load);
  CHECK(erato_model_vocabulary(model) > 256);
  erato_model_free(model);

  CHECK_OK(erato_load_start("/no/such/file.gguf", NULL, &load, &error));
  CHECK_STATUS(ERATO_NOT_FOUND, erato_load_finish(load, -1, &model, &error));
  CHECK_STATUS(ERATO_NOT_FOUND, erato_load_finish(load, -1, &model, &error));
  CHECK(strcmp(erato_load_stage(load), "failed") == 0);
  erato_load_free(load);

  CHECK_OK(erato_load_start(tiny_path, NULL, &load, &error));
  erato_load_cancel(load);
  erato_load_free(load); /* waits for the worker */
  erato_load_free(NULL);
  erato_load_cancel(NULL);
}

static void files(void) {
  erato_text* text = NULL;
  CHECK_OK(erato_file_check(tiny_path, &error));
  CHECK_STATUS(ERATO_BAD_FILE, erato_file_check(self_path, &error));
  CHECK_OK(erato_file_info(tiny_path, &text, &error));
  CHECK_TEXT_HAS(text, "\"has_template\":true");
  CHECK_OK(erato_file_estimate(tiny_path, NULL, &text, &error));
  CHECK_TEXT_HAS(text, "\"kv_per_token\":");
  CHECK_STATUS(ERATO_NOT_FOUND, erato_file_estimate("/no/such/file", NULL, &text, &error));
}

static void info(const erato_model* model) {
  erato_text* text = NULL;
  size_t bytes = 0;
  CHECK_OK(erato_model_info(model, &text, &error));
  CHECK(strlen(erato_text_data(text, &bytes)) == bytes && bytes > 0);
  CHECK_TEXT_HAS(text, "\"eos_token\":\"<|im_end|>\"");
  CHECK_OK(erato_model_stats(model, &text, &error));
  CHECK_TEXT_HAS(text, "\"generated_tokens\":");
  CHECK_OK(erato_model_template(model, &text, &error));
  CHECK_TEXT_HAS(text, "add_generation_prompt");
  CHECK_OK(erato_library_info(&text, &error));
  CHECK_TEXT_HAS(text, "\"llama\"");
  CHECK(erato_model_context_tokens(model) == 256);
  CHECK(erato_model_context_tokens(NULL) == 0 && erato_model_vocabulary(NULL) == 0);
}

static void logits(const erato_model* model) {
  const int32_t ids[] = {1, 100, 200}, bad[] = {1, -1}, high[] = {1 << 20};
  erato_floats *all = NULL, *last = NULL;
  size_t rows = 0, columns = 0, i;
  const float *a, *b;
  CHECK_OK(erato_model_logits(model, ids, 3, 1, &all, &error));
  CHECK_OK(erato_model_logits(model, ids, 3, 0, &last, &error));
  a = erato_floats_data(all, &rows, &columns);
  CHECK(rows == 3 && columns == (size_t)erato_model_vocabulary(model));
  b = erato_floats_data(last, &rows, &columns);
  CHECK(rows == 1);
  for (i = 0; i < columns; ++i) CHECK(isfinite(b[i]) && fabsf(a[2 * columns + i] - b[i]) < 1e-4f);
  erato_floats_free(all);
  erato_floats_free(last);
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_logits(model, bad, 2, 1, &all, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_logits(model, high, 1, 1, &all, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_logits(model, ids, 0, 1, &all, &error));
}

static void without_tokenizer(void) {
  erato_error* error = NULL;
  erato_model* model = NULL;
  erato_session* session = NULL;
  erato_ids* ids = NULL;
  erato_text* text = NULL;
  erato_stream* stream = NULL;
  erato_options* options = greedy();
  const int32_t prompt[] = {1, 2};
  size_t count = 0;
  CHECK_OK(erato_model_load(plain_path, NULL, &model, &error));
  CHECK(erato_model_tokenize(model, "a", 1, 0, &ids, &error) == ERATO_UNSUPPORTED);
  CHECK(strstr(erato_error_message(error, NULL), "missing tokenizer") != NULL);
  erato_error_free(error);
  CHECK_STATUS(ERATO_UNSUPPORTED, erato_session_create(model, NULL, &session, &error));
  CHECK_STATUS(ERATO_NOT_FOUND, erato_model_template(model, &text, &error));
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_MAX_TOKENS, 3, &error));
  CHECK_OK(erato_model_generate_ids(model, prompt, 2, options, &stream, &error));
  CHECK_OK(erato_stream_advance(stream, &error));
  CHECK(erato_stream_ids(stream, &count) != NULL && count == 1);
  CHECK(erato_stream_piece(stream, &count)[0] == '\0' && count == 0);
  erato_stream_free(stream);
  CHECK_OK(erato_options_add_text(options, ERATO_GENERATE_STOP, "x", 1, &error));
  CHECK_STATUS(ERATO_UNSUPPORTED,
               erato_model_generate_ids(model, prompt, 2, options, &stream, &error));
  erato_options_free(options);
  erato_model_free(model);
}

static void values(void) {
  size_t a = 9, b = 9;
  CHECK(erato_text_data(NULL, &a)[0] == '\0' && a == 0);
  CHECK(erato_ids_data(NULL, &b) == NULL && b == 0);
  CHECK(erato_floats_data(NULL, &a, &b) == NULL && a == 0 && b == 0);
  erato_text_free(NULL);
  erato_ids_free(NULL);
  erato_floats_free(NULL);
}

void test_models(void) {
  erato_model* model;
  loading_errors();
  no_folders();
  progress();
  loading_aside();
  files();
  values();
  model = load_tiny();
  info(model);
  logits(model);
  erato_model_free(model);
  erato_model_free(NULL);
  without_tokenizer();
}
