/* hooks.h, log. */
#include "check.h"

static void count_line(erato_log_level level, const char* message, size_t message_bytes,
                       void* user_data) {
  CHECK(level >= ERATO_LOG_ERROR && level <= ERATO_LOG_DEBUG && message_bytes == strlen(message));
  ++*(int*)user_data;
}

/* Lines go one by one, and none tells what was asked or answered. */
static void no_texts(erato_log_level level, const char* message, size_t message_bytes,
                     void* user_data) {
  CHECK(level > ERATO_LOG_OFF && memchr(message, '\n', message_bytes) == NULL);
  CHECK(strstr(message, "a secret") == NULL && strstr(message, "world") == NULL);
  ++*(int*)user_data;
}

static void secrets(void) {
  char buffer[4096];
  int lines = 0;
  erato_status status;
  erato_options* options = greedy();
  erato_stream* stream = NULL;
  erato_model* model;
  erato_session* session;
  CHECK_OK(erato_set_log(no_texts, ERATO_LOG_DEBUG, &lines, &error));
  model = load_tiny();
  session = new_session(model);
  CHECK_OK(erato_session_add_text(session, ERATO_ROLE_USER, "a secret", 8, &error));
  CHECK_OK(erato_session_answer(session, options, &stream, &error));
  CHECK(strcmp(drain(stream, buffer, &status), kAnswer) == 0);
  CHECK_STATUS(ERATO_INVALID_UTF8,
               erato_session_add_text(session, ERATO_ROLE_USER, "a secret\xFF", 9, &error));
  CHECK(lines > 0);
  CHECK_OK(erato_set_log(NULL, ERATO_LOG_OFF, NULL, &error));
  erato_stream_free(stream);
  erato_session_free(session);
  erato_model_free(model);
  erato_options_free(options);
}

static void logging(void) {
  int lines = 0, before;
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_set_log(count_line, 9, &lines, &error));
  CHECK_OK(erato_set_log(count_line, ERATO_LOG_INFO, &lines, &error));
  erato_model_free(load_tiny());
  CHECK(lines > 0);
  before = lines;
  CHECK_OK(erato_set_log(count_line, ERATO_LOG_ERROR, &lines, &error));
  erato_model_free(load_tiny());
  CHECK(lines == before);
  CHECK_OK(erato_set_log(NULL, ERATO_LOG_DEBUG, NULL, &error));
  erato_model_free(load_tiny());
  CHECK(lines == before);
}

void test_hooks(void) {
  logging();
  secrets();
}
