#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace guyu::cli {

// What a run did, for people and machines: the content of report.json. Times of day are UTC; ages are relative to
// the cycle's time, so that a replay reports the same.
struct RunReport {
  struct Input {
    std::string path, role, format, sha256, error;  // error empty: used
    TimePoint valid{};
    Seconds age{0};
  };
  struct Stage {
    std::string name;
    double seconds = 0;
    std::int64_t bytes = 0;  // field data that the stage read or made
  };
  struct AlertLine {  // a message that went out
    std::string identifier, event, message_type, level, reason;
    std::string state;  // approved, or proposed: it waits for an approver
    std::vector<std::string> regions;
  };
  struct GaugeScore {  // of gauges left out in turn, by method of merging; mm
    std::string method;
    std::size_t pairs = 0;
    double rmse = 0, mae = 0, bias = 0, correlation = 0;  // NaN where it cannot be told
  };
  struct DecisionLine {  // what was decided about an event, with or without a message
    std::string event, action, level, reason, detail;
  };

  TimePoint cycle{};
  std::string config_path, config_hash;
  std::vector<std::string> degraded, notes;
  std::vector<Input> inputs;
  std::vector<Stage> stages;
  std::vector<GaugeScore> gauge_scores;
  std::vector<AlertLine> alerts;
  std::vector<DecisionLine> decisions;
  std::vector<std::string> products;                               // files written, relative to the output folder
  std::vector<std::pair<std::string, std::int64_t>> level_counts;  // level name -> regions

  std::string to_json() const;
};

// Adds a stage with its wall time to the report when it ends, also when it ends by an exception.
class StageTimer {
 public:
  StageTimer(RunReport& report, std::string name);
  ~StageTimer();
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;
  void add_bytes(std::int64_t bytes) { bytes_ += bytes; }

 private:
  RunReport& report_;
  std::string name_;
  std::int64_t bytes_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace guyu::cli
