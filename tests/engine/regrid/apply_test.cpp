#include "engine/regrid/apply.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/regrid/weights.h"
#include "tests/engine/regrid/grids.h"

using namespace guyu;
namespace {
const Grid kFine("EPSG:32650", 0.5, 9.5, 1, 1, 10, 10), kCoarse("EPSG:32650", 1, 9, 2, 2, 6, 5);  // the last column half outside, the one after it not at all

Field constant(float v) {
  Field f(kFine, {});
  std::fill(f.values().begin(), f.values().end(), v);
  return f;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(apply)

BOOST_AUTO_TEST_CASE(the_policy_says_when_a_partly_missing_cell_is_missing) {
  const RegridWeights w = compute_regrid_weights(kFine, kCoarse, RegridMethod::conservative);
  Field f = constant(4);
  f.view()(0, 0) = std::nanf("");                                    // a quarter of target (0, 0)
  f.view()(0, 2) = f.view()(0, 3) = f.view()(1, 2) = std::nanf("");  // three quarters of (0, 1)
  f.view()(2, 0) = f.view()(2, 1) = f.view()(3, 0) = f.view()(3, 1) = std::nanf("");
  f.view()(1, 0) = 8;
  const auto value = [&](MissingTreatment m, std::int64_t j, std::int64_t i) { return regrid(f, kCoarse, w, m).view()(j, i); };
  BOOST_TEST(std::isnan(value({}, 0, 0)));
  BOOST_TEST(value({}, 0, 2) == 4.0F);
  BOOST_TEST(value({MissingPolicy::renormalise, 0.75}, 0, 0) == 16.0F / 3);
  BOOST_TEST(std::isnan(value({MissingPolicy::renormalise, 0.8}, 0, 0)));
  BOOST_TEST(std::isnan(value({MissingPolicy::renormalise, 0.5}, 0, 1)));
  BOOST_TEST(value({MissingPolicy::renormalise, 0}, 0, 1) == 4.0F);
  BOOST_TEST(std::isnan(value({MissingPolicy::renormalise, 0}, 1, 0)));  // nothing valid is never a value
}

BOOST_AUTO_TEST_CASE(what_juts_out_of_the_source_counts_as_missing) {
  const Grid over("EPSG:32650", 1, 9, 3, 2, 5, 5);  // columns [-0.5, 2.5], ... [8.5, 11.5], [11.5, 14.5]
  const Field f = constant(2);
  const RegridWeights w = compute_regrid_weights(kFine, over, RegridMethod::conservative);
  BOOST_TEST(std::isnan(regrid(f, over, w, {}).view()(0, 3)));
  BOOST_TEST(regrid(f, over, w, {}).view()(0, 2) == 2.0F);
  BOOST_TEST(regrid(f, over, w, {MissingPolicy::renormalise, 0.5}).view()(0, 3) == 2.0F);
  BOOST_TEST(std::isnan(regrid(f, over, w, {MissingPolicy::renormalise, 0.51}).view()(0, 3)));
  BOOST_TEST(std::isnan(regrid(f, over, w, {MissingPolicy::renormalise, 0}).view()(0, 4)));
}

BOOST_AUTO_TEST_CASE(metadata_goes_with_the_values) {
  Field f = constant(1);
  f.meta.quantity = quantities::rainfall_rate();
  f.meta.level = "surface";
  const Field g = regrid(f, kCoarse, compute_regrid_weights(kFine, kCoarse, RegridMethod::nearest), {});
  BOOST_TEST((g.meta.quantity == f.meta.quantity));
  BOOST_TEST(g.meta.level == "surface");
  BOOST_TEST((g.grid() == kCoarse));
}

BOOST_AUTO_TEST_SUITE_END()
