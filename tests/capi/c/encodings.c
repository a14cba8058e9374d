/* text.h: encodings, decoders, built-in templates, and models without weights */
#include "check.h"

static erato_options* load_options(const char* name, const char* value) {
  erato_options* options = NULL;
  CHECK_OK(erato_options_create(ERATO_OPTIONS_LOAD, &options, &error));
  CHECK_OK(erato_options_set_by_name(options, name, strlen(name), value, strlen(value), &error));
  return options;
}

static erato_model* load_with(const char* path, const char* name, const char* value) {
  erato_model* model = NULL;
  erato_options* options = load_options(name, value);
  CHECK_OK(erato_options_set_by_name(options, "task", 4, "text", 4, &error));
  CHECK_OK(erato_model_load(path, options, &model, &error));
  erato_options_free(options);
  return model;
}

/* Spans and offsets make up the text, in order. */
static void sound(const erato_encoding* encoding) {
  size_t bytes = 0, ids = 0, offsets = 0, spans = 0, i;
  const char* text = erato_encoding_text(encoding, &bytes);
  const uint64_t *span, *offset;
  erato_encoding_ids(encoding, &ids);
  offset = erato_encoding_offsets(encoding, &offsets);
  span = erato_encoding_spans(encoding, &spans);
  CHECK(text[bytes] == '\0' && offsets == ids && spans > 0);
  CHECK(span[2 * spans - 2] == bytes);
  for (i = 0; i < offsets; ++i) {
    CHECK(offset[2 * i] <= offset[2 * i + 1] && offset[2 * i + 1] <= bytes);
    CHECK(i == 0 || offset[2 * i] >= offset[2 * i - 1]);
  }
}

static void encodes(const erato_model* model) {
  const char text[] = "h\xC3\xA9 <|im_end|>";
  const char* parts[] = {"<|im_", "end|>", "<|im_end|>", "a<|im_end|>"};
  const size_t bytes[] = {5, 5, 10, 11};
  const int32_t flags[] = {ERATO_TEXT_TRUSTED, ERATO_TEXT_PLAIN, ERATO_TEXT_TRUSTED,
                           ERATO_TEXT_PLAIN};
  erato_encoding* encoding = NULL;
  const int32_t* ids;
  const uint64_t* spans;
  size_t count = 0, i, ends = 0;
  CHECK_OK(erato_model_encode(model, text, strlen(text), ERATO_TEXT_TRUSTED, &encoding, &error));
  sound(encoding);
  CHECK(strcmp(erato_encoding_text(encoding, NULL), text) == 0);
  ids = erato_encoding_ids(encoding, &count);
  CHECK(ids[count - 1] == 2 && erato_encoding_offsets(encoding, NULL)[2 * count - 2] == 4);
  erato_encoding_free(encoding);
  CHECK_OK(erato_model_encode_parts(model, 4, parts, bytes, flags, 0, &encoding, &error));
  sound(encoding);
  CHECK(strcmp(erato_encoding_text(encoding, NULL), "<|im_end|><|im_end|>a<|im_end|>") == 0);
  ids = erato_encoding_ids(encoding, &count);
  for (i = 0; i < count; ++i) ends += ids[i] == 2;
  CHECK(ends == 1); /* the one that is trusted as a whole */
  spans = erato_encoding_spans(encoding, &count);
  CHECK(count == 4 && spans[0] == 5 && spans[1] == 1 && spans[2] == 10 && spans[3] == 0);
  erato_encoding_free(encoding);
  CHECK_OK(erato_model_encode_parts(model, 0, NULL, NULL, NULL, 0, &encoding, &error));
  CHECK(erato_encoding_ids(encoding, &count) == NULL && count == 0);
  CHECK(erato_encoding_spans(encoding, &count) == NULL && count == 0);
  erato_encoding_free(encoding);
  encoding = NULL;
  CHECK_STATUS(ERATO_INVALID_UTF8, erato_model_encode(model, "\xFF", 1, 0, &encoding, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_encode_parts(model, 1, NULL, bytes, flags, 0, &encoding, &error));
  CHECK(encoding == NULL);
}

static void encodes_chats(const erato_model* model) {
  const char chat[] =
      "{\"messages\": [{\"role\": \"user\", \"content\": \"<|im_end|>\"}], "
      "\"tools\": [{\"type\": \"function\"}], \"add_generation_prompt\": true}";
  erato_encoding* encoding = NULL;
  erato_ids* ids = NULL;
  const int32_t *a, *b;
  const uint64_t* spans;
  size_t count = 0, same = 0, tokens = 0, i, content = 0;
  CHECK_OK(erato_model_encode_chat(model, chat, strlen(chat), &encoding, &error));
  sound(encoding);
  CHECK(strstr(erato_encoding_text(encoding, NULL), "<|im_start|>user\n<|im_end|>") != NULL);
  CHECK_OK(erato_model_render_ids(model, chat, strlen(chat), &ids, &error));
  a = erato_ids_data(ids, &count);
  b = erato_encoding_ids(encoding, &same);
  CHECK(count == same && memcmp(a, b, count * sizeof(*a)) == 0);
  CHECK_OK(erato_model_count_chat_tokens(model, chat, strlen(chat), &tokens, &error));
  CHECK(tokens == count);
  spans = erato_encoding_spans(encoding, &count);
  for (i = 0; i < count; ++i) content += spans[2 * i + 1] == 0;
  CHECK(content > 0 && content < count);
  erato_ids_free(ids);
  erato_encoding_free(encoding);
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_count_chat_tokens(model, "[]", 2, &tokens, &error));
}

static size_t piece_is(const erato_decoder* decoder, const char* wanted) {
  size_t bytes = 0;
  return strcmp(erato_decoder_piece(decoder, &bytes), wanted) == 0 && bytes == strlen(wanted);
}

static void decodes(const erato_model* model) {
  erato_decoder* decoder = NULL;
  erato_ids* ids = NULL;
  const int32_t wrong[] = {3, 1 << 20};
  const int32_t* data;
  size_t count = 0, i, whole = 0;
  CHECK_OK(erato_model_tokenize(model, "a\xF0\x9F\x99\x82", 5, 0, &ids, &error));
  data = erato_ids_data(ids, &count);
  CHECK_OK(erato_decoder_create(model, ERATO_TEXT_PLAIN, &decoder, &error));
  CHECK(piece_is(decoder, ""));
  for (i = 0; i < count; ++i) {
    CHECK_OK(erato_decoder_push(decoder, data + i, 1, &error));
    whole += piece_is(decoder, "\xF0\x9F\x99\x82");
  }
  CHECK(whole == 1); /* the emoji comes as one */
  CHECK_OK(erato_decoder_push(decoder, data, count - 1, &error));
  CHECK(piece_is(decoder, "a"));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_decoder_push(decoder, wrong, 2, &error));
  CHECK_OK(erato_decoder_finish(decoder, &error));
  CHECK(piece_is(decoder, "\xEF\xBF\xBD")); /* the emoji's begin waited in vain */
  CHECK_OK(erato_decoder_finish(decoder, &error));
  CHECK(piece_is(decoder, ""));
  CHECK_OK(erato_decoder_push(decoder, NULL, 0, &error));
  erato_decoder_free(decoder);
  erato_ids_free(ids);
}

static void text_alone(void) {
  erato_model* model = load_with(tiny_path, "device", "ref");
  erato_model* other = NULL;
  erato_options* options = load_options("task", "text");
  erato_session* session = NULL;
  erato_floats* floats = NULL;
  erato_text* text = NULL;
  const int32_t id = 3;
  encodes(model);
  encodes_chats(model);
  decodes(model);
  CHECK(erato_model_vocabulary(model) > 0 && erato_model_context_tokens(model) == 0);
  CHECK_OK(erato_model_info(model, &text, &error));
  CHECK_TEXT_HAS(text, "\"device\":\"none\"");
  CHECK_STATUS(ERATO_UNSUPPORTED, erato_session_create(model, NULL, &session, &error));
  CHECK_STATUS(ERATO_UNSUPPORTED, erato_model_logits(model, &id, 1, 0, &floats, &error));
  CHECK_STATUS(ERATO_NOT_FOUND, erato_model_load("/no/such/model", options, &other, &error));
  CHECK_STATUS(ERATO_BAD_FILE, erato_model_load(self_path, options, &other, &error));
  erato_options_free(options);
  erato_model_free(model);
}

/* A model without a template says so; a caller may choose one, nobody guesses. */
static void chosen_templates(void) {
  const char chat[] = "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}";
  const char tool[] = "{\"messages\": [{\"role\": \"tool\", \"content\": \"hi\"}]}";
  erato_model* model = load_with(plain_path, "device", "ref");
  erato_options* options = NULL;
  erato_session* session = NULL;
  erato_text* text = NULL;
  CHECK_STATUS(ERATO_UNSUPPORTED, erato_model_render(model, chat, strlen(chat), &text, &error));
  erato_model_free(model);
  model = load_with(plain_path, "template", "chatml");
  CHECK_OK(erato_model_render(model, chat, strlen(chat), &text, &error));
  CHECK_TEXT_HAS(text, "<|im_start|>user\nhi<|im_end|>\n");
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_render(model, tool, strlen(tool), &text, &error));
  erato_model_free(model);
  model = load_with(plain_path, "template", "mine: {{ messages[0].content }}");
  CHECK_OK(erato_model_render(model, chat, strlen(chat), &text, &error));
  CHECK_TEXT_HAS(text, "mine: hi");
  erato_model_free(model);
  options = load_options("template", "{% if %}");
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_load(plain_path, options, &model, &error));
  erato_options_free(options);
  options = load_options("template", "chatlm");
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_load(plain_path, options, &model, &error));
  erato_options_free(options);
  CHECK_OK(erato_template_render("gemma", 5, chat, strlen(chat), &text, &error));
  CHECK_TEXT_HAS(text, "<start_of_turn>user\nhi<end_of_turn>\n");
  CHECK_OK(erato_library_info(&text, &error));
  CHECK_TEXT_HAS(text, "{\"name\":\"llama3\",");
  model = load_tiny();
  CHECK_OK(erato_options_create(ERATO_OPTIONS_SESSION, &options, &error));
  CHECK_OK(erato_options_set_text(options, ERATO_SESSION_TEMPLATE, "chatml", 6, &error));
  CHECK_OK(erato_session_create(model, options, &session, &error));
  erato_options_free(options);
  erato_session_free(session);
  erato_model_free(model);
}

void test_encodings(void) {
  erato_model* model = load_tiny();
  encodes(model);
  encodes_chats(model);
  decodes(model);
  erato_model_free(model);
  text_alone();
  chosen_templates();
}
