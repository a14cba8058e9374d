/* Hostile arguments: null wherever a pointer goes. INVALID_ARGUMENT, an error that names it, no
 * crash. */
#include "check.h"

#define REFUSED(call) CHECK_STATUS(ERATO_INVALID_ARGUMENT, call)

static void objects(void) {
  int64_t whole;
  double real;
  int32_t flag;
  const char* text;
  size_t bytes;
  erato_option key;
  REFUSED(erato_options_create(ERATO_OPTIONS_LOAD, NULL, &error));
  REFUSED(erato_options_set_int(NULL, ERATO_LOAD_THREADS, 1, &error));
  REFUSED(erato_options_set_float(NULL, ERATO_GENERATE_TOP_P, 1, &error));
  REFUSED(erato_options_set_bool(NULL, ERATO_GENERATE_IGNORE_END, 1, &error));
  REFUSED(erato_options_set_text(NULL, ERATO_LOAD_DEVICE, "cpu", 3, &error));
  REFUSED(erato_options_add_text(NULL, ERATO_GENERATE_STOP, "x", 1, &error));
  REFUSED(erato_options_set_by_name(NULL, "x", 1, "x", 1, &error));
  REFUSED(erato_options_reset(NULL, ERATO_LOAD_THREADS, &error));
  REFUSED(erato_options_get_int(NULL, ERATO_LOAD_THREADS, &whole, &error));
  REFUSED(erato_options_get_float(NULL, ERATO_GENERATE_TOP_P, &real, &error));
  REFUSED(erato_options_get_bool(NULL, ERATO_GENERATE_IGNORE_END, &flag, &error));
  REFUSED(erato_options_get_text(NULL, ERATO_LOAD_DEVICE, 0, &text, &bytes, &error));
  REFUSED(erato_option_find(ERATO_OPTIONS_LOAD, NULL, 4, &key, &error));
  REFUSED(erato_option_find(ERATO_OPTIONS_LOAD, "threads", 7, NULL, &error));
  REFUSED(erato_option_bounds_int(ERATO_LOAD_THREADS, NULL, NULL, &error));
  REFUSED(erato_option_bounds_float(ERATO_GENERATE_TOP_P, NULL, NULL, &error));
  REFUSED(erato_error_json(NULL, NULL, &error));
}

static void no_model(void) {
  erato_text* text = NULL;
  erato_ids* ids = NULL;
  erato_floats* floats = NULL;
  erato_encoding* encoding = NULL;
  erato_decoder* decoder = NULL;
  erato_stream* stream = NULL;
  erato_session* session = NULL;
  erato_response* response = NULL;
  erato_model* model = NULL;
  erato_load* load = NULL;
  size_t count = 0;
  int32_t id = 0;
  REFUSED(erato_model_info(NULL, &text, &error));
  REFUSED(erato_model_stats(NULL, &text, &error));
  REFUSED(erato_model_template(NULL, &text, &error));
  REFUSED(erato_model_logits(NULL, &id, 1, 0, &floats, &error));
  REFUSED(erato_model_tokenize(NULL, "a", 1, 0, &ids, &error));
  REFUSED(erato_model_count_tokens(NULL, "a", 1, 0, &count, &error));
  REFUSED(erato_model_detokenize(NULL, &id, 1, 0, &text, &error));
  REFUSED(erato_model_encode(NULL, "a", 1, 0, &encoding, &error));
  REFUSED(erato_model_encode_parts(NULL, 0, NULL, NULL, NULL, 0, &encoding, &error));
  REFUSED(erato_model_encode_chat(NULL, "{}", 2, &encoding, &error));
  REFUSED(erato_model_count_chat_tokens(NULL, "{}", 2, &count, &error));
  REFUSED(erato_decoder_create(NULL, 0, &decoder, &error));
  REFUSED(erato_decoder_push(NULL, &id, 1, &error));
  REFUSED(erato_decoder_finish(NULL, &error));
  erato_encoding_free(NULL);
  erato_decoder_free(NULL);
  CHECK(erato_encoding_text(NULL, NULL)[0] == '\0' && erato_decoder_piece(NULL, NULL)[0] == '\0');
  CHECK(erato_encoding_ids(NULL, NULL) == NULL && erato_encoding_offsets(NULL, NULL) == NULL);
  CHECK(erato_encoding_spans(NULL, &count) == NULL && count == 0);
  REFUSED(erato_model_piece(NULL, 0, 0, &text, &error));
  REFUSED(erato_model_render(NULL, "{}", 2, &text, &error));
  REFUSED(erato_model_render_ids(NULL, "{}", 2, &ids, &error));
  REFUSED(erato_template_render(NULL, 4, "{}", 2, &text, &error));
  REFUSED(erato_template_render("", 0, "{}", 2, NULL, &error));
  REFUSED(erato_model_generate(NULL, "a", 1, 0, NULL, &stream, &error));
  REFUSED(erato_model_generate_ids(NULL, &id, 1, NULL, &stream, &error));
  REFUSED(erato_session_create(NULL, NULL, &session, &error));
  REFUSED(erato_model_request(NULL, "{}", 2, &text, &error));
  REFUSED(erato_model_request_stream(NULL, "{}", 2, &response, &error));
  REFUSED(erato_model_load_with_progress(NULL, NULL, NULL, NULL, &model, &error));
  REFUSED(erato_load_start(NULL, NULL, &load, &error));
  REFUSED(erato_load_finish(NULL, 0, &model, &error));
  REFUSED(erato_file_info(NULL, &text, &error));
  REFUSED(erato_file_info(tiny_path, NULL, &error));
  REFUSED(erato_file_check(NULL, &error));
  REFUSED(erato_file_estimate(NULL, NULL, &text, &error));
  REFUSED(erato_library_info(NULL, &error));
  CHECK(erato_load_progress(NULL) == 0 && strcmp(erato_load_stage(NULL), "failed") == 0);
}

static void no_session(void) {
  erato_text* text = NULL;
  erato_stream* stream = NULL;
  size_t count = 0;
  REFUSED(erato_session_add_text(NULL, ERATO_ROLE_USER, "a", 1, &error));
  REFUSED(erato_session_add_message(NULL, NULL, &error));
  REFUSED(erato_session_answer(NULL, NULL, &stream, &error));
  REFUSED(erato_session_history(NULL, &text, &error));
  REFUSED(erato_session_set_history(NULL, "[]", 2, &error));
  REFUSED(erato_session_set_system(NULL, "a", 1, &error));
  REFUSED(erato_session_remove_last(NULL, &error));
  REFUSED(erato_session_clear(NULL, &error));
  REFUSED(erato_session_count_tokens(NULL, &count, &error));
  REFUSED(erato_message_create(ERATO_ROLE_USER, NULL, &error));
  REFUSED(erato_message_add_text(NULL, "a", 1, 0, &error));
  REFUSED(erato_message_add_image(NULL, "a", 1, &error));
  REFUSED(erato_message_add_audio(NULL, "a", 1, &error));
  REFUSED(erato_stream_advance(NULL, &error));
  REFUSED(erato_response_advance(NULL, &error));
  CHECK(erato_stream_piece(NULL, &count)[0] == '\0' && count == 0);
  CHECK(erato_stream_ids(NULL, &count) == NULL && count == 0);
  CHECK(erato_stream_bytes(NULL, &count)[0] == '\0' && count == 0);
  CHECK(erato_stream_finish_reason(NULL) == ERATO_FINISH_NONE);
  CHECK(erato_stream_prompt_tokens(NULL) + erato_stream_generated_tokens(NULL) +
            erato_stream_reused_tokens(NULL) ==
        0);
  CHECK(erato_stream_prompt_seconds(NULL) + erato_stream_generate_seconds(NULL) == 0);
  CHECK(erato_response_chunk(NULL, &count)[0] == '\0' && count == 0);
}

/* A good object and no place for the result. */
static void no_place(void) {
  erato_model* model = load_tiny();
  erato_session* session = new_session(model);
  int32_t id = 0;
  REFUSED(erato_model_info(model, NULL, &error));
  REFUSED(erato_model_stats(model, NULL, &error));
  REFUSED(erato_model_template(model, NULL, &error));
  REFUSED(erato_model_logits(model, &id, 1, 0, NULL, &error));
  REFUSED(erato_model_logits(model, NULL, 1, 0, NULL, &error));
  REFUSED(erato_model_tokenize(model, "a", 1, 0, NULL, &error));
  REFUSED(erato_model_count_tokens(model, "a", 1, 0, NULL, &error));
  REFUSED(erato_model_detokenize(model, &id, 1, 0, NULL, &error));
  REFUSED(erato_model_piece(model, 0, 0, NULL, &error));
  REFUSED(erato_model_render(model, "{}", 2, NULL, &error));
  REFUSED(erato_model_render_ids(model, "{}", 2, NULL, &error));
  REFUSED(erato_model_generate(model, "a", 1, 0, NULL, NULL, &error));
  REFUSED(erato_model_generate_ids(model, &id, 1, NULL, NULL, &error));
  REFUSED(erato_model_request(model, "{}", 2, NULL, &error));
  REFUSED(erato_model_request_stream(model, "{}", 2, NULL, &error));
  REFUSED(erato_session_create(model, NULL, NULL, &error));
  REFUSED(erato_session_answer(session, NULL, NULL, &error));
  REFUSED(erato_session_history(session, NULL, &error));
  REFUSED(erato_session_count_tokens(session, NULL, &error));
  REFUSED(erato_session_add_message(session, NULL, &error));
  erato_session_free(session);
  erato_model_free(model);
}

void test_nulls(void) {
  objects();
  no_model();
  no_session();
  no_place();
}
