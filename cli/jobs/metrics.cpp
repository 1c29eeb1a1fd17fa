#include "cli/jobs/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "alerts/dispatch/metrics_text.h"
#include "engine/core/atomic_file.h"

namespace guyu::cli {
namespace {

class Metrics {
 public:
  void begin(const std::string& name, const std::string& help) {
    name_ = name;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} gauge\n", name, help, name);
  }
  void value(double v, const std::string& labels = "") { text_ += fmt::format("{}{} {}\n", name_, labels.empty() ? "" : "{" + labels + "}", v); }
  std::string take() { return std::move(text_); }

 private:
  std::string name_, text_;
};

}  // namespace

std::string metrics_text(const RunReport& r, TimePoint now) {
  Metrics m;
  m.begin("guyu_cycle_time_seconds", "Issue time of the newest cycle, Unix time.");
  m.value(static_cast<double>(r.cycle.time_since_epoch().count()));
  m.begin("guyu_cycle_done_time_seconds", "When it was done, Unix time.");
  m.value(static_cast<double>(now.time_since_epoch().count()));
  m.begin("guyu_cycle_degraded_reasons", "How many things were wanting; 0: none.");
  m.value(static_cast<double>(r.degraded.size()));
  m.begin("guyu_cycle_messages", "Warning messages of the cycle.");
  m.value(static_cast<double>(r.alerts.size()));
  m.begin("guyu_cycle_regions", "Regions by level, of all hazards together.");
  for (const auto& [level, count] : r.level_counts) m.value(static_cast<double>(count), fmt::format("level=\"{}\"", metric_label(level)));
  m.begin("guyu_cycle_hazard_regions", "Regions by hazard and level.");
  for (const auto& [hazard, counts] : r.hazard_levels)
    for (const auto& [level, count] : counts)
      m.value(static_cast<double>(count), fmt::format("hazard=\"{}\",level=\"{}\"", metric_label(hazard), metric_label(level)));
  // A name may have come twice (two states are saved): one sample each is what the format allows.
  std::map<std::string, std::pair<double, std::int64_t>> stages;
  for (const RunReport::Stage& s : r.stages) stages[s.name].first += s.seconds, stages[s.name].second += s.bytes;
  m.begin("guyu_stage_seconds", "Wall time of a stage; names with a dot are parts of the one before the dot.");
  for (const auto& [name, s] : stages) m.value(s.first, fmt::format("stage=\"{}\"", metric_label(name)));
  m.begin("guyu_stage_bytes", "Field data that a stage read or made.");
  for (const auto& [name, s] : stages) m.value(static_cast<double>(s.second), fmt::format("stage=\"{}\"", metric_label(name)));
  const auto rank_labels = [](const RunReport::Rank& k) {
    return fmt::format("stage=\"{}\",rank=\"{}\",host=\"{}\"", metric_label(k.stage), k.rank, metric_label(k.host));
  };
  m.begin("guyu_rank_seconds", "Wall time of a rank in a stage.");
  for (const RunReport::Rank& k : r.ranks) m.value(k.seconds, rank_labels(k));
  m.begin("guyu_rank_peak_memory_bytes", "Largest resident memory of the rank's process during the stage.");
  for (const RunReport::Rank& k : r.ranks) m.value(static_cast<double>(k.peak_memory), rank_labels(k));
  std::map<std::string, std::pair<Seconds, std::int64_t>> inputs;  // newest age, how many failed
  for (const RunReport::Input& i : r.inputs) {
    auto [at, fresh] = inputs.try_emplace(i.role, Seconds::max(), 0);
    if (i.error.empty()) at->second.first = std::min(at->second.first, i.age);
    else ++at->second.second;
  }
  m.begin("guyu_input_age_seconds", "Age of the newest input of a kind at the cycle's time.");
  for (const auto& [role, about] : inputs)
    if (about.first != Seconds::max()) m.value(static_cast<double>(about.first.count()), fmt::format("role=\"{}\"", metric_label(role)));
  m.begin("guyu_input_failures", "Input files that could not be used.");
  for (const auto& [role, about] : inputs) m.value(static_cast<double>(about.second), fmt::format("role=\"{}\"", metric_label(role)));
  return m.take();
}

void write_metrics(const std::string& path, const RunReport& report, TimePoint now) { write_file_atomically(path, metrics_text(report, now)); }

}  // namespace guyu::cli
