#include "hpc/bench/stages.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "engine/motion/optical_flow.h"
#include "engine/nowcast/advection.h"
#include "engine/region/zonal_statistics.h"
#include "hpc/bench/alerts.h"
#include "hpc/bench/cap.h"
#include "hpc/bench/cells.h"
#include "hpc/bench/cycle.h"
#include "hpc/bench/downscale.h"
#include "hpc/bench/nowcast.h"
#include "hpc/bench/signals.h"
#include "hpc/bench/verify.h"
#include "hpc/bench/window_sums.h"
#include "hpc/bench/workload.h"
#include "ingest/reader.h"

namespace guyu::bench {
namespace {

constexpr int kLeads = 12;
constexpr Seconds kLead{300};

double plane_bytes(const Grid& grid) { return 4.0 * static_cast<double>(grid.size()); }
double weight_bytes(const ZonalWeights& w) {
  return static_cast<double>(w.runs.size() * sizeof(ZonalWeights::Run) + w.cells.size() * sizeof(ZonalWeights::Cell));
}

std::vector<Measurement> zonal(const StageOptions& o) {
  std::string origin;
  const RegionSet regions = counties(origin);
  const Rain rain = mosaic(1);
  const std::string data = fmt::format("{}, {} x {}, {} {}", rain.origin, rain.grid.ny(), rain.grid.nx(), regions.regions.size(), origin);

  ZonalWeights weights;
  Measurement make{"zonal.weights", data, 0, std::min(o.repeats, 3), 0, 0, 3.0, {}, {}};
  make.seconds = median_seconds(make.repeats, [&] { weights = compute_zonal_weights(rain.grid, regions); });
  make.bytes = weight_bytes(weights);

  double cells = static_cast<double>(weights.cells.size());
  for (const ZonalWeights::Run& r : weights.runs) cells += static_cast<double>(r.end - r.begin);
  const auto wanted = parse_zonal_statistics("mean,max,coverage");
  Measurement use{"zonal", data, 0, o.repeats, weight_bytes(weights) + 4 * cells, 0, 0.05, {}, {}};
  float guard = 0;  // keeps the call from being dropped
  use.seconds = median_seconds(use.repeats, [&] { guard += zonal_statistics(rain.frames.front().view(), weights, wanted).columns[2][0]; });
  if (guard < 0) use.data += "?";
  return {make, use};
}

// Motion from three frames, then twelve leads of five minutes.
void nowcast(const Rain& rain, Field& out) {
  std::vector<FieldView<const float>> views;
  for (const Field& f : rain.frames) views.push_back(f.view());
  Extrapolator extrapolator(views.back(), estimate_motion(views, rain.times));
  for (int k = 1; k <= kLeads; ++k) extrapolator.step_to(kLead * k, out.view());
}

std::vector<Measurement> radar(const StageOptions& o) {
  const Rain rain = cut(mosaic(3), 760, 1226);
  Field out(rain.grid, {});
  Measurement m{"radar",
                fmt::format("{}, {} x {}: motion of 3 frames, {} steps", rain.origin, rain.grid.ny(), rain.grid.nx(), kLeads),
                0,
                o.repeats,
                (3 + 2 * kLeads) * plane_bytes(rain.grid),
                0,
                0.25,
                {},
                {}};
  m.seconds = median_seconds(m.repeats, [&] { nowcast(rain, out); });
  return {m};
}

std::vector<Measurement> large(const StageOptions& o) {
  const Rain rain = mosaic(3);
  std::vector<FieldView<const float>> views;
  for (const Field& f : rain.frames) views.push_back(f.view());
  const std::string shape = fmt::format("{}, {} x {}", rain.origin, rain.grid.ny(), rain.grid.nx());
  const int repeats = std::min(o.repeats, 3);

  Motion motion;
  Measurement flow{"large.motion", shape + ", 3 frames", 0, repeats, 3 * plane_bytes(rain.grid), 0, {}, {}, {}};
  flow.seconds = median_seconds(repeats, [&] { motion = estimate_motion(views, rain.times); });

  Field out(rain.grid, {});
  Measurement steps{"large.steps", fmt::format("{}, {} steps", shape, kLeads), 0, repeats, 2 * kLeads * plane_bytes(rain.grid), 0, {}, {}, {}};
  steps.seconds = median_seconds(repeats, [&] {
    Extrapolator extrapolator(views.back(), motion);
    for (int k = 1; k <= kLeads; ++k) extrapolator.step_to(kLead * k, out.view());
  });

  Measurement amounts{"large.amounts", fmt::format("{}, 10-minute amounts of 60 min", shape), 0, repeats, 2 * 6 * plane_bytes(rain.grid), 0, {}, {}, {}};
  amounts.seconds = median_seconds(repeats, [&] {
    Extrapolator extrapolator(views.back(), motion);
    for (int k = 0; k < 6; ++k) extrapolator.accumulate(Seconds{600 * k}, Seconds{600 * (k + 1)}, out.view());
  });
  return {flow, steps, amounts};
}

std::vector<Measurement> decode(const StageOptions& o) {
  Measurement m;
  m.stage = "decode";
  const auto files = mosaic_files();
  if (files.empty()) {
    m.skipped = "the folder of real data is absent (set GUYU_REAL_DATA)";
    return {m};
  }
  m.repeats = std::min(o.repeats, 3);
  std::int64_t cells = 0;
  m.seconds = median_seconds(m.repeats, [&] { cells = read_file(files.front()).fields.front().grid().size(); });
  m.bytes = 4.0 * static_cast<double>(cells) + static_cast<double>(std::filesystem::file_size(files.front()));
  m.data = "real MRMS, one GRIB2 file";
  return {m};
}

}  // namespace

const std::vector<Stage>& stages() {
  static const std::vector<Stage> all{
      {"zonal", "area weights of counties on the mosaic grid, and statistics with them", zonal},
      {"radar", "optical flow and extrapolation of a radar-size field", radar},
      {"large", "optical flow, extrapolation and amounts on the mosaic grid", large},
      {"ensemble", "24 members of a radar-size field", ensemble},
      {"ensemble.growth", "how their time grows with members and cells", ensemble_growth},
      {"ensemble.national", "24 members of a national 1 km grid with 40,000 townships (minutes)", ensemble_national},
      {"cells", "storm cells of one frame of the mosaic", storm_cells},
      {"decode", "reading one mosaic file", decode},
      {"verify.crps", "CRPS of 24 members on a radar-size field; the bar is for one thread", verify_crps},
      {"verify.fss", "FSS of one scale and threshold on it; the bar is for one thread", verify_fss},
      {"downscale.grid", "one forecast field to a national 1 km grid by elevation", downscale_grid},
      {"downscale.townships", "51 members x 40 steps x 5 variables to 40,000 townships, without the 1 km ensemble", downscale_townships},
      {"regrid", "conservative weights of the mosaic grid to 0.25 degrees, and their use", regrid_conservative},
      {"windows", "sums place by place for one member of a nowcast on the mosaic grid", sum_up_places},
      {"signals", "all national signals for 40,000 townships, 24 members and 72 hours", evaluate_signals},
      {"alerts.group", "100,000 warned townships through the alert book", alert_groups},
      {"cap", "CAP messages of one township written, checked and signed, 2,000 a second on one core", cap_messages},
      {"cycle", "a whole cycle of the program, with caches filled by an earlier one", whole_cycle},
  };
  return all;
}

}  // namespace guyu::bench
