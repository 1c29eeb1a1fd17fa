#pragma once
#include <map>
#include <string>

namespace guyu {

// What an operator asks of the writer.
struct Command {
  std::string verb;     // approve, reject, edit, cancel, resend, dismiss
  std::string subject;  // identifier of a message, or name of an event; dismiss: also a channel, or an alarm that stands until somebody dismisses it
  std::string why;
  std::string as;       // on whose behalf; only the daemon's own user and root may speak for others
  std::string channel;  // resend, dismiss: this one only; empty: all
  // edit: language -> headline, description, instruction, sms, cell_broadcast, speech -> new text
  std::map<std::string, std::map<std::string, std::string>> texts;
};

std::string to_json(const Command& command);
Command command_from_json(const std::string& text, const std::string& place);  // throws Error

}  // namespace guyu
