#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/core/plane.h"
#include "engine/downscale/region_operator.h"
#include "engine/region/region_set.h"

namespace guyu::cli {

struct DownscaleSettings {
  std::vector<std::string> elevation;  // tiles; empty: plain area means on the forecast's own cells
  double spacing = 0.01;               // of the fine grid, degrees
  std::string importance;              // people or crop area a cell: values where they are
  double lowest_part = 1;              // of a township's area, when `importance` is empty
  std::string rain_climatology;        // mean precipitation on a fine grid: its ratio to the coarse mean scales rain
  std::string cache;
};

// Township values of coarse fields, each quantity by its own rule: temperatures with the lapse rate that the model itself shows around a place, dew point at
// the same relative humidity, pressure by the hydrostatic equation, wind speed by the exposure of ridges and valleys, rain by the ratio of climatologies;
// the rest by area means. One instance a run; operators are made once for each grid.
class TownshipDownscaler {
 public:
  TownshipDownscaler(const RegionSet& regions, DownscaleSettings settings);

  struct Inputs {
    FieldPtr field;
    FieldPtr orography;    // of the model, m; absent: the fine elevation averaged to the model's cells
    FieldPtr temperature;  // 2 m, for dew point and pressure; may be absent
  };
  void operator()(const Inputs& inputs, std::span<float> values, std::span<float> coverage);
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Operators {
    RegionOperator plain, wind, rain;
    Plane orography;  // averaged from the fine elevation
    std::optional<Plane> lapse;
    FieldPtr lapse_of;  // the temperature that `lapse` was fitted to
  };
  Operators& operators(const Grid& grid);
  const Plane& lapse_rate(Operators& ops, const Inputs& inputs, FieldView<const float> orography);
  void say_once(const std::string& note);

  const RegionSet& regions_;
  DownscaleSettings settings_;
  std::optional<Field> elevation_, importance_;
  std::optional<ZonalWeights> on_fine_;
  std::map<std::string, Operators> operators_;  // by hash of the grid
  std::vector<std::string> notes_;
};

}  // namespace guyu::cli
