// The chain's steps against their slow definitions, alone, together and in any order.
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/engine/exact.h"
#include "gtest/gtest.h"
#include "tests/engine/sampler_definition.h"

namespace erato {
namespace {

constexpr float kForbidden = -std::numeric_limits<float>::infinity();
constexpr int kMillion = 1000000;

Logits RandomLogits(std::mt19937& random, int size, float spread) {
  std::normal_distribution<float> normal(0, spread);
  Logits logits(size);
  for (float& l : logits) l = normal(random);
  return logits;
}

SamplerOptions Hot(float temperature) {
  SamplerOptions options;
  options.temperature = temperature;
  options.seed = 4711;
  return options;
}

TEST(Exact, LogarithmAndExponentialAreNearTheLibrarys) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200000; ++i) {
    double x = std::exp((static_cast<double>(random() % 2000001) - 1000000) / 1500.0);
    ASSERT_NEAR(Log(x), std::log(x), 4e-16 * std::max(1.0, std::abs(std::log(x)))) << x;
    double y = -static_cast<double>(random() % 700000) / 1000.0;
    ASSERT_NEAR(Exp(y) / std::exp(y), 1, 1e-15) << y;
  }
  for (double x : {1.0, 2.0, 0.5, 1.4142135623730951, 0.70710678118654757, 1e-300, 1e300}) {
    EXPECT_NEAR(Log(x), std::log(x), 4e-16 * std::max(1.0, std::abs(std::log(x))));
  }
  EXPECT_EQ(Log(1), 0);
  EXPECT_NEAR(Power(0.3, 2.5), std::pow(0.3, 2.5), 1e-15);
  EXPECT_EQ(Power(0, 2), 0);
  EXPECT_EQ(Power(0, 0), 1);
}

TEST(Chain, EveryStepKeepsItsDistributionOverAMillionDraws) {
  std::mt19937 random(2);
  Logits logits = RandomLogits(random, 60, 2);
  SamplerOptions k = Hot(0.8f), s = k, t = k, p = k, m = k, x = k, half = k, d = k, mu = k;
  k.top_k = 9;
  s.top_n_sigma = 1.2f;
  t.typical_p = 0.6f;
  p.top_p = 0.8f;
  m.min_p = 0.1f;
  x.xtc_probability = 1, x.xtc_threshold = 0.08f;
  half = x, half.xtc_probability = 0.5f;
  d.dynamic_range = 0.6f, d.dynamic_exponent = 1.3f;
  mu.mirostat_tau = 2;
  for (const SamplerOptions& options : {k, s, t, p, m, x, half, d, mu}) {
    ExpectDraws(logits, {}, options, kMillion);
  }
}

// Every step on or off at random, in a random order with some left out, over vocabularies small and
// large, with equal logits and forbidden tokens.
TEST(Chain, AnyStepsInAnyOrderKeepWhatTheDefinitionKeeps) {
  std::mt19937 random(3);
  auto share = [&] { return static_cast<float>(random() % 1000) / 1000; };
  auto sometimes = [&] { return random() % 3 == 0; };
  for (int round = 0; round < 600; ++round) {
    SCOPED_TRACE(round);
    int size = 2 + static_cast<int>(random() % (round % 10 == 0 ? 3000 : 200));
    Logits logits = RandomLogits(random, size, 0.5f + 3 * share());
    if (round % 4 == 0) {
      for (float& l : logits) l = std::round(l * 2) / 2;
    }
    if (round % 5 == 0) {
      for (int i = 1; i < size; ++i) logits[i] = sometimes() ? kForbidden : logits[i];
    }
    SamplerOptions o = Hot(0.3f + 2 * share());
    o.seed = random();
    if (sometimes()) o.top_k = 1 + static_cast<int>(random() % 60);
    if (sometimes()) o.top_p = 0.05f + 0.94f * share();
    if (sometimes()) o.min_p = 0.5f * share();
    if (sometimes()) o.typical_p = 0.05f + 0.94f * share();
    if (sometimes()) o.top_n_sigma = 0.1f + 3 * share();
    if (sometimes()) o.xtc_probability = 1, o.xtc_threshold = 0.3f * share();
    if (sometimes()) o.dynamic_range = share(), o.dynamic_exponent = 0.5f + share();
    if (sometimes()) o.dry_multiplier = share(), o.dry_base = 1 + share();
    if (sometimes()) o.repetition_penalty = 0.5f + share(), o.frequency_penalty = share() - 0.5f;
    if (sometimes()) o.bias = {{0, 3 * share()}, {size - 1, -3 * share()}};
    for (int step = 0; step <= static_cast<int>(SamplerStep::kXtc); ++step) {
      if (round % 2 && random() % 8) o.order.push_back(static_cast<SamplerStep>(step));
    }
    std::shuffle(o.order.begin(), o.order.end(), random);
    History history(random() % 60);
    for (int32_t& id : history) id = static_cast<int32_t>(random() % std::min(size, 6));
    ExpectDraws(logits, history, o, 300, static_cast<int64_t>(random() % 1000));
    if (HasFailure()) return;
  }
}

TEST(Chain, CutsOfALargeVocabularyKeepTheSame) {
  std::mt19937 random(4);
  Logits logits = RandomLogits(random, 70000, 3);
  SamplerOptions k = Hot(0.7f), p = k, m = k, t = k, greedy = Hot(0);
  k.top_k = 40, k.top_p = 0.95f;
  p.top_p = 0.9f;
  m.min_p = 0.05f;
  t.typical_p = 0.2f;
  for (const SamplerOptions& options : {k, p, m, t, greedy}) ExpectDraws(logits, {}, options, 200);
}

TEST(Chain, ForbiddenTokensNeverCome) {
  SamplerScratch work;
  Logits logits(600, kForbidden);
  for (const auto& options : {Hot(0), Hot(1), Hot(100)}) {
    Sampler sampler = Sampler::Create(options).value();
    SamplerState state = sampler.Begin();
    EXPECT_EQ(sampler.Draw(absl::MakeSpan(logits), {}, 0, work, &state).status().code(),
              absl::StatusCode::kFailedPrecondition);
    for (int32_t only : {0, 255, 256, 599}) {
      Logits one = logits;
      one[only] = -1e30f;
      for (int draw = 0; draw < 50; ++draw) {
        Logits scratch = one;
        ASSERT_EQ(sampler.Draw(absl::MakeSpan(scratch), {}, draw, work, &state).value(), only);
      }
    }
  }
}

TEST(Chain, BiasDecides) {
  Logits logits{1, 2, 3};
  SamplerScratch work;
  for (float temperature : {0.0f, 0.5f}) {
    SamplerOptions options = Hot(temperature);
    options.bias = {{2, -100}, {0, 100}};
    Sampler sampler = Sampler::Create(options).value();
    Logits scratch = logits;
    EXPECT_EQ(sampler.Sample(absl::MakeSpan(scratch), {}, 0, work).value(), 0);
  }
}

// "a b c | a b": c follows a repetition of two.
TEST(Dry, LengthensByTheBaseAndStopsAtBreakers) {
  Logits logits(8, 1.0f);
  SamplerOptions options = Hot(1);
  options.dry_multiplier = 0.5f;
  options.dry_base = 2;
  ExpectDraws(logits, {1, 2, 3, 1, 2}, options, 100000);
  ExpectDraws(logits, {1, 2, 3, 4, 5, 1, 2, 3, 4}, options, 100000);
  ExpectDraws(logits, {1, 1, 1, 1, 1, 1}, options, 100000);
  options.dry_allowed_length = 4;
  ExpectDraws(logits, {1, 2, 3, 1, 2}, options, 100000);
  options.dry_allowed_length = 1;
  auto breakers = std::make_shared<std::vector<uint8_t>>(8);
  (*breakers)[2] = 1;
  options.dry_breakers = breakers;
  ExpectDraws(logits, {1, 2, 3, 4, 7, 1, 2, 3, 4}, options, 100000);
  ExpectDraws(logits, {1, 2, 3, 1, 2}, options, 1000);
  ExpectDraws(logits, {2}, options, 1000);
  options.dry_breakers = nullptr;
  options.dry_multiplier = 100, options.dry_base = 100;  // more than a float holds
  ExpectDraws(logits, History(300, 1), options, 1000);
}

TEST(Mirostat, HoldsTheSurprise) {
  std::mt19937 random(5);
  for (float tau : {1.5f, 3.0f, 5.0f}) {
    SamplerOptions options = Hot(1);
    options.mirostat_tau = tau;
    Sampler sampler = Sampler::Create(options).value();
    SamplerState state = sampler.Begin();
    EXPECT_EQ(state.mirostat_mu, 2 * double{tau});
    SamplerScratch work;
    double surprise = 0;
    constexpr int kTokens = 3000;
    for (int i = 0; i < kTokens; ++i) {
      Logits logits = RandomLogits(random, 400, 1.5f);
      auto expected = Distribution(logits, {}, options, true, state.mirostat_mu);
      double before = state.mirostat_mu;
      int32_t id = sampler.Draw(absl::MakeSpan(logits), {}, i, work, &state).value();
      ASSERT_TRUE(expected.count(id));
      double bits = -std::log2(expected[id]);
      ASSERT_NEAR(state.mirostat_mu, before - 0.1f * (bits - tau), 1e-6);
      surprise += bits / kTokens;
    }
    EXPECT_NEAR(surprise, tau, 0.1);
  }
}

TEST(Chain, DrawsAreTheSameOnEveryMachine) {
  Logits logits(300);
  for (int i = 0; i < 300; ++i) logits[i] = static_cast<float>((i * 37) % 300) / 40;
  SamplerOptions options = Hot(0.9f);
  options.typical_p = 0.9f, options.dynamic_range = 0.4f, options.dry_multiplier = 0.8f;
  options.xtc_probability = 0.5f, options.xtc_threshold = 0.01f, options.top_n_sigma = 1.5f;
  Sampler sampler = Sampler::Create(options).value();
  History tokens;
  SamplerScratch work;
  for (int i = 0; i < 12; ++i) {
    Logits scratch = logits;
    tokens.push_back(sampler.Sample(absl::MakeSpan(scratch), tokens, i, work).value());
  }
  EXPECT_EQ(tokens, (History{144, 266, 194, 242, 63, 201, 113, 242, 201, 113, 112, 128}));
}

TEST(Chain, OptionsHaveBounds) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  auto expect = [](const char* name, auto member, auto bad) {
    SamplerOptions options;
    options.*member = bad;
    absl::Status status = Sampler::Create(options).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_NE(status.message().find(name), std::string::npos) << status;
  };
  using O = SamplerOptions;
  for (float bad : {-0.1f, 100.5f, kNan}) {
    expect("dynamic_range", &O::dynamic_range, bad);
    expect("top_n_sigma", &O::top_n_sigma, bad);
    expect("mirostat_tau", &O::mirostat_tau, bad);
    expect("dry_multiplier", &O::dry_multiplier, bad);
  }
  for (float bad : {-0.1f, 1.1f, kNan}) {
    expect("xtc_probability", &O::xtc_probability, bad);
    expect("xtc_threshold", &O::xtc_threshold, bad);
    expect("mirostat_eta", &O::mirostat_eta, bad);
  }
  for (float bad : {0.0f, 1.1f, kNan}) expect("typical_p", &O::typical_p, bad);
  for (float bad : {0.9f, 101.0f, kNan}) expect("dry_base", &O::dry_base, bad);
  expect("dry_allowed_length", &O::dry_allowed_length, 0);
  expect("dry_window", &O::dry_window, -1);
  expect("bias", &O::bias, std::vector<LogitBias>{{0, 101}});
  expect("biased id", &O::bias, std::vector<LogitBias>{{-1, 1}});
}

}  // namespace
}  // namespace erato
