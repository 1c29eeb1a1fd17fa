#include "engine/convection/lightning_likelihood.h"

#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

float dbz_at(std::span<const ReflectivityLevel> levels, std::int64_t j, std::int64_t i, double height) {
  constexpr float kNot = std::numeric_limits<float>::quiet_NaN();
  if (std::isnan(height)) return kNot;
  const ReflectivityLevel* below = nullptr;
  for (const ReflectivityLevel& level : levels) {
    const float z = level.dbz(j, i);
    if (std::isnan(z)) continue;
    if (level.height_m >= height) {
      if (level.height_m == height) return z;
      if (!below || level.height_m - below->height_m > kWidestBridge_m) return kNot;
      const double low = double{below->dbz(j, i)};
      return static_cast<float>(low + (double{z} - low) * (height - below->height_m) / (level.height_m - below->height_m));
    }
    below = &level;
  }
  return kNot;
}

}  // namespace

double lightning_likelihood(double dbz, const LightningSignature& s) {
  const auto share = [](double x) { return x >= 0 && x <= 1; };
  if (!share(s.detection) || !share(s.false_alarms) || !share(s.base_rate) || !(s.detection * s.base_rate < 1 - s.false_alarms))
    throw Error("lightning signature", "its rates make no contingency table", "give shares of 0 to 1, with detection x base rate below 1 - false alarms");
  if (std::isnan(dbz)) return dbz;
  if (dbz >= double{s.dbz}) return 1 - s.false_alarms;
  return (1 - s.detection) * s.base_rate / (1 - s.detection * s.base_rate / (1 - s.false_alarms));
}

void reflectivity_at_minus_10(std::span<const ReflectivityLevel> levels, const HeightInput& freezing, const HeightInput& minus_20, FieldView<float> out) {
  require_levels(levels, out);
  for (const HeightInput* h : {&freezing, &minus_20}) {
    if (h->plane && (h->plane->ny != out.ny || h->plane->nx != out.nx))
      throw Error("lightning", "heights of another shape than the levels", "regrid them first");
  }
  parallel_for(out.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < out.nx; ++i) out(j, i) = dbz_at(levels, j, i, (freezing.at(j, i) + minus_20.at(j, i)) / 2);
    }
  });
}

}  // namespace guyu
