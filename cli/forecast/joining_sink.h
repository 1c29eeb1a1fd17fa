#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/forecast/series_memory.h"
#include "engine/calibrate/forecast_calibration.h"

namespace guyu::cli {

// What another model says, calibrated where it has a calibration.
struct OtherModel {
  ForecastRequest request;
  SeriesLayout layout;
  TimePoint reference{};
  std::unique_ptr<SeriesMemory> columns;  // of `layout`
  std::optional<ForecastCalibration> calibration;
  std::vector<std::string> notes;  // of its calibration
};

// Joins several models at townships (engine/blend/model_weights.h): each step of the first model with what the others say of the same time. Amounts of
// other steps are taken over the first model's intervals where theirs fill it; instants only at the very time. A step that no other model tells stays as it is.
// Probabilities of the first model's events are joined as probabilities: with another model's calibrated ones of the same event and time, else with the share
// of its members that reach the threshold. Models that all have calibrated ones count by their Brier scores on blocks left out, summed over the thresholds that
// all know; otherwise by their errors at each lead, as members do.
class JoiningSink final : public SeriesSink {
 public:
  // `layout`: of the first model, as its columns come. `calibration` may be null.
  JoiningSink(const ForecastRequest& request, const SeriesLayout& layout, const ForecastCalibration* calibration, TimePoint reference, std::size_t regions)
      : request_(request), own_(layout), calibration_(calibration), reference_(reference), regions_(regions) {}
  void put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) override {
    own_.put(series, member, step, values, coverage);
  }
  // Hands everything on. Returns for each series how many of its steps other models told.
  std::vector<std::size_t> finish(const std::vector<OtherModel>& others, const std::vector<SeriesSink*>& sinks) const;

 private:
  // Probabilities of one variable at one step, `first` to `last` of the layout's events. Adds to `told` by series.
  void join_events(std::size_t first, std::size_t last, std::size_t step, const std::vector<OtherModel>& others, const std::vector<SeriesSink*>& sinks,
                   std::vector<std::size_t>& told) const;
  const ForecastRequest& request_;
  SeriesMemory own_;
  const ForecastCalibration* calibration_;
  TimePoint reference_;
  std::size_t regions_;
};

}  // namespace guyu::cli
