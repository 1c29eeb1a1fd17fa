#include "cli/run_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "guyu_version.h"

namespace guyu::cli {

std::string RunReport::to_json() const {
  using json = nlohmann::ordered_json;
  json out;
  out["status"] = degraded.empty() ? "ok" : "degraded";
  out["cycle"] = to_iso(cycle);
  out["version"] = kVersion;
  out["config"] = config_path;
  out["config_hash"] = config_hash;
  out["data"] = data;
  out["seed"] = seed;
  out["degraded"] = degraded;
  out["notes"] = notes;
  out["inputs"] = json::array();
  for (const Input& i : inputs) {
    json o{{"path", i.path}, {"role", i.role}};
    if (i.error.empty()) {
      o["format"] = i.format;
      o["sha256"] = i.sha256;
      o["valid_time"] = to_iso(i.valid);
      o["age_seconds"] = i.age.count();
    } else {
      o["error"] = i.error;
    }
    out["inputs"].push_back(std::move(o));
  }
  out["stages"] = json::array();
  for (const Stage& s : stages) out["stages"].push_back({{"name", s.name}, {"seconds", s.seconds}, {"bytes", s.bytes}});
  out["ranks"] = json::array();
  for (const Rank& r : ranks) {
    out["ranks"].push_back({{"stage", r.stage},
                            {"rank", r.rank},
                            {"host", r.host},
                            {"members", r.members},
                            {"seconds", r.seconds},
                            {"bytes", r.bytes},
                            {"memory_before_bytes", r.memory_before},
                            {"predicted_memory_bytes", r.predicted_memory},
                            {"peak_memory_bytes", r.peak_memory}});
  }
  out["levels"] = json::object();
  for (const auto& [level, count] : level_counts) out["levels"][level] = count;
  out["hazard_levels"] = json::object();
  for (const auto& [hazard, counts] : hazard_levels)
    for (const auto& [level, count] : counts) out["hazard_levels"][hazard][level] = count;
  if (!gauge_scores.empty()) out["gauges_left_out"] = json::object();
  for (const GaugeScore& s : gauge_scores) {
    const auto number = [](double v) { return std::isfinite(v) ? json(v) : json(nullptr); };
    out["gauges_left_out"][s.method] = {{"pairs", s.pairs},
                                        {"rmse_mm", number(s.rmse)},
                                        {"mae_mm", number(s.mae)},
                                        {"multiplicative_bias", number(s.bias)},
                                        {"correlation", number(s.correlation)}};
  }
  out["alerts"] = json::array();
  for (const AlertLine& a : alerts) {
    out["alerts"].push_back({{"identifier", a.identifier},
                             {"event", a.event},
                             {"message_type", a.message_type},
                             {"state", a.state},
                             {"level", a.level},
                             {"reason", a.reason},
                             {"regions", a.regions}});
  }
  out["decisions"] = json::array();
  for (const DecisionLine& d : decisions)
    out["decisions"].push_back({{"event", d.event}, {"action", d.action}, {"level", d.level}, {"reason", d.reason}, {"detail", d.detail}});
  out["products"] = products;
  out["manifest"] = json::array();
  for (const File& f : manifest) out["manifest"].push_back({{"path", f.path}, {"bytes", f.bytes}, {"sha256", f.sha256}});
  out["settings"] = json::array();
  for (const File& f : settings) out["settings"].push_back({{"role", f.role}, {"path", f.path}, {"sha256", f.sha256}});
  out["inventory"] = inventory;
  return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

StageTimer::StageTimer(RunReport& report, std::string name) : report_(report), name_(std::move(name)) {}

StageTimer::~StageTimer() {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  report_.stages.push_back({name_, elapsed.count(), bytes_});
}

}  // namespace guyu::cli
