// The list of pre-tokenisers: a new name is a line here. The names are those that llama.cpp's
// converter writes; which rule each means is a fact about those files (llama.cpp, llama-vocab.cpp).
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

#include <string>

#include "tokenizer/message.h"
#include "tokenizer/pre_tokenizers/patterns.h"

namespace erato {
namespace {

using namespace cut_rules;

constexpr PreTokenizer kPreTokenizers[] = {
    // name, rule, nfc, whole_words, adds_bos
    {"gpt-2", &kGpt2, false, false, false},
    {"default", &kDefault, false, false, false},
    {"llama-bpe", &kLlama3, false, true, true},
    {"llama3", &kLlama3, false, true, true},
    {"llama-v3", &kLlama3, false, true, true},
    {"falcon3", &kLlama3, false, true, true},
    {"falcon-h1", &kLlama3, false, true, true},
    {"pixtral", &kLlama3, false, true, true},
    {"midm-2.0", &kLlama3, false, true, true},
    {"lfm2", &kLlama3, false, true, true},
    {"jina-v5-nano", &kLlama3, false, true, true},
    {"minicpm5", &kMiniCpm5, false, true, false},
    {"deepseek-llm", &kDeepSeekLlm, false, false, false},
    {"deepseek-coder", &kDeepSeekCoder, false, false, false},
    {"deepseek-v3", &kDeepSeekV3, false, false, false},
    {"hunyuan-dense", &kDeepSeekV3, false, false, false},
    {"joyai-llm", &kDeepSeekV3, false, false, false},
    {"hy_v4", &kDeepSeekV3, false, false, false},
    {"spark2_5", &kSpark, false, false, false},
    {"youtu", &kYoutu, false, true, false},
    {"falcon", &kFalcon, false, false, false},
    {"mpt", &kGpt2, true, false, false},  // the vocabularies of GPT-NeoX normalise
    {"olmo", &kGpt2, true, false, false},
    {"phi-2", &kGpt2, false, false, false},
    {"jina-es", &kGpt2, false, false, false},
    {"jina-de", &kGpt2, false, false, false},
    {"jina-v1-en", &kGpt2, false, false, false},
    {"jina-v2-es", &kGpt2, false, false, false},
    {"jina-v2-de", &kGpt2, false, false, false},
    {"jina-v2-code", &kGpt2, false, false, false},
    {"roberta-bpe", &kGpt2, false, false, false},
    {"gigachat", &kGpt2, false, false, false},
    {"a.x-4.0", &kGpt2, false, false, false},
    {"mellum", &kGpt2, false, false, false},
    {"modern-bert", &kGpt2, true, false, false},
    {"jais", &kGpt2, false, false, false},
    {"trillion", &kGpt2, false, false, false},
    {"granite-docling", &kGpt2, false, false, false},
    {"exaone4", &kGpt2, false, false, false},
    {"smollm", &kSmolLm, false, false, false},
    {"starcoder", &kSmolLm, false, false, false},
    {"refact", &kSmolLm, false, false, false},
    {"command-r", &kSmolLm, true, false, false},
    {"codeshell", &kSmolLm, false, false, false},
    {"exaone", &kSmolLm, false, false, false},
    {"minerva-7b", &kSmolLm, false, false, false},
    {"mellum2", &kSmolLm, false, false, false},
    {"qwen2", &kQwen2, true, false, false},
    {"deepseek-r1-qwen", &kQwen2, true, false, false},
    {"kormo", &kQwen2, true, false, false},
    {"f2llmv2", &kQwen2, true, false, false},
    {"megrez", &kQwen2, true, false, false},
    {"stablelm2", &kQwen2, false, false, false},
    {"hunyuan", &kQwen2, false, false, false},
    {"solar-open", &kQwen2, false, false, false},
    {"grok-2", &kQwen2, false, false, false},
    {"qwen35", &kQwen35, true, false, false},
    {"dbrx", &kLlama3, false, false, false},
    {"smaug-bpe", &kLlama3, false, false, false},
    {"chatglm-bpe", &kLlama3, false, false, false},
    {"glm4", &kLlama3, false, false, false},
    {"bloom", &kBloom, false, false, false},
    {"poro-chat", &kBloom, false, false, false},
    {"gpt3-finnish", &kBloom, false, false, false},
    {"viking", &kViking, false, false, false},
    {"tekken", &kTekken, false, true, true},
    {"chameleon", &kChameleon, false, false, true},
    {"gpt-4o", &kO200k, false, false, false},
    {"llama4", &kO200k, false, false, false},
    {"kanana2", &kO200k, false, false, false},
    {"talkie", &kO200k, false, false, false},
    {"minimax-m2", &kO200k, false, false, false},
    {"granite-embed-multi-97m", &kO200k, false, true, false},
    {"tiny_aya", &kTinyAya, false, false, false},
    {"cohere2moe", &kTinyAya, false, false, false},
    {"kimi-k2", &kKimiK2, false, false, false},
    {"superbpe", &kSuperBpe, false, false, false},
    {"bailingmoe", &kBailing, false, false, false},
    {"bailingmoe2", &kBailing, false, false, false},
    {"llada-moe", &kBailing, false, false, false},
    {"seed-coder", &kSeedCoder, false, false, false},
    {"ufakzeka", &kUfakzeka, false, false, false},
    {"afmoe", &kAfmoe, false, false, false},
    {"laguna", &kLaguna, false, false, false},
    {"exaone-moe", &kExaoneMoe, false, false, false},
    {"jais-2", &kJais2, false, false, false},
    // Over letters: pipeline/letter_bpe_vocabulary.h.
    {"gemma4", nullptr, false, false, true},
    {"granite-embed-multi-311m", nullptr, false, false, false},
    {"sarvam-moe", nullptr, false, false, false},
    {"whitespace", nullptr, false, false, false},
};

}  // namespace

absl::Span<const PreTokenizer> AllPreTokenizers() { return kPreTokenizers; }

absl::StatusOr<const PreTokenizer*> FindPreTokenizer(std::string_view name) {
  if (name.empty()) name = kDefaultPreTokenizer;
  for (const PreTokenizer& p : kPreTokenizers) {
    if (p.name == name) return &p;
  }
  std::string known;
  for (const PreTokenizer& p : kPreTokenizers) {
    known.append(known.empty() ? "" : ", ").append(p.name);
  }
  return message::Wrong("[vocabulary] pre-tokeniser, got ", message::Quoted(name),
                        ", expected one of ", known);
}

WordEnd FindScanner(std::string_view pattern) {
  for (const CutRule* rule : {&kGpt2, &kLlama3, &kQwen2, &kO200k, &kTekken}) {
    if (rule->patterns[0] == pattern) return rule->scanner;
  }
  return nullptr;
}

absl::StatusOr<PatternCutter> PatternCutter::Create(absl::Span<const std::string_view> patterns) {
  PatternCutter cutter;
  for (std::string_view pattern : patterns) {
    absl::StatusOr<std::unique_ptr<const Regex>> step = Regex::Compile(pattern);
    if (!step.ok()) return step.status();
    cutter.steps_.push_back(*std::move(step));
  }
  return cutter;
}

void PatternCutter::Cut(std::string_view text, std::vector<size_t>& ends) const {
  ends.clear();
  if (!text.empty()) ends.push_back(text.size());
  std::vector<size_t> cut;
  std::vector<Regex::Piece> pieces;
  for (const auto& step : steps_) {
    cut.clear();
    size_t begin = 0;
    for (size_t end : ends) {
      pieces.clear();
      step->Split(text.substr(begin, end - begin), pieces);
      for (const Regex::Piece& piece : pieces) cut.push_back(begin + piece.end);
      begin = end;
    }
    ends.swap(cut);
  }
}

}  // namespace erato
