#pragma once
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/cell_analysis.h"
#include "engine/convection/region_convection.h"
#include "engine/core/field_set.h"

namespace guyu::cli {

// How severe convection is looked at, by `guyu convection` and by cycles.
struct ConvectionSettings {
  double freezing_m = std::numeric_limits<double>::quiet_NaN(), minus_20_m = std::numeric_limits<double>::quiet_NaN();  // of 0 and -20 degC; NaN: not given
  std::string hail = "witt";  // fit of the hail sizes that regions have: witt, murillo_75, murillo_95
  CellSettings cells;
};

// What radar files hold: a composite of each time, and of the newest time the levels, liquid and echo tops.
struct RadarVolume {
  std::map<TimePoint, Field> composites;
  std::map<double, Field> levels;  // by height, m
  std::optional<Field> liquid, top;
  std::vector<std::string> problems;

  const Field& newest() const { return composites.rbegin()->second; }  // there must be one
  TimePoint now() const { return composites.rbegin()->first; }
};
// Throws Error naming the file: one that cannot be read, another grid than before, a level that is given twice.
void add_radar_file(RadarVolume& volume, const std::string& file);

// Products of the newest time by name; those that the data do not give are absent.
struct ColumnProducts {
  FieldSet fields;
  FieldPtr hail, gust, dbz_at_minus_10, hail_probability;
};
struct ConvectionAnalysis {
  ColumnProducts products;
  CellAnalysis cells;
};
// Of a volume with one composite at least. `forecast`: files with temperature and geopotential height on pressure levels, for the isotherms that the settings
// do not give. Throws Error where they hold none near the newest frame, or liquid and echo tops are of another time.
ConvectionAnalysis analyse_convection(const RadarVolume& volume, const std::vector<std::string>& forecast, const ConvectionSettings& settings,
                                      std::vector<std::string>& problems);

// On weights of the volume's grid; flash_density by region, empty without a sensor.
RegionConvection convection_of_regions(const RadarVolume& volume, const ConvectionAnalysis& analysis, const ConvectionSettings& settings,
                                       const ZonalWeights& weights, std::span<const float> flash_density);

}  // namespace guyu::cli
