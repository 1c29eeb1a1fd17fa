#pragma once
#include <string>
#include <vector>

#include "alerts/lifecycle/alert.h"
#include "alerts/store/alert_store.h"

namespace guyu {

// One decision as those who handed something over are told of it.
struct DeskLine {
  std::string event, hazard, action, level, reason, detail;
  std::string identifier, msg_type;  // empty: no message
  std::string state;                 // of the message: approved, proposed
  std::string headline;              // of the message, in English where it has that
  std::vector<std::string> regions;
};

// What came of an item of the inbox.
struct DeskAnswer {
  std::string error;            // empty: done
  std::string text;             // one line for people
  std::vector<DeskLine> lines;  // severest first; of decisions that keep everything as it is, 1,000 at most (the text counts them)
  std::vector<std::string> warnings;
  // The last of the decisions, which the store holds and `lines` leaves off: an answer that tells of 100,000 would hold up whatever comes after it.
  std::size_t unlisted = 0;
};

inline constexpr std::size_t kMostListed = 2000;  // lines of an answer, but for those of decisions that the store does not hold

DeskLine line_of(const Decision& decision, const std::string& state, const std::string& headline);
// The headline that lines name: the English one where there is one, else the first.
std::string headline_of(const OutgoingMessage& message);

// Adds to `lines` what is unlisted, from the store. The states are those of the messages as first written, and as they are now. O(unlisted). Throws Error when
// the store does not hold it any more; the answer is then as it was.
void list_all(DeskAnswer& answer, const std::string& item, AlertStore& store);

std::string to_json(const DeskAnswer& answer);
DeskAnswer answer_from_json(const std::string& text, const std::string& place);  // throws Error

}  // namespace guyu
