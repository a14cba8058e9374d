/* hooks.h, log. */
#include "check.h"

static void count_line(erato_log_level level, const char* message, size_t message_bytes,
                       void* user_data) {
  CHECK(level >= ERATO_LOG_ERROR && level <= ERATO_LOG_DEBUG && message_bytes == strlen(message));
  ++*(int*)user_data;
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

void test_hooks(void) { logging(); }
