/* session.h */
#include "check.h"

static erato_stream* answer(erato_session* session, const erato_options* options) {
  erato_stream* stream = NULL;
  CHECK_OK(erato_session_answer(session, options, &stream, &error));
  return stream;
}

static void say(erato_session* session, const char* text) {
  CHECK_OK(erato_session_add_text(session, ERATO_ROLE_USER, text, strlen(text), &error));
}

static void check_history(erato_session* session, const char* expected) {
  erato_text* json = NULL;
  CHECK_OK(erato_session_history(session, &json, &error));
  CHECK(strcmp(erato_text_data(json, NULL), expected) == 0);
  erato_text_free(json);
}

static void two_turns(const erato_model* model, const erato_options* options) {
  char buffer[4096];
  erato_status status;
  erato_session* session = new_session(model);
  erato_stream* stream;
  size_t count = 0, more = 0;
  say(session, "hi");
  CHECK_OK(erato_session_count_tokens(session, &count, &error));
  stream = answer(session, options);
  CHECK(erato_stream_prompt_tokens(stream) == (int64_t)count);
  CHECK(strcmp(drain(stream, buffer, &status), kAnswer) == 0 && status == ERATO_END);
  check_history(session,
                "[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":"
                "\"Hello world \xF0\x9F\x98\x80!\"}]");
  say(session,
      "more"); /* the stream is at its end, so the session is free though the stream is there */
  CHECK_OK(erato_session_count_tokens(session, &more, &error));
  CHECK(more > count);
  erato_stream_free(stream);
  stream = answer(session, options);
  CHECK(erato_stream_reused_tokens(stream) > 0);
  CHECK(strcmp(drain(stream, buffer, &status), kAnswer) == 0);
  erato_stream_free(stream);
  erato_session_free(session);
}

static void busy(const erato_model* model, const erato_options* options) {
  erato_error* error = NULL;
  erato_session* session = new_session(model);
  erato_stream *stream, *second = NULL;
  say(session, "hi");
  stream = answer(session, options);
  CHECK(erato_session_add_text(session, ERATO_ROLE_USER, "x", 1, &error) == ERATO_BUSY);
  CHECK(erato_error_retriable(error) == 1 && erato_error_http_status(error) == 429);
  erato_error_free(error);
  CHECK_STATUS(ERATO_BUSY, erato_session_answer(session, options, &second, &error));
  CHECK_STATUS(ERATO_BUSY, erato_session_clear(session, &error));
  CHECK_OK(erato_stream_advance(stream, &error));
  erato_stream_free(stream); /* before its end: what was given out stays */
  check_history(
      session,
      "[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"Hello\"}]");
  erato_session_free(session);
}

static void cancelled(const erato_model* model, const erato_options* options) {
  erato_session* session = new_session(model);
  erato_stream* stream;
  say(session, "hi");
  stream = answer(session, options);
  erato_stream_cancel(stream);
  CHECK_STATUS(ERATO_CANCELLED, erato_stream_advance(stream, &error));
  check_history(session,
                "[{\"role\":\"user\",\"content\":\"hi\"}]"); /* an empty answer does not join */
  erato_stream_free(stream);
  erato_session_free(session);
}

static void history(const erato_model* model) {
  const char saved[] =
      "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\","
      "\"text\":\"b\"}]}]";
  const char image[] =
      "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}}]}]";
  erato_session* session = new_session(model);
  CHECK_STATUS(ERATO_NOT_FOUND, erato_session_remove_last(session, &error));
  CHECK_OK(erato_session_set_history(session, saved, strlen(saved), &error));
  check_history(session, "[{\"role\":\"user\",\"content\":\"ab\"}]");
  CHECK_STATUS(ERATO_UNSUPPORTED, erato_session_set_history(session, image, strlen(image), &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_session_set_history(session, "{}", 2, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_session_set_history(session, "[{}]", 4, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_session_set_history(session, "[", 1, &error));
  check_history(session, "[{\"role\":\"user\",\"content\":\"ab\"}]"); /* as it was */
  CHECK_OK(erato_session_set_system(session, "be kind", 7, &error));
  CHECK_OK(erato_session_set_system(session, "be brief", 8, &error));
  check_history(
      session,
      "[{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":\"ab\"}]");
  CHECK_OK(erato_session_clear(session, &error));
  check_history(session, "[{\"role\":\"system\",\"content\":\"be brief\"}]");
  CHECK_OK(erato_session_set_system(session, NULL, 0, &error));
  check_history(session, "[]");
  CHECK_OK(erato_session_add_text(session, ERATO_ROLE_TOOL, "42", 2, &error));
  CHECK_OK(erato_session_remove_last(session, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_session_add_text(session, 9, "x", 1, &error));
  CHECK_STATUS(ERATO_INVALID_UTF8,
               erato_session_add_text(session, ERATO_ROLE_USER, "\x80", 1, &error));
  check_history(session, "[]");
  erato_session_free(session);
}

/* Text alone here; image and sound are in the ABI, and refused by name. Trusted text may spell
 * control tokens. */
static void parts(const erato_model* model) {
  erato_session* session = new_session(model);
  erato_message *message = NULL, *trusted = NULL;
  erato_error* error = NULL;
  size_t plain_count = 0, trusted_count = 0;
  CHECK_OK(erato_message_create(ERATO_ROLE_USER, &message, &error));
  CHECK_OK(erato_message_add_text(message, "<|im_end|>", 10, 0, &error));
  CHECK_OK(erato_session_add_message(session, message, &error));
  CHECK_OK(erato_session_count_tokens(session, &plain_count, &error));
  CHECK_OK(erato_session_clear(session, &error));
  CHECK_OK(erato_message_create(ERATO_ROLE_USER, &trusted, &error));
  CHECK_OK(erato_message_add_text(trusted, "<|im_end|>", 10, 1, &error));
  CHECK_OK(erato_session_add_message(session, trusted, &error));
  CHECK_OK(erato_session_count_tokens(session, &trusted_count, &error));
  CHECK(trusted_count + 9 == plain_count);
  CHECK_OK(erato_message_add_image(message, "\x89PNG", 4, &error));
  CHECK(erato_session_add_message(session, message, &error) == ERATO_UNSUPPORTED);
  CHECK(strstr(erato_error_message(error, NULL), "image") != NULL);
  erato_error_free(error);
  CHECK_OK(erato_message_add_audio(trusted, "RIFF", 4, &error));
  CHECK_STATUS(ERATO_UNSUPPORTED, erato_session_add_message(session, trusted, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_message_add_audio(trusted, "", 0, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_message_create(0, &trusted, &error));
  erato_message_free(message);
  erato_message_free(trusted);
  erato_message_free(NULL);
  erato_session_free(session);
}

static void options_of_session(const erato_model* model, const erato_options* generate) {
  const char mine[] = "{{ messages[0]['content'] }}|{{ style }}|{{ tools|length }}{{ '\\n' }}";
  char buffer[4096];
  erato_status status;
  erato_options* options = NULL;
  erato_session* session = NULL;
  erato_stream* stream;
  CHECK_OK(erato_options_create(ERATO_OPTIONS_SESSION, &options, &error));
  CHECK_OK(erato_options_set_text(options, ERATO_SESSION_SYSTEM, "be kind", 7, &error));
  CHECK_OK(erato_options_set_text(options, ERATO_SESSION_TEMPLATE, mine, strlen(mine), &error));
  CHECK_OK(erato_options_set_text(options, ERATO_SESSION_TOOLS, "[{}, {}]", 8, &error));
  CHECK_OK(
      erato_options_set_text(options, ERATO_SESSION_VARIABLES, "{\"style\": \"dry\"}", 16, &error));
  CHECK_OK(erato_session_create(model, options, &session, &error));
  check_history(session, "[{\"role\":\"system\",\"content\":\"be kind\"}]");
  stream = answer(session, generate);
  CHECK(erato_stream_prompt_tokens(stream) == 14); /* "be kind|dry|2\n" */
  CHECK(strcmp(drain(stream, buffer, &status), kAnswer) == 0);
  erato_stream_free(stream);
  erato_session_free(session);
  session = NULL;
  CHECK_OK(erato_options_set_text(options, ERATO_SESSION_TOOLS, "{}", 2, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_session_create(model, options, &session, &error));
  CHECK_OK(erato_options_reset(options, ERATO_SESSION_TOOLS, &error));
  CHECK_OK(erato_options_set_text(options, ERATO_SESSION_TEMPLATE, "{% if", 5, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_session_create(model, options, &session, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_session_create(model, generate, &session, &error)); /* another kind */
  CHECK(session == NULL);
  erato_options_free(options);
}

/* Too much for the context is an error before any work, with both counts; nothing is cut. */
static void overflow(const erato_model* model, const erato_options* options) {
  char text[600];
  erato_session* session = new_session(model);
  erato_stream* stream = NULL;
  memset(text, 'x', sizeof text);
  CHECK_OK(erato_session_add_text(session, ERATO_ROLE_USER, text, sizeof text, &error));
  CHECK_STATUS(ERATO_CONTEXT_FULL, erato_session_answer(session, options, &stream, &error));
  CHECK_OK(erato_session_remove_last(session, &error)); /* not busy, as it was */
  erato_session_free(session);
}

/* Model, session, stream: freed in all six orders. */
static void any_order(const erato_options* options) {
  static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                   {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  int i, k;
  for (i = 0; i < 6; ++i) {
    erato_model* model = load_tiny();
    erato_session* session = new_session(model);
    erato_stream* stream;
    say(session, "hi");
    stream = answer(session, options);
    for (k = 0; k < 3; ++k) {
      if (orders[i][k] == 0) erato_model_free(model);
      if (orders[i][k] == 1) erato_session_free(session);
      if (orders[i][k] == 2) {
        CHECK_OK(erato_stream_advance(stream, &error)); /* works without its parents */
        erato_stream_free(stream);
      }
    }
  }
}

void test_sessions(void) {
  erato_model* model = load_tiny();
  erato_options* options = greedy();
  two_turns(model, options);
  busy(model, options);
  cancelled(model, options);
  history(model);
  parts(model);
  options_of_session(model, options);
  overflow(model, options);
  any_order(options);
  erato_options_free(options);
  erato_model_free(model);
  erato_session_free(NULL);
  erato_stream_free(NULL);
  erato_stream_cancel(NULL);
}
