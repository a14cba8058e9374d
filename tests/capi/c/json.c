/* json.h */
#include "check.h"

#define HI "\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}], \"temperature\": 0"

static void whole(const erato_model* model) {
  const char request[] = "{" HI ", \"model\": \"x\", \"user\": null, \"unknown\": [1], \"n\": 1}";
  const char prompt[] = "{\"prompt\": \"\\n\", \"temperature\": 0, \"max_tokens\": 1}";
  const char parts[] =
      "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": "
      "\"hi\"}]}], \"temperature\": 0,"
      " \"stop\": [\"orld\"], \"seed\": -3, \"max_completion_tokens\": 9, \"max_tokens\": null, "
      "\"top_p\": 1}";
  erato_text* text = NULL;
  CHECK_OK(erato_model_request(model, request, strlen(request), &text, &error));
  CHECK(strstr(erato_text_data(text, NULL), "\"object\":\"chat.completion\"") != NULL);
  CHECK(strstr(erato_text_data(text, NULL), "\"finish_reason\":\"stop\"") != NULL);
  CHECK(strstr(erato_text_data(text, NULL), "\"completion_tokens\":6") != NULL);
  CHECK(strstr(erato_text_data(text, NULL), "\"index\":0") != NULL);
  CHECK_TEXT_HAS(text, "\"role\":\"assistant\",\"content\":\"Hello world \xF0\x9F\x98\x80!\"");
  CHECK_OK(erato_model_request(model, prompt, strlen(prompt), &text, &error));
  CHECK(strstr(erato_text_data(text, NULL), "\"finish_reason\":\"length\"") != NULL);
  CHECK_TEXT_HAS(text, "\"text\":\"Hello\"");
  CHECK_OK(erato_model_request(model, parts, strlen(parts), &text, &error));
  CHECK_TEXT_HAS(text, "\"content\":\"Hello w\"");
}

static void refuse(const erato_model* model, const char* more, erato_status wanted,
                   const char* parameter) {
  char request[512] = "{";
  erato_text* text = NULL;
  erato_error* error = NULL;
  erato_response* response = NULL;
  strcat(strcat(request, more), "}");
  CHECK(erato_model_request(model, request, strlen(request), &text, &error) == wanted);
  CHECK(strcmp(erato_error_parameter(error, NULL), parameter) == 0);
  CHECK(text == NULL);
  erato_error_free(error);
  CHECK_STATUS(wanted,
               erato_model_request_stream(model, request, strlen(request), &response, &error));
  CHECK(response == NULL);
}

/* What cannot be honoured is refused with the field's name. */
static void refusals(const erato_model* model) {
  const char stream[] = "{" HI ", \"stream\": true}";
  erato_text* text = NULL;
  refuse(model, HI ", \"n\": 2", ERATO_UNSUPPORTED, "n");
  refuse(model, HI ", \"response_format\": {\"type\": \"json_object\"}", ERATO_UNSUPPORTED,
         "response_format");
  refuse(model, HI ", \"response_format\": {\"type\": \"json_schema\"}", ERATO_UNSUPPORTED,
         "response_format");
  refuse(model, HI ", \"tool_choice\": \"required\"", ERATO_UNSUPPORTED, "tool_choice");
  refuse(model, HI ", \"logprobs\": 1", ERATO_INVALID_ARGUMENT, "logprobs");
  refuse(model, HI ", \"top_logprobs\": 1", ERATO_INVALID_ARGUMENT, "top_logprobs");
  refuse(model, HI ", \"logprobs\": true, \"top_logprobs\": 21", ERATO_INVALID_ARGUMENT,
         "top_logprobs");
  refuse(model, HI ", \"logit_bias\": {\"1\": 200}", ERATO_INVALID_ARGUMENT, "logit_bias");
  refuse(model, HI ", \"logit_bias\": {\"x\": 2}", ERATO_INVALID_ARGUMENT, "logit_bias");
  refuse(model, HI ", \"logit_bias\": {\"99999\": 2}", ERATO_INVALID_ARGUMENT, "logit_bias");
  refuse(model, HI ", \"logit_bias\": [1]", ERATO_INVALID_ARGUMENT, "logit_bias");
  refuse(model, HI ", \"sampler_order\": \"top_k,top_q\"", ERATO_INVALID_ARGUMENT, "sampler_order");
  refuse(model, HI ", \"sampler_order\": \"top_k,top_k\"", ERATO_INVALID_ARGUMENT, "sampler_order");
  refuse(model, HI ", \"ignore_end\": 1", ERATO_INVALID_ARGUMENT, "ignore_end");
  refuse(model, HI ", \"banned_words\": [1]", ERATO_INVALID_ARGUMENT, "banned_words");
  refuse(model, HI ", \"top_p\": 1.5", ERATO_INVALID_ARGUMENT, "top_p");
  refuse(model, HI ", \"top_p\": \"1\"", ERATO_INVALID_ARGUMENT, "top_p");
  refuse(model, HI ", \"max_completion_tokens\": -1", ERATO_INVALID_ARGUMENT,
         "max_completion_tokens");
  refuse(model, HI ", \"max_tokens\": 18446744073709551615", ERATO_INVALID_ARGUMENT, "max_tokens");
  refuse(model, HI ", \"stop\": 5", ERATO_INVALID_ARGUMENT, "stop");
  refuse(model, HI ", \"stop\": [\"\"]", ERATO_INVALID_ARGUMENT, "stop");
  refuse(model, HI ", \"stream\": 1", ERATO_INVALID_ARGUMENT, "stream");
  refuse(model, HI ", \"tools\": {}", ERATO_INVALID_ARGUMENT, "tools");
  refuse(model, HI ", \"prompt\": \"x\"", ERATO_INVALID_ARGUMENT, "prompt");
  refuse(model, "\"messages\": []", ERATO_INVALID_ARGUMENT, "messages");
  refuse(model, "\"messages\": [{\"role\": 1}]", ERATO_INVALID_ARGUMENT, "messages[0].role");
  refuse(model, "\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"input_audio\"}]}]",
         ERATO_UNSUPPORTED, "messages[0].content[0]");
  refuse(model, "", ERATO_INVALID_ARGUMENT, "messages");
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_model_request(model, stream, strlen(stream), &text, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_request(model, "[]", 2, &text, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_request(model, "{", 1, &text, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_model_request(model, NULL, 0, &text, &error));
  CHECK_STATUS(ERATO_INVALID_UTF8, erato_model_request(model, "{\"\xFF\": 1}", 8, &text, &error));
}

/* What a request asks of sampling is done, and told. */
static void sampling(const erato_model* model) {
  const char scored[] = "{" HI
                        ", \"logprobs\": true, \"top_logprobs\": 2, \"prompt_logprobs\": 0,"
                        " \"sampler_order\": \"top_p,temperature\"}";
  const char biased[] =
      "{\"prompt\": \"\\n\", \"temperature\": 0, \"max_tokens\": 1,"
      " \"logit_bias\": {\"36\": 100}, \"logprobs\": 1}";
  const char banned[] = "{" HI ", \"banned_words\": \"world\", \"max_tokens\": 6}";
  erato_text* text = NULL;
  CHECK_OK(erato_model_request(model, scored, strlen(scored), &text, &error));
  CHECK(strstr(erato_text_data(text, NULL), "\"logprobs\":{\"content\":[{\"id\":") != NULL);
  CHECK(strstr(erato_text_data(text, NULL),
               "\"token\":\"Hello\",\"bytes\":[72,101,108,108,111],"
               "\"top_logprobs\":[{\"id\":") != NULL);
  CHECK(strstr(erato_text_data(text, NULL), "\"prompt_logprobs\":[null,{\"id\":") != NULL);
  CHECK_TEXT_HAS(text, "\"content\":\"Hello world \xF0\x9F\x98\x80!\"");
  CHECK_OK(erato_model_request(model, biased, strlen(biased), &text, &error));
  CHECK(strstr(erato_text_data(text, NULL), "\"logprobs\":{\"content\":[{\"id\":36,") != NULL);
  CHECK_TEXT_HAS(text, "\"text\":\"!\"");
  CHECK_OK(erato_model_request(model, banned, strlen(banned), &text, &error));
  CHECK(strstr(erato_text_data(text, NULL), "world") == NULL);
  CHECK_TEXT_HAS(text, "\"content\":\"Hello wor");
}

/* First the role, then pieces, then one finish_reason, then usage. */
static void chunks(const erato_model* model) {
  const char request[] =
      "{" HI ", \"stream\": true, \"stream_options\": {\"include_usage\": true}}";
  erato_response* response = NULL;
  int count = 0, finishes = 0;
  size_t bytes = 0;
  CHECK_OK(erato_model_request_stream(model, request, strlen(request), &response, &error));
  CHECK(erato_response_chunk(response, &bytes)[0] == '\0' && bytes == 0);
  while (erato_response_advance(response, NULL) == ERATO_OK) {
    const char* chunk = erato_response_chunk(response, &bytes);
    CHECK(strlen(chunk) == bytes && strstr(chunk, "\"object\":\"chat.completion.chunk\"") != NULL);
    if (count == 0)
      CHECK(strstr(chunk, "\"delta\":{\"role\":\"assistant\",\"content\":\"\"}") != NULL);
    if (count == 1) CHECK(strstr(chunk, "\"delta\":{\"content\":\"Hello\"}") != NULL);
    if (count < 7) CHECK(strstr(chunk, "\"finish_reason\":null") != NULL);
    if (count == 8) CHECK(strstr(chunk, "\"choices\":[],\"usage\":{\"prompt_tokens\":") != NULL);
    finishes += strstr(chunk, "\"finish_reason\":\"stop\"") != NULL;
    ++count;
  }
  CHECK(count == 9 && finishes == 1);
  CHECK_STATUS(ERATO_END, erato_response_advance(response, &error));
  erato_response_free(response);
  CHECK_OK(erato_model_request_stream(model, request, strlen(request), &response, &error));
  CHECK_OK(erato_response_advance(response, &error));
  erato_response_cancel(response);
  CHECK_STATUS(ERATO_CANCELLED, erato_response_advance(response, &error));
  CHECK_STATUS(ERATO_CANCELLED, erato_response_advance(response, &error));
  erato_response_free(response);
  erato_response_free(NULL);
  erato_response_cancel(NULL);
}

static void error_shape(const erato_model* model) {
  const char request[] = "{" HI ", \"n\": 2}";
  erato_text* text = NULL;
  erato_error* error = NULL;
  CHECK(erato_model_request(model, request, strlen(request), &text, &error) == ERATO_UNSUPPORTED);
  CHECK(erato_error_http_status(error) == 400);
  CHECK(erato_error_json(error, &text, NULL) == ERATO_OK);
  CHECK_TEXT_HAS(
      text,
      "\"type\":\"invalid_request_error\",\"param\":\"n\",\"code\":\"unsupported_parameter\"}}");
  erato_error_free(error);
  CHECK(erato_error_http_status(NULL) == 200);
  CHECK(erato_error_json(NULL, &text, NULL) == ERATO_OK);
  CHECK_TEXT_HAS(text, "\"code\":null");
}

void test_json(void) {
  erato_model* model = load_tiny();
  whole(model);
  refusals(model);
  sampling(model);
  chunks(model);
  error_shape(model);
  erato_model_free(model);
}
