#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/forecast/township_series.h"
#include "engine/calibrate/forecast_calibration.h"
#include "engine/calibrate/surroundings.h"
#include "engine/region/region_set.h"

namespace guyu::cli {

// Calibrates columns on their way to other sinks. Bias and quantile mapping act on each column as it comes; emos needs all members of a step, keeps the
// columns of its variables and hands them on in finish(). A single forecast becomes `kQuantiles` members there. Reliability leaves the members (or draws them
// from its own distribution) and adds a series of probabilities for each of its thresholds.
//
// What was learnt holds for values over one length of time. A variable none of whose steps has it is refused; of several lengths the steps of another one
// stay as the forecast has them, without probabilities, and a note says how many.
class CalibratingSink final : public SeriesSink {
 public:
  static constexpr int kQuantiles = 20;
  // Changes the layout's members where an ensemble is made of a single forecast, and adds probabilities; the sinks must be made for the changed layout. Throws
  // Error naming the variable and both lengths of time.
  CalibratingSink(const ForecastCalibration& calibration, const ForecastRequest& request, SeriesLayout& layout, const RegionSet& regions);
  void hand_to(std::vector<SeriesSink*> sinks) { sinks_ = std::move(sinks); }
  void put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) override;
  // How many runs' members a series' probabilities count together; 1: those of put() alone.
  int runs(std::size_t series) const;
  // A member of an earlier run, for the probabilities of a step; before finish().
  void put_earlier(std::size_t series, std::size_t step, TimePoint run, std::span<const float> values);
  void finish();
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Series {
    const CalibratedVariable* calibration = nullptr;
    const Emos* distribution = nullptr;               // that members are drawn from
    std::optional<SurroundingsOperator> look_around;  // where it looks at surroundings
    std::optional<ReliabilityCurves> probabilities;
    std::size_t first_probability = 0, thresholds = 0;  // their series in the layout
    std::size_t raw_members = 1, members = 1, steps = 0;
    float least = -1e30F, most = 1e30F;                                         // that the quantity can have
    std::vector<bool> fits;                                                     // of each step: its length is the one learnt from
    std::vector<std::size_t> place;                                             // bias: of each region in the calibration; its size: unknown there
    std::vector<std::vector<float>> columns, coverages;                         // member * steps + step, where all members are needed at once
    std::vector<std::map<TimePoint, std::vector<std::vector<float>>>> earlier;  // by step, run, member
  };
  static void keep_possible(const Series& s, std::vector<float>& values);
  void check_lengths(Series& s, const RegionSeries& shape);
  void draw_members(const Series& s, std::size_t series, std::size_t step, const std::vector<const std::vector<float>*>& raw,
                    const std::vector<float>& coverage) const;
  void add_probabilities(const Series& s, std::size_t step, std::vector<const std::vector<float>*> raw, const std::vector<float>& coverage) const;
  std::size_t regions_;
  std::vector<Series> series_;
  std::vector<SeriesSink*> sinks_;
  std::vector<std::string> notes_;
};

}  // namespace guyu::cli
