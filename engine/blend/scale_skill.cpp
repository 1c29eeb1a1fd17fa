#include "engine/blend/scale_skill.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/core/error.h"
#include "engine/nowcast/rain_scale.h"
#include "engine/nowcast/scale_pyramid.h"

namespace guyu {
namespace {

constexpr double kBest = 0.85, kNone_km = 20, kFull_km = 720;  // half of kBest at 120 km, their geometric mean
constexpr double kCellsPerStructure = 9;                       // a structure is about 3 cells of its level wide

double usual(double size_km) { return kBest * std::clamp(std::log(size_km / kNone_km) / std::log(kFull_km / kNone_km), 0.02, 1.0); }

}  // namespace

ScaleSkill usual_scale_skill(int levels, double cell_km) {
  ScaleSkill skill;
  for (int l = 0; l < levels; ++l) {
    skill.correlation.push_back(static_cast<float>(usual(3 * cell_km * std::exp2(l))));
    skill.evidence.push_back(0);
  }
  return skill;
}

ScaleSkill measured_scale_skill(FieldView<const float> forecast, FieldView<const float> observed, int levels, double cell_km) {
  if (forecast.ny != observed.ny || forecast.nx != observed.nx) throw Error("blend", "forecast and observation are of different shapes");
  ScaleSkill skill = usual_scale_skill(levels, cell_km);
  // Where either is missing neither says anything: both take the same filling there.
  Plane f = to_decibel(forecast), o = to_decibel(observed);
  Plane both(f.ny, f.nx, 1.0F);
  for (std::size_t k = 0; k < f.values.size(); ++k) {
    if (!std::isnan(f.values[k]) && !std::isnan(o.values[k])) continue;
    f.values[k] = o.values[k] = std::numeric_limits<float>::quiet_NaN();
    both.values[k] = 0;
  }
  const ScalePyramid a = decompose(fill_missing(std::as_const(f).view(), kDryDecibel), levels),
                     b = decompose(fill_missing(std::as_const(o).view(), kDryDecibel), levels);
  Plane known = both;  // share of each level's cell that both know
  for (std::size_t l = 0; l < std::min(a.levels.size(), skill.correlation.size()); ++l) {
    if (l > 0) known = reduce(known);
    double n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
    for (std::size_t k = 0; k < a.levels[l].values.size(); ++k) {
      const double w = known.values[k] > 0.5F ? 1.0 : 0.0, x = static_cast<double>(a.levels[l].values[k]), y = static_cast<double>(b.levels[l].values[k]);
      n += w, sa += w * x, sb += w * y, saa += w * x * x, sbb += w * y * y, sab += w * x * y;
    }
    if (n < kCellsPerStructure) continue;
    const double va = saa / n - (sa / n) * (sa / n), vb = sbb / n - (sb / n) * (sb / n);
    constexpr double kFlat = 1e-3;  // dB^2
    if (va < kFlat || vb < kFlat) continue;
    const double r = std::clamp((sab / n - (sa / n) * (sb / n)) / std::sqrt(va * vb), 0.0, 0.99), evidence = n / kCellsPerStructure;
    skill.evidence[l] = evidence;
    const double before = static_cast<double>(skill.correlation[l]);
    skill.correlation[l] = static_cast<float>((evidence * r + kUsualEvidence * before) / (evidence + kUsualEvidence));
  }
  return skill;
}

ScaleSkill joined(const std::vector<ScaleSkill>& parts) {
  if (parts.empty()) return {};
  ScaleSkill out = parts.front();
  for (std::size_t l = 0; l < out.correlation.size(); ++l) {
    double sum = 0, weight = 0, evidence = 0;
    for (const ScaleSkill& p : parts) {
      const double w = p.evidence.at(l) + kUsualEvidence / static_cast<double>(parts.size());
      sum += w * static_cast<double>(p.correlation.at(l));
      weight += w;
      evidence += p.evidence[l];
    }
    out.correlation[l] = static_cast<float>(sum / weight);
    out.evidence[l] = evidence;
  }
  return out;
}

}  // namespace guyu
