#pragma once
#include <string>
#include <vector>

#include "alerts/dispatch/station_config.h"

namespace guyu {

// Whether the message is for this channel by its own content. What a receiver has been told of must also be updated and ended there, whatever the level is now:
// that is the desk's business.
bool is_routed(const Route& route, const OutgoingMessage& message);

// When it may first be sent: now, or at the end of the channel's quiet hours.
TimePoint first_attempt(const Route& route, const OutgoingMessage& message, TimePoint now, int utc_offset_minutes);

// The message with the texts of the channel's languages only.
OutgoingMessage for_languages(const OutgoingMessage& message, const std::vector<std::string>& languages);

// Time to wait after the n-th failed attempt: doubled each time, less up to a half, by a hash of the key, so that a crowd does not come back at once.
Seconds retry_wait(const Pace& pace, int attempts, const std::string& key);

}  // namespace guyu
