#include "alerts/dispatch/metrics_text.h"

#include <fmt/format.h>

#include <functional>

namespace guyu {

std::string metric_label(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') out += "\\n";
    else out += c;
  }
  return out;
}

std::string metrics_text(const MetricsInput& m) {
  std::string out;
  const auto head = [&](const char* name, const char* type, const char* help) { out += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help); };
  const auto per_channel = [&](const char* name, const char* type, const char* help, const std::function<std::int64_t(const ChannelMetrics&)>& value) {
    head(name, type, help);
    for (const ChannelMetrics& c : m.channels) out += fmt::format("{}{{channel=\"{}\"}} {}\n", name, metric_label(c.name), value(c));
  };
  head("guyu_dispatch_start_time_seconds", "gauge", "When the dispatcher started.");
  out += fmt::format("guyu_dispatch_start_time_seconds {}\n", m.started.time_since_epoch().count());
  head("guyu_last_cycle_age_seconds", "gauge", "Time since a cycle was handed over.");
  out += fmt::format("guyu_last_cycle_age_seconds {}\n", (m.now - m.last_cycle).count());
  head("guyu_inbox_items", "gauge", "Items that wait in the inbox.");
  out += fmt::format("guyu_inbox_items {}\n", m.inbox);
  head("guyu_alarms", "gauge", "Alarms that stand.");
  out += fmt::format("guyu_alarms {}\n", m.alarms.size());
  head("guyu_alarm", "gauge", "One line per alarm that stands.");
  for (const auto& [name, detail] : m.alarms) out += fmt::format("guyu_alarm{{name=\"{}\"}} 1\n", metric_label(name));
  per_channel("guyu_queue_depth", "gauge", "Deliveries that are open.", [](const ChannelMetrics& c) { return static_cast<std::int64_t>(c.queue); });
  per_channel("guyu_oldest_undelivered_age_seconds", "gauge", "Age of the oldest delivery that nobody took.",
              [](const ChannelMetrics& c) { return c.oldest.count(); });
  per_channel("guyu_accepted_total", "counter", "Deliveries that were taken.", [](const ChannelMetrics& c) { return c.accepted; });
  per_channel("guyu_receipts_total", "counter", "Deliveries that are proven.", [](const ChannelMetrics& c) { return c.delivered; });
  per_channel("guyu_failures_total", "counter", "Attempts that failed.", [](const ChannelMetrics& c) { return c.failed; });
  per_channel("guyu_refused_total", "counter", "Deliveries that were turned down.", [](const ChannelMetrics& c) { return c.refused; });
  return out;
}

}  // namespace guyu
