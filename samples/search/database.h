// SQLite as C++ owns things: what fails throws, what is open closes itself.
#ifndef ERATO_SAMPLES_SEARCH_DATABASE_H_
#define ERATO_SAMPLES_SEARCH_DATABASE_H_

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace search {

/// Bytes of a BLOB, borrowed.
struct Blob {
  const void* data;
  size_t bytes;
};

class Database {
 public:
  /// Opens a file that is there; where `create`, makes one that is not.
  Database(std::string path, bool create);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const std::string& path() const { return path_; }
  sqlite3* get() const { return database_; }
  /// Statements that give no rows.
  void Run(const char* sql);
  /// The number that a one-line query gives, such as a pragma.
  int64_t Number(const char* sql);
  /// Throws Failure for a result code of SQLite that is an error.
  void Check(int code) const;

 private:
  std::string path_;
  sqlite3* database_ = nullptr;
};

/// `Statement s(db, "SELECT … WHERE x = ?"); s.Bind(1); while (s.Next()) s.Int(0);`
class Statement {
 public:
  Statement(Database& database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Begins anew with these values, which stay where they are until the last row.
  template <typename... Values>
  void Bind(const Values&... values) {
    Reset();
    int at = 0;
    (BindOne(++at, values), ...);
  }
  /// Whether there is a further row.
  bool Next();
  /// Does all there is to do with these values.
  template <typename... Values>
  void Run(const Values&... values) {
    Bind(values...);
    while (Next()) {
    }
    Reset();
  }

  // Values of the row, borrowed until the next one.
  int64_t Int(int column) const;
  std::string_view Text(int column) const;
  Blob Bytes(int column) const;

 private:
  void Reset();
  void BindOne(int at, int64_t value);
  void BindOne(int at, std::string_view text);
  void BindOne(int at, Blob blob);

  Database& database_;
  sqlite3_stmt* statement_ = nullptr;
};

/// All or nothing: what was changed since is undone unless it is committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void Commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_DATABASE_H_
