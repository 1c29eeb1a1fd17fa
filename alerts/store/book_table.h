#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "alerts/lifecycle/book_state.h"
#include "alerts/store/sqlite.h"

namespace guyu {

// The alert book's state in the store: its head and its parts (book_state.h), of which a write replaces those that have changed since they were last read
// or written. After a rollback the caller reads again before the next write.
class BookTable {
 public:
  explicit BookTable(Database& db) : db_(db) {}
  std::optional<BookState> read();     // nothing: no book yet. Throws Error when it is damaged.
  void write(const BookState& state);  // inside the caller's transaction. O(tracks + alerts), of which most is for parts that changed.

 private:
  Database& db_;
  std::vector<std::uint64_t> kept_;  // digests of what the store holds; empty: unknown
};

}  // namespace guyu
