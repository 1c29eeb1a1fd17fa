#include "engine/cells/hail.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr double kStep_m = 250, kNaN = std::numeric_limits<double>::quiet_NaN();

double energy_flux(double dbz) { return 5e-6 * std::pow(10.0, 0.084 * dbz) * std::clamp((dbz - 40) / 10, 0.0, 1.0); }

// NaN when nothing is known above the freezing height.
double severe_hail_index(std::span<const ReflectivityLevel> levels, std::int64_t j, std::int64_t i, double freezing, double minus_20) {
  if (!(minus_20 > freezing)) return kNaN;
  double sum = 0;
  bool known = false;
  const ReflectivityLevel* below = nullptr;
  for (const ReflectivityLevel& level : levels) {
    const float z = level.dbz(j, i);
    if (std::isnan(z)) continue;
    if (below && level.height_m > freezing && level.height_m - below->height_m <= kWidestBridge_m) {
      known = true;
      const double depth = level.height_m - below->height_m, low = double{below->dbz(j, i)}, rise = double{z} - low;
      const double from = std::max(freezing, below->height_m), whole = level.height_m - from;
      const double steps = std::ceil(whole / kStep_m), step = whole / steps;
      if (std::max(low, double{z}) > 40) {
        for (double s = 0.5; s < steps; ++s) {
          const double h = from + s * step;
          sum += energy_flux(low + rise * (h - below->height_m) / depth) * std::clamp((h - freezing) / (minus_20 - freezing), 0.0, 1.0) * step;
        }
      }
    }
    below = &level;
  }
  return known ? 0.1 * sum : kNaN;
}

}  // namespace

HailIndex hail_from_shi(double shi, double freezing_height_m) {
  if (!(shi >= 0)) return {kNaN, kNaN, kNaN};
  const double warning = std::max(20.0, 57.5e-3 * freezing_height_m - 121);
  return {shi, shi > 0 ? std::clamp(29 * std::log(shi / warning) + 50, 0.0, 100.0) : 0, hail_size_mm(shi, HailSizeFit::witt)};
}

double hail_size_mm(double shi, HailSizeFit fit) {
  if (!(shi >= 0)) return kNaN;
  switch (fit) {
    case HailSizeFit::murillo_75: return shi > 0 ? 15.096 * std::pow(shi, 0.206) : 0;
    case HailSizeFit::murillo_95: return shi > 0 ? 22.157 * std::pow(shi, 0.212) : 0;
    case HailSizeFit::witt: break;
  }
  return 2.54 * std::sqrt(shi);
}

void hail_index(std::span<const ReflectivityLevel> levels, const HeightInput& freezing, const HeightInput& minus_20, const HailFields& out) {
  for (const FieldView<float>& v : {out.shi, out.posh, out.mesh_mm}) require_levels(levels, v);
  for (const HeightInput* h : {&freezing, &minus_20}) {
    if (h->plane && (h->plane->ny != out.shi.ny || h->plane->nx != out.shi.nx))
      throw Error("hail", "heights of another shape than the levels", "regrid them first");
  }
  parallel_for(out.shi.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < out.shi.nx; ++i) {
        const double h0 = freezing.at(j, i);
        const HailIndex x = hail_from_shi(severe_hail_index(levels, j, i, h0, minus_20.at(j, i)), h0);
        out.shi(j, i) = static_cast<float>(x.shi), out.posh(j, i) = static_cast<float>(x.posh), out.mesh_mm(j, i) = static_cast<float>(x.mesh_mm);
      }
    }
  });
}

}  // namespace guyu
