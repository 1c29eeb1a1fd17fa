#include "engine/downscale/fine_values.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/plane.h"
#include "engine/downscale/region_operator.h"
#include "engine/regrid/apply.h"
#include "engine/regrid/land_mask.h"

namespace guyu {
namespace {

const char* kDegree = "+proj=longlat +datum=WGS84 +no_defs";
const Grid kModel(kDegree, 100, 30, 0.25, 0.25, 13, 11), kGround(kDegree, 100.2, 29.6, 0.01, 0.01, 220, 180);

Plane plane_on(const Grid& grid, float (*f)(double, double)) {
  Plane p(grid.ny(), grid.nx());
  for (std::int64_t j = 0; j < grid.ny(); ++j)
    for (std::int64_t i = 0; i < grid.nx(); ++i) p.view()(j, i) = f(grid.x(static_cast<double>(i)), grid.y(static_cast<double>(j)));
  return p;
}
// All of the fine grid.
ZonalWeights everywhere() {
  ZonalWeights w;
  w.nx = kGround.nx(), w.ny = kGround.ny();
  for (std::int32_t j = 0; j < kGround.ny(); ++j) w.runs.push_back({j, 0, static_cast<std::int32_t>(w.nx)});
  return w;
}
FieldView<const float> seen(const Plane& p) { return p.view(); }
float waves(double x, double y) { return static_cast<float>(290 + 5 * std::sin(9 * x) - 3 * std::cos(7 * y)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(fine_values)

// The independent answer are stored weights, cell by cell.
BOOST_AUTO_TEST_CASE(coasts_have_their_land_aware_rows_and_all_else_plain_interpolation) {
  const Plane land = plane_on(kModel, [](double x, double y) { return std::sin(5 * x) + std::cos(8 * y) > 0 ? 1.0F : 0.0F; }), t = plane_on(kModel, waves);
  const Plane all_land(kGround.ny(), kGround.nx(), 1);
  const RegridWeights aware = compute_land_aware_weights(kModel, seen(land), kGround, seen(all_land), RegridMethod::bilinear);
  FineValues values(kModel, kGround);
  values.keep_coasts(seen(land), aware, everywhere());
  for (const bool coasts : {true, false}) {
    Plane expected(kGround.ny(), kGround.nx()), got(kGround.ny(), kGround.nx());
    apply_weights(coasts ? aware : compute_regrid_weights(kModel, kGround, RegridMethod::bilinear), seen(t), {}, expected.view());
    values.interpolated(seen(t), coasts, got.view());
    for (std::size_t k = 0; k < got.values.size(); ++k) BOOST_REQUIRE(std::abs(got.values[k] - expected.values[k]) < 2e-4F);
  }
}

BOOST_AUTO_TEST_CASE(values_follow_the_ground_on_both_sides_of_a_coast_and_a_pressure_by_its_logarithm) {
  const Plane land = plane_on(kModel, [](double x, double) { return x < 101.1 ? 1.0F : 0.0F; }),
              ground = plane_on(kGround, [](double x, double y) { return static_cast<float>(500 + 400 * std::sin(30 * x) * std::cos(20 * y)); });
  const Plane all_land(kGround.ny(), kGround.nx(), 1), orography(kModel.ny(), kModel.nx(), 300);
  FineValues values(kModel, kGround);
  values.keep_coasts(seen(land), compute_land_aware_weights(kModel, seen(land), kGround, seen(all_land), RegridMethod::bilinear), everywhere());
  // Everywhere the same at sea level: wherever a cell draws from, it has this by its own height.
  HeightLine line{Plane(kModel.ny(), kModel.nx(), 290 - 0.0065F * 300), Plane(kModel.ny(), kModel.nx(), -0.0065F), false};
  Plane out(kGround.ny(), kGround.nx());
  values.by_height(line, seen(orography), seen(ground), true, out.view());
  for (std::size_t k = 0; k < out.values.size(); ++k) BOOST_REQUIRE(std::abs(out.values[k] - (290 - 0.0065F * ground.values[k])) < 1e-3F);
  line = {Plane(kModel.ny(), kModel.nx(), std::log(100000.0F) - 1.2e-4F * 300), Plane(kModel.ny(), kModel.nx(), -1.2e-4F), true};
  values.by_height(line, seen(orography), seen(ground), true, out.view());
  for (std::size_t k = 0; k < out.values.size(); ++k) BOOST_REQUIRE(std::abs(out.values[k] / (100000 * std::exp(-1.2e-4F * ground.values[k])) - 1) < 1e-5F);
}

BOOST_AUTO_TEST_CASE(a_missing_cell_of_the_source_is_missing_in_what_draws_on_it_and_a_missing_factor_changes_nothing) {
  Plane t = plane_on(kModel, waves), factor(kGround.ny(), kGround.nx(), 2);
  t.view()(5, 6) = std::nanf("");
  factor.view()(10, 10) = std::nanf("");
  Plane out(kGround.ny(), kGround.nx());
  FineValues(kModel, kGround).interpolated(seen(t), true, out.view());
  int missing = 0;
  for (std::int64_t j = 0; j < kGround.ny(); ++j)
    for (std::int64_t i = 0; i < kGround.nx(); ++i) {
      const bool draws = std::abs(kModel.column_of(kGround.x(static_cast<double>(i))) - 6) < 1 - 1e-6 &&
                         std::abs(kModel.row_of(kGround.y(static_cast<double>(j))) - 5) < 1 - 1e-6;
      BOOST_REQUIRE(std::isnan(out.view()(j, i)) == draws);
      missing += draws ? 1 : 0;
    }
  BOOST_TEST(missing > 1000);
  const Plane before = out;
  multiply(out.view(), seen(factor));
  BOOST_TEST(out.view()(10, 10) == before.view()(10, 10));
  BOOST_TEST(out.view()(10, 11) == 2 * before.view()(10, 11));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
