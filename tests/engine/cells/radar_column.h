#pragma once
#include <cmath>
#include <utility>
#include <vector>

#include "engine/cells/hail.h"
#include "tests/engine/cells/storm_case.h"

namespace guyu::test {

// A column of one cell each, from heights and dBZ.
struct Column {
  std::vector<Plane> planes;
  std::vector<ReflectivityLevel> levels;
  Column(const std::vector<double>& heights, const std::vector<float>& dbz) {
    for (const float z : dbz) planes.emplace_back(1, 1, z);
    for (std::size_t k = 0; k < heights.size(); ++k) levels.push_back({heights[k], std::as_const(planes[k]).view()});
  }
  float liquid() const {
    Plane out(1, 1);
    integrated_liquid(levels, out.view());
    return out.values[0];
  }
  float top(float threshold = 18) const {
    Plane out(1, 1);
    echo_top(levels, threshold, out.view());
    return out.values[0];
  }
  HailIndex hail(double h0, double h20) const {
    Plane shi(1, 1), posh(1, 1), mesh(1, 1);
    hail_index(levels, {h0, {}}, {h20, {}}, {shi.view(), posh.view(), mesh.view()});
    return {double{shi.values[0]}, double{posh.values[0]}, double{mesh.values[0]}};
  }
};

inline const std::vector<double> kHeights{0, 2500, 5000, 7500, 10000};

}  // namespace guyu::test
