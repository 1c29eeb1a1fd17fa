#include "alerts/store/sqlite.h"

#include <sqlite3.h>

#include "engine/core/error.h"

namespace guyu {
namespace {
[[noreturn]] void fail(const std::string& path, sqlite3* db, int code) {
  const std::string reason = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  const int primary = code & 0xff;
  const char* remedy = primary == SQLITE_FULL                                  ? "free some space: nothing of this step was kept, and it is tried again"
                       : primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB ? "restore it with guyu alerts restore"
                       : primary == SQLITE_BUSY                                ? "another process writes to it; stop that first"
                                                                               : "";
  throw StoreError(path, reason, remedy);
}
}  // namespace

Statement::~Statement() {
  sqlite3_reset(s_);
  sqlite3_clear_bindings(s_);
}
void Statement::check(int code) const {
  if (code != SQLITE_OK) fail(path_, db_, code);
}
void Statement::put(std::int64_t v) { check(sqlite3_bind_int64(s_, next_++, v)); }
void Statement::put(std::string_view v) {
  // The caller's value may be gone before the step, so SQLite copies it.
  check(sqlite3_bind_text64(s_, next_++, v.data() ? v.data() : "", v.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}
void Statement::put(std::nullopt_t) { check(sqlite3_bind_null(s_, next_++)); }

bool Statement::step() {
  const int code = sqlite3_step(s_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(path_, db_, sqlite3_extended_errcode(db_));
  return false;
}
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(s_, column); }
std::string Statement::text(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(s_, column));
  return data ? std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(s_, column))) : std::string();
}
bool Statement::null(int column) const { return sqlite3_column_type(s_, column) == SQLITE_NULL; }

Database::Database(const std::string& path, Mode mode, const char* vfs) : path_(path) {
  const int flags = mode == Mode::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
  const int code = sqlite3_open_v2(path.c_str(), &db_, flags, vfs);
  if (code != SQLITE_OK) {
    const std::string reason = db_ ? sqlite3_errmsg(db_) : sqlite3_errstr(code);
    sqlite3_close_v2(db_);
    throw StoreError(path, "cannot be opened: " + reason);
  }
  try {
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, 5000);
    if (mode == Mode::write) {
      execute("PRAGMA journal_mode=WAL");
      execute("PRAGMA synchronous=FULL");
      execute("PRAGMA foreign_keys=ON");
      execute("PRAGMA journal_size_limit=67108864");  // a log that was larger for once gives its space back
    } else {
      // SQLite 3.40 can lose a reset of the log when two connections checkpoint, so a reader never does.
      sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
      execute("PRAGMA query_only=ON");
      execute("PRAGMA wal_autocheckpoint=0");
    }
  } catch (...) {
    sqlite3_close_v2(db_);
    throw;
  }
}

Database::~Database() {
  for (auto& [sql, statement] : cache_) sqlite3_finalize(statement);
  sqlite3_close_v2(db_);
}

Statement Database::prepare(std::string_view sql) {
  const auto found = cache_.find(sql);
  if (found != cache_.end()) return {found->second, db_, path_};
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) fail(path_, db_, code);
  cache_.emplace(sql, statement);
  return {statement, db_, path_};
}

void Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(path_, db_, code);
}

void Database::defer_checkpoints() {
  sqlite3_wal_hook(
      db_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Database*>(self)->log_pages_ = pages;
        return SQLITE_OK;
      },
      this);
}

void Database::checkpoint() {
  int in_log = 0, moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
  if (code != SQLITE_OK) fail(path_, db_, code);
  log_pages_ = in_log - moved;
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(db_); }
std::int64_t Database::changes() const { return sqlite3_changes64(db_); }

Transaction::Transaction(Database& db) : db_(db) { db_.execute("BEGIN IMMEDIATE"); }
Transaction::~Transaction() {
  if (open_) sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}
void Transaction::commit() {
  db_.execute("COMMIT");
  open_ = false;
}

}  // namespace guyu
