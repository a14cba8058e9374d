/* The C ABI from plain C: c_test TINY.gguf PLAIN.gguf ENCODERS. Every promise of the headers has
 * its check here. */
#include <stdio.h>

#include "check.h"

static int checks, failures;
const char kAnswer[] = "Hello world \xF0\x9F\x98\x80!";
const char *tiny_path, *plain_path, *self_path;
static const char* encoders_path;

void check_at(int ok, const char* what, const char* file, int line) {
  ++checks;
  if (ok) return;
  ++failures;
  fprintf(stderr, "%s:%d: %s\n", file, line, what);
}

void check_status_at(erato_status wanted, erato_status got, const erato_error* error,
                     const char* what, const char* file, int line) {
  int is_error = got >= ERATO_INVALID_ARGUMENT;
  int told = error != NULL && erato_error_status(error) == got &&
             erato_error_message(error, NULL)[0] == '[';
  int ok = got == wanted && (is_error ? told : error == NULL);
  check_at(ok, what, file, line);
  if (!ok) {
    fprintf(stderr, "  got %s, expected %s: %s\n", erato_status_name(got),
            erato_status_name(wanted), erato_error_message(error, NULL));
  }
}

void check_text_has(erato_text* text, const char* part, const char* file, int line) {
  int has = strstr(erato_text_data(text, NULL), part) != NULL;
  check_at(has, part, file, line);
  if (!has) fprintf(stderr, "  in: %s\n", erato_text_data(text, NULL));
  erato_text_free(text);
}

static erato_model* load(const char* path) {
  erato_model* model = NULL;
  erato_options* options = NULL;
  CHECK_OK(erato_options_create(ERATO_OPTIONS_LOAD, &options, &error));
  CHECK_OK(erato_options_set_text(options, ERATO_LOAD_DEVICE, "ref", 3, &error));
  CHECK_OK(erato_model_load(path, options, &model, &error));
  erato_options_free(options);
  return model;
}

erato_model* load_tiny(void) { return load(tiny_path); }

const char* encoder_path(const char* name) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/%s", encoders_path, name);
  return path;
}

erato_model* load_encoder(const char* name) { return load(encoder_path(name)); }

erato_session* new_session(const erato_model* model) {
  erato_session* session = NULL;
  CHECK_OK(erato_session_create(model, NULL, &session, &error));
  return session;
}

erato_options* greedy(void) {
  erato_options* options = NULL;
  CHECK_OK(erato_options_create(ERATO_OPTIONS_GENERATE, &options, &error));
  CHECK_OK(erato_options_set_float(options, ERATO_GENERATE_TEMPERATURE, 0, &error));
  return options;
}

char* drain(erato_stream* stream, char* buffer, erato_status* status) {
  size_t used = 0, bytes;
  while ((*status = erato_stream_advance(stream, NULL)) == ERATO_OK) {
    const char* piece = erato_stream_piece(stream, &bytes);
    if (used + bytes >= 4096) break;
    memcpy(buffer + used, piece, bytes);
    used += bytes;
  }
  buffer[used] = '\0';
  return buffer;
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  self_path = argv[0]; /* a file that is no model */
  tiny_path = argv[1];
  plain_path = argv[2];
  encoders_path = argv[3];
  test_errors();
  test_options();
  test_nulls();
  test_models();
  test_loading();
  test_text();
  test_encodings();
  test_streams();
  test_sessions();
  test_reasoning();
  test_json();
  test_hooks();
  test_allocator();
  test_vectors();
  test_embed();
  test_rerank();
  test_classify();
  printf("%d checks, %d failures\n", checks, failures);
  return failures != 0;
}
