// Logprobs, filters and least lengths through the engine, against the model's own logits.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "core/engine/logprobs.h"
#include "gtest/gtest.h"
#include "tests/engine/fake.h"

namespace erato {
namespace {

double LogSum(const std::vector<float>& logits) {
  double top = *std::max_element(logits.begin(), logits.end()), sum = 0;
  for (float l : logits) sum += std::exp(l - top);
  return top + std::log(sum);
}

void ExpectMatches(const TokenLogprobs& got, const std::vector<float>& logits, int32_t chosen,
                   int32_t likeliest) {
  double log_sum = LogSum(logits);
  ASSERT_TRUE(got.known);
  EXPECT_NEAR(got.chosen, logits[chosen] - log_sum, 1e-9);
  std::vector<int32_t> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int32_t a, int32_t b) { return logits[a] > logits[b]; });
  ASSERT_EQ(got.count, std::min<int32_t>(likeliest, static_cast<int32_t>(logits.size())));
  for (int32_t i = 0; i < got.count; ++i) {
    EXPECT_EQ(got.ids[i], order[i]);
    EXPECT_NEAR(got.values[i], logits[order[i]] - log_sum, 1e-9);
  }
}

TEST(Logprobs, AreTheSoftmax) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 4);
  SamplerScratch work;
  for (int round = 0; round < 300; ++round) {
    std::vector<float> logits(1 + random() % 2000);
    for (float& l : logits) l = round % 3 ? normal(random) : std::round(normal(random));
    int32_t likeliest = static_cast<int32_t>(random() % (kMostLogprobs + 1));
    double log_sum = 0;
    TokenLogprobs got = FindLogprobs(logits, likeliest, work, &log_sum);
    int32_t chosen = static_cast<int32_t>(random() % logits.size());
    got.chosen = logits[chosen] - log_sum;
    ExpectMatches(got, logits, chosen, likeliest);
  }
}

std::vector<float> LogitsAfter(Engine& engine, const std::vector<int32_t>& tokens) {
  return engine.Logits(tokens, false).value();
}

TEST(Logprobs, OfAnAnswerAreThoseOfTheModelBeforeSampling) {
  FakeHouse house;
  RequestOptions options;
  options.max_tokens = 20;
  options.logprobs = 5;
  options.sampler.temperature = 2;
  options.sampler.presence_penalty = 2;
  options.sampler.bias = {{3, 5.0f}};
  std::vector<int32_t> text{1, 2, 3};
  auto request = house.engine->Submit(house.engine->NewSequence(), text, options).value();
  while (true) {
    TokenEvent event = house.engine->Next(*request).value();
    if (!event.token.has_value()) break;
    ExpectMatches(event.logprobs, LogitsAfter(*house.engine, text), *event.token, 5);
    text.push_back(*event.token);
  }
  EXPECT_EQ(text.size(), 23u);
  EXPECT_TRUE(house.backend.violations().empty());
}

TEST(Logprobs, AreNotThereUnlessAskedFor) {
  FakeHouse house;
  RequestOptions options;
  options.max_tokens = 1;
  auto request =
      house.engine->Submit(house.engine->NewSequence(), std::vector<int32_t>{1}, options).value();
  EXPECT_FALSE(house.engine->Next(*request).value().logprobs.known);
}

TEST(Score, TellsEachTokenOfAText) {
  FakeHouse house;
  std::vector<int32_t> text;
  for (int32_t i = 0; i < 150; ++i) text.push_back(i * 31 % 97);
  std::vector<TokenLogprobs> scores = house.engine->Score(text, 3).value();
  ASSERT_EQ(scores.size(), text.size() - 1);
  for (size_t i = 0; i < scores.size(); i += 7) {
    std::vector<int32_t> before(text.begin(), text.begin() + static_cast<ptrdiff_t>(i) + 1);
    ExpectMatches(scores[i], LogitsAfter(*house.engine, before), text[i + 1], 3);
  }
  EXPECT_TRUE(house.engine->Score(std::vector<int32_t>{5}, 3).value().empty());
  EXPECT_FALSE(house.engine->Score(std::vector<int32_t>{}, 3).ok());
  EXPECT_FALSE(house.engine->Score(std::vector<int32_t>{5, 97}, 3).ok());
  EXPECT_EQ(house.engine->stats().blocks_used, 0);
}

/// Lets only even ids follow an even number of tokens, odd ones an odd number.
struct Parity final : TokenFilter {
  void Forbid(absl::Span<const int32_t> answer, absl::Span<float> logits) const override {
    for (size_t id = 0; id < logits.size(); ++id) {
      if ((id + answer.size()) % 2) logits[id] = -std::numeric_limits<float>::infinity();
    }
  }
};

TEST(Filter, SeesTheAnswerAndIsObeyed) {
  FakeHouse house;
  for (float temperature : {0.0f, 1.0f}) {
    RequestOptions options;
    options.max_tokens = 30;
    options.filter = std::make_shared<Parity>();
    options.sampler.temperature = temperature;
    auto request =
        house.engine->Submit(house.engine->NewSequence(), std::vector<int32_t>{8, 9, 10}, options)
            .value();
    Answer answer = ReadAnswer(*house.engine, *request);
    ASSERT_EQ(answer.tokens.size(), 30u);
    for (size_t i = 0; i < 30; ++i) EXPECT_EQ(answer.tokens[i] % 2, static_cast<int>(i % 2));
  }
}

struct Nothing final : TokenFilter {
  void Forbid(absl::Span<const int32_t>, absl::Span<float> logits) const override {
    std::fill(logits.begin(), logits.end(), -std::numeric_limits<float>::infinity());
  }
};

TEST(Filter, ThatForbidsAllIsAnError) {
  FakeHouse house;
  RequestOptions options;
  options.filter = std::make_shared<Nothing>();
  auto request =
      house.engine->Submit(house.engine->NewSequence(), std::vector<int32_t>{8}, options).value();
  EXPECT_EQ(house.engine->Next(*request).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(MinTokens, HoldTheEndBack) {
  FakeHouse house;
  std::vector<int32_t> text{4, 5}, free = FakeAnswer(text, 1, 97);
  RequestOptions options;
  options.end_ids = free;  // the model would end at once
  options.max_tokens = 50;
  for (int32_t least : {0, 1, 7}) {
    options.min_tokens = least;
    auto request = house.engine->Submit(house.engine->NewSequence(), text, options).value();
    Answer answer = ReadAnswer(*house.engine, *request);
    EXPECT_GE(static_cast<int32_t>(answer.tokens.size()), least);
    EXPECT_EQ(std::count(answer.tokens.begin(), answer.tokens.end(), free[0]), 0);
    if (least == 0) {
      EXPECT_TRUE(answer.tokens.empty());
    }
  }
}

}  // namespace
}  // namespace erato
