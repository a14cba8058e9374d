// erato bench MODEL: tokens a second of prefill, of decode, and of decode of many sequences at
// once.
//
// One repetition: a prompt of --pp ids into a fresh cache (prefill: until its first token is
// there), --tg tokens after it (decode: from the first token to the last), then --seqs streams,
// each pulled by its own thread after a prompt of 32 ids (decode_xN: all their tokens over the time
// from a common start until the last stream is done). With --embed SEQUENCESxTOKENS: that many
// texts at once through a model that makes vectors, in tokens a second. Prompts are fixed
// pseudo-random ids, so every run of a model does the same work.
#include <algorithm>
#include <barrier>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "samples/erato/batches.h"
#include "samples/erato/subcommands.h"

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
  }
  for (const auto& stream : streams) before += erato_stream_generated_tokens(stream.get());
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

void Print(const Row& row, const Work& work, bool json) {
  const char* format = json ? "{\"prefill\": %.1f, \"decode\": %.1f" : "prefill %.1f, decode %.1f";
  std::printf(format, row.prefill, row.decode);
  if (work.sequences > 1) {
    std::printf(json ? ", \"decode_x%d\": %.1f" : ", decode of %d sequences %.1f", work.sequences,
                row.decode_many);
  }
  std::puts(json ? "}" : " tokens/s");
  std::fflush(stdout);
}

void Bench(const erato_model* model, const Work& work, bool json) {
  Row warm_up;
  MeasureOne(model, {.prompt = std::min(64, work.prompt), .tokens = 1}, warm_up);
  for (int32_t i = 0; i < work.repetitions; ++i) {
    Row row;
    MeasureOne(model, work, row);
    if (work.sequences > 1) MeasureMany(model, work, row);
    Print(row, work, json);
  }
}

/// "8x128": texts and tokens of each.
struct EmbedWork {
  int32_t texts = 0, tokens = 0, repetitions = 5;
};

EmbedWork ParseEmbedWork(const std::string& text, int32_t repetitions) {
  EmbedWork work;
  work.repetitions = repetitions;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, work.texts);
  const bool cross = first.ptr != end && *first.ptr == 'x';
  const auto second = cross ? std::from_chars(first.ptr + 1, end, work.tokens) : first;
  if (!cross || second.ptr != end || work.texts < 1 || work.tokens < 1) {
    throw Failure("[command line] --embed, got \"" + text + "\", expected TEXTSxTOKENS: 8x128");
  }
  return work;
}

void BenchEmbed(const erato_model* model, const EmbedWork& work, bool json) {
  std::vector<int32_t> ids;
  for (int32_t i = 0; i < work.texts; ++i) {
    const std::vector<int32_t> text = Prompt(model, work.tokens, i);
    ids.insert(ids.end(), text.begin(), text.end());
  }
  const auto texts = static_cast<size_t>(work.texts);
  const std::vector<size_t> counts(texts, static_cast<size_t>(work.tokens));
  const auto options =
      Make<erato_options>(erato_options_create, erato_options_kind{ERATO_OPTIONS_READ});
  Call(erato_options_set_int, options.get(), erato_option{ERATO_READ_MAX_TOKENS},
       int64_t{erato_model_context_tokens(model)});
  std::vector<float> vectors(texts * static_cast<size_t>(erato_model_vector_width(model)));
  const auto run = [&] {
    Call(erato_model_embed_ids, model, ids.data(), counts.data(), texts,
         static_cast<const erato_options*>(options.get()), vectors.data(), vectors.size());
  };
  run();
  for (int32_t i = 0; i < work.repetitions; ++i) {
    // As often as half a second holds, so that small batches are measured too.
    const auto begin = Clock::now();
    int64_t runs = 0;
    do {
      run();
      ++runs;
    } while (SecondsSince(begin) < 0.5);
    const double speed = static_cast<double>(runs * work.texts * work.tokens) / SecondsSince(begin);
    std::printf(json ? "{\"embed\": %.1f}\n" : "embed %.1f tokens/s\n", speed);
    std::fflush(stdout);
  }
}

}  // namespace

void AddBench(Arguments& arguments) {
  struct Values {
    explicit Values(Arguments& arguments) : model(arguments) {}
    ModelArgument model;
    Work work;
    std::optional<std::string> embed;
    bool json = false;
  };
  auto values = std::make_shared<Values>(arguments);
  Work& work = values->work;
  arguments.Number("--pp", "ids of the prompt", 1, 1 << 20, &work.prompt);
  arguments.Number("--tg", "tokens after it", 1, 1 << 20, &work.tokens);
  arguments.Number("--seqs", "sequences at once", 1, 256, &work.sequences);
  arguments.Number("--reps", "repetitions", 1, 1000, &work.repetitions);
  arguments.Text("--embed", "vectors in place of answers: TEXTSxTOKENS at once", &values->embed);
  arguments.Flag("--json", "one JSON object a repetition", &values->json);
  arguments.Run([values] {
    if (values->embed.has_value()) {
      const EmbedWork embed = ParseEmbedWork(*values->embed, values->work.repetitions);
      BenchEmbed(LoadForReading(values->model).get(), embed, values->json);
      return 0;
    }
    Bench(values->model.Load().get(), values->work, values->json);
    return 0;
  });
}

}  // namespace erato::command
