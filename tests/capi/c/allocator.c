/* hooks.h, memory. */
#define _POSIX_C_SOURCE 200809L
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"

/* A host's memory that counts, runs short on demand, and knows its own blocks by a mark. */
struct host {
  long long live, most, limit; /* bytes */
  long calls, fail_at;         /* allocate calls; which of them gives nothing, -1 = none */
  int askew;                   /* gives what is not aligned */
};

static void* host_allocate(size_t bytes, size_t alignment, void* user_data) {
  struct host* host = user_data;
  void* memory = NULL;
  CHECK(alignment >= sizeof(void*) && alignment <= 4096 && (alignment & (alignment - 1)) == 0);
  CHECK(bytes > 0 && bytes % alignment == 0);
  if (host->calls++ == host->fail_at) return NULL;
  if (host->live + (long long)bytes > host->limit) return NULL;
  if (posix_memalign(&memory, alignment, bytes + 2 * alignment) != 0) return NULL;
  memset(memory, 0xA5, bytes + 2 * alignment); /* whoever counts on zeros will notice */
  *(struct host**)memory = host;
  host->live += (long long)bytes;
  if (host->live > host->most) host->most = host->live;
  return (char*)memory + alignment + (host->askew ? 8 : 0);
}

static void host_release(void* memory, size_t bytes, void* user_data) {
  struct host* host = user_data;
  char* block = (char*)memory - (host->askew ? 8 : 0) - 64;
  CHECK(*(struct host**)(void*)block == host);
  host->live -= (long long)bytes;
  free(block);
}

static struct host unlimited(void) {
  struct host host = {0, 0, LLONG_MAX, 0, -1, 0};
  return host;
}

static void use(struct host* host) {
  CHECK_OK(erato_set_allocator(host == NULL ? NULL : host_allocate,
                               host == NULL ? NULL : host_release, host, &error));
}

static erato_model* load_on(const char* device) {
  erato_model* model = NULL;
  erato_options* options = NULL;
  CHECK_OK(erato_options_create(ERATO_OPTIONS_LOAD, &options, &error));
  CHECK_OK(erato_options_set_text(options, ERATO_LOAD_DEVICE, device, strlen(device), &error));
  CHECK_OK(erato_model_load(tiny_path, options, &model, &error));
  erato_options_free(options);
  return model;
}

/* One question, asked of a chat that has none; what the stream ended with. */
static erato_status ask(erato_session* session, char* buffer) {
  erato_options* options = greedy();
  erato_stream* stream = NULL;
  erato_status status = ERATO_OK;
  buffer[0] = '\0';
  CHECK_OK(erato_session_clear(session, &error));
  CHECK_OK(erato_session_add_text(session, ERATO_ROLE_USER, "hi", 2, &error));
  CHECK_OK(erato_session_answer(session, options, &stream, &error));
  drain(stream, buffer, &status);
  erato_stream_free(stream);
  erato_options_free(options);
  return status;
}

static void everything_comes_and_goes(const char* device) {
  struct host host = unlimited();
  char buffer[4096];
  long long loaded;
  erato_model* model;
  erato_session* session;
  use(&host);
  model = load_on(device);
  loaded = host.live;
  CHECK(loaded > 100000); /* the weights are among it */
  session = new_session(model);
  CHECK(ask(session, buffer) == ERATO_END && strcmp(buffer, kAnswer) == 0);
  CHECK(host.live > loaded); /* keys and values */
  erato_model_free(model);
  CHECK(host.live > 0); /* the session holds the model */
  erato_session_free(session);
  CHECK(host.live == 0 && host.calls > 10);
  use(NULL);
}

/* What erato_file_estimate says is what loading takes, but for the rest of each block's line. */
static void an_estimate_is_true(const char* device) {
  static const char* const kept[] = {"file", "f32", "bf16", "int8"};
  size_t i;
  for (i = 0; i < sizeof kept / sizeof kept[0]; ++i) {
    struct host host = unlimited();
    long long weights = 0, scratch = 0;
    erato_options* options = NULL;
    erato_model* model = NULL;
    erato_text* json = NULL;
    CHECK_OK(erato_options_create(ERATO_OPTIONS_LOAD, &options, &error));
    CHECK_OK(erato_options_set_text(options, ERATO_LOAD_DEVICE, device, strlen(device), &error));
    CHECK_OK(erato_options_set_text(options, ERATO_LOAD_WEIGHTS, kept[i], strlen(kept[i]), &error));
    CHECK_OK(erato_options_set_int(options, ERATO_LOAD_STEP_TOKENS, 37, &error));
    use(&host);
    CHECK_OK(erato_file_estimate(tiny_path, options, &json, &error));
    CHECK(host.calls == 0);
    CHECK(sscanf(strstr(erato_text_data(json, NULL), "\"weights\":"), "\"weights\":%lld",
                 &weights) == 1);
    CHECK(sscanf(strstr(erato_text_data(json, NULL), "\"scratch\":"), "\"scratch\":%lld",
                 &scratch) == 1);
    CHECK_OK(erato_model_load(tiny_path, options, &model, &error));
    CHECK(weights > 0 && scratch > 0 && host.live >= weights + scratch);
    CHECK(host.live <= weights + scratch + 63 * host.calls);
    erato_model_free(model);
    erato_text_free(json);
    erato_options_free(options);
    use(NULL);
  }
}

/* Whoever is in place when a block is made takes it back, whatever has been put in place since. */
static void blocks_go_home(void) {
  struct host first = unlimited(), second = unlimited();
  char buffer[4096];
  erato_model *a, *b, *c;
  erato_session* session;
  long long of_first;
  use(&first);
  a = load_on("cpu");
  use(&second);
  b = load_on("cpu");
  use(NULL);
  c = load_on("cpu");
  CHECK(first.live == second.live && first.live > 0);
  of_first = first.live;
  use(&second);
  session = new_session(a);
  CHECK(ask(session, buffer) == ERATO_END && strcmp(buffer, kAnswer) == 0);
  CHECK(first.live == of_first && second.live > of_first); /* the cache of a is the second's */
  use(NULL);
  erato_session_free(session);
  erato_model_free(a);
  CHECK(first.live == 0 && second.live == of_first);
  erato_model_free(b);
  erato_model_free(c);
  CHECK(second.live == 0);
}

static void a_limit(void) {
  struct host host = unlimited();
  char buffer[4096];
  erato_model *model, *another = (erato_model*)&host; /* a sentinel: must stay */
  erato_session* session;
  use(&host);
  model = load_on("cpu");
  session = new_session(model);
  host.limit = host.live; /* not one block more: no second model, no cache */
  CHECK_STATUS(ERATO_NO_MEMORY, erato_model_load(tiny_path, NULL, &another, &error));
  CHECK(another == (erato_model*)&host && host.live == host.limit);
  CHECK(ask(session, buffer) == ERATO_NO_MEMORY && buffer[0] == '\0');
  host.limit = LLONG_MAX;
  CHECK(ask(session, buffer) == ERATO_END && strcmp(buffer, kAnswer) == 0);
  CHECK_OK(erato_model_load(tiny_path, NULL, &another, &error));
  erato_model_free(another);
  erato_session_free(session);
  erato_model_free(model);
  CHECK(host.live == 0);
  use(NULL);
}

/* The first, second, third … call gives nothing, until all is done without it. */
static void every_shortage(const char* device) {
  struct host host = unlimited();
  erato_options *options = NULL, *generate = greedy();
  erato_status status;
  use(&host);
  CHECK_OK(erato_options_create(ERATO_OPTIONS_LOAD, &options, &error));
  CHECK_OK(erato_options_set_text(options, ERATO_LOAD_DEVICE, device, strlen(device), &error));
  do {
    erato_model* model = NULL;
    erato_stream* stream = NULL;
    host.calls = 0;
    ++host.fail_at;
    status = erato_model_load(tiny_path, options, &model, NULL);
    CHECK((status == ERATO_OK) == (model != NULL));
    if (status == ERATO_OK) {
      status = erato_model_generate(model, "\n", 1, 0, generate, &stream, NULL);
    }
    while (status == ERATO_OK) status = erato_stream_advance(stream, NULL);
    CHECK(status == (host.calls > host.fail_at ? ERATO_NO_MEMORY : ERATO_END));
    erato_stream_free(stream);
    erato_model_free(model);
    CHECK(host.live == 0);
  } while (status == ERATO_NO_MEMORY);
  CHECK(host.fail_at > 10);
  erato_options_free(options);
  erato_options_free(generate);
  use(NULL);
}

static void what_is_not_aligned_counts_as_nothing(void) {
  struct host host = unlimited();
  erato_model* model = NULL;
  erato_error* error = NULL;
  host.askew = 1;
  use(&host);
  CHECK(erato_model_load(tiny_path, NULL, &model, &error) == ERATO_NO_MEMORY);
  CHECK(strstr(erato_error_message(error, NULL), "not aligned") != NULL);
  CHECK(model == NULL && host.calls > 0 && host.live == 0);
  erato_error_free(error);
  use(NULL);
}

static void both_or_neither(void) {
  struct host host = unlimited();
  use(&host);
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_set_allocator(host_allocate, NULL, NULL, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_set_allocator(NULL, host_release, NULL, &error));
  erato_model_free(load_on("cpu")); /* the former one stays in place */
  CHECK(host.calls > 0 && host.live == 0);
  use(NULL);
  erato_model_free(load_on("cpu"));
  CHECK(host.live == 0);
}

void test_allocator(void) {
  everything_comes_and_goes("cpu");
  everything_comes_and_goes("ref");
  an_estimate_is_true("cpu");
  an_estimate_is_true("ref");
  blocks_go_home();
  a_limit();
  every_shortage("cpu");
  every_shortage("ref");
  what_is_not_aligned_counts_as_nothing();
  both_or_neither();
}
