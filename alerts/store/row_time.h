#pragma once
#include <cstdint>

#include "engine/core/time.h"

namespace guyu {

// Times in the store are seconds since 1970, UTC.
inline TimePoint time_of(std::int64_t seconds) { return TimePoint{Seconds{seconds}}; }
inline std::int64_t seconds_of(TimePoint t) { return t.time_since_epoch().count(); }

}  // namespace guyu
