#include "engine/downscale/rainfarm.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <utility>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

const char* kDegrees = "+proj=longlat +datum=WGS84 +no_defs";
const Grid kCoarse(kDegrees, 100, 32, 0.25, 0.25, 24, 20), kFine(kDegrees, 99.875 + 0.005, 32.125 - 0.005, 0.01, 0.01, 600, 500);
const TimePoint kTime{Seconds(1'700'000'000)};

Field coarse_rain() {
  Field f(kCoarse, {});
  for (std::int64_t j = 0; j < kCoarse.ny(); ++j)
    for (std::int64_t i = 0; i < kCoarse.nx(); ++i)
      f.view()(j, i) = static_cast<float>(std::max(0.0, 8 * std::sin(0.5 * static_cast<double>(i)) * std::cos(0.4 * static_cast<double>(j)) - 1));
  f.view()(3, 4) = std::nanf("");
  return f;
}

Field made(const RainfarmOptions& options, TimePoint at = kTime, std::uint32_t member = 0) {
  const Field rain = coarse_rain();
  Field out(kFine, {});
  Rainfarm(kCoarse, kFine, options)(rain.view(), at, member, out.view());
  return out;
}

double correlation(const Field& a, const Field& b) {
  double n = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (std::size_t k = 0; k < a.values().size(); ++k) {
    const auto x = static_cast<double>(a.values()[k]), y = static_cast<double>(b.values()[k]);
    if (std::isnan(x + y) || x <= 0 || y <= 0) continue;
    n += 1, sx += std::log(x), sy += std::log(y), sxx += std::log(x) * std::log(x), syy += std::log(y) * std::log(y), sxy += std::log(x) * std::log(y);
  }
  return (sxy / n - sx * sy / n / n) / std::sqrt((sxx / n - sx * sx / n / n) * (syy / n - sy * sy / n / n));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rainfarm)

BOOST_AUTO_TEST_CASE(every_coarse_cell_keeps_its_amount) {
  const Field rain = coarse_rain(), fine = made({});
  for (std::int64_t j = 0; j < kCoarse.ny(); ++j) {
    for (std::int64_t i = 0; i < kCoarse.nx(); ++i) {
      double sum = 0, area = 0;
      for (std::int64_t a = 0; a < 25; ++a) {
        for (std::int64_t b = 0; b < 25; ++b) {
          const double w = std::cos(kFine.y(static_cast<double>(25 * j + a)) * std::numbers::pi / 180);
          sum += w * static_cast<double>(fine.view()(25 * j + a, 25 * i + b));
          area += w;
        }
      }
      const float whole = rain.view()(j, i);
      if (std::isnan(whole)) BOOST_TEST(std::isnan(sum));
      else BOOST_TEST(std::abs(sum / area - static_cast<double>(whole)) <= 1e-6 * std::max(1.0, static_cast<double>(whole)));
    }
  }
}

BOOST_AUTO_TEST_CASE(rain_is_never_negative_and_varies_inside_a_cell) {
  const Field fine = made({});
  double largest = 0;
  for (const float v : fine.values()) {
    if (std::isnan(v)) continue;
    BOOST_REQUIRE(v >= 0);
    largest = std::max(largest, static_cast<double>(v));
  }
  BOOST_TEST(largest > 10);  // no coarse cell has more than 7
}

BOOST_AUTO_TEST_CASE(members_differ_and_neighbouring_times_belong_together) {
  RainfarmOptions same;
  same.spread = 2;
  const double members = correlation(made(same), made(same, kTime, 1)), soon = correlation(made(same), made(same, kTime + Seconds(300)));
  BOOST_TEST(soon > members + 0.1);
}

BOOST_AUTO_TEST_CASE(the_number_of_threads_changes_no_bit) {
  set_num_threads(1);
  const Field one = made({});
  set_num_threads(4);
  const Field four = made({});
  set_num_threads(0);
  for (std::size_t k = 0; k < one.values().size(); ++k) {
    const bool both_missing = std::isnan(one.values()[k]) && std::isnan(four.values()[k]);
    BOOST_REQUIRE((both_missing || one.values()[k] == four.values()[k]));
  }
}

BOOST_AUTO_TEST_CASE(slopes_of_known_fields_are_found) {
  Plane dry(64, 64, 0.0F);
  BOOST_TEST(spectral_slope(dry.view()) == 1.7);
  // Steep: a smooth wave has its variance at large scales.
  Plane wave(64, 64), rough(64, 64);
  for (std::int64_t j = 0; j < 64; ++j) {
    for (std::int64_t i = 0; i < 64; ++i) {
      wave.row(j)[i] = static_cast<float>(2 + std::sin(0.1 * static_cast<double>(i)) + std::cos(0.1 * static_cast<double>(j)));
      rough.row(j)[i] = static_cast<float>((7919 * i + 104729 * j + i * j * 31) % 101);
    }
  }
  BOOST_TEST(spectral_slope(std::as_const(wave).view()) > 2.5);
  BOOST_TEST(spectral_slope(std::as_const(rough).view()) < 1.3);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
