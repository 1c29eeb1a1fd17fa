#pragma once
#include <string>
#include <vector>

#include "alerts/lifecycle/alert.h"

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
};

std::string to_json(const DeskAnswer& answer);
DeskAnswer answer_from_json(const std::string& text, const std::string& place);  // throws Error

}  // namespace guyu
