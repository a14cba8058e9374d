// What an index keeps: one SQLite file with a row a file and a row a passage.
//
// A file's row has the hash of its content, so that it is read by the model again only when that
// changes. A passage's row has its place, its text and its vector (float32, as this processor has
// them, length 1). Everything of one file is one transaction: whatever ends the program, an index
// is whole, and what is in it stays.
#ifndef ERATO_SAMPLES_SEARCH_STORE_H_
#define ERATO_SAMPLES_SEARCH_STORE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "samples/search/database.h"
#include "samples/search/passages.h"

namespace search {

/// How an index was made; it stays so.
struct Settings {
  std::string folder;  // from where the index lies, so that both can be moved together
  std::string model;   // path
  std::string prompt;  // name of the model's own prompt for documents, "" = none
  size_t passage_tokens = 0;
  std::vector<float> probe;  // tells models apart: see embedder.h
};

/// A passage as it is shown.
struct StoredPassage {
  std::string path;  // from the folder
  size_t first_line = 0, last_line = 0;
  std::string text;
};

/// The graph that lies beside a large index (graph.h).
struct GraphRecord {
  std::string hash;    // of its file; empty: there is none
  int64_t newest = 0;  // greatest id of a passage in it
  int64_t nodes = 0;
};

class Store {
 public:
  /// Whether the file is there and has something in it.
  static bool Exists(const std::string& path);
  /// A new index in a file that is not there, or empty.
  Store(const std::string& path, const Settings& settings);
  /// An index that is there.
  explicit Store(const std::string& path);
  /// Deletes the file, and the graph beside it, where it is an index or empty; fails where it is
  /// something else.
  static void Remove(const std::string& path);

  const std::string& path() const { return database_.path(); }
  const Settings& settings() const { return settings_; }
  size_t width() const { return settings_.probe.size(); }
  void SetModel(const std::string& path);

  /// Hashes by path.
  std::map<std::string, std::string> Files();
  /// Puts a file in place of what the index had of it. vectors: one a passage, end to end.
  void PutFile(const std::string& path, const std::string& hash,
               const std::vector<Passage>& passages, const std::vector<float>& vectors);
  void RemoveFile(const std::string& path);

  /// Of all passages, or of those with ids up to `newest`.
  int64_t CountPassages();
  int64_t CountPassages(int64_t newest);
  bool HasPassage(int64_t id);
  StoredPassage ReadPassage(int64_t id);
  /// All passages with ids above `after` in the order of ids, block by block: vectors end to end.
  void ReadVectors(int64_t after,
                   const std::function<void(const std::vector<int64_t>& ids,
                                            const std::vector<float>& vectors)>& use);

  /// Where the graph lies.
  std::string graph_path() const;
  GraphRecord Graph();
  void SetGraph(const GraphRecord& graph);

 private:
  void Open();
  Database database_;
  Settings settings_;
};

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_STORE_H_
