#include "engine/regrid/land_sea_adjustment.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/plane.h"

namespace guyu {
namespace {

// One row; letters: values drawn from sea (s), land (l) or nowhere (x).
struct Shore {
  Plane nearest, drawn, land, out;
  Shore(const std::string& from, const std::string& own) : nearest(1, std::ssize(from)), drawn(nearest), land(nearest), out(nearest) {
    const auto kind = [](char c) { return c == 'x' ? std::nanf("") : c == 'l' ? 1.0F : 0.0F; };
    for (std::size_t i = 0; i < from.size(); ++i) nearest.values[i] = static_cast<float>(i), drawn.values[i] = kind(from[i]), land.values[i] = kind(own[i]);
  }
  std::vector<float> adjusted(std::int64_t radius) {
    adjust_land_sea(std::as_const(nearest).view(), std::as_const(drawn).view(), std::as_const(land).view(), radius, out.view());
    return out.values;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(land_sea_adjustment)

BOOST_AUTO_TEST_CASE(a_cell_of_the_other_kind_takes_the_nearest_of_its_own) {
  BOOST_TEST((Shore("ssslll", "sllssl").adjusted(3) == std::vector<float>{0, 3, 3, 2, 2, 5}));
}

BOOST_AUTO_TEST_CASE(beyond_the_vicinity_it_stays_as_it_is) { BOOST_TEST((Shore("ssssl", "lssls").adjusted(2) == std::vector<float>{0, 1, 2, 4, 3})); }

BOOST_AUTO_TEST_CASE(what_is_not_known_stays_and_lends_nothing) { BOOST_TEST((Shore("sxll", "lxxl").adjusted(2) == std::vector<float>{2, 1, 2, 3})); }

BOOST_AUTO_TEST_CASE(of_cells_equally_near_the_first_is_taken) { BOOST_TEST((Shore("lsl", "lll").adjusted(1) == std::vector<float>{0, 0, 2})); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
