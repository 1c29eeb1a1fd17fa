#include "engine/nowcast/rate_mapping.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/core/plane.h"
#include "engine/nowcast/rain_scale.h"
#include "hpc/parallel/parallel_for.h"
#include "hpc/parallel/random.h"

using namespace guyu;
namespace {
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

Plane decibels(std::int64_t ny, std::int64_t nx, std::uint64_t seed, double mean, double deviation) {
  Plane p(ny, nx);
  for (std::int64_t k = 0; k < ny * nx; ++k)
    p.values[static_cast<std::size_t>(k)] = static_cast<float>(mean + deviation * RandomStream{seed, 0, 0, 0}.normals(static_cast<std::uint32_t>(k))[0]);
  return p;
}

// Rates of which about a third is wet.
Plane rain(std::int64_t ny, std::int64_t nx) {
  Plane p = decibels(ny, nx, 99, -13, 8);
  for (float& x : p.values) x = x < -10 ? 0.0F : std::pow(10.0F, x / 10);
  return p;
}

Plane mapped(const RateMapping& mapping, Plane field) {
  mapping.apply(field.view(), mapping.seen());
  return field;
}

double mean_of(const Plane& p) {
  double sum = 0, n = 0;
  for (const float x : p.values) {
    if (std::isnan(x)) continue;
    sum += static_cast<double>(x);
    n += 1;
  }
  return sum / n;
}

double wet_share(const Plane& p) {
  double wet = 0, n = 0;
  for (const float x : p.values) {
    if (std::isnan(x)) continue;
    wet += x > 0 ? 1 : 0;
    n += 1;
  }
  return wet / n;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rate_mapping)

BOOST_AUTO_TEST_CASE(matched_ranks_take_the_observed_rates_as_a_sort_would_give_them) {
  const Plane observed = rain(120, 150);
  const Plane field = decibels(120, 150, 5, 0, 10);
  const Plane out = mapped(RateMapping(observed.view(), Matching::cdf), field);
  std::vector<std::size_t> order(field.values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return field.values[a] < field.values[b]; });
  std::vector<float> sorted = observed.values;
  std::sort(sorted.begin(), sorted.end());
  // A bin of 0.02 dB holds up to about 15 of these ranks.
  constexpr std::size_t slack = 20;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const float low = sorted[k < slack ? 0 : k - slack], high = sorted[std::min(k + slack, sorted.size() - 1)];
    const float r = out.values[order[k]];
    BOOST_TEST_REQUIRE((r >= low - 1e-5F && r <= high + 1e-5F), "rank " << k << ": " << r << " not in " << low << " ... " << high);
  }
  BOOST_TEST(std::fabs(wet_share(out) - wet_share(observed)) < 0.001);
  BOOST_TEST(std::fabs(mean_of(out) / mean_of(observed) - 1) < 0.01);
}

BOOST_AUTO_TEST_CASE(the_observation_itself_comes_back) {
  const Plane observed = rain(100, 100);
  const Plane out = mapped(RateMapping(observed.view(), Matching::cdf), to_decibel(observed.view()));
  std::size_t differ = 0;
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    // 0.02 dB are half a percent; in the tail neighbours in rank are farther apart.
    if (std::fabs(out.values[i] - observed.values[i]) > 0.01F + 0.02F * observed.values[i]) ++differ;
  }
  BOOST_TEST(differ < out.values.size() / 200);
  BOOST_TEST(std::fabs(wet_share(out) - wet_share(observed)) < 0.002);
}

BOOST_AUTO_TEST_CASE(a_wetter_place_never_gets_less_rain) {
  const Plane observed = rain(60, 60);
  for (const Matching matching : {Matching::none, Matching::mean, Matching::cdf}) {
    Plane field(60, 60);
    for (std::size_t i = 0; i < field.values.size(); ++i) field.values[i] = -90.0F + 0.05F * static_cast<float>(i);
    const Plane out = mapped(RateMapping(observed.view(), matching), field);
    for (std::size_t i = 1; i < out.values.size(); ++i) BOOST_TEST_REQUIRE(out.values[i] >= out.values[i - 1]);
    BOOST_TEST(out.values.front() == 0.0F);
    BOOST_TEST(out.values.back() <= kMostRain);
  }
}

BOOST_AUTO_TEST_CASE(without_matching_rates_are_those_of_the_decibels) {
  const Plane observed = rain(40, 40);
  const Plane field = decibels(40, 40, 3, 3, 12);
  const Plane out = mapped(RateMapping(observed.view(), Matching::none), field);
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    const float z = field.values[i], wanted = z < -10 ? 0.0F : std::min(std::pow(10.0F, z / 10), kMostRain);
    if (std::fabs(z + 10) < 0.02F) continue;
    BOOST_TEST_REQUIRE(std::fabs(out.values[i] - wanted) < 1e-4F + 2e-3F * wanted, z << " dB");
  }
}

BOOST_AUTO_TEST_CASE(the_mean_is_that_of_the_observation) {
  const Plane observed = rain(90, 90);
  for (const double deviation : {3.0, 8.0}) {
    const Plane out = mapped(RateMapping(observed.view(), Matching::mean), decibels(90, 90, 3, 2, deviation));
    // What falls below the least rain after scaling is lost.
    BOOST_TEST(std::fabs(mean_of(out) / mean_of(observed) - 1) < 0.005);
  }
}

BOOST_AUTO_TEST_CASE(a_dry_observation_makes_everything_dry) {
  const Plane dry(30, 30);
  for (const Matching matching : {Matching::mean, Matching::cdf}) {
    const RateMapping mapping(dry.view(), matching);
    BOOST_TEST(mapping.wet_share() == 0);
    for (const float x : mapped(mapping, decibels(30, 30, 1, 5, 5)).values) BOOST_TEST_REQUIRE(x == 0.0F);
  }
}

BOOST_AUTO_TEST_CASE(an_observation_that_is_wet_all_over_has_no_dry_cell_left) {
  Plane wet = rain(30, 30);
  for (float& x : wet.values) x += 1;
  const Plane out = mapped(RateMapping(wet.view(), Matching::cdf), decibels(30, 30, 1, -40, 5));
  for (const float x : out.values) BOOST_TEST_REQUIRE(x >= 1.0F);
}

BOOST_AUTO_TEST_CASE(one_wet_cell_stays_one_wet_cell) {
  Plane observed(40, 40);
  observed.row(20)[20] = 30;
  const RateMapping mapping(observed.view(), Matching::cdf);
  BOOST_TEST(std::fabs(mapping.wet_share() - 1.0 / 1600) < 1e-12);
  Plane field = decibels(40, 40, 8, -12, 1);
  field.row(3)[4] = 25;
  const Plane out = mapped(mapping, field);
  std::size_t wet = 0;
  for (const float x : out.values) wet += x > 0 ? 1U : 0U;
  BOOST_TEST(wet == 1U);
  BOOST_TEST(out.row(3)[4] == 30.0F);
}

// Cells without noise of their own share one value; there can be more of them than dry cells were seen.
BOOST_AUTO_TEST_CASE(equal_cells_are_all_dry_or_all_wet_as_most_of_them_should_be) {
  Plane observed(10, 10, 20.0F);
  for (const auto& [dry, wet_cells] : std::vector<std::pair<std::size_t, std::size_t>>{{40, 30}, {30, 100}}) {
    std::fill_n(observed.values.begin(), 100, 20.0F);
    std::fill_n(observed.values.begin(), dry, 0.0F);
    Plane field(10, 10, kDryDecibel);
    for (std::size_t i = 70; i < 100; ++i) field.values[i] = static_cast<float>(i) / 10;
    const Plane out = mapped(RateMapping(std::as_const(observed).view(), Matching::cdf), field);
    BOOST_TEST(static_cast<std::size_t>(std::count(out.values.begin(), out.values.end(), 20.0F)) == wet_cells);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_known_of_rain_that_was_nowhere_seen) {
  const Plane missing(20, 30, kNaN);
  for (const Matching matching : {Matching::none, Matching::mean, Matching::cdf}) {
    const RateMapping mapping(missing.view(), matching);
    BOOST_TEST(mapping.seen().cells() == 0);
    for (const float x : mapped(mapping, decibels(20, 30, 1, 5, 5)).values) BOOST_TEST_REQUIRE(std::isnan(x));
  }
  // Shown all the same, it is dry: there is nothing to match.
  const Plane all(20, 30, 1.0F);
  Plane field = decibels(20, 30, 1, 5, 5);
  RateMapping(missing.view(), Matching::cdf).apply(field.view(), SeenArea(all.view()));
  for (const float x : field.values) BOOST_TEST_REQUIRE(x == 0.0F);
}

BOOST_AUTO_TEST_CASE(values_are_where_the_area_is_shown_and_nowhere_else) {
  Plane observed = rain(25, 35), area(25, 35, kNaN);
  for (std::int64_t j = 0; j < 25; ++j) {
    for (std::int64_t i = 0; i < 35; ++i) {
      if ((i * 7 + j * 3) % 5 < 2) observed.row(j)[i] = kNaN;
      if ((i / 3 + j / 4) % 2 == 0) area.row(j)[i] = 0;
    }
  }
  Plane field = decibels(25, 35, 2, 0, 6);
  RateMapping(std::as_const(observed).view(), Matching::cdf).apply(field.view(), SeenArea(std::as_const(area).view()));
  for (std::size_t i = 0; i < field.values.size(); ++i) BOOST_TEST_REQUIRE(std::isnan(field.values[i]) == std::isnan(area.values[i]));
}

BOOST_AUTO_TEST_CASE(what_was_not_seen_counts_for_nothing) {
  Plane observed = rain(40, 40), field = decibels(40, 40, 2, 0, 6);
  for (std::int64_t j = 0; j < 40; ++j) std::fill_n(observed.row(j), 20, kNaN);
  Plane other = field;
  for (std::int64_t j = 0; j < 40; ++j) std::fill_n(other.row(j), 20, 60.0F);
  for (const Matching matching : {Matching::mean, Matching::cdf}) {
    const RateMapping mapping(std::as_const(observed).view(), matching);
    const Plane a = mapped(mapping, field), b = mapped(mapping, other);
    for (std::int64_t j = 0; j < 40; ++j) {
      for (std::int64_t i = 20; i < 40; ++i) BOOST_TEST_REQUIRE(a.row(j)[i] == b.row(j)[i]);
    }
  }
}

BOOST_AUTO_TEST_CASE(absurd_decibels_stay_within_the_rates_there_are) {
  const Plane observed = rain(10, 10);
  const float inf = std::numeric_limits<float>::infinity();
  for (const Matching matching : {Matching::none, Matching::mean, Matching::cdf}) {
    Plane field = decibels(10, 10, 2, 0, 6);
    field.values[0] = inf;
    field.values[1] = -inf;
    field.values[2] = 3e38F;
    field.values[3] = -3e38F;
    const Plane out = mapped(RateMapping(observed.view(), matching), field);
    for (const float x : out.values) BOOST_TEST_REQUIRE((x >= 0 && x <= kMostRain));
    BOOST_TEST(out.values[1] == 0.0F);
    BOOST_TEST(out.values[3] == 0.0F);
  }
}

BOOST_AUTO_TEST_CASE(rates_have_the_same_bits_for_any_number_of_threads) {
  const Plane observed = rain(301, 103);
  const auto run = [&](int threads) {
    set_num_threads(threads);
    Plane out = mapped(RateMapping(observed.view(), Matching::cdf), decibels(301, 103, 2, 0, 6));
    set_num_threads(0);
    return out;
  };
  const Plane one = run(1);
  for (const int n : {2, 3}) BOOST_TEST((run(n).values == one.values));
}

BOOST_AUTO_TEST_CASE(a_field_without_cells_or_of_one_is_handled) {
  const Plane none;
  Plane out;
  RateMapping(none.view(), Matching::cdf).apply(out.view(), SeenArea(none.view()));
  const Plane one(1, 1, 5.0F);
  BOOST_TEST(mapped(RateMapping(one.view(), Matching::cdf), Plane(1, 1, 0.0F)).values[0] == 5.0F);
}

BOOST_AUTO_TEST_SUITE_END()
