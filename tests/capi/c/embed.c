/* embed.h and cancel.h, on the tiny embedder. */
#include <math.h>

#include "check.h"

enum { kWidth = 8 };

static int near(const float* a, const float* b, size_t n) {
  size_t i;
  for (i = 0; i < n; i++)
    if (!(fabs(a[i] - b[i]) < 1e-6)) return 0;
  return 1;
}

static const char* const kTexts[] = {"good paris", "paris good", "bad", "the good , the bad"};
static const size_t kBytes[] = {10, 10, 3, 18};

static void test_vectors_of_texts(const erato_model* model) {
  float vectors[4 * kWidth], single[kWidth];
  CHECK(erato_model_vector_width(model) == kWidth);
  CHECK(erato_model_vector_width(NULL) == 0);
  CHECK_OK(erato_model_embed(model, kTexts, kBytes, 4, NULL, vectors, 4 * kWidth, &error));
  CHECK(near(vectors, vectors + kWidth, kWidth)); /* the order of words does not matter here */
  CHECK(fabs(erato_dot(vectors, vectors, kWidth) - 1) < 1e-6);
  CHECK(erato_cosine(vectors, vectors + 2 * kWidth, kWidth) < 0.95);
  CHECK_OK(erato_model_embed(model, kTexts + 2, kBytes + 2, 1, NULL, single, kWidth, &error));
  CHECK(memcmp(single, vectors + 2 * kWidth, sizeof single) == 0); /* whatever is beside it */
  CHECK_OK(erato_model_embed(model, NULL, NULL, 0, NULL, NULL, 0, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_embed(model, kTexts, kBytes, 4, NULL, vectors, 4 * kWidth - 1, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_embed(model, kTexts, NULL, 4, NULL, vectors, 4 * kWidth, &error));
}

static void test_vectors_of_ids(const erato_model* model) {
  const int32_t ids[] = {2, 5, 10, 3, 2, 6, 3, 2, 99};
  const size_t counts[] = {4, 3}, empty[] = {0}, wrong[] = {4, 3, 2};
  float of_ids[3 * kWidth], of_texts[kWidth];
  CHECK_OK(erato_model_embed_ids(model, ids, counts, 2, NULL, of_ids, 2 * kWidth, &error));
  CHECK_OK(erato_model_embed(model, kTexts, kBytes, 1, NULL, of_texts, kWidth, &error));
  CHECK(near(of_ids, of_texts, kWidth));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_embed_ids(model, ids, empty, 1, NULL, of_ids, kWidth, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_embed_ids(model, ids, wrong, 3, NULL, of_ids, 3 * kWidth, &error));
}

static erato_options* read_options(const char* name, const char* value) {
  erato_options* options = NULL;
  CHECK_OK(erato_options_create(ERATO_OPTIONS_READ, &options, &error));
  if (name != NULL) {
    CHECK_OK(erato_options_set_by_name(options, name, strlen(name), value, strlen(value), &error));
  }
  return options;
}

static void embed_with(const erato_model* model, const char* text, const char* name,
                       const char* value, erato_status wanted, float* vector) {
  erato_options* options = read_options(name, value);
  size_t bytes = strlen(text);
  CHECK_STATUS(wanted, erato_model_embed(model, &text, &bytes, 1, options, vector, kWidth, &error));
  erato_options_free(options);
}

static void test_options_of_reading(const erato_model* model) {
  float plain[kWidth], other[kWidth];
  embed_with(model, "good paris", NULL, NULL, ERATO_OK, plain);
  embed_with(model, "good paris", "normalise", "no", ERATO_OK, other);
  CHECK(erato_dot(other, other, kWidth) > 1.5);
  CHECK(fabs(erato_cosine(plain, other, kWidth) - 1) < 1e-6);
  embed_with(model, "good paris", "dimensions", "4", ERATO_OK, other);
  CHECK(fabs(erato_dot(other, other, 4) - 1) < 1e-6);
  CHECK(fabs(erato_cosine(plain, other, 4) - 1) < 1e-6);
  embed_with(model, "good paris", "dimensions", "9", ERATO_INVALID_ARGUMENT, other);
  embed_with(model, "paris", "prompt", "query", ERATO_OK, other);
  CHECK(near(plain, other, kWidth)); /* the prompt is "good " */
  embed_with(model, "paris", "prompt", "document", ERATO_OK, other);
  CHECK(!near(plain, other, kWidth));
  embed_with(model, "paris", "prompt", "passage", ERATO_INVALID_ARGUMENT, other);
  embed_with(model, "paris", "prefix", "good ", ERATO_OK, other);
  CHECK(near(plain, other, kWidth));
  embed_with(model, "good paris", "pooling", "cls", ERATO_OK, other);
  CHECK(!near(plain, other, kWidth));
  embed_with(model, "good paris", "pooling", "last", ERATO_OK, other);
  embed_with(model, "good paris", "pooling", "max", ERATO_OK, other);
  embed_with(model, "good paris", "pooling", "none", ERATO_INVALID_ARGUMENT, other);
  embed_with(model, "", NULL, NULL, ERATO_OK, other); /* begin and end are tokens */
}

/* Meant for 12 tokens; 16 is what it can take. */
static void test_long_texts(const erato_model* model) {
  const char* eleven = "bad the the the the the the the the the good";
  const char* ten = "the the the the the the the the the good";
  float cut[kWidth], whole[kWidth];
  const char* texts[1];
  size_t bytes;
  erato_options* options = read_options("truncate", "end");
  erato_results* results = NULL;
  embed_with(model, eleven, NULL, NULL, ERATO_CONTEXT_FULL, cut);
  embed_with(model, eleven, "max_tokens", "16", ERATO_OK, whole);
  embed_with(model, eleven, "max_tokens", "17", ERATO_INVALID_ARGUMENT, cut);
  embed_with(model, eleven, "truncate", "start", ERATO_OK, cut);
  embed_with(model, ten, NULL, NULL, ERATO_OK, whole);
  CHECK(near(cut, whole, kWidth));
  texts[0] = eleven;
  bytes = strlen(eleven);
  CHECK_OK(erato_model_embed_each(model, texts, &bytes, 1, options, &results, &error));
  CHECK(erato_results_tokens(results, 0) == 12 && erato_results_left_out(results, 0) == 1);
  erato_results_free(results);
  erato_options_free(options);
}

static void test_each(const erato_model* model) {
  const char* texts[] = {"good", "poison", "\xff", "bad", NULL, "the"};
  const size_t bytes[] = {4, 6, 1, 3, 2, 3};
  const erato_status wanted[] = {ERATO_OK, ERATO_NON_FINITE,       ERATO_INVALID_UTF8,
                                 ERATO_OK, ERATO_INVALID_ARGUMENT, ERATO_OK};
  float vectors[6 * kWidth];
  size_t i, rows = 9, columns = 9;
  erato_results* results = NULL;
  erato_options* by_token = read_options("pooling", "none");
  CHECK_OK(erato_model_embed_each(model, texts, bytes, 6, NULL, &results, &error));
  CHECK(erato_results_count(results) == 6);
  for (i = 0; i < 6; i++) {
    CHECK_STATUS(wanted[i], erato_results_status(results, i, &error));
    CHECK((erato_results_floats(results, i, &rows, &columns) != NULL) == (wanted[i] == ERATO_OK));
    CHECK(rows == (size_t)(wanted[i] == ERATO_OK) && columns == rows * kWidth);
  }
  CHECK(erato_results_tokens(results, 0) == 3 && erato_results_left_out(results, 0) == 0);
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_results_status(results, 6, &error));
  CHECK(erato_results_floats(results, 6, NULL, NULL) == NULL);
  CHECK(erato_results_tokens(results, 6) == 0 && erato_results_left_out(results, 6) == 0);
  CHECK_OK(erato_model_embed(model, texts + 3, bytes + 3, 1, NULL, vectors, kWidth, &error));
  CHECK(memcmp(vectors, erato_results_floats(results, 3, NULL, NULL), sizeof(float) * kWidth) == 0);
  erato_results_free(results);
  for (i = 0; i < 6; i++) { /* one that fails fails the whole call */
    CHECK_STATUS(wanted[i],
                 erato_model_embed(model, texts + i, bytes + i, 1, NULL, vectors, kWidth, &error));
  }
  CHECK_STATUS(ERATO_INVALID_UTF8, /* texts are looked at before the model runs */
               erato_model_embed(model, texts, bytes, 6, NULL, vectors, 6 * kWidth, &error));
  CHECK_OK(erato_model_embed_each(model, texts, bytes, 1, by_token, &results, &error));
  CHECK(erato_results_floats(results, 0, &rows, &columns) != NULL);
  CHECK(rows == 3 && columns == kWidth);
  erato_results_free(results);
  erato_options_free(by_token);
  CHECK(erato_results_count(NULL) == 0);
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_results_status(NULL, 0, &error));
  erato_results_free(NULL);
}

static void test_stops(const erato_model* model) {
  float vectors[4 * kWidth];
  erato_cancel* cancel = NULL;
  erato_options* options = read_options(NULL, NULL);
  erato_options* other = NULL;
  CHECK_OK(erato_cancel_create(&cancel, &error));
  CHECK_OK(erato_options_set_cancel(options, cancel, &error));
  CHECK_OK(erato_model_embed(model, kTexts, kBytes, 4, options, vectors, 4 * kWidth, &error));
  erato_cancel_trigger(cancel);
  CHECK_STATUS(ERATO_CANCELLED,
               erato_model_embed(model, kTexts, kBytes, 4, options, vectors, 4 * kWidth, &error));
  erato_cancel_reset(cancel);
  CHECK_OK(erato_model_embed(model, kTexts, kBytes, 4, options, vectors, 4 * kWidth, &error));
  erato_cancel_trigger(cancel);
  erato_cancel_free(cancel); /* the options still hold it */
  CHECK_STATUS(ERATO_CANCELLED,
               erato_model_embed(model, kTexts, kBytes, 4, options, vectors, 4 * kWidth, &error));
  CHECK_OK(erato_options_set_cancel(options, NULL, &error));
  CHECK_OK(erato_model_embed(model, kTexts, kBytes, 4, options, vectors, 4 * kWidth, &error));
  erato_options_free(options);
  CHECK_OK(erato_options_create(ERATO_OPTIONS_LOAD, &other, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_options_set_cancel(other, NULL, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_embed(model, kTexts, kBytes, 4, other, vectors, 4 * kWidth, &error));
  erato_options_free(other);
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_cancel_create(NULL, &error));
  erato_cancel_trigger(NULL);
  erato_cancel_reset(NULL);
  erato_cancel_free(NULL);
}

static void test_tasks(const erato_model* model) {
  float vectors[64];
  erato_stream* stream = NULL;
  erato_session* session = NULL;
  erato_model* generator = load_tiny();
  erato_model* embedder = NULL;
  erato_options* options = NULL;
  CHECK_STATUS(ERATO_UNSUPPORTED, erato_model_generate(model, "a", 1, 0, NULL, &stream, &error));
  CHECK_STATUS(ERATO_UNSUPPORTED, erato_session_create(model, NULL, &session, &error));
  CHECK_STATUS(ERATO_UNSUPPORTED,
               erato_model_embed(generator, kTexts, kBytes, 1, NULL, vectors, 64, &error));
  CHECK(erato_model_vector_width(generator) == 0);
  CHECK_OK(erato_options_create(ERATO_OPTIONS_LOAD, &options, &error));
  CHECK_OK(erato_options_set_text(options, ERATO_LOAD_TASK, "embed", 5, &error));
  CHECK_OK(erato_model_load(tiny_path, options, &embedder, &error));
  CHECK(erato_model_vector_width(embedder) == 64);
  CHECK_OK(erato_model_embed(embedder, kTexts, kBytes, 1, NULL, vectors, 64, &error));
  CHECK(fabs(erato_dot(vectors, vectors, 64) - 1) < 1e-5);
  erato_model_free(embedder);
  embedder = NULL;
  CHECK_OK(erato_options_set_text(options, ERATO_LOAD_TASK, "generate", 8, &error));
  CHECK_STATUS(ERATO_UNSUPPORTED,
               erato_model_load(encoder_path("embedder"), options, &embedder, &error));
  erato_options_free(options);
  erato_model_free(generator);
}

static void test_embedding_requests(const erato_model* model) {
  const char* request = "{\"input\": [\"good\", \"bad\"], \"dimensions\": 2}";
  const char* base64 = "{\"input\": \"good\", \"encoding_format\": \"base64\"}";
  const char* ids = "{\"input\": [[2, 5, 3], [2, 6, 3]], \"encoding_format\": \"int8\"}";
  const char* wrong[] = {
      "{\"input\": []}",        "{\"input\": [\"a\", 2]}",
      "{\"input\": {}}",        "{\"input\": \"a\", \"encoding_format\": \"hex\"}",
      "{\"input\": [[2, 99]]}", "{\"input\": \"a\", \"dimensions\": 9}"};
  erato_text* text = NULL;
  erato_response* response = NULL;
  size_t i;
  CHECK_OK(erato_model_request(model, request, strlen(request), &text, &error));
  CHECK_TEXT_HAS(text, "\"index\":1,\"embedding\":[");
  CHECK_OK(erato_model_request(model, request, strlen(request), &text, &error));
  CHECK_TEXT_HAS(text, "\"usage\":{\"prompt_tokens\":6,\"total_tokens\":6}");
  CHECK_OK(erato_model_request(model, base64, strlen(base64), &text, &error));
  CHECK_TEXT_HAS(text, "\"embedding\":\"");
  CHECK_OK(erato_model_request(model, ids, strlen(ids), &text, &error));
  CHECK_TEXT_HAS(text, "\"embedding\":[-68,68,0,");
  for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    CHECK_STATUS(ERATO_INVALID_ARGUMENT,
                 erato_model_request(model, wrong[i], strlen(wrong[i]), &text, &error));
  }
  CHECK_STATUS(ERATO_UNSUPPORTED,
               erato_model_request_stream(model, request, strlen(request), &response, &error));
  CHECK_OK(erato_model_info(model, &text, &error));
  CHECK_TEXT_HAS(text, "\"task\":\"embed\",\"vector_width\":8,\"pooling\":\"mean\"");
}

void test_embed(void) {
  erato_model* model = load_encoder("embedder");
  test_vectors_of_texts(model);
  test_vectors_of_ids(model);
  test_options_of_reading(model);
  test_long_texts(model);
  test_each(model);
  test_stops(model);
  test_tasks(model);
  test_embedding_requests(model);
  erato_model_free(model);
}
