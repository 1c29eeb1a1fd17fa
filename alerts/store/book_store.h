#pragma once
#include <string>
#include <vector>

#include "alerts/lifecycle/alert_book.h"

namespace guyu {

// A message that the book counts as sent and that has perhaps not reached the spool yet.
struct PendingMessage {
  std::string identifier, xml;
};

struct StoredBook {
  AlertBook book;
  std::vector<PendingMessage> pending;
};

// The book on disk (JSON, written atomically) and, beside it, the messages that must still go out. The messages are written
// first and count only together with the book of the same step, so a crash at any point loses nothing and sends
// nothing twice.
class BookStore {
 public:
  explicit BookStore(std::string path) : path_(std::move(path)) {}
  // An empty book when there is no file yet. Throws Error when a file is damaged.
  StoredBook load(const BookSettings& settings) const;
  void save(const AlertBook& book, const std::vector<PendingMessage>& pending) const;
  void forget_pending() const;  // all of them are published

 private:
  std::string pending_path() const { return path_ + ".pending"; }
  std::string path_;
};

}  // namespace guyu
