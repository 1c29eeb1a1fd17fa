#pragma once
#include <string>
#include <utility>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

struct ChannelMetrics {
  std::string name;
  std::size_t queue = 0;                                              // open deliveries, those that wait for a receipt too
  Seconds oldest{0};                                                  // age of the oldest that nobody took yet
  std::int64_t accepted = 0, delivered = 0, failed = 0, refused = 0;  // since the start
};
struct MetricsInput {
  TimePoint started{}, now{}, last_cycle{};
  std::size_t inbox = 0;
  std::vector<std::pair<std::string, std::string>> alarms;  // name, detail
  std::vector<ChannelMetrics> channels;
};

// A label's text: backslash, quote and line break are written with a backslash.
std::string metric_label(const std::string& text);

// The state of the dispatcher in Prometheus' text format (version 0.0.4).
std::string metrics_text(const MetricsInput& input);

}  // namespace guyu
