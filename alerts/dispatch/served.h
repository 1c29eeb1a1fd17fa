#pragma once
#include <optional>
#include <string>

#include "alerts/dispatch/inbox.h"

namespace guyu {

// The station of the guyu dispatch that serves a folder. Whoever writes there while it is away decides with this station: messages go to the channels that
// the daemon knows, and wait for it where they cannot be brought out before it is back.
struct Served {
  std::string station;  // its file, absolute
  std::string out;      // folder that relative paths of its channels lie in, absolute
};

void mark_served(const AlertFolder& folder, const Served& served);  // throws Error
std::optional<Served> served_by(const AlertFolder& folder);         // nullopt: no guyu dispatch was ever started here

}  // namespace guyu
