#include "engine/calibrate/surroundings.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <random>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

std::vector<RegionPlace> places_of(std::size_t n) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> share(0, 1);
  std::vector<RegionPlace> places;
  for (std::size_t k = 0; k < n; ++k) places.push_back({ground_point(110 + 10 * share(random), 30 + 8 * share(random)), 50 + 300 * share(random)});
  return places;
}

std::vector<float> rain_of(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::gamma_distribution<float> gamma(0.4F, 5.0F);
  std::vector<float> rain(n);
  for (float& x : rain) x = std::max(0.0F, gamma(random) - 0.5F);
  return rain;
}

// Every place by itself.
Surroundings plainly(const std::vector<RegionPlace>& places, const std::vector<const std::vector<float>*>& members, std::size_t at, double radius) {
  double area = 0, amount = 0, wet = 0, root = 0;
  for (std::size_t k = 0; k < places.size(); ++k) {
    const double w = places[k].area_km2 * (1 - squared_km(places[at].centre, places[k].centre) / (radius * radius));
    if (w <= 0) continue;
    for (const auto* m : members) {
      const double x = static_cast<double>((*m)[k]);
      if (std::isnan(x)) continue;
      area += w, amount += w * x, wet += x >= 0.05 ? w : 0, root += w * std::sqrt(x);
    }
  }
  return {static_cast<float>(amount / area), static_cast<float>(wet / area), static_cast<float>(std::sqrt(amount / area - root * root / area / area))};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(surroundings)

BOOST_AUTO_TEST_CASE(cubes_say_nearly_what_every_place_by_itself_says) {
  const auto places = places_of(2000);
  std::vector<float> a = rain_of(2000, 1), b = rain_of(2000, 2);
  a[7] = b[19] = std::nanf("");
  const std::vector<const std::vector<float>*> members{&a, &b};
  for (const double radius : {100.0, 400.0}) {
    const auto all = SurroundingsOperator(places, radius)(members);
    for (std::size_t r = 0; r < places.size(); r += 37) {
      const Surroundings plain = plainly(places, members, r, radius);
      BOOST_TEST(std::abs(all[r].mean - plain.mean) < 0.06F * plain.mean + 1e-4F);
      BOOST_TEST(std::abs(all[r].wet - plain.wet) < 0.03F);
      BOOST_TEST(std::abs(all[r].deviation - plain.deviation) < 0.03F);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_place_far_from_all_others_sees_itself_and_rain_everywhere_is_its_own_mean) {
  auto places = places_of(300);
  places.push_back({ground_point(0, -30), 100});
  std::vector<float> rain(301, 4.0F);
  rain[300] = 9;
  const std::vector<const std::vector<float>*> members{&rain};
  const auto all = SurroundingsOperator(places, 50)(members);
  for (std::size_t r = 0; r < 300; ++r) {
    BOOST_TEST(all[r].mean == 4, boost::test_tools::tolerance(1e-6F));
    BOOST_TEST(all[r].wet == 1);
    BOOST_TEST(all[r].deviation < 1e-3F);
  }
  BOOST_TEST(all[300].mean == 9, boost::test_tools::tolerance(1e-6F));
}

BOOST_AUTO_TEST_CASE(what_is_not_known_takes_no_part_and_what_has_no_place_has_no_surroundings) {
  auto places = places_of(3);
  for (std::size_t k = 0; k < 3; ++k) places[k].centre = ground_point(110 + 0.1 * static_cast<double>(k), 30);
  places.push_back({});
  std::vector<float> rain{2, std::nanf(""), 2, 50};
  const std::vector<const std::vector<float>*> members{&rain};
  const auto all = SurroundingsOperator(places, 50)(members);
  BOOST_TEST(all[1].mean == 2, boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(std::isnan(all[3].mean));
  rain = {std::nanf(""), std::nanf(""), std::nanf(""), 50};
  BOOST_TEST(std::isnan(SurroundingsOperator(places, 50)(members)[0].mean));
  BOOST_CHECK_THROW(SurroundingsOperator(places, 0), Error);
}

BOOST_AUTO_TEST_CASE(any_number_of_threads_sees_the_same) {
  const auto places = places_of(1000);
  const std::vector<float> rain = rain_of(1000, 3);
  const std::vector<const std::vector<float>*> members{&rain};
  const SurroundingsOperator look(places, 100);
  set_num_threads(1);
  const auto one = look(members);
  set_num_threads(3);
  const auto three = look(members);
  set_num_threads(0);
  BOOST_TEST(std::memcmp(one.data(), three.data(), one.size() * sizeof(Surroundings)) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
