#include "alerts/store/book_table.h"

namespace guyu {

std::optional<BookState> BookTable::read() {
  kept_.clear();
  std::string head;
  {
    Statement s = db_.prepare("SELECT state FROM book");
    if (!s.step()) return {};
    head = s.text(0);
  }
  std::vector<std::pair<std::size_t, std::string>> parts;
  Statement s = db_.prepare("SELECT part, state FROM book_parts ORDER BY part");
  while (s.step()) parts.emplace_back(static_cast<std::size_t>(s.integer(0)), s.text(1));
  BookState state = book_state_from_parts(head, parts, db_.path());
  // An older store has everything in the head, or alerts in the parts of the tracks: then all are written the next time.
  const bool parted = !parts.empty() && (state.alerts.empty() || parts.back().first >= kTrackParts);
  if (parted) kept_ = part_digests(state);
  return state;
}

void BookTable::write(const BookState& state) {
  std::vector<std::uint64_t> digests = part_digests(state);
  std::vector<bool> wanted(kBookParts);
  for (std::size_t p = 0; p < kBookParts; ++p) wanted[p] = kept_.empty() || kept_[p] != digests[p];
  const std::vector<std::string> texts = parts_json(state, wanted);
  for (std::size_t p = 0; p < kBookParts; ++p) {
    if (!wanted[p]) continue;
    if (texts[p].empty()) db_.prepare("DELETE FROM book_parts WHERE part = ?").bind(p).run();
    else db_.prepare("INSERT OR REPLACE INTO book_parts VALUES(?, ?)").bind(p, texts[p]).run();
  }
  db_.prepare("INSERT OR REPLACE INTO book VALUES(1, ?)").bind(head_json(state)).run();
  kept_ = std::move(digests);
}

}  // namespace guyu
