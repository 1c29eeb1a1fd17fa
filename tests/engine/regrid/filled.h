#pragma once
#include "engine/regrid/apply.h"
#include "engine/regrid/crs_transform.h"
#include "engine/regrid/weights.h"
#include "tests/engine/regrid/grids.h"

namespace guyu::test {

// A field of f(x, y) at the cell centres.
template <typename F>
Field filled(const Grid& g, F&& f) {
  Field out(g, {});
  for (std::int64_t j = 0; j < g.ny(); ++j) {
    for (std::int64_t i = 0; i < g.nx(); ++i) out.view()(j, i) = static_cast<float>(f(g.x(static_cast<double>(i)), g.y(static_cast<double>(j))));
  }
  return out;
}

inline Field regridded(const Field& f, const Grid& target, RegridMethod m, MissingTreatment missing = {}) {
  return regrid(f, target, compute_regrid_weights(f.grid(), target, m), missing);
}

// Plain reference: PROJ at every single centre.
inline PlanePoint source_position(const Grid& source, const Grid& target, std::int64_t j, std::int64_t i) {
  PlanePoint p{target.x(static_cast<double>(i)), target.y(static_cast<double>(j))};
  CrsTransform(target.crs(), source.crs()).forward(&p.u, &p.s, 1, sizeof p);
  return p;
}

}  // namespace guyu::test
