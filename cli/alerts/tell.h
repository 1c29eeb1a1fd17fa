#pragma once
#include <string>

#include "alerts/store/alert_store.h"

namespace guyu::cli {

// What `guyu alerts` says, for people or, with `json`, for programs. Each throws Error for a name that is not in the store.
std::string tell_list(AlertStore& store, bool with_ended, bool json);
std::string tell_event(AlertStore& store, const std::string& subject, bool json);  // subject: an event or a message
// Why an event stands as it does; `region`: of this one only, empty: of the one with the most evidence.
std::string tell_why(AlertStore& store, const std::string& subject, const std::string& region, bool json);

// The event that a name of an event or of one of its messages stands for.
std::string event_of(AlertStore& store, const std::string& subject);

}  // namespace guyu::cli
