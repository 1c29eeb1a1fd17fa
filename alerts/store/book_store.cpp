#include "alerts/store/book_store.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"

namespace guyu {
namespace fs = std::filesystem;
using nlohmann::json;
namespace {
std::string hash_of(const std::string& book_text) { return Hasher().text(book_text).hex(); }
}  // namespace

StoredBook BookStore::load(const BookSettings& settings) const {
  if (!fs::exists(path_)) return {AlertBook(settings), {}};
  const std::string text = read_text_file(path_);
  StoredBook stored{AlertBook::from_json(text, settings, path_), {}};
  if (!fs::exists(pending_path())) return stored;
  try {
    const json all = json::parse(read_text_file(pending_path()));
    // Of a step whose book was never written: that step never happened.
    if (all.at("book_hash").get<std::string>() != hash_of(text)) return stored;
    for (const json& j : all.at("messages")) stored.pending.push_back({j.at("identifier").get<std::string>(), j.at("xml").get<std::string>()});
    return stored;
  } catch (const json::exception& e) {
    throw Error(pending_path(), std::string("is not a list of messages: ") + e.what(), "restore it from a copy; without it messages may be missing");
  }
}

void BookStore::save(const AlertBook& book, const std::vector<PendingMessage>& pending) const {
  const std::string text = book.to_json();
  if (!pending.empty()) {
    json waiting = json::array();
    for (const PendingMessage& m : pending) waiting.push_back({{"identifier", m.identifier}, {"xml", m.xml}});
    write_file_atomically(pending_path(), json{{"book_hash", hash_of(text)}, {"messages", waiting}}.dump());
  }
  write_file_atomically(path_, text);
}

void BookStore::forget_pending() const {
  std::error_code ec;
  fs::remove(pending_path(), ec);
  if (ec) throw Error(pending_path(), "cannot be removed: " + ec.message());
}

}  // namespace guyu
