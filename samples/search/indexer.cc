#include "samples/search/indexer.h"

#include <algorithm>
#include <filesystem>

#include "samples/search/graph.h"
#include "samples/search/hash.h"

namespace search {
namespace {

constexpr size_t kBatch = 64;  // passages between two looks at Ctrl-C and the progress

}  // namespace

Indexer::Indexer(const IndexOptions& options, Store& store, const Embedder& embedder)
    : options_(options), store_(store), embedder_(embedder), known_(store.Files()) {}

void Indexer::Run(const FoundFiles& found) {
  try {
    TakeFiles(found);
  } catch (const erato::Error& error) {
    if (error.code() != ERATO_CANCELLED) throw;
  }
  if (stopped()) return;
  for (const auto& [path, hash] : known_) {
    store_.RemoveFile(path);
    ++counts_.vanished;
  }
  UpdateGraph();
}

void Indexer::TakeFiles(const FoundFiles& found) {
  for (const std::string& folder : found.unreadable) TellUnreadable(folder);
  for (const FoundFile& file : found.files) all_bytes_ += file.bytes;
  for (const FoundFile& file : found.files) {
    if (stopped()) return;
    Show(file.path, 0, file.bytes);
    TakeFile(file);
    done_bytes_ += file.bytes;
  }
}

void Indexer::TakeFile(const FoundFile& file) {
  std::string text;
  if (!Read(file, text)) return;
  const std::string hash = HashOf(text);
  const auto known = known_.find(file.path);
  if (known != known_.end() && known->second == hash) {
    ++counts_.unchanged;
    known_.erase(known);
    return;
  }
  std::vector<Passage> passages;
  try {
    passages = SplitPassages(text, store_.settings().passage_tokens,
                             [&](std::string_view part) { return embedder_.CountTokens(part); });
  } catch (const erato::Error& error) {
    if (error.code() != ERATO_INVALID_UTF8) throw;
    ++counts_.not_utf8;
    return;
  }
  EmbedFile(file, hash, passages);
  ++(known == known_.end() ? counts_.added : counts_.changed);
  known_.erase(file.path);
}

bool Indexer::Read(const FoundFile& file, std::string& text) {
  switch (ReadText(std::filesystem::path(options_.folder) / file.path, options_.most_bytes, text)) {
    case Content::kText:
      return true;
    case Content::kBinary:
      ++counts_.binary;
      return false;
    case Content::kTooLarge:
      ++counts_.too_large;
      return false;
    case Content::kUnreadable:
      TellUnreadable(file.path);
      return false;
  }
  return false;
}

void Indexer::EmbedFile(const FoundFile& file, const std::string& hash,
                        const std::vector<Passage>& passages) {
  std::vector<Passage> embedded;
  std::vector<float> vectors;
  for (size_t begin = 0; begin < passages.size(); begin += kBatch) {
    const size_t end = std::min(begin + kBatch, passages.size());
    Embedded batch = embedder_.EmbedPassages({passages.begin() + static_cast<ptrdiff_t>(begin),
                                              passages.begin() + static_cast<ptrdiff_t>(end)},
                                             store_.settings().prompt, interrupt_.cancel());
    embedded.insert(embedded.end(), batch.passages.begin(), batch.passages.end());
    vectors.insert(vectors.end(), batch.vectors.begin(), batch.vectors.end());
    counts_.failed += end - begin - batch.passages.size();
    counts_.cut += batch.cut;
    Show(file.path, static_cast<double>(end) / static_cast<double>(passages.size()), file.bytes);
  }
  store_.PutFile(file.path, hash, embedded, vectors);
  counts_.embedded += embedded.size();
}

void Indexer::UpdateGraph() {
  if (store_.CountPassages() < options_.graph_from) return Graph::Remove(store_);
  Graph::Update(store_, [&](double share) {
    progress_.Show(share, "linking neighbours");
    return !stopped();
  });
}

void Indexer::TellUnreadable(const std::string& path) {
  progress_.Say(path + " cannot be read and is passed over");
  ++counts_.unreadable;
}

void Indexer::Show(const std::string& path, double share_of_file, uintmax_t bytes) {
  const double done = static_cast<double>(done_bytes_) + share_of_file * static_cast<double>(bytes);
  progress_.Show(done / static_cast<double>(std::max<uintmax_t>(all_bytes_, 1)), path);
}

}  // namespace search
