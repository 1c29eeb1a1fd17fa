#include "engine/downscale/region_operator.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/plane.h"
#include "engine/downscale/bilinear_sampler.h"
#include "engine/downscale/lapse_rate.h"
#include "engine/region/zonal_statistics.h"
#include "engine/regrid/apply.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

const char* kDegrees = "+proj=longlat +datum=WGS84 +no_defs";
const Grid kCoarse(kDegrees, 100, 30, 0.25, 0.25, 13, 11), kFine(kDegrees, 100.2, 29.6, 0.01, 0.01, 220, 180);
constexpr float kLapse = -0.0065F;

RegionSet townships() { return mesh_regions(100.4, 28.2, 102.1, 29.4, 0.17); }

float hill(double x, double y) { return static_cast<float>(800 + 600 * std::sin(9 * x) * std::cos(7 * y)); }

Field on(const Grid& grid, float (*f)(double, double)) {
  Field field(grid, {});
  for (std::int64_t j = 0; j < grid.ny(); ++j)
    for (std::int64_t i = 0; i < grid.nx(); ++i) field.view()(j, i) = f(grid.x(static_cast<double>(i)), grid.y(static_cast<double>(j)));
  return field;
}

struct Columns {
  std::vector<float> values, coverage;
  explicit Columns(std::size_t n) : values(n), coverage(n) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(region_operators)

// The independent answer: make the fine field and take its area means.
BOOST_AUTO_TEST_CASE(one_sparse_row_equals_downscaling_and_then_averaging) {
  const RegionSet regions = townships();
  const Field z_coarse = on(kCoarse, [](double x, double y) { return 0.6F * hill(x, y) + 100; }), z_fine = on(kFine, hill);
  const Field t = on(kCoarse, [](double x, double y) { return static_cast<float>(290 + 3 * std::sin(20 * x) - 2 * y); });
  Plane lapse(kCoarse.ny(), kCoarse.nx());
  for (std::size_t k = 0; k < lapse.values.size(); ++k) lapse.values[k] = kLapse + 0.00001F * static_cast<float>(k);

  const ZonalWeights on_fine = compute_zonal_weights(kFine, regions);
  Field fine(kFine, {});
  const BilinearSampler sampler(kCoarse, kFine);
  downscale_by_elevation(sampler, t.view(), std::as_const(lapse).view(), z_coarse.view(), z_fine.view(), fine.view());
  const ZonalTable expected = zonal_statistics(std::as_const(fine).view(), on_fine, parse_zonal_statistics("mean,coverage"));

  const RegionOperator op = region_operator(on_fine, compute_regrid_weights(kCoarse, kFine, RegridMethod::bilinear), {z_fine.view(), {}, {}, 1});
  Plane reduced(kCoarse.ny(), kCoarse.nx());
  reduce_to_sea_level(t.view(), std::as_const(lapse).view(), z_coarse.view(), reduced.view());
  Columns c(regions.regions.size());
  apply(op, std::as_const(reduced).view(), std::as_const(lapse).view(), c.values, c.coverage);
  for (std::size_t r = 0; r < c.values.size(); ++r) {
    BOOST_TEST(c.values[r] == expected.columns[0][r], boost::test_tools::tolerance(2e-6F));
    BOOST_TEST(c.coverage[r] == expected.columns[1][r], boost::test_tools::tolerance(1e-5F));
  }
}

BOOST_AUTO_TEST_CASE(a_linear_field_is_met_exactly_at_the_township_s_centre) {
  const RegionSet regions = townships();
  const auto plane = [](double x, double y) { return static_cast<float>(3 * x - 2 * y); };
  const RegionOperator op = region_operator(compute_zonal_weights(kFine, regions), compute_regrid_weights(kCoarse, kFine, RegridMethod::bilinear), {});
  Columns c(regions.regions.size());
  apply(op, on(kCoarse, plane).view(), {}, c.values, c.coverage);
  for (std::size_t r = 0; r < c.values.size(); ++r) {
    const Ring& ring = regions.regions[r].shape[0].outer;
    BOOST_TEST(c.values[r] == plane(0.5 * (ring[0].x + ring[2].x), 0.5 * (ring[0].y + ring[2].y)), boost::test_tools::tolerance(2e-5F));
  }
}

BOOST_AUTO_TEST_CASE(the_lowest_part_of_a_township_is_its_valley) {
  const RegionSet regions = mesh_regions(101, 28.5, 101.2, 28.7, 0.2);
  Field z = on(kFine, [](double x, double) { return x < 101.05 ? 200.0F : 2000.0F; });
  const ZonalWeights on_fine = compute_zonal_weights(kFine, regions);
  const RegridWeights to_fine = compute_regrid_weights(kCoarse, kFine, RegridMethod::bilinear);
  const Field t = on(kCoarse, [](double, double) { return 293.0F; });  // at sea level
  const Plane lapse(kCoarse.ny(), kCoarse.nx(), kLapse);
  const auto value = [&](double part) {
    Columns c(1);
    apply(region_operator(on_fine, to_fine, {std::as_const(z).view(), {}, {}, part}), t.view(), lapse.view(), c.values, c.coverage);
    return c.values[0];
  };
  BOOST_TEST(value(0.2) == 293 + kLapse * 200, boost::test_tools::tolerance(1e-5F));
  // The fine cells whose centres lie west of the cliff end at 101.045.
  BOOST_TEST(value(1) == 293 + kLapse * (0.225F * 200 + 0.775F * 2000), boost::test_tools::tolerance(1e-4F));
}

BOOST_AUTO_TEST_CASE(the_value_is_where_the_people_are) {
  const RegionSet regions = mesh_regions(101, 28.5, 101.2, 28.7, 0.2);
  const Field z = on(kFine, hill), people = on(kFine, [](double x, double) { return x > 101.1 && x < 101.12 ? 50.0F : 0.0F; });
  const Field t = on(kCoarse, [](double x, double) { return static_cast<float>(x); });
  const RegionOperator op =
      region_operator(compute_zonal_weights(kFine, regions), compute_regrid_weights(kCoarse, kFine, RegridMethod::bilinear), {z.view(), people.view(), {}, 1});
  Columns c(1);
  apply(op, t.view(), {}, c.values, c.coverage);
  BOOST_TEST((c.values[0] > 101.1F && c.values[0] < 101.12F));
  BOOST_TEST(c.coverage[0] == 1, boost::test_tools::tolerance(1e-4F));
}

BOOST_AUTO_TEST_CASE(missing_cells_lower_the_coverage_and_nothing_else) {
  const RegionSet regions = townships();
  const RegionOperator op = region_operator(compute_zonal_weights(kCoarse, regions));
  Field t = on(kCoarse, [](double, double) { return 5.0F; });
  for (std::int64_t j = 0; j < kCoarse.ny(); ++j) t.view()(j, 4) = std::nanf("");
  Columns c(regions.regions.size());
  apply(op, std::as_const(t).view(), {}, c.values, c.coverage);
  bool lowered = false;
  for (std::size_t r = 0; r < c.values.size(); ++r) {
    if (c.coverage[r] == 0) BOOST_TEST(std::isnan(c.values[r]));
    else BOOST_TEST(c.values[r] == 5, boost::test_tools::tolerance(1e-5F));
    lowered = lowered || c.coverage[r] < 0.99F;
  }
  BOOST_TEST(lowered);
}

BOOST_AUTO_TEST_CASE(the_number_of_threads_changes_no_bit) {
  const RegionSet regions = townships();
  const Field z = on(kFine, hill);
  const auto entries = [&](int threads) {
    set_num_threads(threads);
    const RegionOperator op =
        region_operator(compute_zonal_weights(kFine, regions), compute_regrid_weights(kCoarse, kFine, RegridMethod::bilinear), {z.view(), {}, {}, 0.6});
    set_num_threads(0);
    return op.entries;
  };
  const auto one = entries(1), four = entries(4);
  BOOST_REQUIRE(one.size() == four.size());
  for (std::size_t k = 0; k < one.size(); ++k)
    BOOST_TEST((one[k].source == four[k].source && one[k].share == four[k].share && one[k].height == four[k].height));
}

BOOST_AUTO_TEST_SUITE_END()

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

BOOST_AUTO_TEST_SUITE(lapse_rates)

BOOST_AUTO_TEST_CASE(relief_gives_the_slope_that_the_field_was_made_with) {
  const Field z = on(kCoarse, hill);
  Field t(kCoarse, {});
  for (std::size_t k = 0; k < t.values().size(); ++k) t.values()[k] = 295 - 0.008F * z.values()[k];
  const Plane lapse = local_lapse_rate(std::as_const(t).view(), z.view(), {.doubt_m = 0.01F});
  for (const float x : lapse.values) BOOST_TEST(x == -0.008F, boost::test_tools::tolerance(1e-3F));
}

BOOST_AUTO_TEST_CASE(flat_ground_has_the_standard_atmosphere) {
  const Field z = on(kCoarse, [](double, double) { return 40.0F; }), t = on(kCoarse, [](double x, double) { return static_cast<float>(x); });
  for (const float x : local_lapse_rate(t.view(), z.view()).values) BOOST_TEST(x == kLapse, boost::test_tools::tolerance(1e-4F));
}

BOOST_AUTO_TEST_CASE(levels_above_the_ground_tell_their_own_slope) {
  const Plane ground(2, 2, 400.0F), z1(2, 2, 800.0F), z2(2, 2, 1500.0F), z0(2, 2, 300.0F);
  Plane t1(2, 2, 283.0F), t2(2, 2, 283.0F - 0.0055F * 700), t0(2, 2, 310.0F);  // the lowest lies below the ground and says nothing
  t1.values[3] = std::nanf("");
  const std::vector<LapseLevel> levels{{std::as_const(t0).view(), z0.view()}, {std::as_const(t1).view(), z1.view()}, {std::as_const(t2).view(), z2.view()}};
  const Plane lapse = lapse_rate_of_levels(levels, ground.view());
  BOOST_TEST(lapse.values[0] == -0.0055F, boost::test_tools::tolerance(1e-3F));
  BOOST_TEST(lapse.values[3] == kLapse);  // one level is none
}

BOOST_AUTO_TEST_CASE(no_slope_leaves_its_bounds_and_missing_cells_are_skipped) {
  Field z = on(kCoarse, hill), t(kCoarse, {});
  for (std::size_t k = 0; k < t.values().size(); ++k) t.values()[k] = k % 3 == 0 ? std::nanf("") : 295 - 0.05F * z.values()[k];
  for (const float x : local_lapse_rate(std::as_const(t).view(), std::as_const(z).view()).values) BOOST_TEST((x >= -0.0098F && x < -0.0065F));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
