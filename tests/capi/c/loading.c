/* model.h and options.h: what options of loading do, what is told of a model, files that change. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

static erato_options* load_options(const char* name, const char* value) {
  erato_options* options = NULL;
  CHECK_OK(erato_options_create(ERATO_OPTIONS_LOAD, &options, &error));
  CHECK_OK(erato_options_set_by_name(options, name, strlen(name), value, strlen(value), &error));
  return options;
}

/* The text has every one of `keys`; takes the text. */
static void check_keys(erato_text* json, const char* const* keys) {
  for (; *keys != NULL; ++keys) {
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\":", *keys);
    CHECK(strstr(erato_text_data(json, NULL), quoted) != NULL);
  }
  erato_text_free(json);
}

static void every_key_is_told(void) {
  static const char* const of_model[] = {"family",
                                         "name",
                                         "format",
                                         "parameters",
                                         "weight_bytes",
                                         "layers",
                                         "width",
                                         "heads",
                                         "kv_heads",
                                         "head_width",
                                         "vocabulary",
                                         "context_tokens",
                                         "kv_bytes_per_token",
                                         "modalities",
                                         "device",
                                         "has_tokenizer",
                                         "has_template",
                                         "special",
                                         "bos",
                                         "eos",
                                         "unknown",
                                         "padding",
                                         "end",
                                         "bos_token",
                                         "eos_token",
                                         "sampling",
                                         NULL};
  static const char* const of_stats[] = {"steps",
                                         "prompt_tokens",
                                         "generated_tokens",
                                         "reused_tokens",
                                         "kv_blocks_used",
                                         "kv_blocks_total",
                                         NULL};
  static const char* const of_estimate[] = {"weights", "kv_per_token", "kv", "context_tokens",
                                            "scratch", "total",        NULL};
  static const char* const of_library[] = {"version", "families", "devices",  "name",
                                           "usable",  "detail",   "compiler", NULL};
  erato_model* model = load_tiny();
  erato_text* json = NULL;
  CHECK_OK(erato_model_info(model, &json, &error));
  check_keys(json, of_model);
  CHECK_OK(erato_model_stats(model, &json, &error));
  check_keys(json, of_stats);
  CHECK_OK(erato_file_estimate(tiny_path, NULL, &json, &error));
  check_keys(json, of_estimate);
  CHECK_OK(erato_library_info(&json, &error));
  check_keys(json, of_library);
  erato_model_free(model);
}

static double estimate_of(const char* key, const erato_options* options) {
  erato_text* json = NULL;
  double value = -1;
  CHECK_OK(erato_file_estimate(tiny_path, options, &json, &error));
  sscanf(strstr(erato_text_data(json, NULL), key) + strlen(key), "%lf", &value);
  erato_text_free(json);
  return value;
}

/* An estimate is a sum, and grows with the context that is asked for. */
static void estimates(void) {
  erato_options* options = load_options("context_tokens", "64");
  CHECK(estimate_of("\"total\":", NULL) == estimate_of("\"weights\":", NULL) +
                                               estimate_of("\"kv\":", NULL) +
                                               estimate_of("\"scratch\":", NULL));
  CHECK(estimate_of("\"context_tokens\":", options) == 64);
  CHECK(estimate_of("\"kv\":", options) == 64 * estimate_of("\"kv_per_token\":", options));
  CHECK(estimate_of("\"kv\":", options) < estimate_of("\"kv\":", NULL));
  erato_options_free(options);
  options = load_options("task", "text"); /* no weights */
  CHECK(estimate_of("\"total\":", options) == 0);
  erato_options_free(options);
}

/* A model loaded with one option; it is freed before the model is used: a call copies. */
static erato_model* load_with(const char* name, const char* value) {
  erato_options* options = load_options(name, value);
  erato_model* model = NULL;
  CHECK_OK(erato_model_load(tiny_path, options, &model, &error));
  erato_options_free(options);
  return model;
}

static void check_device(const char* name, const char* value, const char* device) {
  erato_model* model = load_with(name, value);
  erato_text* json = NULL;
  CHECK_OK(erato_model_info(model, &json, &error));
  CHECK_TEXT_HAS(json, device);
  erato_model_free(model);
}

static void options_of_loading(void) {
  int32_t ids[65] = {0};
  erato_stream* stream = NULL;
  erato_model* model = load_with("context_tokens", "64");
  erato_options* options = load_options("isa", "no such");
  CHECK(erato_model_context_tokens(model) == 64);
  CHECK_STATUS(ERATO_CONTEXT_FULL, erato_model_generate_ids(model, ids, 65, NULL, &stream, &error));
  CHECK_OK(erato_model_generate_ids(model, ids, 60, NULL, &stream, &error));
  erato_stream_free(stream);
  erato_model_free(model);
  check_device("device", "ref", "\"device\":\"ref");
  check_device("isa", "portable", "\"device\":\"cpu portable");
  check_device("threads", "1", ", 1 thread\"");
  check_device("threads", "2", ", 2 threads\"");
  model = NULL;
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_load(tiny_path, options, &model, &error));
  CHECK(model == NULL);
  erato_options_free(options);
}

static void copy_file(const char* from, char* to) {
  char buffer[65536];
  size_t n;
  FILE* in = fopen(from, "rb");
  FILE* out = fdopen(mkstemp(to), "wb");
  CHECK(in != NULL && out != NULL);
  while ((n = fread(buffer, 1, sizeof buffer, in)) > 0) fwrite(buffer, 1, n, out);
  fclose(in);
  fclose(out);
}

static erato_status generate(const erato_model* model, char* buffer) {
  erato_options* options = greedy();
  erato_stream* stream = NULL;
  erato_status status = erato_model_generate(model, "\n", 1, 0, options, &stream, NULL);
  erato_options_free(options); /* before the stream begins: a call copies */
  if (status == ERATO_OK) drain(stream, buffer, &status);
  erato_stream_free(stream);
  return status;
}

/* access = copy: the file may go. access = map: a change is told at the next call. */
static void files_that_change(void) {
  char copied[] = "/tmp/erato-copy-XXXXXX", mapped[] = "/tmp/erato-map-XXXXXX", buffer[4096];
  const int32_t id = 40;
  erato_floats* logits = NULL;
  erato_model* model = NULL;
  erato_options* map = load_options("access", "map");
  FILE* file;
  copy_file(tiny_path, copied);
  CHECK_OK(erato_model_load(copied, NULL, &model, &error));
  CHECK(truncate(copied, 100) == 0 && unlink(copied) == 0);
  CHECK(generate(model, buffer) == ERATO_END && strcmp(buffer, kAnswer) == 0);
  erato_model_free(model);

  copy_file(tiny_path, mapped);
  CHECK_OK(erato_model_load(mapped, map, &model, &error));
  CHECK(generate(model, buffer) == ERATO_END && strcmp(buffer, kAnswer) == 0);
  file = fopen(mapped, "ab");
  CHECK(file != NULL && fputc('x', file) == 'x' && fclose(file) == 0);
  CHECK(generate(model, buffer) == ERATO_MODEL_CHANGED);
  CHECK_STATUS(ERATO_MODEL_CHANGED, erato_model_logits(model, &id, 1, 0, &logits, &error));
  CHECK(logits == NULL);
  erato_model_free(model);
  unlink(mapped);
  erato_options_free(map);
}

static void write_file(const char* folder, const char* name, const char* bytes, size_t count) {
  char path[256];
  FILE* file;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  file = fopen(path, "wb");
  CHECK(file != NULL && fwrite(bytes, 1, count, file) == count && fclose(file) == 0);
}

static void remove_file(const char* folder, const char* name) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  CHECK(unlink(path) == 0);
}

/* A family that nobody knows is UNSUPPORTED, and the message has its name and the known ones. */
static void unknown_families(void) {
  const char config[] = "{\"model_type\": \"mamba9\"}";
  char folder[] = "/tmp/erato-folder-XXXXXX";
  erato_model* model = NULL;
  erato_error* error = NULL;
  CHECK(mkdtemp(folder) != NULL);
  write_file(folder, "config.json", config, strlen(config));
  write_file(folder, "model.safetensors", "\2\0\0\0\0\0\0\0{}", 10);
  CHECK(erato_model_load(folder, NULL, &model, &error) == ERATO_UNSUPPORTED);
  CHECK(strstr(erato_error_message(error, NULL), "mamba9") != NULL);
  CHECK(strstr(erato_error_message(error, NULL), "llama") != NULL);
  erato_error_free(error);
  CHECK_STATUS(ERATO_UNSUPPORTED, erato_file_check(folder, &error));
  remove_file(folder, "config.json");
  remove_file(folder, "model.safetensors");
  CHECK_STATUS(ERATO_NOT_FOUND, erato_model_load(folder, NULL, &model, &error));
  rmdir(folder);
}

void test_loading(void) {
  every_key_is_told();
  estimates();
  options_of_loading();
  files_that_change();
  unknown_families();
}
