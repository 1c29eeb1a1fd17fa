#include "engine/hydrology/xinanjiang.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"
#include "engine/extremes/counter_uniform.h"

namespace guyu {
namespace {

bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

// A shower every few days.
double rain_of(int day) {
  const double u = counter_uniform(11, 0, static_cast<std::uint32_t>(day));
  return u < 0.7 ? 0 : 150 * (u - 0.7) * (u - 0.7) / 0.09;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(xinanjiang)

BOOST_AUTO_TEST_CASE(water_is_neither_made_nor_lost) {
  for (const double fc : {0.0, 1.5}) {
    for (const double hours : {1.0, 24.0}) {
      XinanjiangParameters p;
      p.stable_infiltration_mm_h = fc;
      p.impervious = 0.05;
      XinanjiangState s = xinanjiang_state(p, 0.4);
      double balance = stored_mm(p, s), most = 0;
      for (int day = 0; day < 3000; ++day) {
        const double rain = rain_of(day);
        const XinanjiangFlux f = xinanjiang_step(p, s, rain, 3 * hours / 24, hours);
        balance += rain - f.evaporation - f.runoff();
        most = std::max(most, std::abs(balance - stored_mm(p, s)));
        BOOST_TEST_REQUIRE((f.surface >= 0 && f.interflow >= 0 && f.groundwater >= 0 && f.evaporation >= 0));
        BOOST_TEST_REQUIRE((s.upper >= 0 && s.lower >= 0 && s.deep >= 0 && s.free >= 0 && s.upper <= p.upper_mm + 1e-9 && fullness(p, s) <= 1 + 1e-12));
      }
      BOOST_TEST(most < 1e-6, "off by " << most << " mm");
    }
  }
}

BOOST_AUTO_TEST_CASE(full_ground_lets_all_rain_run_off_and_dry_ground_little) {
  XinanjiangParameters p;
  p.impervious = 0;
  XinanjiangState full = xinanjiang_state(p, 1), dry = xinanjiang_state(p, 0);
  const XinanjiangState before = full;
  const XinanjiangFlux f = xinanjiang_step(p, full, 40, 0, 24);
  BOOST_TEST(near(f.runoff() + full.free + full.interflow + full.groundwater, 40, 1e-9));
  BOOST_TEST(near(fullness(p, full), fullness(p, before), 1e-12));
  xinanjiang_step(p, dry, 40, 0, 24);
  // By hand: WM = 150, largest 195; R = 40 - 150 + 150 (1 - 40/195)^1.3 = 1.29 mm, the rest fills the layers from above.
  BOOST_TEST(near(150 * fullness(p, dry), 150 * (1 - std::pow(1 - 40.0 / 195, 1.3)), 1e-9));
  BOOST_TEST(near(dry.upper, 20, 1e-12));
}

BOOST_AUTO_TEST_CASE(evaporation_comes_from_the_upper_layer_first) {
  XinanjiangParameters p;
  p.impervious = 0;
  XinanjiangState s = xinanjiang_state(p, 0.5);  // 10, 35, 30
  BOOST_TEST(near(xinanjiang_step(p, s, 0, 6, 24).evaporation, 6, 1e-12));
  BOOST_TEST(near(s.upper, 4, 1e-12));
  BOOST_TEST(near(xinanjiang_step(p, s, 0, 6, 24).evaporation, 4 + 2 * 35.0 / 70, 1e-12));  // the lower layer gives by its fullness
  BOOST_TEST(near(s.lower, 34, 1e-12));
}

BOOST_AUTO_TEST_CASE(more_rain_and_wetter_ground_never_lower_the_runoff_that_is_made) {
  XinanjiangParameters p;
  const auto made = [&](double rain, double full) {
    XinanjiangState s = xinanjiang_state(p, full);
    const double evaporation = xinanjiang_step(p, s, rain, 2, 24).evaporation;
    return rain - evaporation - (1 - p.impervious) * 150 * (fullness(p, s) - full);
  };
  for (double full = 0; full < 1; full += 0.1) {
    for (double rain = 0; rain < 200; rain += 7) {
      BOOST_TEST_REQUIRE(made(2 * rain, full) >= made(rain, full) - 1e-9);
      BOOST_TEST_REQUIRE(made(rain, full + 0.05) >= made(rain, full) - 1e-9);
    }
  }
}

BOOST_AUTO_TEST_CASE(twice_the_rain_never_lowers_the_flow_of_a_day) {
  XinanjiangParameters p;
  XinanjiangState one = xinanjiang_state(p, 0.5), two = one;
  for (int day = 0; day < 1000; ++day) {
    const double a = xinanjiang_step(p, one, rain_of(day), 3, 24).runoff(), b = xinanjiang_step(p, two, 2 * rain_of(day), 3, 24).runoff();
    BOOST_TEST_REQUIRE(b >= a - 1e-9, day << ": " << a << " " << b);
  }
}

// Parameters over the ranges that calibrations find.
XinanjiangParameters drawn_parameters(std::uint32_t run) {
  std::uint32_t k = 0;
  const auto between = [&](double low, double high) { return low + (high - low) * counter_uniform(23, run, k++); };
  XinanjiangParameters p;
  p.upper_mm = between(5, 40), p.lower_mm = between(30, 150), p.deep_mm = between(0, 120), p.curve = between(0, 1.5);
  p.deep_evaporation = between(0.05, 0.25), p.impervious = between(0, 0.3), p.free_mm = between(5, 80), p.free_curve = between(0, 2);
  p.interflow_rate = between(0, 0.6), p.groundwater_rate = between(0, 0.39), p.interflow_recession = between(0.1, 0.9);
  p.groundwater_recession = between(0.9, 0.995);
  return p;
}

BOOST_AUTO_TEST_CASE(no_more_runs_off_at_the_surface_than_falls) {
  // A drizzle after a storm falls on a smaller area of full ground; the free water that stands on the larger one is no flood.
  for (std::uint32_t run = 0; run < 300; ++run) {
    const XinanjiangParameters p = drawn_parameters(run);
    XinanjiangState s = xinanjiang_state(p, 0.6);
    const double hours = run % 3 == 0 ? 24 : run % 3 == 1 ? 1 : 0.5;
    for (int t = 0; t < 1000; ++t) {
      const double rain = rain_of(t + 1000 * static_cast<int>(run)) * (hours < 24 ? 0.3 : 1);
      const XinanjiangFlux f = xinanjiang_step(p, s, rain, 4 * hours / 24, hours);
      BOOST_TEST_REQUIRE(f.surface <= rain + 1e-9, run << " " << t << ": " << f.surface << " mm of " << rain);
      BOOST_TEST_REQUIRE(s.free <= p.free_mm * s.runoff_share * (1 + 1e-9));
    }
  }
}

BOOST_AUTO_TEST_CASE(from_one_state_twice_the_rain_never_lowers_what_leaves) {
  for (std::uint32_t run = 0; run < 20000; ++run) {
    const XinanjiangParameters p = drawn_parameters(run);
    XinanjiangState s = xinanjiang_state(p, counter_uniform(24, run, 0));
    s.runoff_share = counter_uniform(24, run, 1), s.free = counter_uniform(24, run, 2) * p.free_mm * s.runoff_share;
    XinanjiangState one = s, two = s;
    const double rain = 40 * std::pow(counter_uniform(24, run, 3), 2), hours = run % 2 == 0 ? 1 : 24;
    const double a = xinanjiang_step(p, one, rain, 0, hours).runoff(), b = xinanjiang_step(p, two, 2 * rain, 0, hours).runoff();
    BOOST_TEST_REQUIRE(b >= a - 1e-9, run << ": " << a << " of " << rain << " mm, " << b << " of twice that");
  }
}

BOOST_AUTO_TEST_CASE(free_water_is_split_as_reckoned_by_hand) {
  // Zhao (1992): full ground, S = 10 of SM = 20 mm, EX = 1.2. MS = 44, AU = 44 (1 - 0.5^(1/2.2)) = 11.891; 4 mm: RS = 4 - 20 + 10 + 20 (1 - 15.891 / 44)^2.2
  // = 1.462. Of the 12.538 mm left 0.7 drain in a day, half of them as interflow: 4.388 mm into each recession store, of which 0.2 and 0.02 leave.
  XinanjiangParameters p;
  p.impervious = 0;
  XinanjiangState s = xinanjiang_state(p, 1);
  s.free = 10, s.runoff_share = 1;
  const XinanjiangFlux f = xinanjiang_step(p, s, 4, 0, 24);
  BOOST_TEST(near(f.surface, 1.462, 1e-3));
  BOOST_TEST(near(f.interflow, 0.2 * 4.388, 1e-3));
  BOOST_TEST(near(f.groundwater, 0.02 * 4.388, 1e-3));
  BOOST_TEST(near(s.free, 0.3 * 12.538, 1e-3));
}

BOOST_AUTO_TEST_CASE(half_hours_and_quarters_of_an_hour_come_to_the_same) {
  // A day of 5 mm/h, then two dry ones: each halving of the step leaves about half the difference.
  const auto runoff = [](double hours) {
    const XinanjiangParameters p;
    XinanjiangState s = xinanjiang_state(p, 0.6);
    double sum = 0;
    for (int t = 0; t < static_cast<int>(72 / hours); ++t) sum += xinanjiang_step(p, s, t * hours < 24 ? 5 * hours : 0, 0.1 * hours, hours).runoff();
    return sum;
  };
  const double hour = runoff(1), half = runoff(0.5), quarter = runoff(0.25), eighth = runoff(0.125);
  BOOST_TEST(near(half, hour, 0.005 * hour));
  BOOST_TEST(std::abs(quarter - half) < 0.7 * std::abs(half - hour));
  BOOST_TEST(std::abs(eighth - quarter) < 0.7 * std::abs(quarter - half));
}

BOOST_AUTO_TEST_CASE(missing_rain_gives_missing_runoff_and_leaves_the_state) {
  XinanjiangParameters p;
  XinanjiangState s = xinanjiang_state(p, 0.5);
  BOOST_TEST(std::isnan(xinanjiang_step(p, s, std::nan(""), 3, 24).runoff()));
  BOOST_TEST(near(fullness(p, s), 0.5, 1e-12));
  p.interflow_rate = 0.8;
  BOOST_CHECK_THROW(check(p), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
