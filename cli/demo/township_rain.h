#pragma once
#include <vector>

#include "cli/demo/storm_case.h"
#include "engine/region/region_set.h"

namespace guyu::cli::demo {

// What really fell, per township: area means (mm) in even steps since a beginning before which it was dry. Read as a running total that is
// linear within a step.
class TownshipRain {
 public:
  TownshipRain(TimePoint begin, Seconds step, std::size_t townships);
  void add_step(const std::vector<float>& amount_mm);                  // one per township, of the next step
  double total(std::size_t township, const Interval& interval) const;  // mm; nothing is added after the last step
  TimePoint begin() const { return begin_; }
  TimePoint end() const { return begin_ + step_ * static_cast<std::int64_t>(totals_.size() - 1); }
  Seconds step() const { return step_; }
  std::size_t townships() const { return totals_.front().size(); }

 private:
  double until(std::size_t township, TimePoint t) const;
  TimePoint begin_;
  Seconds step_;
  std::vector<std::vector<double>> totals_;  // [step][township]
};

// The case's rain without radar or forecast between: the analytic field sampled every two minutes, summed over each township's
// exact share of each cell; and the same summed by the hour on the grid.
struct TrueRain {
  TownshipRain townships;
  std::vector<Field> hours;
};
TrueRain true_rain(const StormCase& c, const RegionSet& regions);

}  // namespace guyu::cli::demo
