/* classify.h, on the tiny classifier and the tiny tagger. */
#include <math.h>

#include "check.h"

static const char* const kTexts[] = {"good", "bad paris", "the", "poison"};
static const size_t kBytes[] = {4, 9, 3, 6};

static size_t best(const float* scores, size_t n) {
  size_t i, at = 0;
  for (i = 1; i < n; i++)
    if (scores[i] > scores[at]) at = i;
  return at;
}

static void test_labels(const erato_model* model) {
  float scores[9], raw[3];
  size_t bytes = 0;
  erato_options* options = NULL;
  CHECK(erato_model_label_count(model) == 3 && erato_model_label_count(NULL) == 0);
  CHECK(strcmp(erato_model_label(model, 2, &bytes), "positive") == 0 && bytes == 8);
  CHECK(erato_model_label(model, 3, &bytes)[0] == '\0' && bytes == 0);
  CHECK_OK(erato_model_classify(model, kTexts, kBytes, 3, NULL, scores, 9, &error));
  CHECK(best(scores, 3) == 2 && best(scores + 3, 3) == 0 && best(scores + 6, 3) == 1);
  CHECK(fabs(scores[0] + scores[1] + scores[2] - 1) < 1e-6);
  CHECK_OK(erato_options_create(ERATO_OPTIONS_READ, &options, &error));
  CHECK_OK(erato_options_set_text(options, ERATO_READ_SCORES, "raw", 3, &error));
  CHECK_OK(erato_model_classify(model, kTexts, kBytes, 1, options, raw, 3, &error));
  CHECK(fabs(scores[2] / scores[0] - exp(raw[2] - raw[0])) < 1e-3 * scores[2] / scores[0]);
  CHECK_OK(erato_options_set_text(options, ERATO_READ_SCORES, "sigmoid", 7, &error));
  CHECK_OK(erato_model_classify(model, kTexts, kBytes, 1, options, scores, 3, &error));
  CHECK(fabs(scores[1] - 1 / (1 + exp(-raw[1]))) < 1e-6);
  erato_options_free(options);
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_classify(model, kTexts, kBytes, 3, NULL, scores, 8, &error));
  CHECK_STATUS(ERATO_NON_FINITE,
               erato_model_classify(model, kTexts + 3, kBytes + 3, 1, NULL, scores, 9, &error));
}

static void test_pairs_and_each(const erato_model* model) {
  float alone[3], pair[3];
  erato_results* results = NULL;
  CHECK_OK(erato_model_classify(model, kTexts + 2, kBytes + 2, 1, NULL, alone, 3, &error));
  CHECK_OK(erato_model_classify_pairs(model, kTexts + 2, kBytes + 2, kTexts, kBytes, 1, NULL, pair,
                                      3, &error));
  CHECK(pair[2] > alone[2]);
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_classify_pairs(model, kTexts, kBytes, NULL, NULL,
                                                                  1, NULL, pair, 3, &error));
  CHECK_OK(erato_model_classify_each(model, kTexts, kBytes, 4, NULL, &results, &error));
  CHECK_STATUS(ERATO_NON_FINITE, erato_results_status(results, 3, &error));
  CHECK(memcmp(erato_results_floats(results, 2, NULL, NULL), alone, sizeof alone) == 0);
  erato_results_free(results);
}

static void test_entities(const erato_model* tagger) {
  const char* text = "Anna, the bobby is in Paris bob anna";
  size_t rows, columns, bytes = strlen(text);
  float scores[4];
  erato_entities* entities = NULL;
  erato_results* results = NULL;
  CHECK_OK(erato_model_find_entities(tagger, text, bytes, NULL, &entities, &error));
  CHECK(erato_entities_count(entities) == 5);
  CHECK(strcmp(erato_entities_label(entities, 0, NULL), "PER") == 0);
  CHECK(erato_entities_begin(entities, 0) == 0 && erato_entities_end(entities, 0) == 4);
  CHECK(erato_entities_begin(entities, 1) == 10 && erato_entities_end(entities, 1) == 15);
  CHECK(strcmp(erato_entities_label(entities, 2, NULL), "LOC") == 0);
  CHECK(erato_entities_begin(entities, 2) == 22 && erato_entities_end(entities, 2) == 27);
  CHECK(erato_entities_begin(entities, 3) == 28 && erato_entities_begin(entities, 4) == 32);
  CHECK(erato_entities_score(entities, 0) > 0.5 && erato_entities_score(entities, 0) <= 1);
  CHECK(erato_entities_label(entities, 5, &bytes)[0] == '\0' && bytes == 0);
  CHECK(erato_entities_begin(entities, 5) == 0 && erato_entities_end(entities, 5) == 0);
  CHECK(erato_entities_score(entities, 5) == 0);
  erato_entities_free(entities);
  entities = NULL;
  CHECK_OK(erato_model_find_entities(tagger, "the", 3, NULL, &entities, &error));
  CHECK(erato_entities_count(entities) == 0 && erato_entities_count(NULL) == 0);
  erato_entities_free(entities);
  erato_entities_free(NULL);
  CHECK_OK(erato_model_classify_each(tagger, kTexts, kBytes, 1, NULL, &results, &error));
  CHECK(erato_results_floats(results, 0, &rows, &columns) != NULL && rows == 3 && columns == 4);
  erato_results_free(results);
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_classify(tagger, kTexts, kBytes, 1, NULL, scores, 4, &error));
  CHECK_STATUS(ERATO_CONTEXT_FULL,
               erato_model_find_entities(tagger, "a a a a a a a a a a a a a a a", 29, NULL,
                                         &entities, &error));
}

static void test_label_requests(const erato_model* model, const erato_model* tagger) {
  const char* request = "{\"input\": [\"good\", \"bad\"]}";
  const char* names = "{\"input\": \"anna\"}";
  erato_text* text = NULL;
  CHECK_OK(erato_model_request(model, request, strlen(request), &text, &error));
  CHECK_TEXT_HAS(text, "\"index\":1,\"prediction\":\"negative\",\"score\":0.9");
  CHECK_OK(erato_model_request(tagger, names, strlen(names), &text, &error));
  CHECK_TEXT_HAS(text, "\"entities\":[{\"label\":\"PER\",\"text\":\"anna\",\"begin\":0,\"end\":4,");
  CHECK_OK(erato_model_info(model, &text, &error));
  CHECK_TEXT_HAS(text,
                 "\"labels\":[\"negative\",\"neutral\",\"positive\"],\"labels_of\":\"texts\"");
}

void test_classify(void) {
  float scores[3];
  erato_entities* entities = NULL;
  erato_model* model = load_encoder("classifier");
  erato_model* tagger = load_encoder("tagger");
  erato_model* embedder = load_encoder("embedder");
  test_labels(model);
  test_pairs_and_each(model);
  test_entities(tagger);
  test_label_requests(model, tagger);
  CHECK(erato_model_label_count(embedder) == 0);
  CHECK_STATUS(ERATO_UNSUPPORTED,
               erato_model_classify(embedder, kTexts, kBytes, 1, NULL, scores, 3, &error));
  CHECK_STATUS(ERATO_UNSUPPORTED,
               erato_model_find_entities(model, "anna", 4, NULL, &entities, &error));
  erato_model_free(embedder);
  erato_model_free(tagger);
  erato_model_free(model);
}
