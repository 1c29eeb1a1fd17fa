#include "engine/convection/isotherm_height.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {

void isotherm_height(std::span<const TemperatureLevel> levels, double kelvin, FieldView<float> out) {
  if (levels.size() < 2) throw Error("temperature levels", "want at least two levels", "give temperatures and heights of several levels");
  for (const TemperatureLevel& l : levels) {
    for (const FieldView<const float>* v : {&l.kelvin, &l.height_m}) {
      if (v->ny != out.ny || v->nx != out.nx) throw Error("temperature levels", "differ in shape", "give levels of one grid");
    }
  }
  parallel_for(out.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<std::pair<double, double>> column;  // height, temperature
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < out.nx; ++i) {
        column.clear();
        for (const TemperatureLevel& l : levels) {
          const double t = double{l.kelvin(j, i)}, h = double{l.height_m(j, i)};
          if (!std::isnan(t) && !std::isnan(h)) column.emplace_back(h, t);
        }
        std::sort(column.begin(), column.end());
        out(j, i) = std::numeric_limits<float>::quiet_NaN();
        for (std::size_t k = column.size(); k-- > 1;) {
          const auto& [h1, t1] = column[k];
          const auto& [h0, t0] = column[k - 1];
          if (!(t0 >= kelvin && t1 < kelvin)) continue;
          out(j, i) = static_cast<float>(h0 + (h1 - h0) * (t0 - kelvin) / (t0 - t1));
          break;
        }
      }
    }
  });
}

}  // namespace guyu
