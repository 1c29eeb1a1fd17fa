#pragma once
#include <string>
#include <vector>

#include "alerts/lifecycle/alert_book.h"
#include "alerts/store/book_store.h"
#include "alerts/cap/cap_check.h"
#include "alerts/cap/cap_writer.h"
#include "alerts/channels/spool.h"

namespace guyu {

struct DeskResult {
  std::vector<Decision> decisions;
  std::vector<std::string> files;     // messages written, in order of sending
  std::vector<std::string> warnings;  // e.g. polygons left out of a message
};

// One cycle of alerting: step the book, write and check every message, save the book with the messages, publish them.
// A message that fails its check even without polygons throws Error before anything is saved or sent.
class AlertDesk {
 public:
  AlertDesk(BookSettings book, CapSettings cap, CapCheckOptions check, std::string out_folder, FeedSettings feed = {});
  DeskResult run(const RiskTable& table, const RegionSet& regions, TimePoint now);
  const AlertBook& book() const { return stored_.book; }
  std::string spool_folder() const { return spool_folder_; }

 private:
  void publish(DeskResult& result, TimePoint now);
  CapSettings cap_;
  CapChecker checker_;
  std::string spool_folder_;
  BookStore store_;
  StoredBook stored_;
  Spool spool_;
};

}  // namespace guyu
