#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/core/time.h"
#include "engine/region/region_set.h"
#include "engine/region/zonal_weights.h"

namespace guyu {

struct Flash {
  TimePoint time{};  // of its first event, to the second below
  double longitude = 0, latitude = 0;
};

// What a lightning sensor saw: flashes, when it looked, and where it can see.
struct FlashRecord {
  std::vector<Flash> flashes;
  std::vector<Interval> watched;  // of the files that were read
  // Field of view, degrees; west may be above east across the date line.
  double west = -180, south = -90, east = 180, north = 90;
  std::vector<std::string> notes;

  bool sees(double longitude, double latitude) const;
  // Share of the window that was watched, 0 to 1; intervals may overlap.
  double watched_share(const Interval& window) const;
  // Adds what another file of the same sensor saw; the field of view becomes what both see. A flash at the same second and place is one and the same.
  void merge(const FlashRecord& other);
};

// Below this share of the window nothing is said.
inline constexpr double kLeastWatchedShare = 0.8;

// Flashes of the window (begin, end] in each grid cell, km-2 h-1 of the time that was watched. NaN where the sensor does not see, and everywhere when too
// little of the window was watched. A satellite's flashes stand at the centroid of footprints of 8 km and more: on finer grids the density is noise, smooth it.
// O(flashes + cells). Throws Error when PROJ has no way to the grid.
void flash_density(const FlashRecord& record, const Interval& window, const Grid& grid, FieldView<float> out);

// The same for each region, by its exact outline and its area in `weights` (made of the same regions; on projected grids in metres). NaN as above; whether the
// sensor sees a region is told by the middle of its box. O(flashes x regions whose box holds them x corners). Throws Error when PROJ has no way to the regions.
std::vector<float> region_flash_density(const FlashRecord& record, const Interval& window, const RegionSet& regions, const ZonalWeights& weights);

}  // namespace guyu
