/* Which text is nearest to a query, in plain C: embed MODEL QUERY TEXT...
 *
 *     cc embed.c -o embed $(pkg-config --cflags --libs erato)
 *     ./embed minilm/ "a pet" "The cat sleeps." "Stocks fell." "Dogs bark."
 */
#include <erato/erato.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(erato_error* error) {
  fprintf(stderr, "%s\n", erato_error_message(error, NULL));
  erato_error_free(error);
  return 1;
}

/* Prints the texts, nearest to texts[0] first. vectors: one of `width` floats for each text. */
static void print_by_nearness(char** texts, size_t count, const float* vectors, size_t width) {
  size_t others = count - 1, i;
  size_t* order = malloc(others * sizeof *order);
  float* scores = malloc(others * sizeof *scores);
  if (order != NULL && scores != NULL) {
    others = erato_nearest(vectors, vectors + width, others, width, others, order, scores);
    for (i = 0; i < others; i++) printf("%6.3f  %s\n", scores[i], texts[order[i] + 1]);
  }
  free(scores);
  free(order);
}

int main(int argc, char** argv) {
  erato_error* error = NULL;
  erato_model* model;
  char** texts = argv + 2;
  size_t count = (size_t)(argc - 2), width, i;
  size_t* bytes;
  float* vectors;
  int failed;
  if (argc < 4) {
    fprintf(stderr, "usage: embed MODEL QUERY TEXT...\n");
    return 2;
  }
  if (erato_model_load(argv[1], NULL, &model, &error)) return fail(error);
  width = (size_t)erato_model_vector_width(model);
  bytes = malloc(count * sizeof *bytes);
  vectors = malloc(count * (width + 1) * sizeof *vectors); /* + 1: never nothing */
  if (bytes == NULL || vectors == NULL) return 1;
  for (i = 0; i < count; i++) bytes[i] = strlen(texts[i]);
  failed = erato_model_embed(model, (const char* const*)texts, bytes, count, NULL, vectors,
                             count * width, &error) != ERATO_OK;
  if (failed) {
    fail(error);
  } else {
    print_by_nearness(texts, count, vectors, width);
  }
  free(vectors);
  free(bytes);
  erato_model_free(model);
  return failed;
}
