#include "alerts/book_store.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {
using nlohmann::json;

StoredBook BookStore::load(const BookSettings& settings) const {
  if (!std::filesystem::exists(path_)) return {AlertBook(settings), {}};
  try {
    const json all = json::parse(read_text_file(path_));
    StoredBook stored{AlertBook::from_json(all.at("book").dump(), settings, path_), {}};
    for (const json& j : all.at("pending")) stored.pending.push_back({j.at("identifier").get<std::string>(), j.at("xml").get<std::string>()});
    return stored;
  } catch (const json::exception& e) {
    throw Error(path_, std::string("is not an alert book: ") + e.what(), "restore it from a copy; deleting it forgets every open warning");
  }
}

void BookStore::save(const AlertBook& book, const std::vector<PendingMessage>& pending) const {
  json waiting = json::array();
  for (const PendingMessage& m : pending) waiting.push_back({{"identifier", m.identifier}, {"xml", m.xml}});
  write_file_atomically(path_, json{{"book", json::parse(book.to_json())}, {"pending", waiting}}.dump(1) + "\n");
}

}  // namespace guyu
