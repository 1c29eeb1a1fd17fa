#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/regrid/apply.h"
#include "engine/regrid/weights.h"
#include "tests/engine/post/known_grids.h"

using namespace guyu;
using test::Cube;
namespace {

// Planes north first on the target, from a file of longitudes and latitudes; turned south first again.
std::vector<Plane> regridded(const Cube& in, const Grid& source, const Grid& target, RegridMethod method) {
  const RegridWeights weights = compute_regrid_weights(source, target, method);
  std::vector<Plane> all;
  for (const Plane& p : in.planes) {
    Plane out(target.ny(), target.nx());
    apply_weights(weights, test::turned(p).view(), {}, out.view());
    all.push_back(test::turned(out));
  }
  return all;
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
}

BOOST_AUTO_TEST_SUITE_END()
