// erato bench MODEL: tokens a second of prefill, of decode, and of decode of many sequences at
// once.
//
// One repetition: a prompt of --pp ids into a fresh cache (prefill: until its first token is
// there), --tg tokens after it (decode: from the first token to the last), then --seqs streams,
// each pulled by its own thread after a prompt of 32 ids (decode_xN: all their tokens over the time
// from a common start until the last stream is done). Prompts are fixed pseudo-random ids, so every
// run of a model does the same work.
#include <algorithm>
#include <barrier>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "samples/erato/command.h"
#include "samples/erato/options.h"

namespace erato::command {
namespace {

constexpr int32_t kShortPrompt = 32;
using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<int32_t> Prompt(const erato_model* model, int32_t count, int32_t salt) {
  const int64_t vocabulary = erato_model_vocabulary(model), first = vocabulary / 8,
                span = vocabulary - 2 * first;
  std::vector<int32_t> ids;
  for (int64_t i = 0; i < count; ++i)
    ids.push_back(static_cast<int32_t>(first + (i + salt) * 7919 % span));
  return ids;
}

Handle<erato_stream> Start(const erato_model* model, int32_t prompt, int32_t salt, int32_t tokens) {
  const auto options =
      Make<erato_options>(erato_options_create, erato_options_kind{ERATO_OPTIONS_GENERATE});
  Call(erato_options_set_int, options.get(), erato_option{ERATO_GENERATE_MAX_TOKENS},
       int64_t{tokens});
  Call(erato_options_set_float, options.get(), erato_option{ERATO_GENERATE_TEMPERATURE}, 0.0);
  Call(erato_options_set_bool, options.get(), erato_option{ERATO_GENERATE_IGNORE_END}, int32_t{1});
  const std::vector<int32_t> ids = Prompt(model, prompt, salt);
  return Make<erato_stream>(erato_model_generate_ids, model, ids.data(), ids.size(), options.get());
}

bool Advance(erato_stream* stream) { return Call(erato_stream_advance, stream) == ERATO_OK; }

struct Row {
  double prefill = 0, decode = 0, decode_many = 0;
};

struct Work {
  int32_t prompt = 512, tokens = 64, sequences = 8, repetitions = 5;
};

void MeasureOne(const erato_model* model, const Work& work, Row& row) {
  const auto stream = Start(model, work.prompt, 0, work.tokens + 1);
  while (Advance(stream.get())) {
  }
  row.prefill = work.prompt / erato_stream_prompt_seconds(stream.get());
  row.decode = static_cast<double>(erato_stream_generated_tokens(stream.get()) - 1) /
               erato_stream_generate_seconds(stream.get());
}

void MeasureMany(const erato_model* model, const Work& work, Row& row) {
  std::vector<Handle<erato_stream>> streams;
  int64_t before = 0, after = 0;
  for (int32_t i = 0; i < work.sequences; ++i) {
    streams.push_back(Start(model, kShortPrompt, i, work.tokens + 1));
    Advance(streams.back().get());
    before += erato_stream_generated_tokens(streams.back().get());
  }
  std::vector<std::thread> threads;
  std::vector<std::string> failures(streams.size());
  std::barrier start(work.sequences + 1);
  for (size_t i = 0; i < streams.size(); ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      try {
        while (Advance(streams[i].get())) {
        }
      } catch (const Failure& failure) {
        failures[i] = failure.what();
      }
    });
  }
  start.arrive_and_wait();
  const auto begin = Clock::now();
  for (std::thread& thread : threads) thread.join();
  const double seconds = SecondsSince(begin);
  for (size_t i = 0; i < streams.size(); ++i) {
    if (!failures[i].empty()) throw Failure(failures[i]);
    after += erato_stream_generated_tokens(streams[i].get());
  }
  row.decode_many = static_cast<double>(after - before) / seconds;
}

void Bench(const erato_model* model, const Work& work, bool json) {
  Row warm_up;
  MeasureOne(model, {.prompt = std::min(64, work.prompt), .tokens = 1}, warm_up);
  if (!json) std::printf("%12s %12s %11s%d\n", "prefill", "decode", "decode x", work.sequences);
  for (int32_t i = 0; i < work.repetitions; ++i) {
    Row row;
    MeasureOne(model, work, row);
    if (work.sequences > 1) MeasureMany(model, work, row);
    if (json) {
      const auto rounded = [](double rate) { return std::round(rate * 10) / 10; };
      nlohmann::ordered_json line = {{"prefill", rounded(row.prefill)},
                                     {"decode", rounded(row.decode)}};
      if (work.sequences > 1)
        line["decode_x" + std::to_string(work.sequences)] = rounded(row.decode_many);
      std::puts(line.dump().c_str());
    } else {
      std::printf("%12.1f %12.1f %12.1f   tokens/s\n", row.prefill, row.decode, row.decode_many);
    }
    std::fflush(stdout);
  }
}

}  // namespace

void AddBench(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("bench", "Tokens a second: prefill, decode, decode of many sequences");
  struct Arguments {
    explicit Arguments(CLI::App& command) : model(command) {}
    ModelArgument model;
    Work work;
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>(*command);
  Work& work = arguments->work;
  command->add_option("--pp", work.prompt, "ids of the prompt")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  command->add_option("--tg", work.tokens, "tokens after it")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  command->add_option("--seqs", work.sequences, "sequences at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--reps", work.repetitions, "repetitions")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_flag("--json", arguments->json, "one JSON object a repetition");
  command->callback(
      [arguments] { Bench(arguments->model.Load().get(), arguments->work, arguments->json); });
}

}  // namespace erato::command
