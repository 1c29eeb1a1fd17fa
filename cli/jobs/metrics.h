#pragma once
#include <string>

#include "cli/run_report.h"

namespace guyu::cli {

// A report in the text format of Prometheus, for the textfile collector of node_exporter, which reads *.prom of one folder. Format:
// Prometheus exposition format, version 0.0.4.
std::string metrics_text(const RunReport& report, TimePoint now);
// Appears whole or not at all; throws Error.
void write_metrics(const std::string& path, const RunReport& report, TimePoint now);

}  // namespace guyu::cli
