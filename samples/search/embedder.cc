#include "samples/search/embedder.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

#include "samples/erato/cache.h"
#include "samples/erato/chat/models_at_hand.h"

namespace search {
namespace {

// Enough for a thought, and few enough that one vector stands for them: vectors of long passages
// are near to everything.
constexpr size_t kPassageTokens = 160;

constexpr char kProbe[] = "Ships at dusk";
// The same weights kept as bf16 or int8 give 0.99 and more, other models about 0.
constexpr double kSameModel = 0.99;

std::string FirstOf(const nlohmann::json& prompts, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (prompts.contains(name)) return name;
  }
  return "";
}

}  // namespace

std::string FindModel(const std::string& name) {
  const std::string path = erato::command::ModelPath(name);
  if (std::filesystem::exists(path)) {
    return std::filesystem::absolute(path).lexically_normal().string();
  }
  throw std::runtime_error("[model] path, got " + name + ", which is neither there nor in " +
                           (erato::command::CacheFolder() / "models").string() +
                           "; ./run fetch minilm gets one for vectors, ./run fetch smollm2 one "
                           "that answers");
}

erato::Model LoadReader(const std::string& path) {
  erato::Options options(ERATO_OPTIONS_LOAD);
  options.set("task", "embed");  // models that generate make vectors, too
  return erato::Model(path, &options);
}

Embedder::Embedder(const std::string& name) : path_(FindModel(name)), model_(LoadReader(path_)) {
  const nlohmann::json info = nlohmann::json::parse(model_.info());
  const nlohmann::json prompts = info.value("prompts", nlohmann::json::object());
  passage_prompt_ = FirstOf(prompts, {"document", "passage", "corpus"});
  query_prompt_ = FirstOf(prompts, {"query"});
  // What the model is meant for, less its prompt and the tokens around each text.
  const size_t most = info.value("max_tokens", static_cast<size_t>(model_.contextTokens()));
  const size_t taken =
      model_.countTokens(prompts.value(passage_prompt_, std::string()), ERATO_TEXT_ADD_SPECIAL);
  if (most <= taken) {
    throw std::runtime_error("[model " + path_ + "] tokens of a text, got " + std::to_string(most) +
                             ", expected more than the " + std::to_string(taken) +
                             " that its prompt takes");
  }
  passage_tokens_ = std::min(most - taken, kPassageTokens);
}

std::vector<float> Embedder::Embed(const std::vector<std::string>& texts,
                                   const std::string& prompt) const {
  erato::Options options(ERATO_OPTIONS_READ);
  options.set("normalise", "yes");
  options.set("prompt", prompt);
  return model_.embed(texts, &options);
}

std::vector<float> Embedder::EmbedPassages(const std::vector<Passage>& passages) const {
  std::vector<std::string> texts;
  texts.reserve(passages.size());
  for (const Passage& passage : passages) texts.push_back(passage.text);
  return Embed(texts, passage_prompt_);
}

std::vector<float> Embedder::EmbedQuery(const std::string& text) const {
  return Embed({text}, query_prompt_);
}

void Embedder::Claim(Store& store) const {
  const std::vector<float> ours = Embed({kProbe}, passage_prompt_);
  const std::string_view bytes(reinterpret_cast<const char*>(ours.data()),
                               ours.size() * sizeof(float));
  const std::string probe = store.Fact("probe");
  if (probe.empty()) return store.SetFact("probe", bytes);
  std::vector<float> theirs(ours.size());
  if (probe.size() == bytes.size()) std::memcpy(theirs.data(), probe.data(), probe.size());
  if (erato_cosine(ours.data(), theirs.data(), ours.size()) >= kSameModel) return;
  throw std::runtime_error("[index " + store.path() + "] model, got " + path_ +
                           ", expected one that makes the vectors of " + store.Fact("model") +
                           "; search index --rebuild begins anew");
}

}  // namespace search
