#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/regrid/apply.h"
#include "engine/regrid/land_mask.h"
#include "engine/regrid/weights.h"
#include "tests/engine/post/known_grids.h"

using namespace guyu;
using test::Cube;
namespace {

// Planes north first on the target, from a file of longitudes and latitudes; turned south first again.
std::vector<Plane> regridded(const Cube& in, const RegridWeights& weights) {
  std::vector<Plane> all;
  for (const Plane& p : in.planes) {
    Plane out(weights.target_ny, weights.target_nx);
    apply_weights(weights, test::turned(p).view(), {}, out.view());
    all.push_back(test::turned(out));
  }
  return all;
}

std::vector<Plane> regridded(const Cube& in, const Grid& source, const Grid& target, RegridMethod method) {
  return regridded(in, compute_regrid_weights(source, target, method));
}

}  // namespace
BOOST_AUTO_TEST_SUITE(known_regrid)

BOOST_AUTO_TEST_CASE(fields_on_another_grid_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/regrid/";
  const Grid globe = test::grid_of(at + "global_cutout.nc", test::kGlobe, "longitude", "latitude"), uk = test::grid_of(at + "ukvx_grid.nc", test::kUkLambert);
  const Grid members = test::grid_of(at + "landmask/global_cutout_multi_realization.nc", test::kGlobe, "longitude", "latitude");
  BOOST_TEST((test::south_first(at + "global_cutout.nc", "latitude") && test::south_first(at + "ukvx_grid.nc") && test::south_first(at + "basic/kgo.nc")));
  const Cube one = test::read_cube(at + "global_cutout.nc"), many = test::read_cube(at + "landmask/global_cutout_multi_realization.nc");
  test::check_answer("regrid/basic", regridded(one, globe, uk, RegridMethod::bilinear), test::read_cube(at + "basic/kgo.nc"));
  test::check_answer("regrid/nearest", regridded(one, globe, uk, RegridMethod::nearest), test::read_cube(at + "nearest/kgo.nc"));
  test::check_answer("regrid/nearest_2", regridded(many, members, uk, RegridMethod::nearest), test::read_cube(at + "nearest_2/kgo_multi_realization.nc"));
  test::check_answer("regrid/bilinear_2", regridded(many, members, uk, RegridMethod::bilinear), test::read_cube(at + "bilinear_2/kgo_multi_realization.nc"));
  // What lies outside the source is missing here; there it is the edge's value.
  const Cube uk_field = test::read_cube(at + "ukvx_grid.nc"), extrapolated = test::read_cube(at + "extrapolate/kgo.nc");
  test::check_answer("regrid/extrapolate", regridded(uk_field, uk, globe, RegridMethod::nearest), extrapolated, {1e-5, 0, 0, 0, 3566});
}

BOOST_AUTO_TEST_CASE(land_aware_fields_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/regrid/", mask = at + "landmask/";
  const Grid source = test::grid_of(mask + "global_cutout_multi_realization.nc", test::kGlobe, "longitude", "latitude");
  const Grid globe = test::grid_of(mask + "engl_landmask.nc", test::kGlobe, "longitude", "latitude"),
             uk = test::grid_of(mask + "ukvx_landmask.nc", test::kUkLambert);
  BOOST_TEST((test::south_first(mask + "engl_landmask.nc", "latitude") && test::south_first(mask + "ukvx_landmask.nc")));
  const Plane land = test::turned(regridded(test::read_cube(mask + "engl_landmask.nc"), globe, source, RegridMethod::nearest)[0]);
  const Plane uk_land = test::turned(test::read_cube(mask + "ukvx_landmask.nc").planes[0]);
  const Cube in = test::read_cube(mask + "global_cutout_multi_realization.nc");
  const auto aware = [&](RegridMethod method) { return regridded(in, compute_land_aware_weights(source, land.view(), uk, uk_land.view(), method)); };
  test::check_answer("regrid/nearest_landmask_2", aware(RegridMethod::nearest), test::read_cube(at + "nearest_landmask_2/kgo_multi_realization.nc"));
  test::check_answer("regrid/bilinear_landmask_2", aware(RegridMethod::bilinear), test::read_cube(at + "bilinear_landmask_2/kgo_multi_realization.nc"));
}

BOOST_AUTO_TEST_SUITE_END()
