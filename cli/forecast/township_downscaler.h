#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/forecast/step_fields.h"
#include "engine/core/field.h"
#include "engine/core/plane.h"
#include "engine/downscale/region_operator.h"
#include "engine/downscale/terrain_rule.h"
#include "engine/region/region_set.h"

namespace guyu::cli {

struct DownscaleSettings {
  std::vector<std::string> elevation;  // tiles; empty: plain area means on the forecast's own cells
  double spacing = 0.01;               // of the fine grid, degrees
  std::string importance;              // people or crop area a cell: values where they are
  double lowest_part = 1;              // of a township's area, when `importance` is empty
  std::string rain_climatology;        // mean precipitation on a fine grid: its ratio to the coarse mean scales rain
  std::string roughness;               // m on a fine grid, for the wind
  LapseChoice lapse;
  bool sea_too = false;  // values of sea cells count, although the forecast tells land from sea
  std::string cache;
};

// Township values of coarse fields, each quantity by its own rule (engine/downscale/terrain_rule.h); what has none by area means. One instance a run;
// operators are made once for each grid. Townships are land: where the forecast has a land_binary_mask, what differs across a coast is taken from its land.
class TownshipDownscaler {
 public:
  TownshipDownscaler(const RegionSet& regions, DownscaleSettings settings);

  // Without an orography the fine elevation averaged to the model's cells.
  void operator()(const StepField& inputs, std::span<float> values, std::span<float> coverage);
  bool needs_levels() const { return elevation_ && settings_.lapse.from == LapseChoice::From::levels; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Operators {
    RegionOperator plain, rain;
    RegionOperator ground, wind;  // of what differs across coasts: from the forecast's land where it tells
    Plane orography;              // averaged from the fine elevation
    KeptLapseRate lapse;
  };
  Operators& operators(const Grid& grid, const FieldPtr& land);
  void say_once(const std::string& note);

  const RegionSet& regions_;
  DownscaleSettings settings_;
  std::optional<Field> elevation_, importance_;
  std::optional<ZonalWeights> on_fine_;
  std::map<std::string, Operators> operators_;  // by hash of the grid and its land
  FieldPtr land_;                               // the last mask, and its hash
  std::string land_hash_;
  std::vector<std::string> notes_;
};

}  // namespace guyu::cli
