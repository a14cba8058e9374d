/* stream.h and session.h: thinking told apart, roles that a template lacks. */
#include "check.h"

#define MESSAGES "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
/* The prompt opens the block; the model never closes it. */
#define THINKS MESSAGES "{% if add_generation_prompt %}<think>\n{% endif %}"
#define DROPS                                                                          \
  "{% for m in messages %}{% if m['role'] == 'user' %}{{ m['content'] }}\n{% endif %}" \
  "{% endfor %}\n"

static erato_session* with_template(const erato_model* model, const char* source) {
  erato_options* options = NULL;
  erato_session* session = NULL;
  CHECK_OK(erato_options_create(ERATO_OPTIONS_SESSION, &options, &error));
  CHECK_OK(erato_options_set_text(options, ERATO_SESSION_TEMPLATE, source, strlen(source), &error));
  CHECK_OK(erato_session_create(model, options, &session, &error));
  erato_options_free(options);
  return session;
}

static void thinking(const erato_model* model, erato_options* options) {
  char buffer[4096];
  erato_status status;
  erato_stream* stream = NULL;
  erato_text* history = NULL;
  erato_session* session = with_template(model, THINKS);
  CHECK_OK(erato_session_add_text(session, ERATO_ROLE_USER, "hi", 2, &error));
  CHECK_OK(erato_session_answer(session, options, &stream, &error));
  CHECK_OK(erato_stream_advance(stream, &error));
  CHECK(erato_stream_piece_kind(stream) == ERATO_PIECE_REASONING);
  CHECK(strcmp(erato_stream_piece(stream, NULL), "Hello") == 0);
  CHECK(strcmp(drain(stream, buffer, &status), " world \xF0\x9F\x98\x80!") == 0);
  CHECK(status == ERATO_END && erato_stream_reasoning_tokens(stream) == 6);
  erato_stream_free(stream);
  CHECK_OK(erato_session_history(session, &history, &error));
  CHECK_TEXT_HAS(history, "\"content\":\"\",\"reasoning_content\":\"Hello world");
  CHECK_OK(erato_options_set_text(options, ERATO_GENERATE_REASONING_FORMAT, "inline", 6, &error));
  CHECK_OK(erato_session_remove_last(session, &error));
  CHECK_OK(erato_session_answer(session, options, &stream, &error));
  CHECK_OK(erato_stream_advance(stream, &error));
  CHECK(erato_stream_piece_kind(stream) == ERATO_PIECE_ANSWER);
  erato_stream_free(stream);
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_REASONING_FORMAT, &error));
  erato_session_free(session);
}

static void roles(const erato_model* model, const erato_options* options) {
  erato_stream* stream = NULL;
  erato_error* error = NULL;
  size_t tokens = 0;
  erato_session* session = with_template(model, DROPS);
  CHECK(erato_session_add_text(session, ERATO_ROLE_USER, "hi", 2, NULL) == ERATO_OK);
  CHECK(erato_session_add_text(session, ERATO_ROLE_TOOL, "42 degrees", 10, NULL) == ERATO_OK);
  CHECK(erato_session_answer(session, options, &stream, &error) == ERATO_UNSUPPORTED);
  CHECK(strstr(erato_error_message(error, NULL), "tool") != NULL);
  CHECK(strcmp(erato_error_parameter(error, NULL), "messages[1].role") == 0);
  erato_error_free(error);
  CHECK(erato_session_remove_last(session, NULL) == ERATO_OK);
  CHECK(erato_session_count_tokens(session, &tokens, NULL) == ERATO_OK && tokens > 0);
  CHECK(erato_session_add_text(session, ERATO_ROLE_DEVELOPER, "be brief", 8, NULL) == ERATO_OK);
  CHECK(erato_session_count_tokens(session, &tokens, NULL) == ERATO_UNSUPPORTED);
  erato_session_free(session);
  /* A template that writes any role writes a developer's as the system's. */
  session = with_template(model, MESSAGES "{{ messages[0]['role'] == 'system' }}");
  CHECK(erato_session_add_text(session, ERATO_ROLE_DEVELOPER, "be brief", 8, NULL) == ERATO_OK);
  CHECK(erato_session_count_tokens(session, &tokens, NULL) == ERATO_OK);
  erato_session_free(session);
}

void test_reasoning(void) {
  erato_model* model = load_tiny();
  erato_options* options = greedy();
  thinking(model, options);
  roles(model, options);
  erato_options_free(options);
  erato_model_free(model);
}
