// Answers, streamed and whole, as text, as JSON and as bytes: all tell the same, whatever stops
// them.
#include <erato/erato.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace erato::test {
namespace {

using Json = nlohmann::json;

const char* tiny_path;
const char* thinking_path;

struct Told {
  std::string text, reasoning, bytes, finish;
  int64_t prompt_tokens = 0, generated_tokens = 0, reasoning_tokens = 0;
};

class Answers : public testing::Test {
 protected:
  void Load(const char* path) {
    ASSERT_EQ(erato_model_load(path, nullptr, &model_, nullptr), ERATO_OK);
  }
  void TearDown() override { erato_model_free(model_); }

  /// The request's messages and options through a session, or through the prompt's own call.
  Told Stream(const Json& request) {
    erato_options* options = nullptr;
    erato_stream* stream = nullptr;
    EXPECT_EQ(erato_options_create(ERATO_OPTIONS_GENERATE, &options, nullptr), ERATO_OK);
    const auto set = [&](const std::string& name, const std::string& value) {
      EXPECT_EQ(erato_options_set_by_name(options, name.data(), name.size(), value.data(),
                                          value.size(), nullptr),
                ERATO_OK)
          << name;
    };
    for (const auto& [name, value] : request.items()) {
      if (name == "messages" || name == "prompt") continue;
      if (value.is_array()) {
        for (const std::string item : value) set(name, item);
      } else {
        set(name, value.is_string() ? value.get<std::string>() : value.dump());
      }
    }
    erato_session* session = nullptr;
    if (request.contains("prompt")) {
      const std::string prompt = request["prompt"];
      EXPECT_EQ(erato_model_generate(model_, prompt.data(), prompt.size(), ERATO_TEXT_ADD_SPECIAL,
                                     options, &stream, nullptr),
                ERATO_OK);
    } else {
      const std::string messages = request["messages"].dump();
      EXPECT_EQ(erato_session_create(model_, nullptr, &session, nullptr), ERATO_OK);
      EXPECT_EQ(erato_session_set_history(session, messages.data(), messages.size(), nullptr),
                ERATO_OK);
      EXPECT_EQ(erato_session_answer(session, options, &stream, nullptr), ERATO_OK);
    }
    Told told;
    erato_status status = ERATO_OK;
    while (status == ERATO_OK) {
      status = erato_stream_advance(stream, nullptr);
      size_t bytes = 0;
      const char* piece = erato_stream_piece(stream, &bytes);
      const bool thinks = erato_stream_piece_kind(stream) == ERATO_PIECE_REASONING;
      (thinks ? told.reasoning : told.text).append(piece, bytes);
      EXPECT_TRUE(status != ERATO_OK || bytes > 0);
      const char* raw = erato_stream_bytes(stream, &bytes);
      told.bytes.append(raw, bytes);
    }
    EXPECT_EQ(status, ERATO_END);
    told.finish = erato_finish_name(erato_stream_finish_reason(stream));
    told.prompt_tokens = erato_stream_prompt_tokens(stream);
    told.generated_tokens = erato_stream_generated_tokens(stream);
    told.reasoning_tokens = erato_stream_reasoning_tokens(stream);
    erato_stream_free(stream);
    erato_session_free(session);
    erato_options_free(options);
    return told;
  }

  Told Whole(const Json& request) {
    const std::string json = request.dump();
    erato_text* response = nullptr;
    EXPECT_EQ(erato_model_request(model_, json.data(), json.size(), &response, nullptr), ERATO_OK);
    const Json parsed = Json::parse(erato_text_data(response, nullptr));
    erato_text_free(response);
    const Json& choice = parsed["choices"][0];
    Told told;
    if (choice.contains("message")) {
      told.text = choice["message"]["content"];
      told.reasoning = choice["message"].value("reasoning_content", "");
    } else {
      told.text = choice["text"];
    }
    told.finish = choice["finish_reason"];
    Count(parsed["usage"], told);
    return told;
  }

  Told Chunks(Json request) {
    request["stream"] = true;
    request["stream_options"] = {{"include_usage", true}};
    const std::string json = request.dump();
    erato_response* response = nullptr;
    EXPECT_EQ(erato_model_request_stream(model_, json.data(), json.size(), &response, nullptr),
              ERATO_OK);
    Told told;
    int finishes = 0;
    while (erato_response_advance(response, nullptr) == ERATO_OK) {
      const Json chunk = Json::parse(erato_response_chunk(response, nullptr));
      if (chunk["choices"].empty()) {
        Count(chunk["usage"], told);
        continue;
      }
      const Json& choice = chunk["choices"][0];
      if (choice.contains("delta")) {
        told.text += choice["delta"].value("content", "");
        told.reasoning += choice["delta"].value("reasoning_content", "");
      } else {
        told.text += choice["text"];
      }
      if (choice["finish_reason"].is_null()) continue;
      told.finish = choice["finish_reason"];
      ++finishes;
    }
    EXPECT_EQ(finishes, 1);
    erato_response_free(response);
    return told;
  }

  /// Told thrice, and each time the same.
  Told Tell(const Json& request) {
    const Told streamed = Stream(request);
    for (const Told& other : {Whole(request), Chunks(request)}) {
      EXPECT_EQ(other.text, streamed.text) << request;
      EXPECT_EQ(other.reasoning, streamed.reasoning) << request;
      EXPECT_EQ(other.finish, streamed.finish) << request;
      EXPECT_EQ(other.prompt_tokens, streamed.prompt_tokens) << request;
      EXPECT_EQ(other.generated_tokens, streamed.generated_tokens) << request;
      EXPECT_EQ(other.reasoning_tokens, streamed.reasoning_tokens) << request;
    }
    return streamed;
  }

  static void Count(const Json& usage, Told& told) {
    told.prompt_tokens = usage["prompt_tokens"];
    told.generated_tokens = usage["completion_tokens"];
    told.reasoning_tokens = usage["completion_tokens_details"]["reasoning_tokens"];
    EXPECT_EQ(usage["total_tokens"], told.prompt_tokens + told.generated_tokens);
  }

  erato_model* model_ = nullptr;
};

const Json kHi = {{"messages", {{{"role", "user"}, {"content", "hi"}}}}, {"temperature", 0}};

/// Where the first stop string to be complete begins; of those complete at once, the longest.
size_t FirstStop(const std::string& text, const std::vector<std::string>& stops) {
  for (size_t end = 1; end <= text.size(); ++end) {
    size_t begin = std::string::npos;
    for (const std::string& stop : stops) {
      if (std::string_view(text).substr(0, end).ends_with(stop))
        begin = std::min(begin, end - stop.size());
    }
    if (begin != std::string::npos) return begin;
  }
  return std::string::npos;
}

TEST_F(Answers, StopStringsNeverLeakHoweverTheAnswerIsTold) {
  Load(tiny_path);
  Json request = kHi;
  request["ignore_end"] = true;
  request["max_tokens"] = 60;
  const Told whole = Tell(request);
  const std::string& all = whole.text;
  ASSERT_GT(all.size(), 60u);
  std::vector<size_t> borders;  // of code points
  for (size_t i = 0; i <= all.size(); ++i) {
    if (i == all.size() || (all[i] & 0xc0) != 0x80) borders.push_back(i);
  }
  std::mt19937 random(1);
  int stopped = 0;
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> stops;
    for (size_t n = 1 + random() % 3; n > 0; --n) {
      const size_t begin = random() % (borders.size() - 1);
      const size_t last = std::min(borders.size() - 1, begin + 1 + random() % 6);
      stops.push_back(all.substr(borders[begin], borders[last] - borders[begin]));
      if (random() % 3 == 0) stops.back() += "no";  // comes near and never comes
    }
    request["stop"] = stops;
    const Told told = Tell(request);
    const size_t stop = FirstStop(all, stops);
    EXPECT_EQ(told.text, all.substr(0, stop)) << request;
    EXPECT_EQ(told.finish, stop == std::string::npos ? "length" : "stop") << request;
    EXPECT_TRUE(whole.bytes.starts_with(told.bytes)) << request;  // the stop string among them
    stopped += stop != std::string::npos;
  }
  EXPECT_GT(stopped, 20);
  EXPECT_LT(stopped, 60);
}

TEST_F(Answers, EveryLengthIsWholeCodePointsAndExactBytes) {
  Load(tiny_path);
  const std::string all = "Hello world \xF0\x9F\x98\x80!";
  const std::vector<size_t> bytes = {0, 5, 9, 11, 14, 16, 17};  // after each token
  for (int tokens = 1; tokens <= 6; ++tokens) {
    Json request = kHi;
    request["max_tokens"] = tokens;
    const Told told = Tell(request);
    EXPECT_EQ(told.bytes, all.substr(0, bytes[tokens]));
    EXPECT_EQ(told.text, tokens == 4 ? "Hello world \xEF\xBF\xBD" : all.substr(0, bytes[tokens]));
    EXPECT_EQ(told.generated_tokens, tokens);
    EXPECT_EQ(told.finish, "length");
  }
  EXPECT_EQ(Tell(kHi).finish, "stop");
  EXPECT_EQ(Tell(kHi).generated_tokens, 6);
}

TEST_F(Answers, PromptsAreToldTheSameWay) {
  Load(tiny_path);
  const Told told = Tell({{"prompt", "say\n"}, {"temperature", 0}, {"stop", {"lo w", "rld"}}});
  EXPECT_EQ(told.text, "Hel");
  EXPECT_EQ(told.finish, "stop");
}

TEST_F(Answers, ThinkingIsApartOrInline) {
  Load(thinking_path);
  Told told = Tell(kHi);
  EXPECT_EQ(told.text, "**Yes**!");
  EXPECT_EQ(told.reasoning, "why not");
  EXPECT_EQ(told.bytes, "<think>why not</think>\n\n**Yes**!");
  EXPECT_EQ(told.generated_tokens, 9);
  EXPECT_GT(told.reasoning_tokens, 0);
  EXPECT_LT(told.reasoning_tokens, 9);
  Json request = kHi;
  request["stop"] = {"not", "Yes"};  // of the answer, not of the thinking
  told = Tell(request);
  EXPECT_EQ(told.reasoning, "why not");
  EXPECT_EQ(told.text, "**");
  request["reasoning_format"] = "inline";
  told = Tell(request);
  EXPECT_EQ(told.text, "<think>why ");
  EXPECT_EQ(told.reasoning, "");
  for (int tokens = 1; tokens < 9; ++tokens) {
    if (tokens == 1 || tokens == 5) continue;  // half a marker, which stays the text that it is
    request = kHi;
    request["max_tokens"] = tokens;
    told = Tell(request);
    EXPECT_TRUE(std::string("**Yes**!").starts_with(told.text)) << told.text;
    EXPECT_TRUE(std::string("why not").starts_with(told.reasoning)) << told.reasoning;
  }
}

}  // namespace
}  // namespace erato::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc != 3) return 2;
  erato::test::tiny_path = argv[1];
  erato::test::thinking_path = argv[2];
  return RUN_ALL_TESTS();
}
