// The index: one SQLite file with a row a file and a row a passage.
//
// A file's row has the hash of its content, so that the model reads it again only when that
// changes. A passage's row has its place, its text and its vector (float32, length 1). All of one
// file is one transaction: whatever ends the program, the index is whole and what is in it stays.
#ifndef ERATO_SAMPLES_SEARCH_STORE_H_
#define ERATO_SAMPLES_SEARCH_STORE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "samples/search/passages.h"

struct sqlite3;

namespace search {

struct StoredPassage {
  std::string path;  // of its file, from the folder
  Passage passage;
};

class Store {
 public:
  /// Opens an index; where `create` and there is none, makes an empty one. Fails where the file is
  /// something else.
  Store(const std::string& path, bool create);

  const std::string& path() const { return path_; }
  /// Facts by name; "" where there is none. "folder" and "model" are paths, "probe" tells models
  /// apart (embedder.h), "graph" belongs to nearest.cc.
  std::string Fact(const std::string& name);
  void SetFact(const std::string& name, std::string_view value);
  /// Forgets all files, passages and facts.
  void Clear();

  /// Hashes by path.
  std::map<std::string, int64_t> Files();
  /// Puts a file in place of what the index had of it. vectors: one a passage, end to end.
  void PutFile(const std::string& path, int64_t hash, const std::vector<Passage>& passages,
               const std::vector<float>& vectors);
  void RemoveFile(const std::string& path);

  /// Of passages with ids up to `newest`.
  int64_t CountPassages(int64_t newest = INT64_MAX);
  std::optional<StoredPassage> ReadPassage(int64_t id);
  /// All passages with ids above `after`, in the order of ids, some thousands at a time: `use` gets
  /// ids and vectors, end to end. Ids are never used again.
  void ReadVectors(
      int64_t after,
      const std::function<void(const std::vector<int64_t>&, const std::vector<float>&)>& use);

 private:
  std::string path_;
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> database_;
};

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_STORE_H_
