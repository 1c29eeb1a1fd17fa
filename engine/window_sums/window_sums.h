#pragma once
#include <optional>
#include <span>
#include <vector>

#include "engine/region/zonal_statistics.h"
#include "engine/window_sums/rolling_sums.h"

namespace guyu {

// Statistics over regions of what falls in each cell over windows of time: how much the wettest place of a township gets in 24 h, which is not the sum of what
// the wettest place of each hour gets.

struct WindowWanted {
  Seconds window{0};
  std::vector<ZonalStatistic> statistics;  // over the region's cells, of the sum of each
};

// What one or several possible futures are summed up for; all planes on one grid.
struct WindowPlan {
  std::vector<WindowWanted> wanted;
  std::vector<TimePoint> ends;         // of the windows, ascending
  std::vector<RainPlanePtr> observed;  // ascending, without overlap
  std::vector<RainPlanePtr> forecast;  // likewise; what a future does not know, and what comes after it
  bool to_come = false;                // the largest sum of what is not observed, too

  std::size_t columns() const;  // statistics of all windows, and what is to come
  std::size_t size(std::size_t regions) const { return columns() * ends.size() * regions; }
  // Place of a column's values at an end, by region, among those of a future. Columns: the first window's statistics, then the second's;
  // what is to come stands last.
  std::size_t at(std::size_t column, std::size_t end, std::size_t regions) const { return (column * ends.size() + end) * regions; }
  bool empty() const { return wanted.empty(); }
};

// Sums up futures one by one. What was observed is summed up once, the futures go on from there. The plan and the weights must outlive it.
//
// A cell whose rain is not known for a time counts as dry then; one that nobody has known until the window's end is left out of the statistics. What share of
// area and time is known the caller must say beside the values. Windows x cells x 4 bytes, and as much for each future at work; O(windows x cells) an end,
// O(wet cells) a plane.
class WindowSums {
 public:
  WindowSums(const WindowPlan& plan, const ZonalWeights& weights);

  class Future {
   public:
    // What falls next; of a plane that begins before the end of what was added the rest. Cells that it does not know get the forecast's rain.
    void add(RainPlane plane);
    // After the last: the plan's forecast from there on. Values by WindowPlan::at().
    std::vector<float> finish();
    // The same without the forecast: what of each window has been added.
    std::vector<float> finish_without_forecast();

   private:
    friend class WindowSums;
    explicit Future(const WindowSums& of);
    void append(RainPlane plane);
    void close_until(TimePoint t);
    void take_end();
    const WindowSums& of_;
    void take_column(std::span<const std::uint32_t> units, std::span<const ZonalStatistic> statistics, std::size_t column);
    RollingSums sums_;
    std::optional<RollingSums> to_come_;
    std::vector<RainPlane::Run> nowhere_;  // cells that no plane has known so far
    bool any_ = false;                     // there was a plane
    TimePoint known_to_;
    std::size_t next_end_ = 0;
    std::vector<float> values_;
  };
  Future future() const { return Future(*this); }

  // Bytes that it and `futures` of them at work take, each with so many planes of its own and wet cells in them.
  static std::int64_t memory(const WindowPlan& plan, const ZonalWeights& weights, int futures, std::int64_t planes, std::int64_t wet_cells);

 private:
  const WindowPlan& plan_;
  const ZonalWeights& weights_;
  RollingSums observed_;
  std::vector<RainPlane::Run> nowhere_;  // cells that no observed plane knows
  mutable std::vector<float> cells_;     // one window's sums in mm, for a moment
};

}  // namespace guyu
