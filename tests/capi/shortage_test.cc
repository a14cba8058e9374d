// Shortage of memory: every entry point that loads, generates or tells (shortage.h has the rule;
// those that read texts are in reading_shortage_test.cc).
#include "tests/capi/shortage.h"

#include <erato/erato.h>

#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/capi/failing_new.h"

namespace erato::test {
namespace {

const char* tiny_path;
constexpr char kChat[] =
    R"({"messages": [{"role": "user", "content": "hi"}], "temperature": 0, "seed": 1})";

/// A model on the scalar device.
class Memory : public testing::Test {
 protected:
  Memory() {
    EXPECT_EQ(erato_options_create(ERATO_OPTIONS_LOAD, &load_, nullptr), ERATO_OK);
    EXPECT_EQ(erato_options_set_text(load_, ERATO_LOAD_DEVICE, "ref", 3, nullptr), ERATO_OK);
    EXPECT_EQ(erato_options_create(ERATO_OPTIONS_GENERATE, &generate_, nullptr), ERATO_OK);
    EXPECT_EQ(erato_options_set_float(generate_, ERATO_GENERATE_TEMPERATURE, 0, nullptr), ERATO_OK);
    EXPECT_EQ(erato_model_load(tiny_path, load_, &model_, nullptr), ERATO_OK);
    EXPECT_EQ(erato_session_create(model_, nullptr, &session_, nullptr), ERATO_OK);
  }
  ~Memory() override {
    erato_session_free(session_);
    erato_model_free(model_);
    erato_options_free(generate_);
    erato_options_free(load_);
  }

  erato_options* load_ = nullptr;
  erato_options* generate_ = nullptr;
  erato_model* model_ = nullptr;
  erato_session* session_ = nullptr;
};

TEST_F(Memory, Load) {
  Survive("erato_model_load",
          Making<erato_model>(
              [&](auto** out, auto** e) { return erato_model_load(tiny_path, load_, out, e); },
              erato_model_free));
}

TEST_F(Memory, LoadOnCpu) {
  Survive("erato_model_load",
          Making<erato_model>(
              [&](auto** out, auto** e) { return erato_model_load(tiny_path, nullptr, out, e); },
              erato_model_free));
}

TEST_F(Memory, Files) {
  Survive(
      "erato_file_info",
      Making<erato_text>([&](auto** out, auto** e) { return erato_file_info(tiny_path, out, e); },
                         erato_text_free));
  Survive("erato_file_estimate",
          Making<erato_text>(
              [&](auto** out, auto** e) { return erato_file_estimate(tiny_path, load_, out, e); },
              erato_text_free));
  Survive("erato_file_check", [&](auto** e) { return erato_file_check(tiny_path, e); });
}

TEST_F(Memory, Texts) {
  const int32_t ids[] = {100, 101, 102};
  const std::vector<
      std::pair<const char*, std::function<erato_status(erato_text**, erato_error**)>>>
      calls = {
          {"info", [&](auto** out, auto** e) { return erato_model_info(model_, out, e); }},
          {"stats", [&](auto** out, auto** e) { return erato_model_stats(model_, out, e); }},
          {"template", [&](auto** out, auto** e) { return erato_model_template(model_, out, e); }},
          {"library", [&](auto** out, auto** e) { return erato_library_info(out, e); }},
          {"detokenize",
           [&](auto** out, auto** e) { return erato_model_detokenize(model_, ids, 3, 0, out, e); }},
          {"piece", [&](auto** out, auto** e) { return erato_model_piece(model_, 5, 0, out, e); }},
          {"render",
           [&](auto** out, auto** e) {
             return erato_model_render(model_, kChat, strlen(kChat), out, e);
           }},
          {"template_render",
           [&](auto** out, auto** e) {
             return erato_template_render("{{ messages }}", 14, kChat, strlen(kChat), out, e);
           }},
          {"history",
           [&](auto** out, auto** e) { return erato_session_history(session_, out, e); }},
          {"error_json", [&](auto** out, auto** e) { return erato_error_json(nullptr, out, e); }},
          {"request",
           [&](auto** out, auto** e) {
             return erato_model_request(model_, kChat, strlen(kChat), out, e);
           }},
      };
  for (const auto& [name, call] : calls) {
    Survive(name, Making<erato_text>(call, erato_text_free));
  }
}

TEST_F(Memory, Numbers) {
  const int32_t ids[] = {100, 101, 102};
  Survive("tokenize", Making<erato_ids>(
                          [&](auto** out, auto** e) {
                            return erato_model_tokenize(model_, "he said", 7, 0, out, e);
                          },
                          erato_ids_free));
  Survive("render_ids", Making<erato_ids>(
                            [&](auto** out, auto** e) {
                              return erato_model_render_ids(model_, kChat, strlen(kChat), out, e);
                            },
                            erato_ids_free));
  Survive("logits",
          Making<erato_floats>(
              [&](auto** out, auto** e) { return erato_model_logits(model_, ids, 3, 1, out, e); },
              erato_floats_free));
  Survive("count_tokens", [&](auto** e) {
    size_t count = 0;
    return erato_model_count_tokens(model_, "abc", 3, 0, &count, e);
  });
  Survive("count_chat_tokens", [&](auto** e) {
    size_t count = 0;
    return erato_model_count_chat_tokens(model_, kChat, strlen(kChat), &count, e);
  });
  Survive("encode_chat", Making<erato_encoding>(
                             [&](auto** out, auto** e) {
                               return erato_model_encode_chat(model_, kChat, strlen(kChat), out, e);
                             },
                             erato_encoding_free));
}

TEST_F(Memory, Options) {
  Survive("create", Making<erato_options>(
                        [&](auto** out, auto** e) {
                          return erato_options_create(ERATO_OPTIONS_GENERATE, out, e);
                        },
                        erato_options_free));
  Survive("set", [&](auto** e) {
    erato_status status =
        erato_options_set_by_name(generate_, "stop", 4, "a long stop string", 18, e);
    if (status == ERATO_OK) status = erato_options_set_int(generate_, ERATO_GENERATE_TOP_K, 3, e);
    erato_options_reset(generate_, ERATO_GENERATE_STOP, nullptr);
    erato_options_reset(generate_, ERATO_GENERATE_TOP_K, nullptr);
    return status;
  });
}

TEST_F(Memory, OptionsOfEveryType) {
  const char long_text[] = "a text that does not fit into a small string";
  Survive("set_text", [&](auto** e) {
    erato_options* options = nullptr;
    erato_status status = erato_options_create(ERATO_OPTIONS_SESSION, &options, e);
    if (status == ERATO_OK) {
      status =
          erato_options_set_text(options, ERATO_SESSION_SYSTEM, long_text, strlen(long_text), e);
    }
    erato_options_free(options);
    return status;
  });
  Survive("add_text", [&](auto** e) {
    const erato_status status =
        erato_options_add_text(generate_, ERATO_GENERATE_STOP, long_text, strlen(long_text), e);
    EXPECT_EQ(erato_options_reset(generate_, ERATO_GENERATE_STOP, nullptr), ERATO_OK);
    return status;
  });
  Survive("set_float", [&](auto** e) {
    const erato_status status = erato_options_set_float(generate_, ERATO_GENERATE_TOP_P, 0.5, e);
    EXPECT_EQ(erato_options_reset(generate_, ERATO_GENERATE_TOP_P, nullptr), ERATO_OK);
    return status;
  });
  Survive("set_bool", [&](auto** e) {
    const erato_status status = erato_options_set_bool(generate_, ERATO_GENERATE_IGNORE_END, 1, e);
    EXPECT_EQ(erato_options_reset(generate_, ERATO_GENERATE_IGNORE_END, nullptr), ERATO_OK);
    return status;
  });
}

// What needs no memory works without any.
TEST_F(Memory, LookingNeedsNone) {
  int64_t whole = 0;
  double real = 0;
  int32_t flag = 0;
  const char* text = nullptr;
  size_t bytes = 0;
  erato_option key = 0;
  erato_error** none = nullptr;
  FailFrom(0, true);
  const erato_status all[] = {
      erato_options_get_int(generate_, ERATO_GENERATE_TOP_K, &whole, none),
      erato_options_get_float(generate_, ERATO_GENERATE_TOP_P, &real, none),
      erato_options_get_bool(generate_, ERATO_GENERATE_IGNORE_END, &flag, none),
      erato_options_get_text(load_, ERATO_LOAD_DEVICE, 0, &text, &bytes, none),
      erato_option_find(ERATO_OPTIONS_GENERATE, "top_k", 5, &key, none),
      erato_option_bounds_int(ERATO_GENERATE_TOP_K, &whole, &whole, none),
      erato_option_bounds_float(ERATO_GENERATE_TOP_P, &real, &real, none),
      erato_set_log(nullptr, ERATO_LOG_OFF, nullptr, none),
      erato_set_allocator(nullptr, nullptr, nullptr, none)};
  EXPECT_FALSE(StopFailing());
  for (const erato_status status : all) EXPECT_EQ(status, ERATO_OK);
}

// An error is told without memory, too: its code always, and an object with some message.
TEST_F(Memory, TellingAnErrorNeedsNone) {
  int64_t whole = 0;
  erato_text* text = nullptr;
  erato_model* model = nullptr;
  const std::vector<std::pair<erato_status, Call>> calls = {
      {ERATO_INVALID_ARGUMENT,
       [&](auto** e) { return erato_options_get_int(generate_, ERATO_LOAD_THREADS, &whole, e); }},
      {ERATO_INVALID_ARGUMENT, [&](auto** e) { return erato_model_info(nullptr, &text, e); }},
      {ERATO_NOT_FOUND,
       [&](auto** e) { return erato_model_load("/no/such/file", nullptr, &model, e); }},
      {ERATO_INVALID_UTF8,
       [&](auto** e) { return erato_session_add_text(session_, ERATO_ROLE_USER, "\xFF", 1, e); }}};
  for (const auto& [wanted, call] : calls) {
    for (int64_t nth = 0; nth < 12; ++nth) {
      SCOPED_TRACE(nth);
      erato_error* error = nullptr;
      FailFrom(nth, true);
      const erato_status status = call(&error);
      StopFailing();
      EXPECT_TRUE(status == wanted || status == ERATO_NO_MEMORY) << erato_status_name(status);
      EXPECT_EQ(erato_error_status(error), status);
      EXPECT_EQ(erato_error_message(error, nullptr)[0], '[');
      erato_error_free(error);
    }
  }
}

// Nothing that is freed asks for memory that it must have, not even in the middle of an answer.
TEST_F(Memory, FreeingNeedsNone) {
  for (int64_t nth = 0; nth < 12; ++nth) {
    const int64_t before = LiveBlocks();
    erato_model* model = nullptr;
    erato_session* session = nullptr;
    erato_stream* stream = nullptr;
    erato_response* response = nullptr;
    erato_load* load = nullptr;
    ASSERT_EQ(erato_model_load(tiny_path, load_, &model, nullptr), ERATO_OK);
    ASSERT_EQ(erato_session_create(model, nullptr, &session, nullptr), ERATO_OK);
    ASSERT_EQ(erato_session_add_text(session, ERATO_ROLE_USER, "hi", 2, nullptr), ERATO_OK);
    ASSERT_EQ(erato_session_answer(session, generate_, &stream, nullptr), ERATO_OK);
    ASSERT_EQ(erato_stream_advance(stream, nullptr), ERATO_OK);
    ASSERT_EQ(erato_model_request_stream(model, kChat, strlen(kChat), &response, nullptr),
              ERATO_OK);
    ASSERT_EQ(erato_response_advance(response, nullptr), ERATO_OK);
    ASSERT_EQ(erato_load_start(tiny_path, load_, &load, nullptr), ERATO_OK);
    FailFrom(nth, true);
    erato_stream_free(stream);
    erato_response_free(response);
    erato_load_free(load);
    erato_session_free(session);
    erato_model_free(model);
    StopFailing();
    EXPECT_EQ(LiveBlocks(), before) << "leaked";
  }
}

TEST_F(Memory, Sessions) {
  Survive("create",
          Making<erato_session>(
              [&](auto** out, auto** e) { return erato_session_create(model_, nullptr, out, e); },
              erato_session_free));
  Survive("use", [&](auto** e) {
    erato_session* session = nullptr;
    erato_status status = erato_session_create(model_, nullptr, &session, e);
    if (status == ERATO_OK) {
      status = erato_session_add_text(session, ERATO_ROLE_USER, "longer than a small one", 23, e);
    }
    if (status == ERATO_OK) status = erato_session_set_system(session, "be kind to all", 14, e);
    if (status == ERATO_OK) {
      status = erato_session_set_history(session, R"([{"role": "user", "content": "hi"}])", 35, e);
    }
    erato_session_free(session);
    return status;
  });
  Survive("message", [&](auto** e) {
    erato_message* message = nullptr;
    erato_status status = erato_message_create(ERATO_ROLE_USER, &message, e);
    if (status == ERATO_OK) {
      status = erato_message_add_text(message, "longer than a small string", 26, 0, e);
    }
    if (status == ERATO_OK) status = erato_message_add_image(message, "\x89PNG", 4, e);
    if (status == ERATO_OK) status = erato_message_add_audio(message, "RIFF", 4, e);
    erato_message_free(message);
    return status;
  });
}

// A whole chat.
TEST_F(Memory, Answer) {
  Survive("answer", [&](auto** e) {
    erato_session* session = nullptr;
    erato_stream* stream = nullptr;
    erato_status status = erato_session_create(model_, nullptr, &session, e);
    if (status == ERATO_OK) {
      status = erato_session_add_text(session, ERATO_ROLE_USER, "hi", 2, e);
    }
    if (status == ERATO_OK) status = erato_session_answer(session, generate_, &stream, e);
    while (status == ERATO_OK) status = erato_stream_advance(stream, e);
    erato_stream_free(stream);
    erato_session_free(session);
    return status == ERATO_END ? ERATO_OK : status;
  });
}

// Shortage in the middle of an answer ends it; the session takes the next question.
TEST_F(Memory, SessionSurvivesAnswer) {
  for (int64_t nth = 0; nth < 200; nth += 7) {
    ASSERT_EQ(
        erato_session_set_history(session_, R"([{"role": "user", "content": "hi"}])", 35, nullptr),
        ERATO_OK);
    erato_stream* stream = nullptr;
    FailFrom(nth, false);
    erato_status status = erato_session_answer(session_, generate_, &stream, nullptr);
    while (status == ERATO_OK) status = erato_stream_advance(stream, nullptr);
    StopFailing();
    EXPECT_TRUE(status == ERATO_END || status == ERATO_NO_MEMORY) << erato_status_name(status);
    if (stream != nullptr) {
      EXPECT_EQ(erato_stream_advance(stream, nullptr), status);
    }
    erato_stream_free(stream);
  }
}

TEST_F(Memory, GenerateFromIds) {
  const int32_t ids[] = {100, 101, 102};
  Survive("generate_ids", [&](auto** e) {
    erato_stream* stream = nullptr;
    erato_status status = erato_model_generate_ids(model_, ids, 3, generate_, &stream, e);
    while (status == ERATO_OK) status = erato_stream_advance(stream, e);
    erato_stream_free(stream);
    return status == ERATO_END ? ERATO_OK : status;
  });
}

TEST_F(Memory, Generate) {
  Survive("generate", [&](auto** e) {
    erato_stream* stream = nullptr;
    erato_status status = erato_model_generate(model_, "\n", 1, 0, generate_, &stream, e);
    while (status == ERATO_OK) status = erato_stream_advance(stream, e);
    erato_stream_free(stream);
    return status == ERATO_END ? ERATO_OK : status;
  });
}

// Everything that an answer can be asked for at once.
TEST_F(Memory, GenerateWithAllOptions) {
  const std::pair<const char*, const char*> all[] = {
      {"banned_words", "a word that is banned"},
      {"stop", "a stop string, long enough"},
      {"logit_bias", "7=0.5"},
      {"dry_multiplier", "0.8"},
      {"dry_breakers", "a long breaker here"},
      {"logprobs", "3"},
      {"prompt_logprobs", "2"},
      {"mirostat_tau", "3"},
      {"temperature", "1"},
      {"seed", "1"},
      {"repetition_penalty", "1.1"},
      {"min_tokens", "2"},
      {"max_tokens", "8"},
      {"dynamic_range", "0.5"},
      {"sampler_order", "temperature,typical_p,xtc,penalties,dry"}};
  for (const auto& [name, value] : all) {
    ASSERT_EQ(
        erato_options_set_by_name(generate_, name, strlen(name), value, strlen(value), nullptr),
        ERATO_OK)
        << name;
  }
  Survive("generate", [&](auto** e) {
    erato_stream* stream = nullptr;
    erato_status status = erato_model_generate(model_, "he said", 7, 0, generate_, &stream, e);
    while (status == ERATO_OK) status = erato_stream_advance(stream, e);
    erato_stream_free(stream);
    return status == ERATO_END ? ERATO_OK : status;
  });
}

// On the cpu device, with its threads.
TEST_F(Memory, GenerateOnCpu) {
  erato_model* model = nullptr;
  ASSERT_EQ(erato_model_load(tiny_path, nullptr, &model, nullptr), ERATO_OK);
  Survive("generate", [&](auto** e) {
    erato_stream* stream = nullptr;
    erato_status status = erato_model_generate(model, "\n", 1, 0, generate_, &stream, e);
    while (status == ERATO_OK) status = erato_stream_advance(stream, e);
    erato_stream_free(stream);
    return status == ERATO_END ? ERATO_OK : status;
  });
  erato_model_free(model);
}

// A host's allocator that throws: the call fails as for want of memory, and all is as it was.
TEST_F(Memory, AllocatorThatThrows) {
  const auto allocate = [](size_t, size_t, void* calls) -> void* {
    ++*static_cast<int*>(calls);
    throw std::runtime_error("a host's own");
  };
  const auto release = [](void*, size_t, void*) { FAIL() << "there is nothing to release"; };
  int calls = 0;
  erato_model* model = nullptr;
  erato_error* error = nullptr;
  ASSERT_EQ(erato_set_allocator(allocate, release, &calls, nullptr), ERATO_OK);
  const int64_t before = LiveBlocks();
  EXPECT_EQ(erato_model_load(tiny_path, load_, &model, &error), ERATO_NO_MEMORY);
  EXPECT_NE(std::string(erato_error_message(error, nullptr)).find("exception"), std::string::npos);
  erato_error_free(error);
  EXPECT_EQ(LiveBlocks(), before);
  EXPECT_EQ(model, nullptr);
  EXPECT_GT(calls, 0);
  ASSERT_EQ(erato_set_allocator(nullptr, nullptr, nullptr, nullptr), ERATO_OK);
}

TEST_F(Memory, SmallCalls) {
  Survive("load_with_progress", Making<erato_model>(
                                    [&](auto** out, auto** e) {
                                      const auto go_on = [](double, void*) -> int32_t { return 1; };
                                      return erato_model_load_with_progress(tiny_path, load_, go_on,
                                                                            nullptr, out, e);
                                    },
                                    erato_model_free));
  Survive("session", [&](auto** e) {
    erato_status status =
        erato_session_set_history(session_, R"([{"role": "user", "content": "hi"}])", 35, e);
    size_t tokens = 0;
    if (status == ERATO_OK) status = erato_session_count_tokens(session_, &tokens, e);
    if (status == ERATO_OK) status = erato_session_remove_last(session_, e);
    EXPECT_EQ(erato_session_clear(session_, nullptr), ERATO_OK);  // what was kept on purpose
    return status;
  });
  Survive("add_message", [&](auto** e) {
    erato_message* message = nullptr;
    erato_status status = erato_message_create(ERATO_ROLE_DEVELOPER, &message, e);
    if (status == ERATO_OK)
      status = erato_message_add_text(message, "a text to be copied", 19, 1, e);
    if (status == ERATO_OK) status = erato_session_add_message(session_, message, e);
    erato_message_free(message);
    EXPECT_EQ(erato_session_clear(session_, nullptr), ERATO_OK);
    return status;
  });
}

TEST_F(Memory, Chunks) {
  Survive("request_stream", [&](auto** e) {
    erato_response* response = nullptr;
    erato_status status = erato_model_request_stream(model_, kChat, strlen(kChat), &response, e);
    while (status == ERATO_OK) status = erato_response_advance(response, e);
    erato_response_free(response);
    return status == ERATO_END ? ERATO_OK : status;
  });
}

TEST_F(Memory, LoadAside) {
  Survive("load_start", [&](auto** e) {
    erato_load* load = nullptr;
    erato_model* model = nullptr;
    erato_status status = erato_load_start(tiny_path, load_, &load, e);
    if (status == ERATO_OK) status = erato_load_finish(load, -1, &model, e);
    erato_load_free(load);
    erato_model_free(model);
    return status;
  });
}

}  // namespace
}  // namespace erato::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc != 2) return 2;
  erato::test::tiny_path = argv[1];
  return RUN_ALL_TESTS();
}
