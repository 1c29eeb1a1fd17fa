#pragma once
#include <string>
#include <vector>

#include "alerts/alert_book.h"

namespace guyu {

// A message that the book counts as sent and that has perhaps not reached the spool yet.
struct PendingMessage {
  std::string identifier, xml;
};

struct StoredBook {
  AlertBook book;
  std::vector<PendingMessage> pending;
};

// The book on disk, one JSON file written atomically, together with the messages that must still go out: a crash
// between saving and publishing loses nothing and sends nothing twice.
class BookStore {
 public:
  explicit BookStore(std::string path) : path_(std::move(path)) {}
  // An empty book when there is no file yet. Throws Error when the file is damaged.
  StoredBook load(const BookSettings& settings) const;
  void save(const AlertBook& book, const std::vector<PendingMessage>& pending) const;

 private:
  std::string path_;
};

}  // namespace guyu
