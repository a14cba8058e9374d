#include "samples/search/database.h"

#include <utility>

#include "samples/search/failure.h"

namespace search {
namespace {

constexpr int kPatienceMs = 10000;  // for another program that writes

}  // namespace

Database::Database(std::string path, bool create) : path_(std::move(path)) {
  const int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path_.c_str(), &database_, flags, nullptr);
  try {
    Check(code);
  } catch (...) {
    sqlite3_close(database_);  // there even where opening failed
    throw;
  }
  sqlite3_extended_result_codes(database_, 1);
  sqlite3_busy_timeout(database_, kPatienceMs);
}

Database::~Database() { sqlite3_close(database_); }

void Database::Run(const char* sql) {
  Check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr));
}

int64_t Database::Number(const char* sql) {
  Statement statement(*this, sql);
  return statement.Next() ? statement.Int(0) : 0;
}

void Database::Check(int code) const {
  const int kind = code & 0xFF;
  if (kind == SQLITE_OK || kind == SQLITE_ROW || kind == SQLITE_DONE) return;
  const std::string where = "[index " + path_ + "] ";
  const std::string what = database_ == nullptr ? "out of memory" : sqlite3_errmsg(database_);
  if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB) {
    throw Failure(where + "database, got " + what +
                  ", expected a whole one; delete the file and index again");
  }
  if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED) {
    throw Failure(where + "in use by another program; try again when that is done");
  }
  throw Failure(where + what);
}

Statement::Statement(Database& database, const char* sql) : database_(database) {
  database_.Check(sqlite3_prepare_v2(database_.get(), sql, -1, &statement_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(statement_); }

bool Statement::Next() {
  const int code = sqlite3_step(statement_);
  database_.Check(code);
  return code == SQLITE_ROW;
}

int64_t Statement::Int(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Statement::Text(int column) const {
  const Blob bytes = Bytes(column);
  return {static_cast<const char*>(bytes.data), bytes.bytes};
}

Blob Statement::Bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);  // before its size is asked for
  const int bytes = sqlite3_column_bytes(statement_, column);
  return {data, data == nullptr ? 0 : static_cast<size_t>(bytes)};
}

void Statement::Reset() { sqlite3_reset(statement_); }

void Statement::BindOne(int at, int64_t value) {
  database_.Check(sqlite3_bind_int64(statement_, at, value));
}

void Statement::BindOne(int at, std::string_view text) {
  database_.Check(
      sqlite3_bind_text64(statement_, at, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::BindOne(int at, Blob blob) {
  database_.Check(sqlite3_bind_blob64(statement_, at, blob.data, blob.bytes, SQLITE_STATIC));
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.Run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::Commit() {
  database_.Run("COMMIT");
  open_ = false;
}

}  // namespace search
