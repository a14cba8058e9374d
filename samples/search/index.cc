#include "samples/search/index.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <erato/erato.hpp>
#include <filesystem>
#include <stdexcept>

#include "samples/search/embedder.h"
#include "samples/search/files.h"
#include "samples/search/nearest.h"
#include "samples/search/print.h"
#include "samples/search/store.h"

namespace search {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr uintmax_t kMostBytes = 1 << 20;  // larger files are data, not text
constexpr size_t kBatch = 64;              // passages between two looks at the progress

/// How far the work is, on stderr; nothing where that is no terminal.
class Progress {
 public:
  ~Progress() { Clear(); }
  void Show(double share, const std::string& what) {
    if (!terminal_ || Clock::now() < next_) return;
    next_ = Clock::now() + std::chrono::milliseconds(100);
    constexpr int kBar = 24;
    const int done = std::clamp(static_cast<int>(share * kBar), 0, kBar);
    std::string bar;
    for (int i = 0; i < kBar; ++i) bar += i < done ? "━" : "─";
    std::fprintf(stderr, "\r\x1b[K%3.0f%% %s  %.44s", share * 100, bar.c_str(),
                 Plain(what).c_str());
  }
  void Clear() const {
    if (terminal_) std::fputs("\r\x1b[K", stderr);
  }

 private:
  const bool terminal_ = isatty(STDERR_FILENO) == 1;
  Clock::time_point next_;
};

class Indexer {
 public:
  Indexer(const fs::path& folder, Store& store, const Embedder& embedder)
      : folder_(folder), store_(store), embedder_(embedder), old_(store.Files()) {}

  void Run(const std::vector<FoundFile>& files, int64_t graph_from) {
    const Clock::time_point begin = Clock::now();
    for (const FoundFile& file : files) all_bytes_ += file.bytes;
    for (const FoundFile& file : files) TakeFile(file);
    for (const auto& [path, hash] : old_) store_.RemoveFile(path);
    progress_.Clear();
    const std::chrono::duration<double> seconds = Clock::now() - begin;
    std::printf("Files: %zu read, %zu as before, %zu gone, %zu passed over.\n", read_, same_,
                old_.size(), skipped_);
    std::printf("Passages: %lld, %zu of them new, in %.1f s.\n",
                static_cast<long long>(store_.CountPassages()), embedded_, seconds.count());
    Link(graph_from);
  }

 private:
  void TakeFile(const FoundFile& file) {
    Show(file, 0);
    try {
      if (!IndexFile(file)) ++skipped_;
    } catch (const erato::Error& error) {  // of this file: not UTF-8, a vector that is no number …
      if (error.code() == ERATO_NO_MEMORY) throw;
      ++skipped_;
      progress_.Clear();
      std::fprintf(stderr, "search: %s is passed over: %s\n", Plain(file.path).c_str(),
                   error.what());
    }
    done_bytes_ += file.bytes;
  }

  /// Whether it is text. Where not, what the index had of it goes with `old_`.
  bool IndexFile(const FoundFile& file) {
    if (file.bytes > kMostBytes) return false;
    const std::optional<std::string> text = ReadFile(folder_ / file.path);
    if (!text || text->find('\0') != std::string::npos) return false;
    const int64_t hash = HashOf(*text);
    const auto old = old_.find(file.path);
    if (old != old_.end() && old->second == hash) {
      ++same_;
    } else {
      EmbedFile(file, hash, *text);
      ++read_;
    }
    old_.erase(file.path);
    return true;
  }

  void EmbedFile(const FoundFile& file, int64_t hash, const std::string& text) {
    const std::vector<Passage> passages =
        SplitPassages(text, embedder_.passage_tokens(),
                      [&](const std::string& line) { return embedder_.CountTokens(line); });
    std::vector<float> vectors;
    for (auto at = passages.begin(); at != passages.end();) {
      const auto end = at + std::min<ptrdiff_t>(kBatch, passages.end() - at);
      const std::vector<float> batch = embedder_.EmbedPassages({at, end});
      vectors.insert(vectors.end(), batch.begin(), batch.end());
      at = end;
      Show(file, static_cast<double>(at - passages.begin()) / static_cast<double>(passages.size()));
    }
    store_.PutFile(file.path, hash, passages, vectors);
    embedded_ += passages.size();
  }

  void Link(int64_t graph_from) {
    if (store_.CountPassages() < graph_from) return RemoveGraph(store_);
    const auto recall =
        UpdateGraph(store_, [&](double share) { progress_.Show(share, "linking near passages"); });
    progress_.Clear();
    if (recall) std::printf("Graph: finds %.1f%% of the ten nearest.\n", *recall * 100);
  }

  void Show(const FoundFile& file, double share) {
    const double done = static_cast<double>(done_bytes_) + share * static_cast<double>(file.bytes);
    progress_.Show(done / static_cast<double>(std::max<uintmax_t>(all_bytes_, 1)), file.path);
  }

  const fs::path& folder_;
  Store& store_;
  const Embedder& embedder_;
  std::map<std::string, int64_t> old_;  // hashes of files that the index has, not yet seen again
  size_t read_ = 0, same_ = 0, skipped_ = 0, embedded_ = 0;
  uintmax_t all_bytes_ = 0, done_bytes_ = 0;
  Progress progress_;
};

}  // namespace

void RunIndex(const IndexOptions& options) {
  const fs::path folder = fs::canonical(options.folder);
  const std::vector<FoundFile> files = FindFiles(folder, options.excluded);
  Store store(options.database.value_or((folder / kDatabaseName).string()), true);
  const std::string model = store.Fact("model");
  const Embedder embedder(options.model.value_or(model.empty() ? "minilm" : model));
  if (options.rebuild) store.Clear();
  embedder.Claim(store);
  store.SetFact("model", embedder.path());
  store.SetFact("folder", folder.string());
  Indexer(folder, store, embedder).Run(files, options.graph_from);
}

}  // namespace search
