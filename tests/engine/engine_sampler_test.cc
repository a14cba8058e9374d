// The sampler against a slow definition, its draws against their distribution, its bounds and
// errors.
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/engine/sampler.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/sampler_definition.h"

namespace erato {
namespace {

using ::testing::HasSubstr;

Logits RandomLogits(std::mt19937& random, int size, float spread) {
  std::normal_distribution<float> normal(0, spread);
  Logits logits(size);
  for (float& l : logits) l = normal(random);
  return logits;
}

SamplerOptions Hot(float temperature) {
  SamplerOptions options;
  options.temperature = temperature;
  options.seed = 42;
  return options;
}

constexpr int kDraws = 100000;

TEST(Sampler, GreedyTakesTheLargestAndTheFirstAmongEquals) {
  Sampler sampler = Sampler::Create({}).value();
  SamplerScratch work;
  auto sample = [&](Logits logits) {
    return sampler.Sample(absl::MakeSpan(logits), {}, 0, work).value();
  };
  EXPECT_EQ(sample({1, 3, 2}), 1);
  EXPECT_EQ(sample({1, 3, 3}), 1);
  EXPECT_EQ(sample({-5, -3, -4}), 1);
  EXPECT_EQ(sample({-1, -0.0f, 0.0f}), 1);
  EXPECT_EQ(sample({7}), 0);
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    Logits logits = RandomLogits(random, 1 + random() % 300, 5);
    int32_t best = std::max_element(logits.begin(), logits.end()) - logits.begin();
    ASSERT_EQ(sample(logits), best);
  }
}

TEST(Sampler, TemperatureFollowsTheSoftmax) {
  std::mt19937 random(5);
  Logits logits = RandomLogits(random, 50, 2);
  for (float t : {0.3f, 1.0f, 2.5f, 100.0f}) ExpectDraws(logits, {}, Hot(t), kDraws);
}

TEST(Sampler, TinyTemperaturesAreGreedy) {
  Logits logits{1, 2.5f, 2, -1e30f, -3e38f};
  for (float t : {1e-3f, 1e-20f, 1e-44f}) ExpectDraws(logits, {}, Hot(t), 100);
}

TEST(Sampler, CutsKeepWhatTheDefinitionKeeps) {
  std::mt19937 random(6);
  for (int round = 0; round < 300; ++round) {
    Logits logits = RandomLogits(random, 2 + random() % 400, 0.5f + random() % 4);
    if (round % 3 == 0) {
      for (float& l : logits) l = std::round(l);  // many equals
    }
    SamplerOptions options = Hot(0.5f + (random() % 30) / 10.0f);
    if (random() % 2) options.top_k = 1 + random() % 60;
    if (random() % 2) options.top_p = 0.05f + (random() % 94) / 100.0f;
    if (random() % 2) options.min_p = (random() % 50) / 100.0f;
    ExpectDraws(logits, {}, options, 400);
  }
}

TEST(Sampler, CutsKeepTheProportions) {
  std::mt19937 random(7);
  Logits logits = RandomLogits(random, 120, 2);
  SamplerOptions k = Hot(1), p = Hot(1), m = Hot(1), all = Hot(0.8f);
  k.top_k = 20;
  p.top_p = 0.9f;
  m.min_p = 0.05f;
  all.top_k = 100, all.top_p = 0.95f, all.min_p = 0.02f;
  for (const SamplerOptions& options : {k, p, m, all}) ExpectDraws(logits, {}, options, kDraws);
}

TEST(Sampler, PenaltiesLookAtTheWindow) {
  std::mt19937 random(8);
  for (int round = 0; round < 200; ++round) {
    Logits logits = RandomLogits(random, 30, 3);
    History history(random() % 100);
    for (int32_t& id : history) id = random() % 30;
    SamplerOptions options = Hot(round % 2 ? 1 : 0);
    options.repetition_penalty = 0.5f + (random() % 20) / 10.0f;
    options.presence_penalty = (random() % 40) / 10.0f - 2;
    options.frequency_penalty = (random() % 40) / 10.0f - 2;
    options.penalty_window = random() % 3 * 20;
    ExpectDraws(logits, history, options, 400);
  }
  Logits logits = RandomLogits(random, 30, 1);
  SamplerOptions options = Hot(1);
  options.repetition_penalty = 1.5f, options.presence_penalty = 0.5f,
  options.frequency_penalty = 0.3f;
  ExpectDraws(logits, {3, 3, 3, 7, 9, 9}, options, kDraws);
}

TEST(Sampler, PenaltiesCannotMakeALogitInfinite) {
  SamplerOptions options;
  options.repetition_penalty = 100;
  SamplerScratch work;
  Sampler sampler = Sampler::Create(options).value();
  Logits logits{-3e38f, -3e38f, -3.2e38f};
  EXPECT_EQ(sampler.Sample(absl::MakeSpan(logits), History{0, 1}, 0, work).value(), 2);
}

TEST(Sampler, SameSeedSameTokensOtherSeedOthers) {
  std::mt19937 random(9);
  Logits logits = RandomLogits(random, 1000, 1);
  auto text = [&](uint64_t seed) {
    SamplerOptions options = Hot(1);
    options.seed = seed;
    Sampler sampler = Sampler::Create(options).value();
    History tokens;
    SamplerScratch work;
    for (int i = 0; i < 50; ++i) {
      Logits scratch = logits;
      tokens.push_back(sampler.Sample(absl::MakeSpan(scratch), {}, i, work).value());
    }
    return tokens;
  };
  EXPECT_EQ(text(1), text(1));
  EXPECT_NE(text(1), text(2));
  EXPECT_NE(text(1), text(1 + 0x9e3779b97f4a7c15));
}

TEST(Sampler, DrawsAreTheSameOnEveryMachine) {
  Logits logits(64);
  for (int i = 0; i < 64; ++i) logits[i] = static_cast<float>((i * 37) % 64) / 16;
  SamplerOptions options = Hot(0.7f);
  options.top_p = 0.9f;
  Sampler sampler = Sampler::Create(options).value();
  History tokens;
  SamplerScratch work;
  for (int i = 0; i < 12; ++i) {
    Logits scratch = logits;
    tokens.push_back(sampler.Sample(absl::MakeSpan(scratch), {}, i, work).value());
  }
  EXPECT_THAT(tokens, ::testing::ElementsAre(31, 53, 5, 19, 17, 19, 57, 55, 38, 36, 62, 38));
}

TEST(Sampler, NotFiniteIsAnErrorWithItsIndex) {
  for (float bad :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::quiet_NaN(),
        std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()}) {
    for (int size : {1, 2, 17, 1000}) {
      for (float temperature : {0.0f, 1.0f}) {
        Logits logits(size, 1.0f);
        SamplerScratch work;
        logits[size / 2] = bad;
        absl::Status status =
            Sampler::Create(Hot(temperature))->Sample(absl::MakeSpan(logits), {}, 0, work).status();
        EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
        EXPECT_THAT(std::string(status.message()),
                    HasSubstr("value " + std::to_string(size / 2) + ","));
      }
    }
  }
}

TEST(Sampler, OptionsHaveBounds) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  auto expect = [](const char* name, auto member, auto bad) {
    SamplerOptions options;
    options.*member = bad;
    absl::Status status = Sampler::Create(options).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << name << " " << bad;
    EXPECT_THAT(std::string(status.message()), HasSubstr(name));
  };
  for (float bad : {-0.1f, 100.5f, kNan}) expect("temperature", &SamplerOptions::temperature, bad);
  for (float bad : {0.0f, 1.1f, kNan}) expect("top_p", &SamplerOptions::top_p, bad);
  for (float bad : {-0.1f, 1.1f, kNan}) expect("min_p", &SamplerOptions::min_p, bad);
  for (float bad : {0.0f, -1.0f, 101.0f, kNan}) {
    expect("repetition_penalty", &SamplerOptions::repetition_penalty, bad);
  }
  for (float bad : {-2.1f, 2.1f, kNan}) {
    expect("presence_penalty", &SamplerOptions::presence_penalty, bad);
    expect("frequency_penalty", &SamplerOptions::frequency_penalty, bad);
  }
  expect("top_k", &SamplerOptions::top_k, -1);
  expect("penalty_window", &SamplerOptions::penalty_window, -1);
}

}  // namespace
}  // namespace erato
