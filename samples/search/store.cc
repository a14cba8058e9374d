#include "samples/search/store.h"

#include <cstring>
#include <filesystem>

#include "samples/search/failure.h"

namespace search {
namespace {

constexpr int64_t kApplication = 0x45725365;  // "ErSe": what SQLite's own header says this file is
constexpr int64_t kVersion = 1;
constexpr char kGraph[] = ".hnsw";
constexpr size_t kBlock = 4096;  // vectors that are in memory at once

// A passage is about two kilobytes: large pages hold some. Ids are never used again, so that the
// graph knows what is new.
constexpr char kPages[] = "PRAGMA page_size = 16384";
constexpr char kSchema[] = R"sql(
  CREATE TABLE settings(folder TEXT NOT NULL, model TEXT NOT NULL, prompt TEXT NOT NULL,
                        passage_tokens INTEGER NOT NULL, probe BLOB NOT NULL);
  CREATE TABLE files(id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, hash BLOB NOT NULL);
  CREATE TABLE passages(id INTEGER PRIMARY KEY AUTOINCREMENT,
                        file INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
                        first_line INTEGER NOT NULL, last_line INTEGER NOT NULL,
                        vector BLOB NOT NULL, text TEXT NOT NULL);
  CREATE INDEX passages_of_file ON passages(file);
  CREATE TABLE graph(hash BLOB NOT NULL, newest INTEGER NOT NULL, nodes INTEGER NOT NULL);
)sql";

Blob BlobOf(const std::vector<float>& floats) {
  return {floats.data(), floats.size() * sizeof(float)};
}

Blob BlobOf(const std::string& bytes) { return {bytes.data(), bytes.size()}; }

std::vector<float> Floats(Blob blob) {
  std::vector<float> floats(blob.bytes / sizeof(float));
  if (!floats.empty()) std::memcpy(floats.data(), blob.data, floats.size() * sizeof(float));
  return floats;
}

bool IsEmpty(Database& database) {
  return database.Number("SELECT count(*) FROM sqlite_master") == 0;
}

void CheckKind(Database& database) {
  if (database.Number("PRAGMA application_id") == kApplication) return;
  throw Failure("[index " + database.path() +
                "] kind, got another program's database, expected an index of search");
}

void CheckVersion(Database& database) {
  const int64_t version = database.Number("PRAGMA user_version");
  if (version == kVersion) return;
  throw Failure("[index " + database.path() + "] version, got " + std::to_string(version) +
                ", expected " + std::to_string(kVersion) + "; index again with --rebuild");
}

}  // namespace

bool Store::Exists(const std::string& path) {
  if (!std::filesystem::exists(path)) return false;
  Database database(path, false);
  return !IsEmpty(database);
}

Store::Store(const std::string& path) : database_(path, false) { Open(); }

Store::Store(const std::string& path, const Settings& settings) : database_(path, true) {
  database_.Run(kPages);
  Transaction transaction(database_);
  database_.Run(kSchema);
  database_.Run(("PRAGMA application_id = " + std::to_string(kApplication)).c_str());
  database_.Run(("PRAGMA user_version = " + std::to_string(kVersion)).c_str());
  Statement(database_, "INSERT INTO settings VALUES(?, ?, ?, ?, ?)")
      .Run(settings.folder, settings.model, settings.prompt, settings.passage_tokens,
           BlobOf(settings.probe));
  transaction.Commit();
  Open();
}

void Store::Open() {
  // As safe against a lost program, a little less against lost power; half the waiting.
  database_.Run("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
  if (IsEmpty(database_)) throw Failure("[index " + path() + "] is empty; index a folder first");
  CheckKind(database_);
  CheckVersion(database_);
  Statement row(database_, "SELECT folder, model, prompt, passage_tokens, probe FROM settings");
  if (!row.Next()) throw Failure("[index " + path() + "] settings, got none, expected a line");
  settings_ = {std::string(row.Text(0)), std::string(row.Text(1)), std::string(row.Text(2)),
               static_cast<size_t>(row.Int(3)), Floats(row.Bytes(4))};
}

void Store::Remove(const std::string& path) {
  {
    Database database(path, false);
    if (!IsEmpty(database)) CheckKind(database);
  }
  std::filesystem::remove(path);
  std::filesystem::remove(path + kGraph);
}

void Store::SetModel(const std::string& path) {
  Statement(database_, "UPDATE settings SET model = ?").Run(path);
  settings_.model = path;
}

std::map<std::string, std::string> Store::Files() {
  std::map<std::string, std::string> files;
  Statement rows(database_, "SELECT path, hash FROM files");
  while (rows.Next()) files.emplace(rows.Text(0), rows.Text(1));
  return files;
}

void Store::PutFile(const std::string& path, const std::string& hash,
                    const std::vector<Passage>& passages, const std::vector<float>& vectors) {
  Transaction transaction(database_);
  Statement(database_, "DELETE FROM files WHERE path = ?").Run(path);
  Statement(database_, "INSERT INTO files(path, hash) VALUES(?, ?)").Run(path, BlobOf(hash));
  const int64_t file = sqlite3_last_insert_rowid(database_.get());
  Statement insert(database_,
                   "INSERT INTO passages(file, first_line, last_line, vector, text) "
                   "VALUES(?, ?, ?, ?, ?)");
  const size_t bytes = width() * sizeof(float);
  for (size_t i = 0; i < passages.size(); ++i) {
    const Passage& passage = passages[i];
    insert.Run(file, passage.first_line, passage.last_line,
               Blob{vectors.data() + i * width(), bytes}, passage.text);
  }
  transaction.Commit();
}

void Store::RemoveFile(const std::string& path) {
  Statement(database_, "DELETE FROM files WHERE path = ?").Run(path);
}

int64_t Store::CountPassages() { return database_.Number("SELECT count(*) FROM passages"); }

int64_t Store::CountPassages(int64_t newest) {
  Statement row(database_, "SELECT count(*) FROM passages WHERE id <= ?");
  row.Bind(newest);
  row.Next();
  return row.Int(0);
}

bool Store::HasPassage(int64_t id) {
  Statement row(database_, "SELECT 1 FROM passages WHERE id = ?");
  row.Bind(id);
  return row.Next();
}

StoredPassage Store::ReadPassage(int64_t id) {
  Statement row(database_,
                "SELECT path, first_line, last_line, text FROM passages "
                "JOIN files ON files.id = file WHERE passages.id = ?");
  row.Bind(id);
  if (!row.Next()) throw Failure("[index " + path() + "] changed meanwhile; ask again");
  return {std::string(row.Text(0)), static_cast<size_t>(row.Int(1)),
          static_cast<size_t>(row.Int(2)), std::string(row.Text(3))};
}

void Store::ReadVectors(
    int64_t after,
    const std::function<void(const std::vector<int64_t>& ids, const std::vector<float>&)>& use) {
  std::vector<int64_t> ids;
  std::vector<float> vectors;
  Statement rows(database_, "SELECT id, vector FROM passages WHERE id > ? ORDER BY id");
  rows.Bind(after);
  while (rows.Next()) {
    const std::vector<float> vector = Floats(rows.Bytes(1));
    if (vector.size() != width()) {
      throw Failure("[index " + path() + "] vector of passage " + std::to_string(rows.Int(0)) +
                    ", got " + std::to_string(vector.size()) + " values, expected " +
                    std::to_string(width()) + "; delete the file and index again");
    }
    ids.push_back(rows.Int(0));
    vectors.insert(vectors.end(), vector.begin(), vector.end());
    if (ids.size() == kBlock) {
      use(ids, vectors);
      ids.clear();
      vectors.clear();
    }
  }
  if (!ids.empty()) use(ids, vectors);
}

std::string Store::graph_path() const { return path() + kGraph; }

GraphRecord Store::Graph() {
  Statement row(database_, "SELECT hash, newest, nodes FROM graph");
  if (!row.Next()) return {};
  return {std::string(row.Text(0)), row.Int(1), row.Int(2)};
}

void Store::SetGraph(const GraphRecord& graph) {
  Transaction transaction(database_);
  database_.Run("DELETE FROM graph");
  Statement(database_, "INSERT INTO graph VALUES(?, ?, ?)")
      .Run(BlobOf(graph.hash), graph.newest, graph.nodes);
  transaction.Commit();
}

}  // namespace search
