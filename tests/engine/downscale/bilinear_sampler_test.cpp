#include "engine/downscale/bilinear_sampler.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/regrid/apply.h"

namespace guyu {
namespace {

const char* kDegrees = "+proj=longlat +datum=WGS84 +no_defs";
const Grid kCoarse(kDegrees, 100, 30, 0.25, 0.25, 13, 11), kFine(kDegrees, 100.2, 29.6, 0.01, 0.01, 220, 180);

}  // namespace

BOOST_AUTO_TEST_SUITE(bilinear_samplers)

void compare_with_weights(const Grid& source, const Grid& target) {
  Field f(source, {});
  for (std::size_t k = 0; k < f.values().size(); ++k) f.values()[k] = k % 97 == 5 ? std::nanf("") : static_cast<float>(k % 31);
  const Field expected = regrid(f, target, compute_regrid_weights(source, target, RegridMethod::bilinear), {MissingPolicy::strict, 1});
  const BilinearSampler sampler(source, target);
  BilinearSampler::Scratch scratch;
  std::vector<float> row(static_cast<std::size_t>(target.nx()));
  int differ = 0;
  for (std::int64_t j = 0; j < target.ny(); ++j) {
    sampler.row(j, std::as_const(f).view(), row.data(), scratch);
    for (std::int64_t i = 0; i < target.nx(); ++i) {
      const float a = row[static_cast<std::size_t>(i)], b = expected.view()(j, i);
      differ += std::isnan(a) != std::isnan(b) || std::abs(a - b) > 5e-3F ? 1 : 0;
    }
  }
  BOOST_TEST(differ <= target.nx() * target.ny() / 500);  // a corner of no weight may count as missing on one side
}

BOOST_AUTO_TEST_CASE(equals_the_stored_weights_on_parallel_grids) { compare_with_weights(kCoarse, kFine); }

BOOST_AUTO_TEST_CASE(equals_the_stored_weights_round_the_globe) {
  compare_with_weights(Grid(kDegrees, -180, 88, 2, 2, 180, 89), Grid(kDegrees, 170, 60, 0.5, 0.5, 60, 40));
}

BOOST_AUTO_TEST_CASE(equals_the_stored_weights_between_projections) {
  compare_with_weights(Grid("+proj=lcc +lat_1=25 +lat_2=25 +lat_0=25 +lon_0=-95 +R=6371229 +units=m +no_defs", -3e6, 3e6, 4e4, 4e4, 150, 140),
                       Grid(kDegrees, -110, 45, 0.1, 0.1, 200, 150));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
