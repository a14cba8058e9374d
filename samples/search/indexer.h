// The walk through a folder that brings an index up to date, file by file.
#ifndef ERATO_SAMPLES_SEARCH_INDEXER_H_
#define ERATO_SAMPLES_SEARCH_INDEXER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "samples/search/embedder.h"
#include "samples/search/files.h"
#include "samples/search/index.h"
#include "samples/search/interrupt.h"
#include "samples/search/progress.h"
#include "samples/search/store.h"

namespace search {

struct Counts {
  size_t added = 0, changed = 0, unchanged = 0, vanished = 0;      // files
  size_t binary = 0, not_utf8 = 0, too_large = 0, unreadable = 0;  // passed over
  size_t embedded = 0, cut = 0, failed = 0;                        // passages
};

class Indexer {
 public:
  Indexer(const IndexOptions& options, Store& store, const Embedder& embedder);

  /// Ends early after Ctrl-C; each file is in the index whole or as it was.
  void Run(const FoundFiles& found);
  const Counts& counts() const { return counts_; }
  bool stopped() const { return interrupt_.raised(); }

 private:
  void TakeFiles(const FoundFiles& found);
  void TakeFile(const FoundFile& file);
  /// Whether the file's text is there to be indexed; counts it where it is not.
  bool Read(const FoundFile& file, std::string& text);
  void EmbedFile(const FoundFile& file, const std::string& hash,
                 const std::vector<Passage>& passages);
  void UpdateGraph();
  void TellUnreadable(const std::string& path);
  void Show(const std::string& path, double share_of_file, uintmax_t bytes);

  const IndexOptions& options_;
  Store& store_;
  const Embedder& embedder_;
  std::map<std::string, std::string> known_;  // hashes by path, of files not yet seen
  Counts counts_;
  uintmax_t all_bytes_ = 0, done_bytes_ = 0;
  Interrupt interrupt_;
  Progress progress_;
};

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_INDEXER_H_
