#pragma once
#include <string>
#include <vector>

#include "cli/forecast/township_series.h"
#include "engine/calibrate/forecast_calibration.h"
#include "engine/region/region_set.h"

namespace guyu::cli {

// Calibrates columns on their way to other sinks. Bias and quantile mapping act on each column as it comes; emos needs all members of a step, keeps the
// columns of its variables and hands them on in finish(). A single forecast becomes `kQuantiles` members there.
class CalibratingSink final : public SeriesSink {
 public:
  static constexpr int kQuantiles = 20;
  // Changes the layout's members where emos makes an ensemble of a single forecast; the sinks must be made for the changed layout.
  CalibratingSink(const ForecastCalibration& calibration, const ForecastRequest& request, SeriesLayout& layout, const RegionSet& regions);
  void hand_to(std::vector<SeriesSink*> sinks) { sinks_ = std::move(sinks); }
  void put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) override;
  void finish();
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Series {
    const CalibratedVariable* calibration = nullptr;
    std::size_t raw_members = 1, members = 1, steps = 0;
    float least = -1e30F, most = 1e30F;                  // that the quantity can have
    std::vector<std::size_t> place;                      // bias: of each region in the calibration; its size: unknown there
    std::vector<std::vector<float>> columns, coverages;  // emos: member * steps + step
  };
  static void keep_possible(const Series& s, std::vector<float>& values);
  std::size_t regions_;
  std::vector<Series> series_;
  std::vector<SeriesSink*> sinks_;
  std::vector<std::string> notes_;
};

}  // namespace guyu::cli
