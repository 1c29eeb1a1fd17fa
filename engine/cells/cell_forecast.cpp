#include "engine/cells/cell_forecast.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/cells/cell_shape.h"
#include "engine/core/error.h"

namespace guyu {
namespace {

constexpr int kCorners = 16;  // of the circle that stands for the error

double count(Seconds s) { return static_cast<double>(s.count()); }

double damped(double growth, double lead, const CellForecastOptions& o) { return growth * count(o.damping) * -std::expm1(-lead / count(o.damping)); }

Seconds lifetime(const StormTrack& t, const CellForecastOptions& o) {
  const double spare = std::log(std::max(t.cell.area_km2, o.least_area_km2) / o.least_area_km2);
  const double step = 30;
  double lead = 0;
  while (lead < count(o.longest_life) && spare + damped(t.area_growth_per_s, lead, o) - lead / count(o.mean_life) > 0) lead += step;
  return std::clamp(Seconds{static_cast<std::int64_t>(lead)}, o.shortest_life, o.longest_life);
}

void add_outline(const StormTrack& t, const CellForecast::Lead& lead, const GridScale& scale, double cone, std::vector<CellPlace>& out) {
  const double size = std::sqrt(lead.area_km2 / t.cell.area_km2), reach = cone * lead.position_error_km;
  for (const CellPlace& p : t.cell.hull) {
    const double row = lead.place.row + size * (p.row - t.cell.centroid.row), column = lead.place.column + size * (p.column - t.cell.centroid.column);
    for (int k = 0; k < kCorners; ++k) {
      const double angle = 2 * std::numbers::pi * k / kCorners;
      out.push_back({row + reach * std::sin(angle) / scale.dy_km(), column + reach * std::cos(angle) / scale.dx_km(row)});
    }
  }
}

}  // namespace

double area_factor(const StormTrack& t, double lead_s, const CellForecastOptions& o) {
  const double most = std::log(o.largest_growth);
  return std::clamp(damped(t.area_growth_per_s, lead_s, o), -most, most);
}

CellForecast forecast_cell(const StormTrack& t, const GridScale& scale, const CellForecastOptions& o) {
  if (o.horizon <= Seconds{0} || o.step <= Seconds{0})
    throw Error("storm cells", "the horizon or its step is not above 0", "give an hour in steps of 5 minutes");
  CellForecast f;
  f.track = t.id;
  f.lifetime = lifetime(t, o);
  std::vector<CellPlace> outlines;
  for (Seconds lead{0};; lead = std::min(lead + o.step, o.horizon)) {
    const double s = count(lead);
    CellForecast::Lead at;
    at.lead = lead;
    at.place = {t.cell.centroid.row + t.v * s, t.cell.centroid.column + t.u * s};
    at.area_km2 = t.cell.area_km2 * std::exp(area_factor(t, s, o));
    // The centroid is where it was seen now; what errs is where it goes.
    at.position_error_km = std::hypot(t.position_error_km * std::min(1.0, s / count(o.step)), t.velocity_error_km_s * s);
    at.survival = std::exp2(-s / count(f.lifetime));
    f.leads.push_back(at);
    add_outline(t, at, scale, o.cone, outlines);
    if (lead == o.horizon) break;
  }
  f.swath = convex_hull(std::move(outlines));
  return f;
}

}  // namespace guyu
