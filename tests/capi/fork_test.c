/* fork_test TINY.gguf: a child of fork() is told FORKED by everything that its parent made, may
 * free it, and can make its own. The parent forks while another of its threads is in the middle of
 * an answer. */
#define _POSIX_C_SOURCE 200809L
#include <erato/erato.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int failures;
#define CHECK(condition) \
  ((condition) ? (void)0 \
               : (void)(++failures, dprintf(2, "%s:%d: %s\n", __FILE__, __LINE__, #condition)))

static const char* path;
static erato_model* model;
static erato_session* session;
static erato_stream* stream;
static erato_load* load;
static erato_response* response;
static const char chat[] =
    "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}], \"temperature\": 0}";

static void* work(void* unused) {
  (void)unused;
  while (erato_stream_advance(stream, NULL) == ERATO_OK) continue;
  return NULL;
}

static void all_are_forked(void) {
  erato_text* text = NULL;
  erato_ids* ids = NULL;
  erato_floats* floats = NULL;
  erato_session* another = NULL;
  erato_stream* answer = NULL;
  erato_response* reply = NULL;
  erato_model* loaded = NULL;
  erato_error* error = NULL;
  size_t count = 0;
  int32_t id = 5;
  CHECK(erato_model_info(model, &text, &error) == ERATO_FORKED);
  CHECK(erato_error_status(error) == ERATO_FORKED);
  erato_error_free(error);
  CHECK(erato_model_stats(model, &text, NULL) == ERATO_FORKED);
  CHECK(erato_model_template(model, &text, NULL) == ERATO_FORKED);
  CHECK(erato_model_logits(model, &id, 1, 0, &floats, NULL) == ERATO_FORKED);
  CHECK(erato_model_tokenize(model, "a", 1, 0, &ids, NULL) == ERATO_FORKED);
  CHECK(erato_model_detokenize(model, &id, 1, 0, &text, NULL) == ERATO_FORKED);
  CHECK(erato_model_piece(model, id, 0, &text, NULL) == ERATO_FORKED);
  CHECK(erato_model_render(model, "{}", 2, &text, NULL) == ERATO_FORKED);
  CHECK(erato_model_generate(model, "a", 1, 0, NULL, &answer, NULL) == ERATO_FORKED);
  CHECK(erato_model_generate_ids(model, &id, 1, NULL, &answer, NULL) == ERATO_FORKED);
  CHECK(erato_model_request(model, chat, strlen(chat), &text, NULL) == ERATO_FORKED);
  CHECK(erato_model_request_stream(model, chat, strlen(chat), &reply, NULL) == ERATO_FORKED);
  CHECK(erato_session_create(model, NULL, &another, NULL) == ERATO_FORKED);
  CHECK(erato_session_add_text(session, ERATO_ROLE_USER, "a", 1, NULL) == ERATO_FORKED);
  CHECK(erato_session_answer(session, NULL, &answer, NULL) == ERATO_FORKED);
  CHECK(erato_session_history(session, &text, NULL) == ERATO_FORKED);
  CHECK(erato_session_clear(session, NULL) == ERATO_FORKED);
  CHECK(erato_session_count_tokens(session, &count, NULL) == ERATO_FORKED);
  CHECK(erato_stream_advance(stream, NULL) == ERATO_FORKED);
  CHECK(erato_response_advance(response, NULL) == ERATO_FORKED);
  CHECK(erato_load_finish(load, -1, &loaded, NULL) == ERATO_FORKED);
  erato_stream_cancel(stream);
  erato_response_cancel(response);
  erato_load_cancel(load);
  erato_load_free(load);
  erato_response_free(response);
  erato_stream_free(stream);
  erato_session_free(session);
  erato_model_free(model);
}

static void a_new_one_works(void) {
  erato_model* fresh = NULL;
  erato_text* text = NULL;
  CHECK(erato_model_load(path, NULL, &fresh, NULL) == ERATO_OK);
  CHECK(erato_model_request(fresh, chat, strlen(chat), &text, NULL) == ERATO_OK);
  CHECK(strstr(erato_text_data(text, NULL), "Hello world") != NULL);
  erato_text_free(text);
  erato_model_free(fresh);
}

static void make_everything(void) {
  erato_options* options = NULL;
  CHECK(erato_model_load(path, NULL, &model, NULL) == ERATO_OK);
  CHECK(erato_session_create(model, NULL, &session, NULL) == ERATO_OK);
  CHECK(erato_options_create(ERATO_OPTIONS_GENERATE, &options, NULL) == ERATO_OK);
  CHECK(erato_options_set_bool(options, ERATO_GENERATE_IGNORE_END, 1, NULL) == ERATO_OK);
  CHECK(erato_model_generate(model, "\n", 1, 0, options, &stream, NULL) == ERATO_OK);
  CHECK(erato_model_request_stream(model, chat, strlen(chat), &response, NULL) == ERATO_OK);
  CHECK(erato_load_start(path, NULL, &load, NULL) == ERATO_OK);
  erato_options_free(options);
}

static void free_everything(void) {
  erato_load_free(load);
  erato_response_free(response);
  erato_stream_free(stream);
  erato_session_free(session);
  erato_model_free(model);
}

int main(int argc, char** argv) {
  int round, status;
  if (argc != 2) return 2;
  path = argv[1];
  for (round = 0; round < 5; ++round) {
    pthread_t worker;
    pid_t child;
    make_everything();
    pthread_create(&worker, NULL, work, NULL);
    child = fork();
    if (child == 0) {
      alarm(60); /* a hang is a failure */
      all_are_forked();
      a_new_one_works();
      _exit(failures != 0);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    pthread_join(worker, NULL); /* the parent never noticed */
    CHECK(erato_stream_finish_reason(stream) == ERATO_FINISH_LENGTH);
    free_everything();
  }
  return failures != 0;
}
