#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/core/grid.h"
#include "engine/window_sums/rain_plane.h"

namespace guyu {

// The cycle state of rain cell by cell, for sums over windows whose statistics over a township are not those of its mean: what RainHistory is for area means.
// Planes never overlap and are ordered, one that overlaps a kept one is refused. All on one grid; saved as NetCDF, atomically, bound to one region
// set by its hash.
class RainPlanes {
 public:
  explicit RainPlanes(std::string region_hash) : region_hash_(std::move(region_hash)) {}
  const std::vector<RainPlanePtr>& planes() const { return planes_; }
  // What is kept of another grid than this becomes time of which nothing is known, so that nobody looks for it again, and true is returned.
  bool use_grid(const Grid& grid);
  // Time of which nothing is known on the grid, for so many regions.
  void add_unknown(const Interval& interval, std::size_t regions);
  const std::optional<Grid>& grid() const { return grid_; }  // of the planes; none before the first
  bool add(RainPlane plane);
  bool covers(const Interval& interval) const;  // some kept plane overlaps it
  void forget_before(TimePoint t);              // drops planes that end at or before t
  void forget(const Interval& interval);        // drops the planes' parts in it
  // Planes of one clock hour that follow each other become one, where they end at or before t. O(wet cells).
  void join_hours_before(TimePoint t);
  void save(const std::string& path) const;

  // An absent file gives no planes. A damaged one, or one of other regions, gives none either and its reason in `problem`.
  static RainPlanes load(const std::string& path, const std::string& region_hash, std::size_t regions, std::string& problem);

 private:
  std::string region_hash_;
  std::optional<Grid> grid_;
  std::vector<RainPlanePtr> planes_;
};

}  // namespace guyu
