#include "engine/extremes/window_maxima.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

const TimePoint t2001 = parse_time("2001-01-01T00:00:00Z");
Interval hour(int h, int length = 1) { return {t2001 + std::chrono::hours(h), t2001 + std::chrono::hours(h + length)}; }
WindowMaximaOptions rain_options(std::size_t peaks = 0) { return {{Seconds(3600), Seconds(3 * 3600), Seconds(24 * 3600)}, peaks}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(window_maxima)

BOOST_AUTO_TEST_CASE(rolling_sums_are_those_of_a_plain_loop) {
  std::mt19937 random(4);
  const int hours = 2 * 8760;
  std::vector<float> rain;
  for (int h = 0; h < hours; ++h) rain.push_back(random() % 50 == 0 ? std::nanf("") : random() % 4 == 0 ? static_cast<float>(random() % 1000) / 40 : 0.0F);
  WindowMaxima m(1, rain_options());
  for (int h = 0; h < hours; ++h) m.add(hour(h), std::span(&rain[static_cast<std::size_t>(h)], 1));
  m.finish();
  BOOST_REQUIRE(m.years() == (std::vector<int>{2001, 2002}));
  const int lengths[] = {1, 3, 24};
  for (std::size_t w = 0; w < 3; ++w)
    for (int y = 0; y < 2; ++y) {
      double most = -1;
      for (int end = 8760 * y + 1; end <= 8760 * (y + 1); ++end) {
        double sum = end >= lengths[w] ? 0 : std::nan("");
        for (int h = end - lengths[w]; h < end && !std::isnan(sum); ++h) sum += static_cast<double>(rain[static_cast<std::size_t>(h)]);
        if (sum > most) most = sum;
      }
      BOOST_TEST(std::abs(m.largest(w, static_cast<std::size_t>(y), 0, 0.1) - most) < 1e-4);
    }
  BOOST_TEST(std::isnan(m.largest(2, 0, 0, 0.9)));  // with one hour of fifty missing most windows of a day are not known
}

BOOST_AUTO_TEST_CASE(a_gap_or_a_step_longer_than_the_window_never_makes_a_sum) {
  WindowMaxima m(1, rain_options());
  const std::vector<float> ten{10};
  m.add(hour(0, 3), ten);
  m.add(hour(3, 3), ten);
  m.add(hour(8, 3), ten);
  BOOST_TEST(std::isnan(m.largest(0, 0, 0, 0)));
  BOOST_TEST(m.largest(1, 0, 0, 0) == 10);
  BOOST_TEST(std::isnan(m.largest(2, 0, 0, 0)));
  BOOST_CHECK_THROW(m.add(hour(9), ten), Error);
  BOOST_CHECK_THROW(m.add({hour(20).end, hour(20).end}, ten), Error);
  BOOST_CHECK_THROW(m.add(hour(20), std::vector<float>{1, 2}), Error);
}

BOOST_AUTO_TEST_CASE(peaks_lie_apart_and_one_storm_is_one_peak) {
  WindowMaxima m(1, {{Seconds(3600)}, 4, Seconds(24 * 3600)});
  for (int h = 0; h < 400; ++h) m.add(hour(h), std::vector<float>{h == 100 ? 30.0F : h == 103 ? 40.0F : h == 110 ? 20.0F : h == 200 ? 25.0F : 0.0F});
  m.finish();
  const std::vector<double> peaks = m.peaks(0, 0);
  BOOST_REQUIRE(peaks.size() == 2);
  BOOST_TEST(peaks[0] == 40);
  BOOST_TEST(peaks[1] == 25);
}

BOOST_AUTO_TEST_CASE(values_at_instants_give_maxima_of_their_own) {
  WindowMaxima m(2, {});
  for (int h = 0; h < 8760; ++h) m.add({hour(h).end, hour(h).end}, std::vector<float>{h == 7 ? 21.0F : 3.0F, std::nanf("")});
  BOOST_TEST(m.largest(0, 0, 0, 0.9) == 21);
  BOOST_TEST(std::isnan(m.largest(0, 0, 1, 0)));
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace guyu
