/* How long a person waits: load to ready, the first token after a short prompt, and the end after a
 * cancel.
 *
 *     latency MODEL [THREADS [REPETITIONS]]
 *
 * Prints one JSON object of medians and 99th percentiles in milliseconds. Loads come from the page
 * cache: the first one, which may not, is not counted. The first token's time runs from the call to
 * the first text. A cancel is called by another thread at a random moment while a long prompt is
 * read, or while tokens are written; its time runs until advance has returned. Not a test: figures
 * are no pass or fail on a shared machine. */
#define _POSIX_C_SOURCE 200809L /* clocks and threads */
#include <erato/erato.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { kPrompt = 30, kLongPrompt = 1500, kMost = 1000 };

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static void check(erato_status status, erato_error* error) {
  if (status == ERATO_OK) return;
  fprintf(stderr, "latency: %s\n", erato_error_message(error, NULL));
  exit(1);
}

static int by_size(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

static void print(const char* name, double* ms, int n, const char* after) {
  qsort(ms, (size_t)n, sizeof *ms, by_size);
  printf("\"%s_ms\": {\"median\": %.1f, \"p99\": %.1f, \"most\": %.1f}%s", name, ms[n / 2],
         ms[(n * 99 - 1) / 100], ms[n - 1], after);
}

static erato_model* load(const char* path, int threads) {
  erato_error* error = NULL;
  erato_options* options;
  erato_model* model;
  check(erato_options_create(ERATO_OPTIONS_LOAD, &options, &error), error);
  check(erato_options_set_int(options, ERATO_LOAD_THREADS, threads, &error), error);
  check(erato_model_load(path, options, &model, &error), error);
  erato_options_free(options);
  return model;
}

static erato_stream* begin(const erato_model* model, int tokens) {
  static int32_t ids[kLongPrompt];
  erato_error* error = NULL;
  erato_options* options;
  erato_stream* stream;
  for (int i = 0; i < tokens; i++) ids[i] = 100 + rand() % 1000;
  check(erato_options_create(ERATO_OPTIONS_GENERATE, &options, &error), error);
  check(erato_options_set_float(options, ERATO_GENERATE_TEMPERATURE, 0, &error), error);
  check(erato_options_set_bool(options, ERATO_GENERATE_IGNORE_END, 1, &error), error);
  check(erato_model_generate_ids(model, ids, (size_t)tokens, options, &stream, &error), error);
  erato_options_free(options);
  return stream;
}

/* Until there is text; a token that holds but a part of a code point does not count. */
static double first_token(const erato_model* model, int prompt_tokens) {
  erato_error* error = NULL;
  const double start = now_ms();
  erato_stream* stream = begin(model, prompt_tokens);
  double ms;
  check(erato_stream_advance(stream, &error), error);
  ms = now_ms() - start;
  erato_stream_free(stream);
  return ms;
}

struct canceller {
  const erato_stream* stream;
  double delay_ms, called_ms;
};

static void* cancel_later(void* argument) {
  struct canceller* c = argument;
  const double until = now_ms() + c->delay_ms;
  struct timespec delay;
  delay.tv_sec = (time_t)(c->delay_ms / 1e3);
  delay.tv_nsec = (long)((c->delay_ms - (double)delay.tv_sec * 1e3) * 1e6);
  while (now_ms() < until) nanosleep(&delay, NULL);
  c->called_ms = now_ms();
  erato_stream_cancel(c->stream);
  return NULL;
}

/* The stream's end after a cancel that comes 0 to `most_ms` from here. -1: it came too late, when
 * the prompt had been read (writing = 0), and does not count. */
static double cancel(const erato_model* model, int prompt_tokens, int writing, double most_ms) {
  erato_error* error = NULL;
  erato_stream* stream = begin(model, prompt_tokens);
  struct canceller c = {stream, most_ms * rand() / RAND_MAX, 0};
  pthread_t thread;
  erato_status status;
  double end_ms;
  int late;
  if (writing) check(erato_stream_advance(stream, &error), error);
  if (pthread_create(&thread, NULL, cancel_later, &c) != 0) exit(1);
  while ((status = erato_stream_advance(stream, NULL)) == ERATO_OK) {
  }
  end_ms = now_ms();
  pthread_join(thread, NULL);
  if (status != ERATO_CANCELLED) {
    fprintf(stderr, "latency: the stream ended before its cancel came, with %d\n", (int)status);
    exit(1);
  }
  late = !writing && erato_stream_generated_tokens(stream) > 0;
  erato_stream_free(stream);
  return late ? -1 : end_ms - c.called_ms;
}

static void cancels(const erato_model* model, const char* name, int writing, int n, double* ms,
                    const char* after) {
  const int prompt_tokens = writing ? 1 : kLongPrompt;
  const double most_ms = writing ? 400 : 0.9 * first_token(model, prompt_tokens);
  int i = 0, late = 0;
  while (i < n && late <= n) {
    ms[i] = cancel(model, prompt_tokens, writing, most_ms);
    if (ms[i] < 0) {
      ++late;
    } else {
      ++i;
    }
  }
  if (late > n) {
    fprintf(stderr, "latency: prompts are read too unevenly to be cancelled\n");
    exit(1);
  }
  print(name, ms, n, after);
}

int main(int argc, char** argv) {
  static double ms[kMost];
  const int threads = argc > 2 ? atoi(argv[2]) : 0;
  const int n = argc > 3 ? atoi(argv[3]) : 100;
  erato_model* model;
  if (argc < 2 || n < 1 || n > kMost) {
    fprintf(stderr, "usage: latency MODEL [THREADS [REPETITIONS up to %d]]\n", kMost);
    return 2;
  }
  srand(1);
  erato_model_free(load(argv[1], threads));
  for (int i = 0; i < n; i++) {
    const double start = now_ms();
    model = load(argv[1], threads);
    ms[i] = now_ms() - start;
    erato_model_free(model);
  }
  printf("{\"n\": %d, ", n);
  print("load_to_ready", ms, n, ", ");
  model = load(argv[1], threads);
  for (int i = 0; i < n; i++) ms[i] = first_token(model, kPrompt);
  print("first_token_of_30", ms, n, ", ");
  cancels(model, "cancel_in_prompt", 0, n, ms, ", ");
  cancels(model, "cancel_while_writing", 1, n, ms, "}\n");
  erato_model_free(model);
  return 0;
}
