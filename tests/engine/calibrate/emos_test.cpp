#include "engine/calibrate/emos.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "hpc/parallel/random.h"

namespace guyu {
namespace {

// The integral that the CRPS is, by the trapezoid rule on a fine mesh, on the family's own scale.
double integrated(const Predictive& p, double observed) {
  const bool root = p.family == Family::censored_logistic, from_zero = p.family != Family::normal;
  const double y = root ? std::sqrt(observed) : observed, step = 1e-4, low = from_zero ? 0 : std::min(p.location - 12 * p.scale, y - 1),
               high = std::max(p.location + (root ? 40 : 12) * p.scale, y + 1);
  double sum = 0;
  for (double x = low + 0.5 * step; x < high; x += step) {
    const double below = 1 - p.probability_of(root ? x * x : x);
    const double d = below - (x >= y ? 1 : 0);
    sum += d * d * step;
  }
  return sum;
}

std::vector<ForecastCase> synthetic(Family family, int n, double bias, double gain, double noise) {
  std::vector<ForecastCase> cases;
  const RandomStream random{7, 1, 0, 0};
  for (int k = 0; k < n; ++k) {
    const auto z = random.normals(static_cast<std::uint32_t>(k));
    ForecastCase c;
    const double truth = family == Family::normal ? 15 + 8 * z[0] : std::max(0.0, 4 + 3 * z[0]);
    c.observed = static_cast<float>(truth);
    c.mean = static_cast<float>(std::max(family == Family::normal ? -100.0 : 0.0, (truth + noise * z[1] - bias) / gain));
    c.block = static_cast<std::size_t>(k / (n / 10));
    cases.push_back(c);
  }
  return cases;
}

// A line of places 20 km apart with areas of rain that the forecast has `shift` places too far to one side or the other, by turns; or anywhere.
struct DisplacedCases {
  std::vector<ForecastCase> cases;
  std::vector<Surroundings> around;
};
DisplacedCases displaced(int shift, std::size_t times, bool unrelated = false) {
  constexpr std::size_t kPlaces = 300;
  std::vector<RegionPlace> places;
  for (std::size_t r = 0; r < kPlaces; ++r) places.push_back({ground_point(100 + 0.18 * static_cast<double>(r), 0), 400});
  std::vector<SurroundingsOperator> look;
  for (const double radius : kRadii_km) look.emplace_back(places, radius);
  DisplacedCases out;
  const RandomStream random{11, 2, 0, 0};
  for (std::size_t t = 0; t < times; ++t) {
    std::vector<float> truth(kPlaces, 0.0F), forecast(kPlaces, 0.0F);
    for (std::size_t area = 0; area < 6; ++area) {
      const auto z = random.normals(static_cast<std::uint32_t>(t * 6 + area));
      const int centre = 25 + static_cast<int>(area) * 50 + static_cast<int>(6 * z[0]),
                moved = unrelated ? 150 + static_cast<int>(90 * random.normals(static_cast<std::uint32_t>(5000 + t * 6 + area))[0])
                                  : centre + ((t + area) % 2 == 0 ? shift : -shift);
      for (int k = -2; k <= 2; ++k)
        for (const auto& [field, at] : {std::pair(&truth, centre + k), std::pair(&forecast, moved + k)})
          if (at >= 0 && at < static_cast<int>(kPlaces))
            (*field)[static_cast<std::size_t>(at)] = static_cast<float>(6 + 2 * z[1]) / static_cast<float>(1 + std::abs(k));
    }
    const std::vector<const std::vector<float>*> members{&forecast};
    std::vector<std::vector<Surroundings>> seen;
    for (const SurroundingsOperator& l : look) seen.push_back(l(members));
    for (std::size_t r = 0; r < kPlaces; ++r) {
      out.cases.push_back({forecast[r], 0, truth[r], t / 4, out.around.size() / kRadii_km.size()});
      for (const auto& s : seen) out.around.push_back(s[r]);
    }
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(emos)

BOOST_AUTO_TEST_CASE(closed_forms_of_the_crps_equal_the_integral) {
  for (const Family family : {Family::normal, Family::truncated_normal, Family::censored_logistic}) {
    for (const double location : {-0.5, 0.7, 3.0}) {
      for (const double observed : {0.0, 0.4, 6.0}) {
        const Predictive p{family, location, 0.8};
        BOOST_TEST(p.crps(observed) == integrated(p, observed), boost::test_tools::tolerance(2e-3));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(quantiles_are_the_inverse_of_probabilities) {
  for (const Family family : {Family::normal, Family::truncated_normal, Family::censored_logistic}) {
    const Predictive p{family, 2, 1.5};
    for (const double q : {0.3, 0.5, 0.9, 0.999}) BOOST_TEST(1 - p.probability_of(p.quantile(q)) == q, boost::test_tools::tolerance(1e-6));
  }
}

BOOST_AUTO_TEST_CASE(bias_and_gain_of_a_forecast_are_found) {
  const auto cases = synthetic(Family::normal, 2000, 2.0, 0.8, 1.0);
  const Emos model = fit_emos(cases, Family::normal);
  BOOST_TEST(model.note.empty());
  // mean = (truth + noise - 2) / 0.8, so that truth is about 2 + 0.8 mean, a little drawn to its own mean by the noise.
  BOOST_TEST(model.b == 0.8 * 64 / 65, boost::test_tools::tolerance(0.02));
  BOOST_TEST(model(20, 0).location == 2 + 16, boost::test_tools::tolerance(0.02));
  BOOST_TEST(model(20, 0).scale == 1.0, boost::test_tools::tolerance(0.1));
}

BOOST_AUTO_TEST_CASE(left_out_blocks_are_forecast_better_than_before) {
  for (const Family family : {Family::normal, Family::truncated_normal, Family::censored_logistic}) {
    const std::vector<double> thresholds{family == Family::normal ? 20.0 : 7.0};
    const CalibrationScores s = cross_validated(synthetic(family, 1000, 1.5, 0.7, 1.2), family, thresholds);
    BOOST_TEST(s.blocks == 10);
    BOOST_TEST(s.crps_after < 0.8 * s.crps_before, name_of(family));
    BOOST_TEST(s.events[0].csi_after > s.events[0].csi_before - 0.02, name_of(family));
  }
}

BOOST_AUTO_TEST_CASE(few_cases_teach_nothing_and_say_so) {
  const Emos model = fit_emos(synthetic(Family::normal, 20, 2, 0.8, 1), Family::normal);
  BOOST_TEST(model.note == "too few cases");
  BOOST_TEST(model(12, 0).location == 12);
}

BOOST_AUTO_TEST_CASE(missing_cases_take_no_part) {
  auto cases = synthetic(Family::normal, 500, 1, 0.9, 1);
  const Emos clean = fit_emos(cases, Family::normal);
  ForecastCase hole;
  hole.mean = std::nanf("");
  for (int k = 0; k < 50; ++k) cases.push_back(hole);
  const Emos same = fit_emos(cases, Family::normal);
  BOOST_TEST(same.b == clean.b);
  BOOST_TEST(same.cases == clean.cases);
}

// Rain 120 km beside its place: the place's own forecast is worth less than nothing, what is foretold around it is not.
BOOST_AUTO_TEST_CASE(rain_at_the_wrong_place_is_found_by_looking_around) {
  const DisplacedCases d = displaced(6, 24);
  const std::vector<double> thresholds{1, 3};
  const CalibrationScores alone = cross_validated(d.cases, Family::censored_logistic, thresholds),
                          seen = cross_validated(d.cases, Family::censored_logistic, thresholds, d.around);
  BOOST_TEST(seen.crps_after < 0.97 * alone.crps_after);
  for (std::size_t t = 0; t < 2; ++t) {
    BOOST_TEST(seen.events[t].csi_before == alone.events[t].csi_before);
    BOOST_TEST(seen.events[t].csi_after > alone.events[t].csi_after);
    BOOST_TEST(seen.events[t].csi_after > seen.events[t].csi_before + 0.05);
  }
  BOOST_TEST(fit_emos(d.cases, Family::censored_logistic, d.around).radius_km >= 100);
}

BOOST_AUTO_TEST_CASE(a_forecast_at_its_place_loses_nothing_by_what_is_around_it) {
  const DisplacedCases d = displaced(0, 12);
  const CalibrationScores alone = cross_validated(d.cases, Family::censored_logistic, {}),
                          seen = cross_validated(d.cases, Family::censored_logistic, {}, d.around);
  BOOST_TEST(seen.crps_after < 1.02 * alone.crps_after + 1e-3);
}

BOOST_AUTO_TEST_CASE(one_block_of_time_cannot_tell_a_radius_and_unknown_surroundings_are_no_case) {
  DisplacedCases d = displaced(6, 4);
  BOOST_TEST(fit_emos(d.cases, Family::censored_logistic, d.around).radius_km == 0);
  d.around[5] = {std::nanf(""), std::nanf(""), std::nanf("")};
  BOOST_TEST(fit_emos(d.cases, Family::censored_logistic, d.around).cases == d.cases.size() - 1);
}

// Few blocks and a forecast that has nothing to do with what came: looking around must not learn the days by heart.
BOOST_AUTO_TEST_CASE(a_forecast_without_skill_loses_nothing_by_what_is_around_it) {
  for (const std::size_t times : {std::size_t{8}, std::size_t{12}}) {
    const DisplacedCases d = displaced(0, times, true);
    const CalibrationScores alone = cross_validated(d.cases, Family::censored_logistic, {}),
                            seen = cross_validated(d.cases, Family::censored_logistic, {}, d.around);
    BOOST_TEST(seen.crps_after < 1.02 * alone.crps_after + 1e-3);
    BOOST_TEST(seen.crps_after < seen.crps_before);
    const Emos model = fit_emos(d.cases, Family::censored_logistic, d.around);
    BOOST_TEST((model.b >= 0 && model.h >= 0 && model.w >= 0 && model.g <= 0));
  }
}

BOOST_AUTO_TEST_CASE(an_archive_without_rain_teaches_nothing_and_says_so) {
  DisplacedCases d = displaced(2, 12);
  for (ForecastCase& c : d.cases) c.observed = 0;
  const Emos model = fit_emos(d.cases, Family::censored_logistic, d.around);
  BOOST_TEST(model.note == "no rain was observed");
  BOOST_TEST(model.radius_km == 0);
  BOOST_TEST(model(9, 0).location == 3);
  BOOST_TEST(model(9, 0).probability_of(9) == 0.5);
}

BOOST_AUTO_TEST_CASE(one_region_and_tiny_archives_are_learnt_from_without_surroundings_of_their_own) {
  const DisplacedCases d = displaced(6, 24);
  DisplacedCases one;
  for (std::size_t k = 25; k < d.cases.size(); k += 300) one.cases.push_back(d.cases[k]);
  BOOST_TEST(fit_emos(one.cases, Family::censored_logistic, d.around).note == "too few cases");
  for (std::size_t k = 28; k < d.cases.size(); k += 150) one.cases.push_back(d.cases[k]);
  const CalibrationScores s = cross_validated(one.cases, Family::censored_logistic, std::vector<double>{1}, d.around);
  BOOST_TEST(s.cases == 72U);
  BOOST_TEST(std::isfinite(s.crps_after));
}

BOOST_AUTO_TEST_CASE(one_block_of_time_has_no_scores_after) {
  auto cases = synthetic(Family::normal, 200, 1, 0.9, 1);
  for (ForecastCase& c : cases) c.block = 3;
  const CalibrationScores s = cross_validated(cases, Family::normal, std::vector<double>{15});
  BOOST_TEST(std::isnan(s.crps_after));
  BOOST_TEST(std::isnan(s.events[0].csi_after));
  BOOST_TEST(s.events[0].csi_before > 0);
}

BOOST_AUTO_TEST_CASE(kelvins_and_degrees_teach_the_same) {
  const auto celsius = synthetic(Family::normal, 1000, 2, 0.8, 1.5);
  auto kelvin = celsius;
  for (ForecastCase& c : kelvin) c.mean += 273.15F, c.observed += 273.15F;
  const Emos a = fit_emos(celsius, Family::normal), b = fit_emos(kelvin, Family::normal);
  for (const double t : {-20.0, 0.0, 15.0, 40.0}) BOOST_TEST(std::abs(a(t, 0).location + 273.15 - b(t + 273.15, 0).location) < 0.02);
  BOOST_TEST(a(15, 0).scale == b(288.15, 0).scale, boost::test_tools::tolerance(1e-2));
}

// Far below zero the closed forms of the cut normal are differences of nearly equal numbers: of calm air a fit would go there for a score below 0.
BOOST_AUTO_TEST_CASE(a_wind_far_below_zero_has_a_true_score_and_probabilities) {
  Emos calm;  // with a scale of 1
  calm.family = Family::truncated_normal, calm.a = -50;
  const Predictive p = calm(0.5, 0);
  for (const double observed : {0.0, 0.2, 2.0}) BOOST_TEST(p.crps(observed) == integrated(p, observed), boost::test_tools::tolerance(2e-3));
  BOOST_TEST((p.probability_of(0.1) > 0.5 && p.probability_of(0.1) < 1));
  BOOST_TEST((p.quantile(0.5) > 0 && p.quantile(0.5) < 0.5));
}

// Probabilities 0.9, 0.5, 0.1 of which the second comes count as 0.45, 0.75, 0.05 events of 1.25: calling the first two foretold gives 1.2 / 2.05, more than
// one (0.45 / 1.8) or all three (1.25 / 3) would; if the first comes instead they count as 0.95, 0.25, 0.05 and it alone is best (0.95 / 1.3, with the
// second 1.2 / 2.05).
BOOST_AUTO_TEST_CASE(the_probability_that_decides_weighs_what_came_and_what_was_expected_alike) {
  std::vector<ForecastCase> cases;
  for (const double p : {0.5, 0.9, 0.1}) cases.push_back({static_cast<float>(Predictive{}.quantile(p)), 0, -1.0F, 0});
  cases.push_back({std::nanf(""), 0, 5, 0});
  cases[0].observed = 1;
  BOOST_TEST(decision_probability(Emos{}, cases, {}, 0) == 0.5, boost::test_tools::tolerance(1e-5));
  std::swap(cases[0].observed, cases[1].observed);
  BOOST_TEST(decision_probability(Emos{}, cases, {}, 0) == 0.9, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(decision_probability(Emos{}, std::vector<ForecastCase>(), {}, 0) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
