#include "samples/search/store.h"

#include <sqlite3.h>

#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace search {
namespace {

constexpr int64_t kApplication = 0x45725331;  // "ErS1", in SQLite's own header: what this file is
constexpr int kPatienceMs = 10000;            // for another program that writes
constexpr size_t kBlock = 4096;               // vectors that are in memory at once

// A passage is about two kilobytes: large pages hold some. AUTOINCREMENT never gives an id twice.
constexpr char kSchema[] = R"sql(
  PRAGMA page_size = 16384;
  BEGIN IMMEDIATE;
  CREATE TABLE facts(name TEXT PRIMARY KEY, value BLOB NOT NULL);
  CREATE TABLE files(id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, hash INTEGER NOT NULL);
  CREATE TABLE passages(id INTEGER PRIMARY KEY AUTOINCREMENT,
                        file INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
                        first_line INTEGER NOT NULL, last_line INTEGER NOT NULL,
                        vector BLOB NOT NULL, text TEXT NOT NULL);
  CREATE INDEX passages_of_file ON passages(file);
)sql";

void Check(sqlite3* database, int code) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  const char* const path = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
  std::string text = "[index " + std::string(path == nullptr ? "" : path) + "] ";
  text += sqlite3_errmsg(database);
  if (code == SQLITE_CORRUPT) text += "; delete the file and index again";
  throw std::runtime_error(text);
}

void Run(sqlite3* database, const char* sql) {
  Check(database, sqlite3_exec(database, sql, nullptr, nullptr, nullptr));
}

/// `Statement s(db, "SELECT … WHERE x = ?", 1); while (s.Next()) s.Int(0);`
class Statement {
 public:
  /// Values stay where they are until the last row.
  template <typename... Values>
  Statement(sqlite3* database, const char* sql, const Values&... values) : database_(database) {
    Check(database_, sqlite3_prepare_v2(database_, sql, -1, &statement_, nullptr));
    Bind(values...);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Begins anew with these values.
  template <typename... Values>
  void Bind(const Values&... values) {
    sqlite3_reset(statement_);
    int at = 0;
    (BindOne(++at, values), ...);
  }
  /// Whether there is a further row.
  bool Next() {
    const int code = sqlite3_step(statement_);
    Check(database_, code);
    return code == SQLITE_ROW;
  }
  int64_t Int(int column) const { return sqlite3_column_int64(statement_, column); }
  /// Borrowed until the next row.
  std::string_view Bytes(int column) const {
    const void* data = sqlite3_column_blob(statement_, column);  // before its size is asked for
    const int bytes = sqlite3_column_bytes(statement_, column);
    return {static_cast<const char*>(data), data == nullptr ? 0 : static_cast<size_t>(bytes)};
  }

 private:
  void BindOne(int at, int64_t value) {
    Check(database_, sqlite3_bind_int64(statement_, at, value));
  }
  void BindOne(int at, const std::string& text) {
    Check(database_, sqlite3_bind_text64(statement_, at, text.data(), text.size(), SQLITE_STATIC,
                                         SQLITE_UTF8));
  }
  void BindOne(int at, std::string_view blob) {
    Check(database_, sqlite3_bind_blob64(statement_, at, blob.data(), blob.size(), SQLITE_STATIC));
  }

  sqlite3* const database_;
  sqlite3_stmt* statement_ = nullptr;
};

/// All or nothing: what was changed since is undone unless it is committed.
class Transaction {
 public:
  explicit Transaction(sqlite3* database) : database_(database) {
    Run(database_, "BEGIN IMMEDIATE");
  }
  ~Transaction() {
    if (open_) sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void Commit() {
    Run(database_, "COMMIT");
    open_ = false;
  }

 private:
  sqlite3* const database_;
  bool open_ = true;
};

int64_t Number(sqlite3* database, const char* sql) {
  Statement row(database, sql);
  return row.Next() ? row.Int(0) : 0;
}

}  // namespace

Store::Store(const std::string& path, bool create)
    : path_(path), database_(nullptr, sqlite3_close) {
  const int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
  database_.reset(opened);  // there even where opening failed
  Check(opened, code);
  sqlite3_busy_timeout(opened, kPatienceMs);
  if (create && Number(opened, "SELECT count(*) FROM sqlite_master") == 0) {
    Run(opened, (std::string(kSchema) + "PRAGMA application_id = " + std::to_string(kApplication) +
                 "; COMMIT")
                    .c_str());
  }
  if (Number(opened, "PRAGMA application_id") != kApplication) {
    throw std::runtime_error("[index " + path + "] got another program's database, expected one " +
                             "that this search has made");
  }
  // NORMAL: as safe against a lost program, a little less against lost power; half the waiting.
  Run(opened, "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
}

std::string Store::Fact(const std::string& name) {
  Statement row(database_.get(), "SELECT value FROM facts WHERE name = ?", name);
  return row.Next() ? std::string(row.Bytes(0)) : "";
}

void Store::SetFact(const std::string& name, std::string_view value) {
  Statement(database_.get(), "INSERT OR REPLACE INTO facts VALUES(?, ?)", name, value).Next();
}

void Store::Clear() {
  Transaction transaction(database_.get());
  Run(database_.get(), "DELETE FROM files; DELETE FROM facts");
  transaction.Commit();
}

std::map<std::string, int64_t> Store::Files() {
  std::map<std::string, int64_t> files;
  Statement rows(database_.get(), "SELECT path, hash FROM files");
  while (rows.Next()) files.emplace(rows.Bytes(0), rows.Int(1));
  return files;
}

void Store::PutFile(const std::string& path, int64_t hash, const std::vector<Passage>& passages,
                    const std::vector<float>& vectors) {
  sqlite3* const database = database_.get();
  Transaction transaction(database);
  RemoveFile(path);
  Statement(database, "INSERT INTO files(path, hash) VALUES(?, ?)", path, hash).Next();
  const int64_t file = sqlite3_last_insert_rowid(database);
  Statement insert(database,
                   "INSERT INTO passages(file, first_line, last_line, vector, text) "
                   "VALUES(?, ?, ?, ?, ?)");
  const auto* bytes = reinterpret_cast<const char*>(vectors.data());
  const size_t size = passages.empty() ? 0 : vectors.size() / passages.size() * sizeof(float);
  for (const Passage& passage : passages) {
    insert.Bind(file, static_cast<int64_t>(passage.first_line),
                static_cast<int64_t>(passage.last_line), std::string_view(bytes, size),
                passage.text);
    insert.Next();
    bytes += size;
  }
  transaction.Commit();
}

void Store::RemoveFile(const std::string& path) {
  Statement(database_.get(), "DELETE FROM files WHERE path = ?", path).Next();
}

int64_t Store::CountPassages(int64_t newest) {
  Statement row(database_.get(), "SELECT count(*) FROM passages WHERE id <= ?", newest);
  row.Next();
  return row.Int(0);
}

std::optional<StoredPassage> Store::ReadPassage(int64_t id) {
  Statement row(database_.get(),
                "SELECT path, text, first_line, last_line FROM passages "
                "JOIN files ON files.id = file WHERE passages.id = ?",
                id);
  if (!row.Next()) return std::nullopt;
  return StoredPassage{std::string(row.Bytes(0)),
                       {std::string(row.Bytes(1)), static_cast<size_t>(row.Int(2)),
                        static_cast<size_t>(row.Int(3))}};
}

void Store::ReadVectors(
    int64_t after,
    const std::function<void(const std::vector<int64_t>&, const std::vector<float>&)>& use) {
  const size_t bytes = Fact("probe").size();
  std::vector<int64_t> ids;
  std::vector<float> vectors;
  Statement rows(database_.get(), "SELECT id, vector FROM passages WHERE id > ? ORDER BY id",
                 after);
  while (rows.Next()) {
    const std::string_view vector = rows.Bytes(1);
    if (vector.size() != bytes) {
      throw std::runtime_error("[index " + path_ + "] bytes of a vector, got " +
                               std::to_string(vector.size()) + ", expected " +
                               std::to_string(bytes) + "; delete the file and index again");
    }
    vectors.resize((ids.size() + 1) * bytes / sizeof(float));
    std::memcpy(vectors.data() + ids.size() * bytes / sizeof(float), vector.data(), bytes);
    ids.push_back(rows.Int(0));
    if (ids.size() == kBlock) {
      use(ids, vectors);
      ids.clear();
    }
  }
  vectors.resize(ids.size() * bytes / sizeof(float));
  if (!ids.empty()) use(ids, vectors);
}

}  // namespace search
