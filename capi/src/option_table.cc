// What options there are: one line each.
#include <array>
#include <cmath>

#include "capi/src/error.h"
#include "capi/src/options.h"
#include "core/base/concat.h"
#include "tokenizer/utf8_stream.h"

namespace erato::capi {
namespace {

constexpr double kMaxTokens = 1 << 24;
constexpr double kMaxInt = 9007199254740991;  // 2^53 - 1
constexpr double kMaxTextBytes = 16 << 20;
constexpr auto kInt = ERATO_OPTION_INT, kFloat = ERATO_OPTION_FLOAT, kBool = ERATO_OPTION_BOOL,
               kText = ERATO_OPTION_TEXT, kList = ERATO_OPTION_LIST;

constexpr std::array kOptions = {
    OptionSpec{ERATO_LOAD_DEVICE, "device", kText, "device that runs the model", 0, 64, 0, "auto",
               "auto|cpu|ref"},
    OptionSpec{ERATO_LOAD_ISA, "isa", kText, "instruction set of the cpu device", 0, 64, 0, "auto",
               nullptr},
    OptionSpec{ERATO_LOAD_THREADS, "threads", kInt, "worker threads, 0 = one a physical core", 0,
               1024, 0, "", nullptr},
    OptionSpec{ERATO_LOAD_ACCESS, "access", kText, "copy the file, or map it and detect changes", 0,
               64, 0, "copy", "copy|map"},
    OptionSpec{ERATO_LOAD_CONTEXT_TOKENS, "context_tokens", kInt,
               "most tokens of one text, 0 = the model's own", 0, kMaxTokens, 0, "", nullptr},
    OptionSpec{ERATO_LOAD_KV_BYTES, "kv_bytes", kInt,
               "most memory for keys and values, 0 = as needed", 0, kMaxInt, 0, "", nullptr},
    OptionSpec{ERATO_LOAD_STEP_TOKENS, "step_tokens", kInt, "tokens a step of the engine", 1, 8192,
               256, "", nullptr},
    OptionSpec{ERATO_LOAD_SEQUENCES, "sequences", kInt,
               "answers that get a token in one step, 0 = as 16 MiB hold", 0, 4096, 0, "", nullptr},
    OptionSpec{ERATO_LOAD_TASK, "task", kText, "what a decoder is loaded for", 0, 64, 0, "auto",
               "auto|generate|embed|text"},
    OptionSpec{ERATO_LOAD_WEIGHTS, "weights", kText, "what matrices are kept as", 0, 64, 0, "file",
               "file|f32|bf16|int8"},
    OptionSpec{ERATO_LOAD_TEMPLATE, "template", kText,
               "built-in chat template by name, or a source, in place of the model's", 0, 1 << 20,
               0, "", nullptr},
    OptionSpec{ERATO_SESSION_SYSTEM, "system", kText, "system message", 0, kMaxTextBytes, 0, "",
               nullptr},
    OptionSpec{ERATO_SESSION_TEMPLATE, "template", kText,
               "chat template in place of the model's, by name or a source", 0, 1 << 20, 0, "",
               nullptr},
    OptionSpec{ERATO_SESSION_TOOLS, "tools", kText, "JSON array of tools for the template", 0,
               kMaxTextBytes, 0, "", nullptr},
    OptionSpec{ERATO_SESSION_VARIABLES, "variables", kText,
               "JSON object of variables for the template", 0, kMaxTextBytes, 0, "", nullptr},
    OptionSpec{ERATO_GENERATE_MAX_TOKENS, "max_tokens", kInt,
               "most tokens of an answer, 0 = as many as fit", 0, kMaxTokens, 0, "", nullptr},
    OptionSpec{ERATO_GENERATE_TEMPERATURE, "temperature", kFloat, "randomness, 0 = greedy", 0, 100,
               0.7, "", nullptr},
    OptionSpec{ERATO_GENERATE_TOP_K, "top_k", kInt, "keep the k likeliest tokens, 0 = off", 0,
               kMaxTokens, 40, "", nullptr},
    OptionSpec{ERATO_GENERATE_TOP_P, "top_p", kFloat,
               "keep the likeliest tokens up to this probability, 1 = off", 0, 1, 0.95, "",
               nullptr},
    OptionSpec{ERATO_GENERATE_MIN_P, "min_p", kFloat,
               "drop tokens below this share of the likeliest, 0 = off", 0, 1, 0, "", nullptr},
    OptionSpec{ERATO_GENERATE_REPETITION_PENALTY, "repetition_penalty", kFloat,
               "penalty for tokens that were there, 1 = off", 0.01, 100, 1, "", nullptr},
    OptionSpec{ERATO_GENERATE_PRESENCE_PENALTY, "presence_penalty", kFloat,
               "penalty for tokens that were there, 0 = off", -2, 2, 0, "", nullptr},
    OptionSpec{ERATO_GENERATE_FREQUENCY_PENALTY, "frequency_penalty", kFloat,
               "penalty for each time a token was there, 0 = off", -2, 2, 0, "", nullptr},
    OptionSpec{ERATO_GENERATE_PENALTY_WINDOW, "penalty_window", kInt,
               "last tokens that penalties see, 0 = all", 0, kMaxTokens, 64, "", nullptr},
    OptionSpec{ERATO_GENERATE_SEED, "seed", kInt, "seed of the draws, -1 = another one each time",
               -1, kMaxInt, -1, "", nullptr},
    OptionSpec{ERATO_GENERATE_STOP, "stop", kList, "texts that end the answer", 1, 1024, 64, "",
               nullptr},
    OptionSpec{ERATO_GENERATE_DEADLINE_MS, "deadline_ms", kInt,
               "milliseconds until the answer is broken off, 0 = none", 0, 1e12, 0, "", nullptr},
    OptionSpec{ERATO_GENERATE_IGNORE_END, "ignore_end", kBool,
               "go on where the model would end its text", 0, 1, 0, "", nullptr},
    OptionSpec{ERATO_GENERATE_MIN_TOKENS, "min_tokens", kInt,
               "tokens before which the model cannot end its text", 0, kMaxTokens, 0, "", nullptr},
    OptionSpec{ERATO_GENERATE_TYPICAL_P, "typical_p", kFloat,
               "keep the most typical tokens up to this probability, 1 = off", 1e-6, 1, 1, "",
               nullptr},
    OptionSpec{ERATO_GENERATE_TOP_N_SIGMA, "top_n_sigma", kFloat,
               "keep logits this many deviations below the largest, 0 = off", 0, 100, 0, "",
               nullptr},
    OptionSpec{ERATO_GENERATE_XTC_PROBABILITY, "xtc_probability", kFloat,
               "how often the likeliest choices are left out, 0 = off", 0, 1, 0, "", nullptr},
    OptionSpec{ERATO_GENERATE_XTC_THRESHOLD, "xtc_threshold", kFloat,
               "probability from which a choice is a likely one", 0, 1, 0.1, "", nullptr},
    OptionSpec{ERATO_GENERATE_DYNAMIC_RANGE, "dynamic_range", kFloat,
               "temperature plus or minus this, by entropy, 0 = off", 0, 100, 0, "", nullptr},
    OptionSpec{ERATO_GENERATE_DYNAMIC_EXPONENT, "dynamic_exponent", kFloat,
               "how temperature follows entropy", 0.01, 100, 1, "", nullptr},
    OptionSpec{ERATO_GENERATE_MIROSTAT_TAU, "mirostat_tau", kFloat,
               "bits of surprise to hold, 0 = off", 0, 100, 0, "", nullptr},
    OptionSpec{ERATO_GENERATE_MIROSTAT_ETA, "mirostat_eta", kFloat, "how fast mirostat learns", 0,
               1, 0.1, "", nullptr},
    OptionSpec{ERATO_GENERATE_DRY_MULTIPLIER, "dry_multiplier", kFloat,
               "penalty for going on with a repetition, 0 = off", 0, 100, 0, "", nullptr},
    OptionSpec{ERATO_GENERATE_DRY_BASE, "dry_base", kFloat,
               "factor for each token that a repetition is longer", 1, 100, 1.75, "", nullptr},
    OptionSpec{ERATO_GENERATE_DRY_ALLOWED_LENGTH, "dry_allowed_length", kInt,
               "tokens from which a repetition counts", 1, kMaxTokens, 2, "", nullptr},
    OptionSpec{ERATO_GENERATE_DRY_WINDOW, "dry_window", kInt,
               "last tokens in which repetitions are looked for, 0 = all", 0, kMaxTokens, 0, "",
               nullptr},
    OptionSpec{ERATO_GENERATE_DRY_BREAKERS, "dry_breakers", kList,
               "texts that no repetition reaches across", 1, 1024, 64, "", nullptr},
    OptionSpec{ERATO_GENERATE_LOGIT_BIAS, "logit_bias", kList,
               "ID=BIAS: added to the logit of a token", 3, 64, 1024, "", nullptr},
    OptionSpec{ERATO_GENERATE_BANNED_WORDS, "banned_words", kList,
               "texts that the answer never has", 1, 1024, 64, "", nullptr},
    OptionSpec{ERATO_GENERATE_SAMPLER_ORDER, "sampler_order", kText,
               "steps of sampling in their order, with commas between", 0, 1024, 0, "", nullptr},
    OptionSpec{ERATO_GENERATE_LOGPROBS, "logprobs", kInt,
               "likeliest tokens told beside each one, -1 = off", -1, 20, -1, "", nullptr},
    OptionSpec{ERATO_GENERATE_PROMPT_LOGPROBS, "prompt_logprobs", kInt,
               "the same for the prompt's tokens, -1 = off", -1, 20, -1, "", nullptr},
    OptionSpec{ERATO_GENERATE_REASONING_FORMAT, "reasoning_format", kText,
               "whether thinking is told apart from the answer", 0, 64, 0, "separate",
               "separate|inline"},
    OptionSpec{ERATO_GENERATE_CONTINUE_LAST, "continue_last", kBool,
               "go on with the assistant's last message", 0, 1, 0, "", nullptr},
    OptionSpec{ERATO_READ_POOLING, "pooling", kText, "how rows become one vector", 0, 64, 0,
               "model", "model|mean|cls|last|max|none"},
    OptionSpec{ERATO_READ_NORMALISE, "normalise", kText, "whether vectors get length 1", 0, 64, 0,
               "model", "model|yes|no"},
    OptionSpec{ERATO_READ_DIMENSIONS, "dimensions", kInt, "first values of vectors, 0 = all", 0,
               kMaxTokens, 0, "", nullptr},
    OptionSpec{ERATO_READ_TRUNCATE, "truncate", kText, "where a text that is too long is cut", 0,
               64, 0, "none", "none|end|start"},
    OptionSpec{ERATO_READ_TRUNCATE_PAIR, "truncate_pair", kText, "which text of a pair is cut", 0,
               64, 0, "longest", "longest|first|second"},
    OptionSpec{ERATO_READ_MAX_TOKENS, "max_tokens", kInt,
               "most tokens of a text, 0 = what the model is meant for", 0, kMaxTokens, 0, "",
               nullptr},
    OptionSpec{ERATO_READ_PROMPT, "prompt", kText, "name of the model's prompt for each text", 0,
               1024, 0, "", nullptr},
    OptionSpec{ERATO_READ_PREFIX, "prefix", kText, "text before each text", 0, 1 << 20, 0, "",
               nullptr},
    OptionSpec{ERATO_READ_SCORES, "scores", kText, "what scores of labels are", 0, 64, 0, "model",
               "model|raw|softmax|sigmoid"},
    OptionSpec{ERATO_READ_DEADLINE_MS, "deadline_ms", kInt,
               "milliseconds until reading is broken off, 0 = none", 0, 1e12, 0, "", nullptr},
};

bool IsChoice(std::string_view choices, std::string_view value) {
  while (true) {
    const size_t bar = choices.find('|');
    if (choices.substr(0, bar) == value) return true;
    if (bar == std::string_view::npos) return false;
    choices.remove_prefix(bar + 1);
  }
}

absl::Status Refuse(const OptionSpec& spec, const std::string& got, const std::string& expected) {
  return Fail(ERATO_INVALID_ARGUMENT,
              Concat("[option ", spec.name, "] value, got ", got, ", expected ", expected),
              spec.name);
}

std::string Bound(const OptionSpec& spec, double value) {
  return spec.type == ERATO_OPTION_FLOAT ? Concat(value) : Concat(static_cast<int64_t>(value));
}

std::string Bounds(const OptionSpec& spec) {
  return Concat(Bound(spec, spec.least), " to ", Bound(spec, spec.greatest));
}

absl::Status CheckText(const OptionSpec& spec, std::string_view text) {
  if (text.size() < spec.least || text.size() > spec.greatest) {
    return Refuse(spec, Concat(text.size(), " bytes"), Bounds(spec));
  }
  const size_t bad = FindInvalidUtf8(text);
  if (bad != std::string_view::npos) {
    return Blame(Fail(ERATO_INVALID_UTF8,
                      Concat("[option ", spec.name, "] text, got an invalid byte at offset ", bad,
                             ", expected UTF-8")),
                 spec.name);
  }
  if (spec.choices != nullptr && !IsChoice(spec.choices, text)) {
    return Refuse(spec, Concat("\"", text, "\""), spec.choices);
  }
  return absl::OkStatus();
}

}  // namespace

const OptionSpec* FindOption(erato_option key) {
  for (const OptionSpec& spec : kOptions) {
    if (spec.key == key) return &spec;
  }
  return nullptr;
}

erato_options_kind KindOf(erato_option key) { return key / 100; }

absl::Status CheckOption(const OptionSpec& spec, const OptionValue& value) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    if (static_cast<double>(list->size()) > spec.fallback) {
      return Refuse(spec, Concat(list->size(), " items"),
                    Concat("at most ", static_cast<int64_t>(spec.fallback)));
    }
    for (const std::string& item : *list) {
      if (absl::Status status = CheckText(spec, item); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  if (const auto* text = std::get_if<std::string>(&value)) return CheckText(spec, *text);
  const auto* whole = std::get_if<int64_t>(&value);
  const double number = whole != nullptr ? static_cast<double>(*whole) : std::get<double>(value);
  if (number >= spec.least && number <= spec.greatest) return absl::OkStatus();  // a NaN is not
  return Refuse(spec, whole != nullptr ? Concat(*whole) : Concat(number), Bounds(spec));
}

}  // namespace erato::capi

using erato::capi::FindOption;
using erato::capi::KindOf;
using erato::capi::kOptions;

extern "C" {

size_t erato_option_count(erato_options_kind kind) {
  size_t count = 0;
  for (const auto& spec : kOptions) count += KindOf(spec.key) == kind ? 1 : 0;
  return count;
}

erato_option erato_option_at(erato_options_kind kind, size_t index) {
  for (const auto& spec : kOptions) {
    if (KindOf(spec.key) == kind && index-- == 0) return spec.key;
  }
  return 0;
}

const char* erato_option_name(erato_option key) {
  const auto* spec = FindOption(key);
  return spec == nullptr ? nullptr : spec->name;
}

const char* erato_option_help(erato_option key) {
  const auto* spec = FindOption(key);
  return spec == nullptr ? nullptr : spec->help;
}

erato_option_type erato_option_type_of(erato_option key) {
  const auto* spec = FindOption(key);
  return spec == nullptr ? 0 : spec->type;
}

const char* erato_option_choices(erato_option key) {
  const auto* spec = FindOption(key);
  return spec == nullptr ? nullptr : spec->choices;
}

}  // extern "C"
