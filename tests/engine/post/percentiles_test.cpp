#include "engine/post/percentiles.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "engine/post/probability_percentiles.h"
#include "engine/post/wet_periods.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/post/planes.h"
#include "tests/engine/post/random_plane.h"

using namespace guyu;
using test::random_plane;
namespace tt = boost::test_tools;
namespace {

std::vector<Plane> around(const Plane& in, std::int64_t radius, const std::vector<double>& percentiles) {
  std::vector<Plane> out(percentiles.size(), Plane(in.ny, in.nx));
  neighbourhood_percentiles(in.view(), radius, percentiles, test::writable(out));
  return out;
}

std::vector<float> of_probabilities(const std::vector<float>& probabilities, const ThresholdDistribution& d, const std::vector<double>& percentiles) {
  std::vector<Plane> in, out(percentiles.size(), Plane(1, 1));
  for (const float p : probabilities) in.emplace_back(1, 1, p);
  percentiles_of_probabilities(test::views(in), d, percentiles, test::writable(out));
  std::vector<float> values;
  for (const Plane& p : out) values.push_back(p.values[0]);
  return values;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(percentiles_)

BOOST_AUTO_TEST_CASE(a_percentile_lies_linearly_between_the_values) {
  const std::vector<float> sorted{1, 2, 4, 8, 16};
  const std::vector<double> wanted{1, 1.4, 2, 4, 6, 16}, percentiles{0, 10, 25, 50, 62.5, 100};
  for (std::size_t k = 0; k < wanted.size(); ++k) BOOST_TEST(percentile_of_sorted(sorted, percentiles[k]) == wanted[k], tt::tolerance(1e-12));
  BOOST_CHECK_THROW(check_percentiles(std::vector<double>{50, 101}), Error);
}

BOOST_AUTO_TEST_CASE(members_that_are_missing_make_a_percentile_missing_unless_fewer_will_do) {
  const std::vector<Plane> members{Plane(1, 1, 3), Plane(1, 1, NAN), Plane(1, 1, 1)};
  std::vector<Plane> out{Plane(1, 1)};
  const std::vector<double> median{50};
  percentiles_of_planes(test::views(members), median, test::writable(out));
  BOOST_TEST(std::isnan(out[0].values[0]));
  percentiles_of_planes(test::views(members), median, test::writable(out), 2);
  BOOST_TEST(out[0].values[0] == 2.0F);
}

BOOST_AUTO_TEST_CASE(sorted_members_are_those_that_were_there) {
  const std::vector<Plane> members{Plane(1, 1, 3), Plane(1, 1, -1), Plane(1, 1, 2)};
  std::vector<Plane> out(3, Plane(1, 1));
  sort_planes(test::views(members), test::writable(out));
  BOOST_TEST((out[0].values[0] == -1 && out[1].values[0] == 2 && out[2].values[0] == 3));
}

// The same by gathering and sorting; inside, where the neighbourhood does not reach over the edge.
BOOST_AUTO_TEST_CASE(percentiles_of_neighbourhoods_are_what_sorting_gives) {
  const Plane in = random_plane(25, 33, 4);
  const std::vector<double> percentiles{0, 10, 50, 95, 100};
  for (const std::int64_t radius : {1, 2, 6}) {
    const std::vector<Plane> ours = around(in, radius, percentiles);
    for (std::int64_t j = radius; j < in.ny - radius; ++j) {
      for (std::int64_t i = radius; i < in.nx - radius; ++i) {
        std::vector<float> values;
        for (std::int64_t y = -radius; y <= radius; ++y)
          for (std::int64_t x = -radius; x <= radius; ++x)
            if (x * x + y * y <= radius * radius) values.push_back(in.row(j + y)[i + x]);
        std::sort(values.begin(), values.end());
        for (std::size_t p = 0; p < percentiles.size(); ++p)
          BOOST_REQUIRE(ours[p].row(j)[i] == static_cast<float>(percentile_of_sorted(values, percentiles[p])));
      }
    }
  }
}

// The corner of a 3 x 3 field of ones around a 0: its neighbours beyond the edge are the edge's own values (means of one cell).
BOOST_AUTO_TEST_CASE(beyond_the_edge_the_field_goes_on_with_the_means_of_its_outermost_cells) {
  Plane in(3, 3, 1);
  in.row(0)[0] = 0;
  const std::vector<Plane> ours = around(in, 1, {0, 50, 100});  // of (0,0), its copy above, its copy to the left, and two ones
  BOOST_TEST((ours[0].values[0] == 0 && ours[1].values[0] == 0 && ours[2].values[0] == 1));
}

BOOST_AUTO_TEST_CASE(a_missing_cell_makes_the_percentiles_around_it_missing_and_no_more) {
  Plane in = random_plane(15, 15, 6);
  in.row(7)[7] = NAN;
  const Plane out = around(in, 2, {50})[0];
  for (std::int64_t j = 0; j < 15; ++j)
    for (std::int64_t i = 0; i < 15; ++i) BOOST_TEST(std::isnan(out.row(j)[i]) == ((j - 7) * (j - 7) + (i - 7) * (i - 7) <= 4));
}

BOOST_AUTO_TEST_CASE(threads_change_nothing) {
  const Plane in = random_plane(60, 40, 3, 500);
  set_num_threads(1);
  const Plane one = around(in, 3, {30})[0];
  set_num_threads(4);
  BOOST_TEST(test::differing(around(in, 3, {30})[0], one) == 0U);
  set_num_threads(0);
}

// P(above 10) = 0.75, P(above 20) = 0.25: a quarter lies below 10, a half between, a quarter above.
BOOST_AUTO_TEST_CASE(a_distribution_runs_from_bound_to_bound_through_its_thresholds) {
  const ThresholdDistribution d{{10, 20}, false, std::pair{0.0, 40.0}};
  const std::vector<float> wanted{0, 5, 10, 15, 20, 30, 40};
  const std::vector<float> ours = of_probabilities({0.75F, 0.25F}, d, {0, 12.5, 25, 50, 75, 87.5, 100});
  for (std::size_t k = 0; k < wanted.size(); ++k) BOOST_TEST(test::same(ours[k], wanted[k], 1e-5));
  BOOST_TEST(of_probabilities({0.25F, 0.75F}, {{10, 20}, true}, {10, 50, 90}) == (std::vector<float>{10, 15, 20}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(probabilities_that_fall_where_they_may_not_are_raised) {
  BOOST_TEST(of_probabilities({0.5F, 0.4F, 1}, {{1, 2, 3}, true, std::pair{0.0, 4.0}}, {75})[0] == 2.5F);
}

BOOST_AUTO_TEST_CASE(what_the_thresholds_do_not_reach_may_be_missing) {
  const ThresholdDistribution d{{100, 1000}, true, std::pair{0.0, 20000.0}, false, true};
  const std::vector<float> ours = of_probabilities({0.1F, 0.4F}, d, {25, 40, 75});
  BOOST_TEST(ours[0] == 550.0F, tt::tolerance(1e-5F));
  BOOST_TEST((test::same(ours[1], 1000, 1e-2) || std::isnan(ours[1])));  // 0.4 in float
  BOOST_TEST(std::isnan(ours[2]));
}

BOOST_AUTO_TEST_CASE(thresholds_out_of_order_or_out_of_bounds_are_refused) {
  BOOST_CHECK_THROW(of_probabilities({0.5F, 0.4F}, {{2, 1}, true}, {50}), Error);
  BOOST_CHECK_THROW(of_probabilities({0.5F}, {{560}, false, std::pair{173.15, 333.15}}, {50}), Error);
  BOOST_CHECK_THROW(of_probabilities({0.5F, 0.5F}, {{1}, false}, {50}), Error);
  BOOST_TEST(of_probabilities({1}, {{560}, false, std::pair{173.15, 333.15}, true}, {100})[0] == 560.0F);
}

BOOST_AUTO_TEST_CASE(a_period_is_wet_when_both_say_so) {
  const std::vector<Plane> amount{Plane(1, 1, 1), Plane(1, 1, 1), Plane(1, 1, 0), Plane(1, 1, 1)};
  std::vector<Plane> rate{Plane(1, 1, 1), Plane(1, 1, 0), Plane(1, 1, 1), Plane(1, 1, 1)};
  Plane share(1, 1);
  wet_share_of_periods(test::views(amount), test::views(rate), share.view());
  BOOST_TEST(share.values[0] == 0.5F);
  rate[2].values[0] = NAN;
  wet_share_of_periods(test::views(amount), test::views(rate), share.view());
  BOOST_TEST(std::isnan(share.values[0]));
  rate.pop_back();
  BOOST_CHECK_THROW(wet_share_of_periods(test::views(amount), test::views(rate), share.view()), Error);
}

BOOST_AUTO_TEST_SUITE_END()
