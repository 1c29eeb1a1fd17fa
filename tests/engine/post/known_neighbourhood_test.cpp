#include <boost/test/unit_test.hpp>

#include "engine/post/neighbourhood.h"
#include "engine/post/percentiles.h"
#include "tests/engine/post/known_answers.h"

using namespace guyu;
using test::Cube;
namespace {

std::vector<Plane> means(const Cube& in, const Neighbourhood& hood, const NeighbourhoodMask& mask = {}) {
  std::vector<Plane> all;
  for (const Plane& p : in.planes) {
    Plane out(p.ny, p.nx);
    neighbourhood_mean(p.view(), hood, mask, out.view());
    all.push_back(std::move(out));
  }
  return all;
}

constexpr test::Tolerance kProbability{1e-5, 1e-7};  // the published sums are of running totals too, which leave rounding where the mean is 0

}  // namespace
BOOST_AUTO_TEST_SUITE(known_neighbourhood)

BOOST_AUTO_TEST_CASE(neighbourhood_means_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/nbhood/";
  const Cube basic = test::read_cube(at + "basic/input.nc");
  test::check_answer("nbhood/basic square", means(basic, {NeighbourhoodShape::square, 10}), test::read_cube(at + "basic/kgo_square.nc"), kProbability);
  test::check_answer("nbhood/basic circular", means(basic, {NeighbourhoodShape::weighted_circle, 10, NeighbourhoodEdge::extend}),
                     test::read_cube(at + "basic/kgo_circular.nc"), kProbability);
  test::check_answer("nbhood/mask own mask", means(test::read_cube(at + "mask/input_masked.nc"), {NeighbourhoodShape::square, 10}),
                     test::read_cube(at + "mask/kgo_masked.nc"), kProbability);
  const Plane mask = test::read_cube(at + "mask/mask.nc").planes[0];
  test::check_answer("nbhood/mask external", means(test::read_cube(at + "mask/input.nc"), {NeighbourhoodShape::square, 10}, {mask.view()}),
                     test::read_cube(at + "mask/kgo_external_masked.nc"), kProbability);
}

BOOST_AUTO_TEST_CASE(a_halo_is_cut_off_after_the_mean) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/nbhood/halo/";
  {
    const std::int64_t radius = 2;
    std::vector<Plane> ours;
    for (const Plane& p : means(test::read_cube(at + "input.nc"), {NeighbourhoodShape::square, radius})) {
      const FieldView<const float> inner = without_halo(p.view(), 3);
      Plane out(inner.ny, inner.nx);
      for (std::int64_t j = 0; j < inner.ny; ++j) std::copy(inner.row(j), inner.row(j) + inner.nx, out.row(j));
      ours.push_back(std::move(out));
    }
    test::check_answer("nbhood/halo", ours, test::read_cube(at + "kgo.nc"), kProbability);
  }
}

BOOST_AUTO_TEST_CASE(directions_are_averaged_as_vectors) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/nbhood/wind_direction/";
  const Cube in = test::read_cube(at + "input.nc");
  std::vector<Plane> ours;
  for (const Plane& p : in.planes) {
    Plane out(p.ny, p.nx);
    neighbourhood_mean_direction(p.view(), {NeighbourhoodShape::square, 10}, {}, out.view());
    ours.push_back(std::move(out));
  }
  test::check_answer("nbhood/wind_direction", ours, test::read_cube(at + "kgo.nc"));
}

BOOST_AUTO_TEST_CASE(percentiles_in_circles_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/nbhood/percentile/";
  const Cube in = test::read_cube(at + "input_circular_percentile.nc");
  const std::vector<double> percentiles{25, 50, 75};
  std::vector<Plane> ours;
  for (const Plane& p : in.planes) {
    std::vector<Plane> of(3, Plane(p.ny, p.nx));
    const std::vector<FieldView<float>> views{of[0].view(), of[1].view(), of[2].view()};
    neighbourhood_percentiles(p.view(), 10, percentiles, views);
    for (Plane& o : of) ours.push_back(std::move(o));
  }
  test::check_answer("nbhood/percentile", ours, test::read_cube(at + "kgo_circular_percentile.nc"));
}

BOOST_AUTO_TEST_SUITE_END()
