#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace guyu {

// The database cannot be read or written now: disk full, locked, damaged. What was begun is rolled back.
class StoreError : public Error {
  using Error::Error;
};

// A prepared statement in use: bind in order, then step. Reset when it goes out of scope. Every failure throws StoreError naming the database file and SQLite's
// reason.
class Statement {
 public:
  Statement(sqlite3_stmt* statement, sqlite3* database, const std::string& path) : s_(statement), db_(database), path_(path) {}
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  template <typename... T>
  Statement& bind(const T&... values) {
    (put(values), ...);
    return *this;
  }
  bool step();  // true: a row is there
  void run() {
    while (step()) {}
  }
  std::int64_t integer(int column) const;
  std::string text(int column) const;  // text or blob; empty for NULL
  bool null(int column) const;

 private:
  void put(std::int64_t v);
  void put(int v) { put(static_cast<std::int64_t>(v)); }
  void put(std::size_t v) { put(static_cast<std::int64_t>(v)); }
  void put(std::string_view v);
  void put(const std::string& v) { put(std::string_view(v)); }
  void put(const char* v) { put(std::string_view(v)); }
  void put(std::nullopt_t);
  template <typename T>
  void put(const std::optional<T>& v) {
    if (v) put(*v);
    else put(std::nullopt);
  }
  void check(int code) const;

  sqlite3_stmt* s_;
  sqlite3* db_;
  const std::string& path_;
  int next_ = 1;
};

// One connection. A writer uses WAL with synchronous=FULL: what commit() returned from survives kill -9 and power loss. Only one
// connection may write and checkpoint; readers never checkpoint.
class Database {
 public:
  enum class Mode { write, read };
  Database(const std::string& path, Mode mode, const char* vfs = nullptr);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Statement prepare(std::string_view sql);  // cached; one use of a text at a time
  void execute(const std::string& sql);     // statements without values or results
  std::int64_t last_row() const;
  std::int64_t changes() const;  // rows that the last statement changed
  // From now on commits leave the log (WAL) as it is, until checkpoint() brings it into the file. SQLite's own way is at the end of whichever commit finds
  // 1,000 pages in the log; after one that wrote 800 MB whatever comes next waits for as long as copying that takes.
  void defer_checkpoints();
  void checkpoint();                            // as far as readers allow
  int log_pages() const { return log_pages_; }  // after the last commit
  const std::string& path() const { return path_; }
  sqlite3* handle() { return db_; }

 private:
  std::string path_;
  sqlite3* db_ = nullptr;
  int log_pages_ = 0;
  std::map<std::string, sqlite3_stmt*, std::less<>> cache_;
};

// Rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& db);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& db_;
  bool open_ = true;
};

}  // namespace guyu
