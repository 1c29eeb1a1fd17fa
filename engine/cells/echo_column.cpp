#include "engine/cells/echo_column.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr double kHailCap_dbz = 56;

double linear(float dbz) { return std::pow(10.0, std::min(double{dbz}, kHailCap_dbz) / 10); }

}  // namespace

void require_levels(std::span<const ReflectivityLevel> levels, FieldView<const float> like) {
  if (levels.size() < 2) throw Error("reflectivity levels", "want at least two heights", "give the levels of a volume");
  for (std::size_t k = 0; k < levels.size(); ++k) {
    if (levels[k].dbz.ny != like.ny || levels[k].dbz.nx != like.nx) throw Error("reflectivity levels", "differ in shape", "give levels of one grid");
    if (k > 0 && !(levels[k].height_m > levels[k - 1].height_m))
      throw Error("reflectivity levels", "do not ascend", "give them from the lowest to the highest");
  }
}

void integrated_liquid(std::span<const ReflectivityLevel> levels, FieldView<float> out) {
  require_levels(levels, out);
  parallel_for(out.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < out.nx; ++i) {
        double sum = 0;
        const ReflectivityLevel* below = nullptr;
        bool known = false;
        for (const ReflectivityLevel& level : levels) {
          const float z = level.dbz(j, i);
          if (std::isnan(z)) continue;
          if (below && level.height_m - below->height_m <= kWidestBridge_m) {
            sum += 3.44e-6 * std::pow((linear(below->dbz(j, i)) + linear(z)) / 2, 4.0 / 7) * (level.height_m - below->height_m);
            known = true;
          }
          below = &level;
        }
        out(j, i) = known ? static_cast<float>(sum) : kNaN;
      }
    }
  });
}

void echo_top(std::span<const ReflectivityLevel> levels, float threshold, FieldView<float> out) {
  require_levels(levels, out);
  parallel_for(out.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < out.nx; ++i) {
        const ReflectivityLevel* above = nullptr;  // next known level
        float top = kNaN;
        for (std::size_t k = levels.size(); k-- > 0;) {
          const float z = levels[k].dbz(j, i);
          if (std::isnan(z)) continue;
          if (z >= threshold) {
            double height = levels[k].height_m;
            if (above && above->height_m - height <= kWidestBridge_m)
              height += (above->height_m - height) * double{z - threshold} / double{z - above->dbz(j, i)};
            top = static_cast<float>(height);
            break;
          }
          above = &levels[k];
          top = 0;
        }
        out(j, i) = top;
      }
    }
  });
}

}  // namespace guyu
