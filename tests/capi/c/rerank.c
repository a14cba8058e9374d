/* rerank.h, on the tiny reranker: a document is relevant where it is good. */
#include <math.h>

#include "check.h"

static const char* const kDocuments[] = {"bad", "good", "the", "good paris"};
static const size_t kBytes[] = {3, 4, 3, 10};

static void test_scores(const erato_model* model) {
  float raw[4], relevance[4];
  int i;
  CHECK_OK(
      erato_model_rerank(model, "paris", 5, kDocuments, kBytes, 4, NULL, raw, relevance, &error));
  CHECK(raw[1] > raw[2] && raw[2] > raw[0] && raw[3] > raw[0]);
  for (i = 0; i < 4; i++) CHECK(fabs(relevance[i] - 1 / (1 + exp(-raw[i]))) < 1e-6);
  CHECK_OK(
      erato_model_rerank(model, "paris", 5, kDocuments, kBytes, 4, NULL, NULL, relevance, &error));
  CHECK_OK(erato_model_rerank(model, "paris", 5, kDocuments, kBytes, 4, NULL, raw, NULL, &error));
  CHECK_OK(erato_model_rerank(model, "paris", 5, NULL, NULL, 0, NULL, raw, NULL, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_rerank(model, "paris", 5, kDocuments, kBytes, 4,
                                                          NULL, NULL, NULL, &error));
  CHECK_STATUS(ERATO_INVALID_UTF8, erato_model_rerank(model, "\xff", 1, kDocuments, kBytes, 4, NULL,
                                                      raw, NULL, &error));
}

static void test_each_document(const erato_model* model) {
  const char* documents[] = {"good", "poison", "bad"};
  const size_t bytes[] = {4, 6, 3};
  float raw[1];
  size_t rows, columns;
  const float* scores;
  erato_results* results = NULL;
  CHECK_OK(erato_model_rerank_each(model, "the", 3, documents, bytes, 3, NULL, &results, &error));
  CHECK_STATUS(ERATO_NON_FINITE, erato_results_status(results, 1, &error));
  scores = erato_results_floats(results, 2, &rows, &columns);
  CHECK(scores != NULL && rows == 1 && columns == 2);
  CHECK_OK(
      erato_model_rerank(model, "the", 3, documents + 2, bytes + 2, 1, NULL, raw, NULL, &error));
  CHECK(scores[0] == raw[0]);
  erato_results_free(results);
}

/* 16 tokens are room for [CLS] query [SEP] document [SEP]: 13 words. */
static void test_long_pairs(const erato_model* model) {
  const char* document = "good the the the the the the the the the the the the";
  size_t bytes = strlen(document);
  float raw[1];
  erato_results* results = NULL;
  erato_options* options = NULL;
  CHECK_STATUS(ERATO_CONTEXT_FULL, erato_model_rerank(model, "in paris", 8, &document, &bytes, 1,
                                                      NULL, raw, NULL, &error));
  CHECK_OK(erato_options_create(ERATO_OPTIONS_READ, &options, &error));
  CHECK_OK(erato_options_set_text(options, ERATO_READ_TRUNCATE, "end", 3, &error));
  CHECK_OK(erato_model_rerank_each(model, "in paris", 8, &document, &bytes, 1, options, &results,
                                   &error));
  CHECK(erato_results_tokens(results, 0) == 16 && erato_results_left_out(results, 0) == 2);
  erato_results_free(results);
  CHECK_OK(erato_options_set_text(options, ERATO_READ_TRUNCATE_PAIR, "first", 5, &error));
  CHECK_OK(erato_model_rerank_each(model, "in paris", 8, &document, &bytes, 1, options, &results,
                                   &error));
  CHECK(erato_results_left_out(results, 0) == 2);
  erato_results_free(results);
  erato_options_free(options);
}

static void test_rerank_requests(const erato_model* model) {
  const char* request =
      "{\"query\": \"paris\", \"documents\": [\"bad\", {\"text\": \"good\"}, \"the\"], "
      "\"top_n\": 2, \"return_documents\": true}";
  const char* wrong[] = {"{\"documents\": [\"a\"]}", "{\"query\": \"a\", \"documents\": [1]}",
                         "{\"query\": \"a\", \"documents\": [\"a\"], \"top_n\": 0}"};
  erato_text* text = NULL;
  size_t i;
  CHECK_OK(erato_model_request(model, request, strlen(request), &text, &error));
  CHECK_TEXT_HAS(text, "\"results\":[{\"index\":1,\"relevance_score\":0.79");
  CHECK_OK(erato_model_request(model, request, strlen(request), &text, &error));
  CHECK_TEXT_HAS(text, "\"document\":{\"text\":\"the\"}}],\"usage\":{\"prompt_tokens\":15,");
  for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    CHECK_STATUS(ERATO_INVALID_ARGUMENT,
                 erato_model_request(model, wrong[i], strlen(wrong[i]), &text, &error));
  }
}

void test_rerank(void) {
  float raw[4];
  erato_model* model = load_encoder("reranker");
  erato_model* embedder = load_encoder("embedder");
  erato_model* classifier = load_encoder("classifier");
  test_scores(model);
  test_each_document(model);
  test_long_pairs(model);
  test_rerank_requests(model);
  CHECK_STATUS(ERATO_UNSUPPORTED, erato_model_rerank(embedder, "a", 1, kDocuments, kBytes, 4, NULL,
                                                     raw, NULL, &error));
  CHECK_STATUS(ERATO_UNSUPPORTED, erato_model_rerank(classifier, "a", 1, kDocuments, kBytes, 4,
                                                     NULL, raw, NULL, &error));
  erato_model_free(classifier);
  erato_model_free(embedder);
  erato_model_free(model);
}
