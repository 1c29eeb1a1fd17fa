#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/forecast/step_fields.h"
#include "engine/core/field.h"
#include "engine/core/plane.h"
#include "engine/downscale/fine_values.h"
#include "engine/downscale/rainfarm.h"
#include "engine/downscale/region_operator.h"
#include "engine/downscale/terrain_rule.h"
#include "engine/region/region_set.h"
#include "engine/region/zonal_statistics.h"

namespace guyu::cli {

struct DownscaleSettings {
  std::vector<std::string> elevation;  // tiles; empty: plain area means on the forecast's own cells
  double spacing = 0.01;               // of the fine grid, degrees
  std::string importance;              // people or crop area a cell: values where they are
  double lowest_part = 1;              // of a township's area, when `importance` is empty
  std::string rain_climatology;        // mean precipitation on a fine grid: its ratio to the coarse mean scales rain
  std::string roughness;               // m on a fine grid, for the wind
  LapseChoice lapse;
  bool sea_too = false;       // values of sea cells count, although the forecast tells land from sea
  bool statistics = false;    // others than means are asked for
  bool disaggregate = false;  // rain gets structures below the forecast's cells, whose amounts are kept (engine/downscale/rainfarm.h)
  std::uint64_t seed = 1;     // of these structures
  std::string cache;
};

// Township values of coarse fields, each quantity by its own rule (engine/downscale/terrain_rule.h); what has none by area means. One instance a run;
// operators are made once for each grid. Townships are land: where the forecast has a land_binary_mask, what differs across a coast is taken from its land.
// Statistics that are not linear, and means of disaggregated rain, are taken over the very cells that the other means stand for: one fine field at a time, on
// the forecast's own cells without elevation.
class TownshipDownscaler {
 public:
  TownshipDownscaler(const RegionSet& regions, DownscaleSettings settings);

  // Without an orography the fine elevation averaged to the model's cells.
  void operator()(const StepField& inputs, std::span<float> values, std::span<float> coverage);
  // With the settings' `statistics`. Directions have none. `more`: rain that the ground adds, on a grid of its own. A fine cell is missing where any cell
  // of the forecast that it draws on is; the statistics' coverage, in `coverage`, counts whole fine cells.
  ZonalTable statistics(const StepField& inputs, const Field* more, std::span<const ZonalStatistic> wanted, std::span<float> coverage);
  // Rain then needs its steps' amounts: structures of totals do not add up.
  bool disaggregates() const { return settings_.disaggregate; }
  bool needs_levels() const { return elevation_ && settings_.lapse.from == LapseChoice::From::levels; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Operators {
    RegionOperator plain, rain;
    RegionOperator ground, wind;  // of what differs across coasts: from the forecast's land where it tells
    Plane orography;              // averaged from the fine elevation
    KeptLapseRate lapse;
    // For statistics.
    ZonalWeights all_cells, ground_cells;  // that count: of any quantity, of what differs across coasts
    std::optional<FineValues> fine;
    Plane wind_factor, rain_factor;
    std::optional<Rainfarm> rain_structures;
  };
  Operators& operators(const Grid& grid, const FieldPtr& land);
  HeightLine height_line_of(const StepField& in, TerrainRule rule, Operators& ops, FieldView<const float> orography);
  FieldView<const float> orography_of(const StepField& in, const Operators& ops);
  FieldView<const float> fine_values(const StepField& in, TerrainRule rule, bool coasts, Operators& ops, const Field* more);
  void say_once(const std::string& note);

  const RegionSet& regions_;
  DownscaleSettings settings_;
  std::optional<Field> elevation_, importance_;
  std::optional<ZonalWeights> on_fine_;
  std::map<std::string, Operators> operators_;  // by hash of the grid and its land
  FieldPtr land_;                               // the last mask, and its hash
  std::string land_hash_;
  Plane fine_;                                   // the one fine field
  std::map<std::string, BilinearSampler> more_;  // by hash of the grid of rain that the ground adds
  std::vector<std::string> notes_;
};

}  // namespace guyu::cli
