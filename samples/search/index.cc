#include "samples/search/index.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "samples/search/failure.h"
#include "samples/search/indexer.h"
#include "samples/search/program.h"
#include "samples/search/report.h"

namespace search {
namespace {

namespace fs = std::filesystem;

// Enough for a page's worth of thought, and few enough that a vector stands for one. More makes
// vectors that are near to everything.
constexpr size_t kPassageTokens = 160;
constexpr size_t kLeastTokens = 4;

/// The folder as seen from where the index lies.
std::string FolderFrom(const std::string& database, const std::string& folder) {
  const fs::path home = fs::absolute(database).lexically_normal().parent_path();
  const std::string from =
      (fs::absolute(folder).lexically_normal() / "").lexically_relative(home / "").string();
  return from.size() > 1 && from.ends_with('/') ? from.substr(0, from.size() - 1) : from;
}

[[noreturn]] void Mismatch(const std::string& database, const std::string& what,
                           const std::string& got, const std::string& expected) {
  throw Failure("[index " + database + "] " + what + ", got " + got + ", expected " + expected +
                " as it was made; --rebuild makes it anew");
}

void CheckSettings(const IndexOptions& options, const Store& store, const std::string& folder) {
  const Settings& made = store.settings();
  if (folder != made.folder) Mismatch(store.path(), "folder", folder, made.folder);
  if (options.passage_tokens.value_or(made.passage_tokens) != made.passage_tokens) {
    Mismatch(store.path(), "passage tokens", std::to_string(*options.passage_tokens),
             std::to_string(made.passage_tokens));
  }
  if (options.prompt.value_or(made.prompt) != made.prompt) {
    Mismatch(store.path(), "prompt", *options.prompt, made.prompt.empty() ? "none" : made.prompt);
  }
}

Settings NewSettings(const IndexOptions& options, const Embedder& embedder,
                     const std::string& folder) {
  Settings settings;
  settings.folder = folder;
  settings.model = embedder.path();
  settings.prompt = options.prompt.value_or(embedder.document_prompt());
  settings.probe = embedder.Probe(settings.prompt);
  const size_t most = embedder.MostTokens(settings.prompt);
  settings.passage_tokens = options.passage_tokens.value_or(std::min(most, kPassageTokens));
  if (settings.passage_tokens > most || settings.passage_tokens < kLeastTokens) {
    throw Failure("[passages] tokens, got " + std::to_string(settings.passage_tokens) +
                  ", expected " + std::to_string(kLeastTokens) + " to " + std::to_string(most) +
                  ", which is what the model reads");
  }
  return settings;
}

std::string DatabasePath(const IndexOptions& options) {
  if (options.database) return *options.database;
  return (fs::path(options.folder) / kDatabaseName).lexically_normal().string();
}

}  // namespace

int RunIndex(const IndexOptions& options) {
  const FoundFiles found = FindFiles(options.folder, options.excluded);
  const std::string path = DatabasePath(options);
  const std::string folder = FolderFrom(path, options.folder);
  if (options.rebuild && fs::exists(path)) Store::Remove(path);
  std::optional<Store> store;
  std::optional<Embedder> embedder;
  if (Store::Exists(path)) {
    store.emplace(path);
    CheckSettings(options, *store, folder);
    embedder.emplace(options.model.value_or(store->settings().model));
    CheckModel(*embedder, *store);
    store->SetModel(embedder->path());
  } else {
    embedder.emplace(options.model.value_or(kDefaultModel));
    store.emplace(path, NewSettings(options, *embedder, folder));
  }

  const auto begin = std::chrono::steady_clock::now();
  Indexer indexer(options, *store, *embedder);
  indexer.Run(found);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  const Report report{indexer.counts(),       store->path(),
                      store->CountPassages(), !store->Graph().hash.empty(),
                      indexer.stopped(),      seconds.count()};
  (options.json ? PrintReportAsJson : PrintReport)(report);
  return report.stopped ? kStopped : kDone;
}

}  // namespace search
