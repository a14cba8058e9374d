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
  /* One that refuses a role in its own words is heard. */
  session = with_template(
      model,
      "{% if messages[0]['role'] == 'system' %}{{ raise_exception('No system, please') }}"
      "{% endif %}" DROPS);
  CHECK(erato_session_add_text(session, ERATO_ROLE_DEVELOPER, "be brief", 8, NULL) == ERATO_OK);
  CHECK(erato_session_add_text(session, ERATO_ROLE_USER, "hi", 2, NULL) == ERATO_OK);
  CHECK(erato_session_answer(session, options, &stream, &error) != ERATO_OK);
  CHECK(strstr(erato_error_message(error, NULL), "No system, please") != NULL);
  erato_error_free(error);
  erato_session_free(session);
  /* A template that writes any role writes a developer's as the system's. */
  session = with_template(model, MESSAGES "{{ messages[0]['role'] == 'system' }}");
  CHECK(erato_session_add_text(session, ERATO_ROLE_DEVELOPER, "be brief", 8, NULL) == ERATO_OK);
  CHECK(erato_session_count_tokens(session, &tokens, NULL) == ERATO_OK);
  erato_session_free(session);
}

/* What was stopped goes on in the same message. */
static void goes_on(const erato_model* model, erato_options* options) {
  char buffer[4096], joined[4200];
  erato_status status;
  erato_stream* stream = NULL;
  erato_text* history = NULL;
  erato_session* session = new_session(model);
  CHECK_OK(erato_session_add_text(session, ERATO_ROLE_USER, "hi", 2, &error));
  CHECK_OK(erato_options_set_bool(options, ERATO_GENERATE_CONTINUE_LAST, 1, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_session_answer(session, options, &stream, &error));
  CHECK_OK(erato_options_set_bool(options, ERATO_GENERATE_CONTINUE_LAST, 0, &error));
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_MAX_TOKENS, 2, &error));
  CHECK_OK(erato_session_answer(session, options, &stream, &error));
  CHECK(strcmp(drain(stream, buffer, &status), "Hello wor") == 0);
  erato_stream_free(stream);
  CHECK_OK(erato_options_set_bool(options, ERATO_GENERATE_CONTINUE_LAST, 1, &error));
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_MAX_TOKENS, 1, &error));
  CHECK_OK(erato_session_answer(session, options, &stream, &error));
  drain(stream, buffer, &status);
  CHECK(buffer[0] != '\0' && erato_stream_reused_tokens(stream) > 5);
  erato_stream_free(stream);
  CHECK_OK(erato_session_history(session, &history, &error));
  CHECK(strstr(erato_text_data(history, NULL), "\"role\":\"assistant\"") ==
        strstr(strstr(erato_text_data(history, NULL), "hi"), "\"role\":\"assistant\""));
  CHECK_TEXT_HAS(history, strcat(strcpy(joined, "\"content\":\"Hello wor"), buffer));
  erato_session_free(session);
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_CONTINUE_LAST, &error));
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_MAX_TOKENS, &error));
}

/* Tokens that an answer which goes on after `history` reads. */
static int64_t read_by(erato_session* session, const char* history, const erato_options* options) {
  erato_stream* stream = NULL;
  int64_t count;
  CHECK_OK(erato_session_set_history(session, history, strlen(history), &error));
  CHECK_OK(erato_session_answer(session, options, &stream, &error));
  count = erato_stream_prompt_tokens(stream);
  erato_stream_free(stream);
  return count;
}

static int64_t tokens_of(const erato_model* model, const char* text) {
  size_t count = 0;
  CHECK_OK(erato_model_count_tokens(model, text, strlen(text), ERATO_TEXT_PLAIN, &count, &error));
  return (int64_t)count;
}

/* Thinking that was stopped is gone on with as thinking; an answer comes after its thinking. */
static void thinking_goes_on(const erato_model* model, erato_options* options) {
#define HI "[{\"role\": \"user\", \"content\": \"hi\"}, {\"role\": \"assistant\", \"content\": "
  char buffer[4096];
  erato_status status;
  erato_stream* stream = NULL;
  erato_text* history = NULL;
  erato_session* opens = with_template(model, THINKS);
  erato_session* knows = with_template(model, "{# <think> #}" MESSAGES);
  erato_session* plain = with_template(model, MESSAGES);
  CHECK_OK(erato_session_add_text(opens, ERATO_ROLE_USER, "hi", 2, &error));
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_MAX_TOKENS, 2, &error));
  CHECK_OK(erato_session_answer(opens, options, &stream, &error));
  CHECK(strcmp(drain(stream, buffer, &status), "Hello wor") == 0);
  erato_stream_free(stream);
  CHECK_OK(erato_options_set_bool(options, ERATO_GENERATE_CONTINUE_LAST, 1, &error));
  CHECK_OK(erato_options_set_int(options, ERATO_GENERATE_MAX_TOKENS, 1, &error));
  CHECK_OK(erato_session_answer(opens, options, &stream, &error));
  CHECK_OK(erato_stream_advance(stream, &error));
  CHECK(erato_stream_piece_kind(stream) == ERATO_PIECE_REASONING);
  CHECK(erato_stream_prompt_tokens(stream) == tokens_of(model, "user: hi\n<think>\nHello wor"));
  strcpy(buffer, erato_stream_piece(stream, NULL));
  erato_stream_free(stream);
  CHECK_OK(erato_session_history(opens, &history, &error));
  CHECK(strstr(erato_text_data(history, NULL), "\"content\":\"\"") != NULL);
  CHECK(strstr(erato_text_data(history, NULL), "\"reasoning_content\":\"Hello wor") != NULL);
  CHECK_TEXT_HAS(history, buffer);
  CHECK(read_by(opens, HI "\"Yes\", \"reasoning_content\": \"why\"}]", options) ==
        tokens_of(model, "user: hi\n<think>\nwhy\n</think>\n\nYes"));
  CHECK(read_by(opens, HI "\"Yes\"}]", options) ==
        tokens_of(model, "user: hi\n<think>\n\n</think>\n\nYes"));
  CHECK(read_by(knows, HI "\"Yes\", \"reasoning_content\": \"why\"}]", options) ==
        tokens_of(model, "user: hi\n<think>\nwhy\n</think>\n\nYes"));
  CHECK(read_by(knows, HI "\"\", \"reasoning_content\": \"why\"}]", options) ==
        tokens_of(model, "user: hi\n<think>\nwhy"));
  CHECK(read_by(knows, HI "\"Yes\"}]", options) == tokens_of(model, "user: hi\nYes"));
  CHECK(read_by(plain, HI "\"Yes\", \"reasoning_content\": \"why\"}]", options) ==
        tokens_of(model, "user: hi\nYes"));
  CHECK_OK(erato_options_set_text(options, ERATO_GENERATE_REASONING_FORMAT, "inline", 6, &error));
  CHECK(read_by(opens, HI "\"Yes\"}]", options) == tokens_of(model, "user: hi\n<think>\nYes"));
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_REASONING_FORMAT, &error));
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_CONTINUE_LAST, &error));
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_MAX_TOKENS, &error));
  erato_session_free(opens);
  erato_session_free(knows);
  erato_session_free(plain);
#undef HI
}

void test_reasoning(void) {
  erato_model* model = load_tiny();
  erato_options* options = greedy();
  thinking(model, options);
  roles(model, options);
  goes_on(model, options);
  thinking_goes_on(model, options);
  erato_options_free(options);
  erato_model_free(model);
}
