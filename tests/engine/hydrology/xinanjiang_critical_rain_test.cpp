#include "engine/hydrology/xinanjiang_critical_rain.h"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

#include "engine/extremes/counter_uniform.h"
#include "engine/hydrology/flash_flood_guidance.h"
#include "engine/hydrology/xinanjiang_parameters.h"

namespace guyu {
namespace {

// Parameters within the bounds of xinanjiang_parameters.h, a state and a runoff, all of them different in each draw.
struct RainDraw {
  XinanjiangParameters p;
  XinanjiangState s;
  double runoff, hours;
};
RainDraw rain_draw(std::uint32_t n, bool two_way) {
  std::uint32_t at = 0;
  const auto u = [&] { return counter_uniform(23, n, at++); };
  RainDraw d;
  for (const XinanjiangKey& key : xinanjiang_keys()) d.p.*key.value = key.least + (key.most - key.least) * u();
  d.p.interflow_rate *= 0.7, d.p.groundwater_rate *= 0.7;
  d.p.stable_infiltration_mm_h *= two_way ? 0.3 : 0;
  d.s = xinanjiang_state(d.p, u());
  d.s.free = two_way ? 0 : 0.8 * d.p.free_mm * u(), d.s.interflow = 10 * u(), d.s.groundwater = 50 * u();
  d.runoff = 5 + 40 * u(), d.hours = std::array{1.0, 3.0, 6.0}[n % 3];
  return d;
}
// What leaves the column while so much rain falls evenly: the run itself, by quarters of an hour.
double left_of_even_rain(const RainDraw& d, double rain) {
  XinanjiangState s = d.s;
  const int steps = static_cast<int>(4 * d.hours);
  double sum = 0;
  for (int t = 0; t < steps; ++t) sum += xinanjiang_step(d.p, s, rain / steps, 0, 0.25).runoff();
  return sum;
}
double critical_by_running(const RainDraw& d) {
  return critical_rain_mm([&](double rain) { return left_of_even_rain(d, rain); }, d.runoff, 2000, 0.01);
}
double critical_by_search(const RainDraw& d) {
  XinanjiangCriticalRain critical;
  critical.begin(d.p, d.runoff, d.hours);
  return critical(d.s);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(xinanjiang_critical_rain)

BOOST_AUTO_TEST_CASE(the_search_finds_the_critical_rain_of_the_run_with_even_rain) {
  for (const bool two_way : {false, true}) {
    std::vector<double> off;
    double sum = 0;
    for (std::uint32_t n = 0; n < 1500; ++n) {
      const RainDraw d = rain_draw(n, two_way);
      const double run = critical_by_running(d);
      if (!(run > 0.5) || run > 1000) continue;
      off.push_back(std::abs(critical_by_search(d) / run - 1)), sum += off.back();
    }
    const std::size_t n = off.size();
    BOOST_TEST_REQUIRE(n > 1000U);
    std::sort(off.begin(), off.end());
    BOOST_TEST_MESSAGE("critical rain against the run: off by " << sum / static_cast<double>(n) << " in the mean, 90 and 99 % within " << off[n * 9 / 10]
                                                                << " and " << off[n * 99 / 100]);
    BOOST_TEST(sum / static_cast<double>(n) < 0.01);
    BOOST_TEST(off[n * 9 / 10] < 0.02);
    BOOST_TEST(off[n * 99 / 100] < 0.08);
  }
}

BOOST_AUTO_TEST_CASE(wetter_ground_wants_more_rain_only_where_the_run_does_and_never_less_than_the_runoff) {
  int rises = 0, count = 0;
  for (std::uint32_t n = 0; n < 300; ++n) {
    RainDraw d = rain_draw(n, n % 3 == 0), drier = d;
    XinanjiangCriticalRain critical;
    critical.begin(d.p, d.runoff, d.hours);
    double before = 1e9;
    for (int k = 0; k <= 40; ++k) {
      d.s = xinanjiang_state(d.p, k / 40.0);
      d.s.free = 0.2 * d.p.free_mm, d.s.groundwater = k;
      const double rain = critical(d.s);
      BOOST_TEST(rain >= critical.wanted_mm(d.s));
      // Wetter ground spreads its free water over more of the area, which may leave more room.
      if (rain > before * 1.01) {
        BOOST_TEST(critical_by_running(d) > critical_by_running(drier), rain << " after " << before);
        ++rises;
      }
      before = rain, drier = d, ++count;
    }
  }
  BOOST_TEST(200 * rises < count);
}

BOOST_AUTO_TEST_CASE(what_is_asked_before_makes_no_difference) {
  const RainDraw d = rain_draw(7, false);
  XinanjiangCriticalRain used;
  used.begin(rain_draw(8, false).p, 20, 3);
  for (int k = 0; k < 100; ++k) used(xinanjiang_state(d.p, k / 99.0));
  used.begin(d.p, d.runoff, d.hours);
  for (int k = 0; k < 100; ++k) used(xinanjiang_state(d.p, k / 99.0));
  BOOST_TEST(used(d.s) == critical_by_search(d));
}

BOOST_AUTO_TEST_CASE(stores_that_give_the_runoff_want_no_rain_and_unknown_water_is_unknown) {
  XinanjiangParameters p;
  p.impervious = 0;
  XinanjiangCriticalRain critical;
  critical.begin(p, 15, 3);
  XinanjiangState s = xinanjiang_state(p, 1);
  s.free = p.free_mm;  // all that falls runs off at once, but for the room that drains meanwhile
  BOOST_TEST((critical(s) >= 15 && critical(s) < 18));
  s.groundwater = 15 / (1 - std::pow(0.98, 3.0 / 24));
  BOOST_TEST(critical(s) == 0);
  s.free = std::nan("");
  BOOST_TEST(std::isnan(critical(s)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
