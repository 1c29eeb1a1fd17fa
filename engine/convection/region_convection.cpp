#include "engine/convection/region_convection.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/region/zonal_statistics.h"

namespace guyu {
namespace {

constexpr float kNot = std::numeric_limits<float>::quiet_NaN();

// Greatest value of each region where enough of it is known.
std::vector<float> seen_maximum(const std::optional<FieldView<const float>>& field, const ZonalWeights& weights, double least_coverage) {
  if (!field) return std::vector<float>(weights.regions.size(), kNot);
  if (field->ny != weights.ny || field->nx != weights.nx) throw Error("convection by region", "a plane of another shape than the regions' grid");
  ZonalTable t = zonal_statistics(*field, weights, parse_zonal_statistics("max,coverage"));
  for (std::size_t r = 0; r < t.columns[0].size(); ++r) {
    if (!(double{t.columns[1][r]} >= least_coverage)) t.columns[0][r] = kNot;
  }
  return std::move(t.columns[0]);
}

}  // namespace

RegionConvection region_convection(const ZonalWeights& weights, const ConvectionInputs& in, const ConvectionRules& rules) {
  const std::size_t n = weights.regions.size();
  if (!in.flash_density.empty() && in.flash_density.size() != n) throw Error("convection by region", "flash densities of other regions");
  if (in.composite.ny != weights.ny || in.composite.nx != weights.nx) throw Error("convection by region", "a frame of another shape than the regions' grid");
  RegionConvection out;
  out.coverage = zonal_statistics(in.composite, weights, parse_zonal_statistics("coverage")).columns[0];
  out.flash_density.assign(n, kNot);
  if (!in.flash_density.empty()) out.flash_density.assign(in.flash_density.begin(), in.flash_density.end());
  out.hail_mm = seen_maximum(in.hail_mm, weights, rules.least_coverage);
  out.gust_m_s = seen_maximum(in.gust_m_s, weights, rules.least_coverage);
  out.hail_probability = seen_maximum(in.hail_probability, weights, rules.least_coverage);
  out.hail_expected_mm = out.hail_mm, out.gust_expected_m_s = out.gust_m_s;
  out.arrival_min.assign(n, std::numeric_limits<float>::infinity());
  std::vector<double> quiet(n, 1), spared(n, 1);  // chance that no cell brings lightning, or severe hail
  for (const CellArrival& a : in.arrivals) {
    if (a.region >= n) throw Error("convection by region", "arrivals of other regions");
    const auto s = std::find_if(in.severity.begin(), in.severity.end(), [&](const CellSeverity& x) { return x.track == a.track; });
    const bool known = s != in.severity.end();
    quiet[a.region] *= 1 - a.share * (known ? s->lightning_likelihood : std::nan(""));
    spared[a.region] *= 1 - a.share * (known ? double{s->hail_probability} : std::nan(""));
    if (a.share < rules.least_share) continue;
    out.arrival_min[a.region] = std::min(out.arrival_min[a.region], static_cast<float>(a.time_to_arrival.count()) / 60);
    const auto raise = [](float& value, float cell) { value = std::isnan(value) || std::isnan(cell) ? kNot : std::max(value, cell); };
    raise(out.hail_expected_mm[a.region], known ? s->hail_mm : kNot);
    raise(out.gust_expected_m_s[a.region], known ? s->gust_m_s : kNot);
  }
  out.lightning_likelihood.resize(n);
  for (std::size_t r = 0; r < n; ++r) {
    const bool seen = double{out.coverage[r]} >= rules.least_coverage;
    out.lightning_likelihood[r] = out.flash_density[r] > 0 ? 1.0F : seen ? static_cast<float>(1 - quiet[r]) : kNot;
    if (!seen) out.arrival_min[r] = kNot;
  }
  out.hail_probability_expected.resize(n);
  for (std::size_t r = 0; r < n; ++r) {
    const float now = out.hail_probability[r], comes = static_cast<float>(1 - spared[r]);
    out.hail_probability_expected[r] = std::isnan(now) || std::isnan(comes) ? kNot : std::max(now, comes);
  }
  return out;
}

std::vector<RegionColumn> convection_columns(const RegionConvection& c, TimePoint now) {
  std::vector<RegionColumn> out;
  const auto add = [&](const char* name, const char* long_name, const Quantity& quantity, const char* statistic, const std::vector<float>& values) {
    out.push_back({name, long_name, quantity, statistic, TimeKind::instant, {now, now}, values, c.coverage});
  };
  const Quantity size = *find_quantity("maximum_expected_hail_size"), gust = *find_quantity("wind_speed_of_gust");
  add("flash_density", "observed lightning flashes", *find_quantity("lightning_flash_density"), "mean", c.flash_density);
  add("lightning_likelihood", "likelihood of lightning within the horizon of the cells", {"lightning_likelihood", "1", 0, 1}, "point", c.lightning_likelihood);
  add("hail_size", "maximum expected size of hail now", size, "max", c.hail_mm);
  add("hail_size_expected", "the same, and that of cells on their way", size, "max", c.hail_expected_mm);
  add("hail_probability", "probability of severe hail now", *find_quantity("hail_probability"), "max", c.hail_probability);
  add("hail_probability_expected", "the same, and that of cells on their way", *find_quantity("hail_probability"), "max", c.hail_probability_expected);
  add("convective_gust", "gust of downdrafts now", gust, "max", c.gust_m_s);
  add("convective_gust_expected", "the same, and that of cells on their way", gust, "max", c.gust_expected_m_s);
  add("cell_arrival", "time until the first storm cell arrives; infinite: none", {"time_to_arrival", "min"}, "min", c.arrival_min);
  return out;
}

}  // namespace guyu
