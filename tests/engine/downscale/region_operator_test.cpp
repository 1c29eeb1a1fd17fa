#include "engine/downscale/region_operator.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/plane.h"
#include "engine/downscale/bilinear_sampler.h"
#include "engine/region/zonal_statistics.h"
#include "engine/regrid/apply.h"
#include "engine/regrid/land_mask.h"
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

// Land at 300 K west of 101.2 degrees, sea at 290 K east of it: every township that has land has the land's value, with the coverage that it had; one over the
// sea alone has what there is.
BOOST_AUTO_TEST_CASE(townships_take_the_values_of_land_where_there_is_any) {
  const RegionSet regions = townships();
  const Field t = on(kCoarse, [](double x, double) { return x < 101.2 ? 300.0F : 290.0F; }),
              land = on(kCoarse, [](double x, double) { return x < 101.2 ? 1.0F : 0.0F; });
  const ZonalWeights on_source = compute_zonal_weights(kCoarse, regions);
  const RegionOperator all = region_operator(on_source), of_land = region_operator(on_source, land.view());
  Columns a(regions.regions.size()), b(a);
  apply(all, t.view(), {}, a.values, a.coverage);
  apply(of_land, t.view(), {}, b.values, b.coverage);
  int mended = 0, at_sea = 0;
  for (std::size_t r = 0; r < a.values.size(); ++r) {
    BOOST_TEST(a.coverage[r] == b.coverage[r], boost::test_tools::tolerance(1e-5F));
    BOOST_TEST(b.values[r] == (a.values[r] > 290.0001F ? 300.0F : 290.0F), boost::test_tools::tolerance(1e-6F));
    mended += a.values[r] > 290.001F && a.values[r] < 299.999F ? 1 : 0;
    at_sea += b.values[r] < 295 ? 1 : 0;
  }
  BOOST_TEST(mended > 0);
  BOOST_TEST(at_sea > 0);
  // The same through a fine grid of land alone, also where a part of the township is far from any land of the source.
  const ZonalWeights on_fine = compute_zonal_weights(kFine, regions);
  const Plane all_land(kFine.ny(), kFine.nx(), 1);
  const RegridWeights to_fine = compute_land_aware_weights(kCoarse, land.view(), kFine, all_land.view(), RegridMethod::bilinear);
  const RegionOperator through =
      region_operator(on_fine, to_fine, {.elevation = {}, .importance = {}, .factor = {}, .lowest_part = 1, .source_land = land.view()});
  Columns c(a.values.size());
  apply(through, t.view(), {}, c.values, c.coverage);
  for (std::size_t r = 0; r < a.values.size(); ++r)
    if (a.values[r] > 290.001F) BOOST_TEST(c.values[r] == 300.0F, boost::test_tools::tolerance(1e-6F));
}

// The mean over the cells that count of a fine field is what the row gives, whatever takes part: all, the valley, where people live, the land alone.
BOOST_AUTO_TEST_CASE(rows_are_the_means_over_the_cells_that_count) {
  const RegionSet regions = townships();
  const Field z = on(kFine, hill),
              people = on(kFine, [](double x, double y) { return std::sin(60 * x) * std::cos(50 * y) > 0.3 ? 400 * static_cast<float>(y - 28) : 0.0F; }),
              land = on(kCoarse, [](double x, double) { return x < 101.2 ? 1.0F : 0.0F; }),
              t = on(kCoarse, [](double x, double y) { return static_cast<float>(290 + 3 * std::sin(20 * x) - 2 * y); });
  const ZonalWeights on_fine = compute_zonal_weights(kFine, regions);
  const RegridWeights plain = compute_regrid_weights(kCoarse, kFine, RegridMethod::bilinear);
  const Plane all_land(kFine.ny(), kFine.nx(), 1);
  const RegridWeights coast = compute_land_aware_weights(kCoarse, land.view(), kFine, all_land.view(), RegridMethod::bilinear);
  struct Way {
    FineTerrain terrain;
    const RegridWeights* weights;
  };
  const FineTerrain all{z.view(), {}, {}, 1}, valley{z.view(), {}, {}, 0.3}, where_people_are{z.view(), people.view(), {}, 1};
  FineTerrain of_land = all;
  of_land.source_land = land.view();
  for (const Way& way : {Way{all, &plain}, Way{valley, &plain}, Way{where_people_are, &plain}, Way{of_land, &coast}}) {
    Plane fine(kFine.ny(), kFine.nx());
    apply_weights(*way.weights, t.view(), {}, fine.view());
    const ZonalTable over_cells =
        zonal_statistics(std::as_const(fine).view(), counted_cells(on_fine, *way.weights, way.terrain), parse_zonal_statistics("mean,coverage,min,max"));
    Columns c(regions.regions.size());
    apply(region_operator(on_fine, *way.weights, way.terrain), t.view(), {}, c.values, c.coverage);
    for (std::size_t r = 0; r < c.values.size(); ++r) {
      BOOST_TEST(over_cells.columns[0][r] == c.values[r], boost::test_tools::tolerance(2e-6F));
      BOOST_TEST(over_cells.columns[1][r] == c.coverage[r], boost::test_tools::tolerance(1e-5F));
      BOOST_TEST((over_cells.columns[2][r] <= c.values[r] + 1e-4F && c.values[r] <= over_cells.columns[3][r] + 1e-4F));
    }
  }
  // On the source's own cells.
  const ZonalWeights on_source = compute_zonal_weights(kCoarse, regions);
  const ZonalTable over_cells = zonal_statistics(t.view(), counted_cells(on_source, land.view()), parse_zonal_statistics("mean,coverage"));
  Columns c(regions.regions.size());
  apply(region_operator(on_source, land.view()), t.view(), {}, c.values, c.coverage);
  for (std::size_t r = 0; r < c.values.size(); ++r) {
    BOOST_TEST(over_cells.columns[0][r] == c.values[r], boost::test_tools::tolerance(2e-6F));
    BOOST_TEST(over_cells.columns[1][r] == c.coverage[r], boost::test_tools::tolerance(1e-5F));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
