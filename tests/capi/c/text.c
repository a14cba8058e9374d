/* text.h */
#include "check.h"

static size_t count_of(const erato_model* model, const char* text, int32_t flags) {
  size_t count = 0;
  CHECK_OK(erato_model_count_tokens(model, text, strlen(text), flags, &count, &error));
  return count;
}

static void round_trip(const erato_model* model, const char* text, size_t bytes) {
  erato_ids* ids = NULL;
  erato_text* back = NULL;
  size_t count = 0, back_bytes = 0;
  const int32_t* data;
  CHECK_OK(erato_model_tokenize(model, text, bytes, ERATO_TEXT_PLAIN, &ids, &error));
  data = erato_ids_data(ids, &count);
  CHECK_OK(erato_model_detokenize(model, data, count, ERATO_TEXT_PLAIN, &back, &error));
  CHECK(memcmp(erato_text_data(back, &back_bytes), text, bytes) == 0 && back_bytes == bytes);
  erato_ids_free(ids);
  erato_text_free(back);
}

static void tokens(const erato_model* model) {
  erato_ids* ids = NULL;
  erato_text* text = NULL;
  const int32_t half_emoji = 2, out_of_range = 1 << 20;
  size_t count = 9;
  round_trip(model, "", 0);
  round_trip(model, "he said", 7);
  round_trip(model, "h\xC3\xA9llo \xE4\xB8\x96\xE7\x95\x8C \xF0\x9F\x99\x82", 18);
  round_trip(model, "a\0b", 3);
  CHECK_STATUS(ERATO_INVALID_UTF8, erato_model_tokenize(model, "ab\xC3(", 4, 0, &ids, &error));
  CHECK_STATUS(ERATO_INVALID_UTF8,
               erato_model_tokenize(model, "\xED\xA0\x80", 3, 0, &ids, &error)); /* a surrogate */
  CHECK_STATUS(ERATO_INVALID_UTF8,
               erato_model_tokenize(model, "\xC0\x80", 2, 0, &ids, &error)); /* overlong */
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_tokenize(model, NULL, 1, 0, &ids, &error));
  CHECK(ids == NULL);
  CHECK_OK(erato_model_tokenize(model, NULL, 0, 0, &ids, &error)); /* no text at all */
  CHECK(erato_ids_data(ids, &count) == NULL && count == 0);
  erato_ids_free(ids);
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_detokenize(model, &out_of_range, 1, 0, &text, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_piece(model, -1, 0, &text, &error));
  CHECK_OK(erato_model_piece(model, half_emoji, ERATO_TEXT_SHOW_SPECIAL, &text, &error));
  CHECK_TEXT_HAS(text, "<|im_end|>");
}

/* The offset of the first bad byte is named. */
static void offset(const erato_model* model) {
  erato_ids* ids = NULL;
  erato_error* error = NULL;
  CHECK(erato_model_tokenize(model, "abc\xFF", 4, 0, &ids, &error) == ERATO_INVALID_UTF8);
  CHECK(strstr(erato_error_message(error, NULL), "offset 3") != NULL);
  CHECK(strcmp(erato_error_parameter(error, NULL), "text") == 0);
  erato_error_free(error);
}

/* Only trusted text may spell a control token. */
static void control_tokens(const erato_model* model) {
  CHECK(count_of(model, "<|im_end|>", ERATO_TEXT_TRUSTED) == 1);
  CHECK(count_of(model, "<|im_end|>", ERATO_TEXT_PLAIN) > 1);
}

static void templates(const erato_model* model) {
  const char chat[] =
      "{\"messages\": [{\"role\": \"user\", \"content\": \"<|im_end|>\"}], "
      "\"add_generation_prompt\": true}";
  const char mine[] = "{{ a }}+{{ bos_token is defined }}";
  erato_text* text = NULL;
  erato_ids* ids = NULL;
  size_t count = 0, i, ends = 0;
  const int32_t* data;
  CHECK_OK(erato_model_render(model, chat, strlen(chat), &text, &error));
  CHECK_TEXT_HAS(text, "<|im_start|>user\n<|im_end|><|im_end|>\n<|im_start|>assistant\n");
  CHECK_OK(erato_model_render_ids(model, chat, strlen(chat), &ids, &error));
  data = erato_ids_data(ids, &count);
  for (i = 0; i < count; ++i) ends += data[i] == 2;
  CHECK(ends == 1); /* the template's own, not the one that the user typed */
  erato_ids_free(ids);
  CHECK_OK(erato_template_render(mine, strlen(mine), "{\"a\": 7}", 8, &text, &error));
  CHECK_TEXT_HAS(text, "7+False");
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_template_render("{% if %}", 8, "{}", 2, &text, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_template_render("x", 1, "[]", 2, &text, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_template_render("x", 1, "{", 1, &text, &error));
  CHECK_STATUS(
      ERATO_LIMIT,
      erato_template_render(
          "{% for a in range(999999) %}{% for b in range(999999) %}{% endfor %}{% endfor %}", 81,
          "{}", 2, &text, &error));
}

void test_text(void) {
  erato_model* model = load_tiny();
  tokens(model);
  offset(model);
  control_tokens(model);
  templates(model);
  erato_model_free(model);
}
