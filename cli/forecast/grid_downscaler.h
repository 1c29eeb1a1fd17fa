#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/forecast/step_fields.h"
#include "engine/core/field.h"
#include "engine/downscale/bilinear_sampler.h"
#include "engine/downscale/rainfarm.h"
#include "engine/downscale/slope_radiation.h"
#include "engine/downscale/terrain_rule.h"
#include "engine/regrid/weights.h"

namespace guyu::cli {

struct FineGround {
  std::vector<std::string> elevation;  // tiles; empty: only rules that need none can be used
  std::string land;                    // mask on any grid: land draws from the model's land and sea from its sea, where the forecast holds a mask of its own
  std::string roughness;               // m on a fine grid, for the wind
  std::string rain_climatology;        // mean precipitation on a fine grid: its ratio to the mean over the forecast's cells scales rain
  LapseChoice lapse;
  bool disaggregate = false;  // rain gets structures below the forecast's cells, whose amounts are kept (engine/downscale/rainfarm.h)
  std::uint64_t seed = 1;     // of these structures
  bool sea = false;           // cells that no tile covers are sea, at 0 m; else they have no temperature, dew point or pressure
};

// Coarse fields on a fine grid, each quantity by the rule that townships have too (engine/downscale/terrain_rule.h): temperatures and dew point by the
// model's own lapse rate and the ground's height, pressure hydrostatically, wind speed by exposure, radiation by slope and aspect, the rest bilinear with
// strict missing. One instance a run; positions are made once for each coarse grid. O(fine cells) a field, rows in parallel, the same for any number of
// threads.
class GridDownscaler {
 public:
  GridDownscaler(Grid target, FineGround ground);
  const Grid& target() const { return target_; }
  // With the meta data of the field. Throws Error when a rule needs an elevation and there is none.
  Field operator()(const StepField& inputs);
  // Direction of the vector with these components, degrees from north, where it comes from.
  Field direction(const StepField& eastward, const StepField& northward, FieldMeta meta);
  bool needs_levels() const { return elevation_ && ground_.lapse.from == LapseChoice::From::levels; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Source {
    BilinearSampler sampler;
    std::optional<Field> orography;       // averaged from the tiles, when the forecast holds none
    std::optional<Plane> roughness;       // factor on the wind
    std::optional<Plane> climatology;     // factor on the rain
    std::optional<RegridWeights> coasts;  // land-aware weights, when both masks are there
    std::optional<Rainfarm> rain;         // structures below the cells
    KeptLapseRate lapse;
  };
  Source& source(const Grid& grid);
  void find_coasts(Source& source, const StepField& inputs);
  void by_height(const Source& source, const HeightLine& line, FieldView<const float> orography, FieldView<float> out) const;
  void sample(const Source& source, bool coasts, FieldView<const float> from, FieldView<float> to) const;
  Field direction_of(const Source& east_from, FieldView<const float> east, const Source& north_from, FieldView<const float> north, FieldMeta meta) const;
  FieldView<const float> own_orography(Source& source, const Grid& grid);
  void say_once(const std::string& note);

  Grid target_;
  FineGround ground_;
  std::optional<Field> elevation_, land_;
  std::optional<SlopeAspect> slopes_;
  std::optional<Plane> exposure_;
  std::map<std::string, Source> sources_;  // by hash of the grid
  std::vector<std::string> notes_;
};

}  // namespace guyu::cli
