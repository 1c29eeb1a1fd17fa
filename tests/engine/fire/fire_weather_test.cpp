#include "engine/fire/fire_weather.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

using namespace guyu;
namespace {

// The test sequence printed by Van Wagner and Pickett (1985), Forestry Technical Report 33: month, temperature, humidity, wind, rain at noon; FFMC, DMC, DC,
// ISI, BUI, FWI. Starts from 85, 6, 15; the tables of day lengths are Canada's.
struct PublishedDay {
  int month;
  double t, h, w, r, ffmc, dmc, dc, isi, bui, fwi;
};
constexpr PublishedDay kPublished[] = {{4, 17, 42, 25, 0, 87.7, 8.5, 19, 10.9, 8.5, 10.1},       {4, 20, 21, 25, 2.4, 86.2, 10.4, 23.6, 8.8, 10.4, 9.3},
                                       {4, 8.5, 40, 17, 0, 87, 11.8, 26.1, 6.5, 11.7, 7.6},      {4, 6.5, 25, 6, 0, 88.8, 13.2, 28.2, 4.9, 13.1, 6.2},
                                       {4, 13, 34, 24, 0, 89.1, 15.4, 31.5, 12.6, 15.3, 14.8},   {4, 6, 40, 22, 0.4, 88.7, 16.5, 33.5, 10.7, 16.4, 13.5},
                                       {4, 5.5, 52, 6, 0, 87.4, 17.2, 35.4, 4, 17.1, 5.9},       {4, 8.5, 46, 16, 0, 87.4, 18.5, 37.9, 6.6, 18.4, 9.7},
                                       {4, 9.5, 54, 20, 0, 86.8, 19.7, 40.6, 7.4, 19.6, 11},     {4, 7, 93, 14, 9, 29.9, 10.1, 29.5, 0, 10.9, 0},
                                       {4, 6.5, 71, 17, 1, 49.4, 10.7, 31.6, 0.4, 11.6, 0.2},    {4, 6, 59, 17, 0, 67.3, 11.4, 33.7, 1.3, 12.3, 0.9},
                                       {4, 13, 52, 4, 0, 77.8, 13, 37, 1.1, 13.9, 0.8},          {4, 15.5, 40, 11, 0, 85.5, 15.4, 40.7, 3.9, 15.9, 5.5},
                                       {4, 23, 25, 9, 0, 91.5, 19.8, 45.8, 8.4, 19.8, 12.2},     {4, 19, 46, 16, 0, 89.9, 22.5, 50.2, 9.5, 22.4, 14.3},
                                       {4, 18, 41, 20, 0, 90, 25.2, 54.4, 11.7, 25.1, 17.7},     {4, 14.5, 51, 16, 0, 88.4, 27, 57.9, 7.7, 27, 13.3},
                                       {5, 14.5, 69, 11, 0, 85.7, 28.3, 63, 4, 28.2, 8},         {5, 15.5, 42, 8, 0, 87.4, 30.8, 68.2, 4.4, 30.8, 9.1},
                                       {5, 21, 37, 8, 0, 89.4, 34.5, 74.3, 5.9, 34.4, 12.3},     {5, 23, 32, 16, 0, 91, 38.8, 80.9, 11.1, 38.7, 21},
                                       {5, 23, 32, 14, 0, 91.2, 43.1, 87.4, 10.3, 43, 21.1},     {5, 27, 33, 12, 0, 91.7, 48.1, 94.7, 9.9, 47.9, 21.7},
                                       {5, 28, 17, 27, 0, 95.2, 54.5, 102.1, 34.5, 54.3, 52.6},  {5, 23.5, 54, 20, 0, 89.7, 57.4, 108.8, 11.3, 57.2, 25.9},
                                       {5, 16, 50, 22, 12.2, 62.2, 29.9, 91.8, 1.4, 33, 3},      {5, 11.5, 58, 20, 0, 76.7, 31.3, 96.3, 2.3, 34.5, 5.4},
                                       {5, 16, 54, 16, 0, 83.5, 33.4, 101.6, 3.8, 36.7, 8.9},    {5, 21.5, 37, 9, 0, 88.7, 37.1, 107.8, 5.6, 39.9, 12.8},
                                       {5, 14, 61, 22, 0.2, 86.7, 38.7, 112.8, 8.1, 41.6, 17.3}, {5, 15, 30, 27, 0, 89.6, 41.7, 117.9, 15.9, 44.2, 28.8},
                                       {5, 20, 23, 11, 0, 92.1, 45.9, 123.9, 10.1, 47.7, 21.9},  {5, 14, 95, 3, 16.4, 21.3, 20.1, 97, 0, 26.5, 0},
                                       {5, 20, 53, 4, 2.8, 51, 18.3, 103, 0.2, 25.3, 0.2},       {5, 19.5, 30, 16, 0, 82.3, 22.1, 108.9, 3.3, 29.3, 6.8},
                                       {5, 25.5, 51, 20, 6, 75.4, 16.4, 106.4, 2.1, 23.7, 3.8},  {5, 10, 38, 24, 0, 84.3, 18.2, 110.6, 6.4, 25.8, 11.3},
                                       {5, 19, 27, 16, 0, 90.3, 22.1, 116.4, 10, 29.9, 17.2},    {5, 26, 46, 11, 4.2, 77.6, 18.7, 117.7, 1.6, 26.8, 2.9},
                                       {5, 30, 38, 22, 0, 90.2, 23.8, 125.5, 13.4, 32.3, 22},    {5, 25.5, 67, 19, 12.6, 65.3, 13.1, 108.5, 1.4, 20.2, 1.9},
                                       {5, 12, 53, 28, 11.8, 55.4, 7.7, 91.6, 1.2, 12.8, 0.8},   {5, 21, 38, 8, 0, 80.8, 11.3, 97.8, 1.9, 17.6, 2.6},
                                       {5, 13, 70, 20, 3.8, 61.7, 8.4, 97.9, 1.2, 13.8, 0.9},    {5, 9, 78, 24, 1.4, 64.5, 9, 101.9, 1.7, 14.7, 2},
                                       {5, 11, 54, 16, 0, 77.6, 10.5, 106.3, 2, 16.8, 2.8},      {5, 15.5, 39, 9, 0, 85.4, 13.1, 111.5, 3.5, 20.3, 5.8},
                                       {5, 18, 36, 5, 0, 88.5, 16.3, 117.1, 4.4, 24.2, 7.9}};

}  // namespace

BOOST_AUTO_TEST_SUITE(fire_weather)

BOOST_AUTO_TEST_CASE(the_published_sequence_comes_out_to_its_last_digit) {
  MoistureCodes codes;
  for (const PublishedDay& d : kPublished) {
    codes = next_codes(codes, {d.t, d.h, d.w, d.r, d.month}, 46);
    const double isi = initial_spread_index(codes.ffmc, d.w), bui = buildup_index(codes.dmc, codes.dc);
    // Printed to a tenth; the program of 1985 reckoned in single precision.
    for (const auto& [value, printed] :
         {std::pair(codes.ffmc, d.ffmc), {codes.dmc, d.dmc}, {codes.dc, d.dc}, {isi, d.isi}, {bui, d.bui}, {fire_weather_index(isi, bui), d.fwi}})
      BOOST_TEST(std::abs(value - printed) <= 0.0501, value << " for " << printed << " at " << d.t << " degC " << d.h << " %");
  }
}

BOOST_AUTO_TEST_CASE(drier_air_lowers_nothing_and_rain_raises_nothing) {
  for (int k = 0; k < 2000; ++k) {
    const MoistureCodes before{20.0 + k % 80, 0.1 * (k % 700), 0.5 * (k % 1000)};
    const NoonWeather w{-5.0 + k % 40, 10.0 + k % 90, 0.5 * (k % 60), k % 3 == 0 ? 0.7 * (k % 30) : 0.0, 1 + k % 12};
    NoonWeather drier = w, wetter = w;
    drier.humidity_percent /= 2, wetter.rain_mm += 10;
    const MoistureCodes a = next_codes(before, w, 25), b = next_codes(before, drier, 25), c = next_codes(before, wetter, 25);
    const auto index = [&](const MoistureCodes& m) { return fire_weather_index(initial_spread_index(m.ffmc, w.wind_km_h), buildup_index(m.dmc, m.dc)); };
    BOOST_TEST((b.ffmc >= a.ffmc && b.dmc >= a.dmc && b.dc >= a.dc && index(b) >= index(a) - 1e-9), k);
    BOOST_TEST((c.ffmc <= a.ffmc && c.dmc <= a.dmc + 1e-9 && c.dc <= a.dc + 1e-9), k);
    BOOST_TEST((a.ffmc >= 0 && a.ffmc <= 101 && a.dmc >= 0 && a.dc >= 0), k);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_known_gives_no_codes) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const NoonWeather& w :
       {NoonWeather{nan, 40, 10, 0, 5}, NoonWeather{20, nan, 10, 0, 5}, NoonWeather{20, 40, nan, 0, 5}, NoonWeather{20, 40, 10, nan, 5}}) {
    const MoistureCodes c = next_codes({}, w, 30);
    BOOST_TEST((std::isnan(c.ffmc) && std::isnan(c.dmc) && std::isnan(c.dc)));
  }
  BOOST_TEST(std::isnan(next_codes({nan, nan, nan}, {20, 40, 10, 0, 5}, 30).ffmc));
  BOOST_TEST(std::isnan(fire_weather_index(initial_spread_index(nan, 5), buildup_index(nan, nan))));
}

BOOST_AUTO_TEST_CASE(day_lengths_go_by_latitude) {
  BOOST_TEST(duff_day_length(46, 7) == 12.4);
  BOOST_TEST(duff_day_length(std::nan(""), 7) == 12.4);
  BOOST_TEST(duff_day_length(23, 7) == 10.1);
  BOOST_TEST(duff_day_length(0, 7) == 9.0);
  BOOST_TEST(duff_day_length(-35, 7) == 6.5);
  BOOST_TEST(drought_day_factor(30, 7) == 6.4);
  BOOST_TEST(drought_day_factor(15, 7) == 1.4);
  BOOST_TEST(drought_day_factor(-35, 1) == 6.4);
}

BOOST_AUTO_TEST_SUITE_END()
