#include "engine/post/neighbourhood.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/post/random_plane.h"

using namespace guyu;
using test::random_plane;
namespace {

Plane mean(const Plane& in, const Neighbourhood& hood, const NeighbourhoodMask& mask = {}) {
  Plane out(in.ny, in.nx);
  neighbourhood_mean(in.view(), hood, mask, out.view());
  return out;
}

Plane plain(const Plane& in, const Neighbourhood& hood, const Plane* mask, bool keep_missing) {
  Plane out(in.ny, in.nx, NAN);
  const auto used = [&](std::int64_t j, std::int64_t i) { return !std::isnan(in.row(j)[i]) && (!mask || mask->row(j)[i] != 0); };
  const std::int64_t radius = hood.radius;
  for (std::int64_t j = 0; j < in.ny; ++j) {
    for (std::int64_t i = 0; i < in.nx; ++i) {
      double sum = 0, weights = 0;
      for (std::int64_t y = -radius; y <= radius; ++y) {
        for (std::int64_t x = -radius; x <= radius; ++x) {
          const auto square = static_cast<double>(x * x + y * y), all = static_cast<double>(radius * radius);
          const double w = hood.shape == NeighbourhoodShape::square ? 1 : square > all ? 0 : hood.shape == NeighbourhoodShape::circle ? 1 : 1 - square / all;
          const std::int64_t r = std::clamp<std::int64_t>(j + y, 0, in.ny - 1), c = std::clamp<std::int64_t>(i + x, 0, in.nx - 1);
          if (hood.edge == NeighbourhoodEdge::cut && (r != j + y || c != i + x)) continue;
          if (used(r, c)) sum += w * double{in.row(r)[c]}, weights += w;
        }
      }
      if (weights > 1e-9 && !(keep_missing && !used(j, i))) out.row(j)[i] = static_cast<float>(sum / weights);
    }
  }
  return out;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(neighbourhood_)

BOOST_AUTO_TEST_CASE(means_are_what_a_plain_sum_gives) {
  const Plane in = random_plane(37, 29, 2, 6);
  Plane counts = random_plane(37, 29, 8);
  for (float& v : counts.values) v = v > 3 ? 1.0F : 0.0F;
  for (const NeighbourhoodShape shape : {NeighbourhoodShape::square, NeighbourhoodShape::circle, NeighbourhoodShape::weighted_circle}) {
    for (const NeighbourhoodEdge edge : {NeighbourhoodEdge::cut, NeighbourhoodEdge::extend}) {
      for (const std::int64_t radius : {1, 2, 5, 13, 45}) {
        const Neighbourhood hood{shape, radius, edge};
        BOOST_TEST(test::differing(mean(in, hood), plain(in, hood, nullptr, true), 2e-6) == 0U);
        if (shape != NeighbourhoodShape::weighted_circle) {  // whose outermost cells weigh nothing, so that "none known" is a matter of rounding
          BOOST_TEST(test::differing(mean(in, hood, {counts.view(), false}), plain(in, hood, &counts, false), 2e-6) == 0U);
        }
      }
    }
  }
}

// A constant stays what it is, and a mean never leaves the field's range.
BOOST_AUTO_TEST_CASE(a_constant_field_stays_constant_to_the_last_bit) {
  const Plane in(40, 50, 0.1F);
  for (const NeighbourhoodShape shape : {NeighbourhoodShape::square, NeighbourhoodShape::circle, NeighbourhoodShape::weighted_circle})
    BOOST_TEST(test::differing(mean(in, {shape, 7}), in) == 0U);
}

BOOST_AUTO_TEST_CASE(threads_change_nothing) {
  const Plane in = random_plane(260, 70, 3, 9);
  for (const NeighbourhoodShape shape : {NeighbourhoodShape::square, NeighbourhoodShape::weighted_circle}) {
    set_num_threads(1);
    const Plane one = mean(in, {shape, 6});
    set_num_threads(4);
    BOOST_TEST(test::differing(mean(in, {shape, 6}), one) == 0U);
    set_num_threads(0);
  }
}

// 350 and 10 degrees average to north, not to south; opposite winds to nothing.
BOOST_AUTO_TEST_CASE(directions_average_across_north) {
  Plane in(1, 2), out = in;
  in.values = {350, 10};
  neighbourhood_mean_direction(in.view(), {NeighbourhoodShape::square, 1}, {}, out.view());
  BOOST_TEST(std::min(double{out.values[0]}, 360 - double{out.values[0]}) < 1e-4);
  in.values = {90, 270};
  neighbourhood_mean_direction(in.view(), {NeighbourhoodShape::square, 1}, {}, out.view());
  BOOST_TEST(std::isnan(out.values[0]));
}

BOOST_AUTO_TEST_CASE(a_halo_is_cut_from_all_sides) {
  const Plane in = random_plane(6, 8, 1);
  const FieldView<const float> inner = without_halo(in.view(), 2);
  BOOST_TEST((inner.ny == 2 && inner.nx == 4));
  BOOST_TEST(inner(1, 3) == in.row(3)[5]);
  BOOST_CHECK_THROW(without_halo(in.view(), 3), Error);
}

BOOST_AUTO_TEST_CASE(an_unknown_shape_and_a_radius_of_nothing_are_refused) {
  BOOST_CHECK_THROW(parse_neighbourhood_shape("hexagon"), Error);
  BOOST_CHECK_THROW(mean(Plane(3, 3), {NeighbourhoodShape::square, 0}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
