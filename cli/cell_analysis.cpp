#include "cli/cell_analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <span>
#include <utility>

#include "engine/motion/optical_flow.h"

namespace guyu::cli {
namespace {

constexpr std::size_t kMotionFrames = 4;
constexpr double kKeptShare = 0.6;  // of the least area, that a cell may shrink to and still be followed

// The rain that the motion is seen by: Z = 200 R^1.6 of reflectivity (Marshall and Palmer 1948).
Field rain_of(const Field& dbz) {
  Field rain = dbz.clone();
  for (float& v : rain.values()) v = v < 5 ? 0.0F : std::pow(std::pow(10.0F, std::min(v, 55.0F) / 10) / 200, 0.625F);  // NaN stays
  return rain;
}

// Of the newest frame. None where one is all there is, or where too little echo says where it goes.
std::optional<Motion> motion_of(std::span<const FieldView<const float>> frames, std::span<const TimePoint> times) {
  if (frames.size() < 2) return {};
  Motion motion = estimate_motion(frames, times);
  if (!motion.note.empty()) fmt::print(stderr, "guyu: motion at {}: {}\n", to_iso(times.back()), motion.note);
  if (std::none_of(motion.confidence.begin(), motion.confidence.end(), [](float c) { return c > 0; })) return {};
  return motion;
}

}  // namespace

IdentifyOptions CellSettings::identify(bool reflectivity) const {
  IdentifyOptions o;
  // Rain rates of 35, 40, 45 and 50 dBZ by Z = 200 R^1.6, rounded.
  if (!reflectivity) o.thresholds = {6, 12, 24, 48};
  if (!thresholds.empty()) o.thresholds.assign(thresholds.begin(), thresholds.end());
  o.least_area_km2 = kKeptShare * least_area_km2, o.least_core_km2 = least_core_km2;
  return o;
}

CellForecastOptions CellSettings::forecast() const {
  CellForecastOptions o;
  o.horizon = Seconds{60 * horizon_min};
  o.least_area_km2 = std::max(1.0, kKeptShare * least_area_km2);
  return o;
}

CellAnalysis follow_cells(const std::map<TimePoint, Field>& frames, bool reflectivity, const CellSettings& settings, const AfterFrame& after) {
  const GridScale scale(frames.begin()->second.grid());
  TrackOptions track;
  track.least_new_area_km2 = settings.least_area_km2;
  CellAnalysis a{CellTracker(scale, track), {}};
  std::vector<Field> converted;
  converted.reserve(frames.size());
  std::vector<FieldView<const float>> views;
  std::vector<TimePoint> times;
  for (const auto& [time, field] : frames) {
    if (reflectivity) converted.push_back(rain_of(field));
    views.push_back(reflectivity ? std::as_const(converted.back()).view() : field.view());
    times.push_back(time);
  }
  const CellIntensity intensity = reflectivity ? CellIntensity::reflectivity : CellIntensity::linear;
  const IdentifyOptions identify = settings.identify(reflectivity);
  std::size_t k = 0;
  for (const auto& [time, field] : frames) {
    const std::size_t from = k + 1 > kMotionFrames ? k + 1 - kMotionFrames : 0;
    const std::optional<Motion> motion = motion_of(std::span(views).subspan(from, k + 1 - from), std::span(times).subspan(from, k + 1 - from));
    a.tracker.add(time, identify_cells(field.view(), scale, intensity, identify), motion ? &*motion : nullptr);
    if (after) after(time, field, a.tracker.tracks());
    ++k;
  }
  const CellForecastOptions options = settings.forecast();
  for (const StormTrack& t : a.tracker.tracks()) {
    if (t.seen()) a.forecasts.push_back(forecast_cell(t, scale, options));
  }
  return a;
}

void raise_composite(Field& composite, const Field& level) {
  composite.meta.level = "composite";
  for (std::size_t k = 0; k < composite.values().size(); ++k) {
    float& v = composite.values()[k];
    if (const float other = level.values()[k]; !(v >= other) && other == other) v = other;
  }
}

}  // namespace guyu::cli
