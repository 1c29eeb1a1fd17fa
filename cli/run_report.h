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
  struct Rank {  // what one process of several did in a stage
    std::string stage, host;
    int rank = 0, members = 0;
    double seconds = 0;
    std::int64_t bytes = 0;
    std::int64_t memory_before = 0, predicted_memory = 0, peak_memory = 0;  // bytes of its process: before the stage, and the most during it
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

  struct File {  // something written, or that decided what was done
    std::string path, sha256, role;
    std::int64_t bytes = 0;
  };

  TimePoint cycle{};
  std::string config_path, config_hash;
  std::string data;                    // folder of the inputs, as it was given
  std::uint64_t seed = 0;              // of the ensemble, as configured
  std::vector<File> settings;          // configuration, rule pack, texts, regions
  std::vector<std::string> inventory;  // all input files that the plan could see, used or not
  std::vector<File> manifest;          // of the products
  std::vector<std::string> degraded, notes;
  std::vector<Input> inputs;
  std::vector<Stage> stages;
  std::vector<Rank> ranks;
  std::vector<GaugeScore> gauge_scores;
  std::vector<AlertLine> alerts;
  std::vector<DecisionLine> decisions;
  std::vector<std::string> products;                               // files written, relative to the output folder
  using LevelCounts = std::vector<std::pair<std::string, std::int64_t>>;  // level name -> regions
  LevelCounts level_counts;                                               // of all hazards together
  std::vector<std::pair<std::string, LevelCounts>> hazard_levels;         // of each

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
