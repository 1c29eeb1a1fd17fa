#include "cli/run/convection_series.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "cli/convection_analysis.h"
#include "engine/convection/flash_density.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "ingest/glm_reader.h"

namespace guyu::cli {
namespace {

constexpr Seconds kLongestFile{120};        // a lightning file may begin so long before the window that it reaches into
constexpr Seconds kOldestIsotherms{86400};  // reference time of the forecast that they are taken from

using Use = std::function<void(const std::string& path)>;

// Reads one file after the other; one that cannot be read is told and left out.
void use_each(const std::vector<InventoryItem>& files, const Interval& window, const std::string& role, TimePoint issue, RunReport& report, const Use& use) {
  for (const InventoryItem& item : files) {
    if (item.time < window.begin || item.time > window.end) continue;
    RunReport::Input input{item.path, role, "", "", "", item.time, issue - item.time};
    try {
      use(item.path);
      input.sha256 = hash_file(item.path);
    } catch (const Error& e) {
      input.error = e.reason();
      report.degraded.push_back("convection: " + std::string(e.what()));
    }
    report.inputs.push_back(std::move(input));
  }
}

SeriesPiece piece_of(const Interval& interval, Origin origin, const std::vector<float>& values, const std::vector<float>& coverage) {
  SeriesPiece p{interval, origin, values, coverage, {}};
  for (std::size_t r = 0; r < values.size(); ++r)
    if (std::isnan(values[r])) p.coverage[r] = 0;
  return p;
}

// Now, as seen in the time of a frame, and until the horizon.
HazardSeries series_of(const char* quantity, const std::vector<float>* now, const std::vector<float>& expected, const RegionConvection& c, TimePoint frame,
                       Seconds frame_length, Seconds horizon) {
  HazardSeries s{*find_quantity(quantity), "max", TimeKind::maximum, {}, frame, frame + horizon};
  if (now) s.pieces.push_back(piece_of({frame - frame_length, frame}, Origin::observed, *now, c.coverage));
  s.pieces.push_back(piece_of({frame, frame + horizon}, Origin::extrapolated, expected, c.coverage));
  return s;
}

}  // namespace

CycleConvection gather_convection(const ConvectionFiles& files, const RunConfig& config, TimePoint issue, const RegionSet& regions, RegionMeans& means,
                                  RunReport& report) {
  StageTimer timer(report, "convection");
  const ConvectionInput& in = config.convection;
  RadarVolume volume;
  use_each(files.radar, {issue - in.span, issue}, "convection radar", issue, report, [&](const std::string& path) { add_radar_file(volume, path); });
  for (const std::string& p : volume.problems) report.degraded.push_back("convection: " + p);
  if (volume.composites.empty() || volume.now() < issue - in.max_age || volume.now() > issue) {
    report.degraded.push_back("convection: no reflectivity of the last " + std::to_string(in.max_age.count() / 60) + " min");
    return {};
  }
  const TimePoint now = volume.now();
  CycleConvection out;
  try {
    std::vector<std::string> forecast, problems;
    if (!(in.settings.freezing_m == in.settings.freezing_m && in.settings.minus_20_m == in.settings.minus_20_m)) {
      std::vector<InventoryItem> newest;
      for (const InventoryItem& item : files.forecast)
        if (item.time <= issue) newest = {item};
      use_each(newest, {issue - kOldestIsotherms, issue}, "convection forecast", issue, report, [&](const std::string& path) { forecast.push_back(path); });
    }
    std::optional<ConvectionAnalysis> analysis;
    try {
      analysis = analyse_convection(volume, forecast, in.settings, problems);
    } catch (const Error& e) {
      if (forecast.empty()) throw;
      report.degraded.push_back("convection: without isotherms: " + std::string(e.what()));
      analysis = analyse_convection(volume, {}, in.settings, problems);
    }
    for (const std::string& p : problems) report.degraded.push_back("convection: " + p);
    const ZonalWeights& weights = means.weights(volume.newest().grid());
    std::vector<float> flash_density;
    if (!in.lightning_pattern.empty()) {
      const Interval window{now - in.lightning_window, now};
      FlashRecord flashes;
      use_each(files.lightning, {window.begin - kLongestFile, window.end}, "lightning", issue, report,
               [&](const std::string& path) { flashes.merge(read_glm_flashes(path)); });
      for (const std::string& n : flashes.notes) report.notes.push_back("lightning: " + n);
      flash_density = region_flash_density(flashes, window, regions, weights);
    }
    const RegionConvection c = convection_of_regions(volume, *analysis, in.settings, weights, flash_density);
    const Seconds horizon{60 * in.settings.cells.horizon_min};
    const Seconds length = config.plan.radar_interval;
    out.series.push_back(series_of("lightning_probability", nullptr, c.lightning_likelihood, c, now, length, horizon));
    // Lightning is seen by a sensor of its own.
    for (std::size_t r = 0; r < regions.regions.size(); ++r)
      if (c.lightning_likelihood[r] == 1 && c.flash_density[r] > 0) out.series.back().pieces[0].coverage[r] = 1;
    out.series.push_back(series_of("hail_diameter", &c.hail_mm, c.hail_expected_mm, c, now, length, horizon));
    out.series.push_back(series_of("hail_probability", &c.hail_probability, c.hail_probability_expected, c, now, length, horizon));
    out.series.push_back(series_of("wind_speed_of_gust", &c.gust_m_s, c.gust_expected_m_s, c, now, length, horizon));
    out.columns = convection_columns(c, now);
  } catch (const Error& e) {
    report.degraded.push_back("convection: " + std::string(e.what()));
  }
  return out;
}

void add_convection_series(std::vector<HazardSeries> series, HazardInputs& inputs) {
  for (HazardSeries& s : series) {
    const auto there = std::find_if(inputs.series.begin(), inputs.series.end(),
                                    [&](const HazardSeries& o) { return o.quantity.name == s.quantity.name && o.statistic == s.statistic; });
    if (there == inputs.series.end()) {
      inputs.series.push_back(std::move(s));
      continue;
    }
    const TimePoint end = s.pieces.back().interval.end;
    for (SeriesPiece& p : there->pieces)
      if (p.interval.begin >= end && p.interval.end > end) s.pieces.push_back(std::move(p));
    if (there->horizon) s.horizon = std::max(*s.horizon, *there->horizon);
    *there = std::move(s);
  }
}

}  // namespace guyu::cli
