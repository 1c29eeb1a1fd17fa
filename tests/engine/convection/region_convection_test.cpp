#include "engine/convection/region_convection.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/plane.h"
#include "hpc/parallel/parallel_for.h"

using namespace guyu;
namespace {

// Three regions of ten by ten pixels side by side; the right one is out of the radars' sight, and half and more of the middle one in it.
struct Case {
  Grid grid{"+proj=laea +lat_0=30 +lon_0=115 +datum=WGS84 +units=m", 500, 9500, 1000, 1000, 30, 10};
  Plane composite{10, 30, 20}, hail{10, 30, 0}, gust{10, 30, 5};
  std::vector<CellArrival> arrivals;
  std::vector<CellSeverity> severity;
  std::vector<float> flashes;
  ZonalWeights weights;
  Case() {
    RegionSet set{grid.crs(), {}, {}};
    for (int k = 0; k < 3; ++k) {
      const double west = 10'000.0 * k;
      set.regions.push_back({std::to_string(k), "", "", {{{{west, 0}, {west + 1e4, 0}, {west + 1e4, 1e4}, {west, 1e4}, {west, 0}}, {}}}});
    }
    weights = compute_zonal_weights(grid, set);
    for (int j = 0; j < 10; ++j) {
      for (int i = 16; i < 30; ++i) composite.row(j)[i] = hail.row(j)[i] = gust.row(j)[i] = std::nanf("");
    }
    hail.row(5)[5] = 30, gust.row(2)[12] = 18;
  }
  void arrive(std::size_t region, std::uint32_t track, double share, int minutes) {
    CellArrival a;
    a.region = region, a.track = track, a.share = share, a.time_to_arrival = Seconds{60 * minutes};
    arrivals.push_back(a);
  }
  RegionConvection run() const { return region_convection(weights, {composite.view(), hail.view(), gust.view(), arrivals, severity, flashes}); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(region_convection_)

BOOST_AUTO_TEST_CASE(a_region_has_its_greatest_values_where_it_is_seen) {
  const RegionConvection c = Case().run();
  BOOST_TEST((c.hail_mm[0] == 30 && c.hail_mm[1] == 0 && std::isnan(c.hail_mm[2])));
  BOOST_TEST((c.gust_m_s[0] == 5 && c.gust_m_s[1] == 18 && std::isnan(c.gust_m_s[2])));
  BOOST_TEST(c.coverage[1] == 0.6F, boost::test_tools::tolerance(1e-4F));
  BOOST_TEST((std::isinf(c.arrival_min[0]) && std::isinf(c.arrival_min[1]) && std::isnan(c.arrival_min[2])));
  BOOST_TEST((c.lightning_likelihood[0] == 0 && std::isnan(c.lightning_likelihood[2])));
  BOOST_TEST(std::isnan(c.flash_density[0]));
}

BOOST_AUTO_TEST_CASE(cells_on_their_way_bring_what_they_carry) {
  Case c;
  c.severity = {{7, 45, 25, 0.93}, {8, 10, 6, 0.1}};
  c.arrive(1, 7, 0.5, 20), c.arrive(1, 8, 0.4, 12), c.arrive(0, 8, 0.2, 3);
  const RegionConvection r = c.run();
  BOOST_TEST((r.hail_mm[1] == 0 && r.hail_expected_mm[1] == 45 && r.gust_expected_m_s[1] == 25));
  BOOST_TEST(r.arrival_min[1] == 12);
  BOOST_TEST(r.lightning_likelihood[1] == 1 - (1 - 0.5F * 0.93F) * (1 - 0.4F * 0.1F), boost::test_tools::tolerance(1e-5F));
  BOOST_TEST(std::isinf(r.arrival_min[0]));  // a share of 0.2 is no arrival
  BOOST_TEST(r.lightning_likelihood[0] == 0.02F, boost::test_tools::tolerance(1e-4F));
}

BOOST_AUTO_TEST_CASE(a_cell_of_unknown_severity_makes_the_region_unknown_but_not_where_it_flashes) {
  Case c;
  c.arrive(0, 7, 0.9, 5), c.arrive(1, 7, 0.9, 15);
  c.flashes = {0.2F, 0, 0.1F};
  const RegionConvection r = c.run();
  BOOST_TEST(r.lightning_likelihood[0] == 1);
  BOOST_TEST(std::isnan(r.lightning_likelihood[1]));
  BOOST_TEST(r.lightning_likelihood[2] == 1);  // what the radars do not see the sensor does
  BOOST_TEST((std::isnan(r.hail_expected_mm[0]) && r.hail_mm[0] == 30));
  BOOST_TEST(r.arrival_min[0] == 5);
}

BOOST_AUTO_TEST_CASE(the_probability_of_hail_is_that_of_now_or_of_what_comes) {
  Case c;
  Plane posh{10, 30, 0};
  for (int j = 0; j < 10; ++j)
    for (int i = 16; i < 30; ++i) posh.row(j)[i] = std::nanf("");
  posh.row(5)[5] = 0.5F;
  const auto run = [&] { return region_convection(c.weights, {c.composite.view(), {}, {}, c.arrivals, c.severity, {}, posh.view()}); };
  c.severity = {{7, 45, 25, 0.93, 0.8F}, {8, 10, 6, 0.1, 0.4F}};
  c.arrive(0, 8, 0.9, 5), c.arrive(1, 7, 0.5, 20), c.arrive(1, 8, 0.25, 12);
  const RegionConvection r = run();
  BOOST_TEST((r.hail_probability[0] == 0.5F && r.hail_probability[1] == 0 && std::isnan(r.hail_probability[2])));
  BOOST_TEST(r.hail_probability_expected[0] == 0.5F);                                                  // 0.9 x 0.4 is less
  BOOST_TEST(r.hail_probability_expected[1] == 1 - 0.6F * 0.9F, boost::test_tools::tolerance(1e-5F));  // 1 - (1 - 0.5 x 0.8)(1 - 0.25 x 0.4)
  BOOST_TEST(std::isnan(r.hail_probability_expected[2]));
  c.severity.pop_back();  // what the second one carries is not known
  BOOST_TEST((std::isnan(run().hail_probability_expected[0]) && std::isnan(run().hail_probability_expected[1])));
}

BOOST_AUTO_TEST_CASE(stronger_hail_makes_no_region_less_severe) {
  Case c;
  c.severity = {{7, 45, 25, 0.93}};
  c.arrive(1, 7, 0.5, 20);
  const RegionConvection before = c.run();
  for (float& v : c.hail.values) v *= 2;
  c.severity[0].hail_mm *= 2;
  const RegionConvection after = c.run();
  for (std::size_t k = 0; k < 2; ++k) BOOST_TEST((after.hail_mm[k] >= before.hail_mm[k] && after.hail_expected_mm[k] >= before.hail_expected_mm[k]));
}

BOOST_AUTO_TEST_CASE(nothing_known_is_nothing_said_and_never_no) {
  Case c;
  for (Plane* p : {&c.composite, &c.hail, &c.gust}) std::fill(p->values.begin(), p->values.end(), std::nanf(""));
  const RegionConvection r = c.run();
  for (const auto* column : {&r.hail_mm, &r.hail_expected_mm, &r.gust_m_s, &r.gust_expected_m_s, &r.arrival_min, &r.lightning_likelihood, &r.flash_density}) {
    for (const float v : *column) BOOST_TEST(std::isnan(v));
  }
}

BOOST_AUTO_TEST_CASE(columns_name_quantity_time_and_coverage) {
  const RegionConvection r = Case().run();
  const TimePoint now = parse_time("2024-07-01T00:00:00Z");
  const auto columns = convection_columns(r, now);
  BOOST_REQUIRE(columns.size() == 9U);
  for (const RegionColumn& c : columns) {
    BOOST_TEST((c.values.size() == 3U && c.coverage.size() == 3U && c.valid.end == now));
  }
  BOOST_TEST((columns[2].name == "hail_size" && columns[2].quantity.unit == "mm"));
  BOOST_TEST((columns[8].name == "cell_arrival" && columns[8].quantity.unit == "min"));
}

BOOST_AUTO_TEST_CASE(the_number_of_threads_changes_nothing_and_other_shapes_are_an_error) {
  Case c;
  set_num_threads(1);
  const auto one = c.run();
  set_num_threads(4);
  const auto four = c.run();
  set_num_threads(0);
  BOOST_TEST((one.hail_mm[0] == four.hail_mm[0] && one.gust_m_s[1] == four.gust_m_s[1] && one.coverage == four.coverage));
  c.flashes = {1};
  BOOST_CHECK_THROW(c.run(), Error);
  c.flashes.clear(), c.composite = Plane(3, 3);
  BOOST_CHECK_THROW(c.run(), Error);
}

BOOST_AUTO_TEST_SUITE_END()
