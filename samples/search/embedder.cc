#include "samples/search/embedder.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "samples/erato/cache.h"
#include "samples/erato/chat/models_at_hand.h"
#include "samples/search/failure.h"

namespace search {
namespace {

constexpr char kProbe[] =
    "Two ships passed the lighthouse at dusk, and whoever read the list of 42 names by the harbour "
    "wall knew that none of them would be back before the snow.";
// The same weights kept as bf16 or int8 give 0.99 and more here, other models about 0.
constexpr double kSameModel = 0.99;

erato::Options ReadOptions(const std::string& prompt) {
  erato::Options options(ERATO_OPTIONS_READ);
  options.set("normalise", "yes");
  options.set("prompt", prompt);
  return options;
}

}  // namespace

std::string FindModel(const std::string& name) {
  const std::string path = erato::command::ModelPath(name);
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) {
    return std::filesystem::absolute(path).lexically_normal().string();
  }
  const std::string cache = (erato::command::CacheFolder() / "models").string();
  throw Failure("[model] path, got " + name + ", which is neither there nor in " + cache +
                "; ./run fetch minilm gets one for vectors, ./run fetch smollm2 one that answers");
}

erato::Model LoadReader(const std::string& path) {
  erato::Options options(ERATO_OPTIONS_LOAD);
  options.set("task", "embed");  // models that generate make vectors, too
  return erato::Model(path, &options);
}

Embedder::Embedder(const std::string& name) : path_(FindModel(name)), model_(LoadReader(path_)) {
  const nlohmann::json info = nlohmann::json::parse(model_.info());
  if (width() == 0) {
    throw Failure("[model " + std::filesystem::path(path_).filename().string() + "] task, got " +
                  info.value("task", "") + ", expected a model that makes vectors");
  }
  most_tokens_ = info.value("max_tokens", static_cast<size_t>(model_.contextTokens()));
  for (const auto& [prompt, text] : info.value("prompts", nlohmann::json::object()).items()) {
    prompts_.emplace_back(prompt, text.get<std::string>());
  }
  document_prompt_ = PromptFor({"document", "passage", "corpus"});
  query_prompt_ = PromptFor({"query"});
}

std::string Embedder::PromptFor(const std::vector<std::string>& names) const {
  for (const std::string& name : names) {
    for (const auto& [prompt, text] : prompts_) {
      if (prompt == name) return name;
    }
  }
  return "";
}

size_t Embedder::MostTokens(const std::string& prompt) const {
  size_t taken = model_.countTokens("", ERATO_TEXT_ADD_SPECIAL);
  for (const auto& [name, text] : prompts_) {
    if (name == prompt) taken += model_.countTokens(text);
  }
  return most_tokens_ > taken ? most_tokens_ - taken : 0;
}

size_t Embedder::CountTokens(std::string_view text) const {
  return model_.countTokens(std::string(text));
}

Embedded Embedder::EmbedPassages(const std::vector<Passage>& passages, const std::string& prompt,
                                 const erato::Cancel& cancel) const {
  erato::Options options = ReadOptions(prompt);
  options.setCancel(cancel);
  std::vector<std::string> texts;
  for (const Passage& passage : passages) texts.emplace_back(passage.text);
  try {
    return {passages, model_.embed(texts, &options), 0};
  } catch (const erato::Error& error) {
    if (error.code() == ERATO_CANCELLED) throw;
  }
  Embedded embedded;  // one of them failed: each by itself
  for (size_t i = 0; i < texts.size(); ++i) {
    try {
      EmbedOne(passages[i], options, embedded);
    } catch (const erato::Error& error) {
      if (error.code() == ERATO_CANCELLED) throw;
    }
  }
  return embedded;
}

void Embedder::EmbedOne(const Passage& passage, erato::Options& options, Embedded& embedded) const {
  std::vector<float> vector;
  try {
    options.set("truncate", "none");
    vector = model_.embed({std::string(passage.text)}, &options);
  } catch (const erato::Error& error) {
    if (error.code() != ERATO_CONTEXT_FULL) throw;
    options.set("truncate", "end");
    vector = model_.embed({std::string(passage.text)}, &options);
    ++embedded.cut;
  }
  embedded.passages.push_back(passage);
  embedded.vectors.insert(embedded.vectors.end(), vector.begin(), vector.end());
}

std::vector<float> Embedder::EmbedText(const std::string& text, const std::string& prompt) const {
  const erato::Options options = ReadOptions(prompt);
  return model_.embed({text}, &options);
}

std::vector<float> Embedder::Probe(const std::string& prompt) const {
  erato::Options options = ReadOptions(prompt);
  options.set("truncate", "end");
  return model_.embed({kProbe}, &options);
}

bool Embedder::Matches(const std::vector<float>& probe, const std::string& prompt) const {
  const std::vector<float> ours = Probe(prompt);
  return ours.size() == probe.size() &&
         erato_cosine(ours.data(), probe.data(), ours.size()) >= kSameModel;
}

void CheckModel(const Embedder& embedder, const Store& store) {
  const Settings& made = store.settings();
  if (embedder.Matches(made.probe, made.prompt)) return;
  throw Failure("[index " + store.path() + "] model, got " + embedder.path() +
                ", expected one that makes the vectors of " + made.model +
                "; search index --rebuild begins anew");
}

}  // namespace search
