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
};

// Joins several models at townships (engine/blend/model_weights.h): each step of the first model with what the others say of the same time. Amounts of
// other steps are taken over the first model's intervals where theirs fill it; instants only at the very time. A step that no other model tells stays as it is.
class JoiningSink final : public SeriesSink {
 public:
  // `layout`: of the first model, as its columns come. `calibration` may be null.
  JoiningSink(const ForecastRequest& request, const SeriesLayout& layout, const ForecastCalibration* calibration, TimePoint reference, std::size_t regions)
      : request_(request), own_(layout), calibration_(calibration), reference_(reference), regions_(regions) {}
  void put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) override {
    own_.put(series, member, step, values, coverage);
  }
  // Hands everything on. Returns for each variable's series how many of its steps other models told; series of probabilities, which follow them, stay as they
  // are.
  std::vector<std::size_t> finish(const std::vector<OtherModel>& others, const std::vector<SeriesSink*>& sinks) const;

 private:
  const ForecastRequest& request_;
  SeriesMemory own_;
  const ForecastCalibration* calibration_;
  TimePoint reference_;
  std::size_t regions_;
};

}  // namespace guyu::cli
