#include "engine/verify/contingency.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "hpc/parallel/parallel_for.h"
#include "tests/engine/verify/reference.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(contingency_)

// Finley's tornado forecasts of 1884, as printed in every textbook: 28 hits, 72 false alarms, 23 misses, 2680 correct negatives.
BOOST_AUTO_TEST_CASE(finleys_tornadoes_get_their_published_scores) {
  Contingency c;
  for (int k = 0; k < 28; ++k) c.add(true, true);
  for (int k = 0; k < 72; ++k) c.add(true, false);
  for (int k = 0; k < 23; ++k) c.add(false, true);
  for (int k = 0; k < 2680; ++k) c.add(false, false);
  BOOST_TEST(c.judged() == 2803U);
  BOOST_TEST(c.detection() == 0.549, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(c.false_ratio() == 0.72, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(c.success() == 0.228, boost::test_tools::tolerance(2e-3));
  BOOST_TEST(c.bias() == 1.961, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(c.false_detection() == 0.0262, boost::test_tools::tolerance(2e-3));
  BOOST_TEST(c.equitable() == 0.216, boost::test_tools::tolerance(3e-3));
  BOOST_TEST(c.heidke() == 0.355, boost::test_tools::tolerance(2e-3));
}

BOOST_AUTO_TEST_CASE(the_unknown_is_counted_apart_and_enters_no_score) {
  Contingency c;
  c.add(true, true);
  c.add(std::nullopt, true);
  c.add(false, std::nullopt);
  BOOST_TEST(c.unjudged == 2U);
  BOOST_TEST(c.judged() == 1U);
  BOOST_TEST(c.detection() == 1.0);
}

BOOST_AUTO_TEST_CASE(with_nothing_to_judge_by_there_is_no_score) {
  Contingency c;
  c.add(false, false);
  for (const double score : {c.detection(), c.false_ratio(), c.success(), c.bias()}) BOOST_TEST(std::isnan(score));
}

// H = 1/2, F = 1/4: (ln 1/4 - ln 1/2 - ln 3/4 + ln 1/2) / (ln 1/4 + ln 1/2 + ln 3/4 + ln 1/2) = ln 3 / ln (64 / 3).
BOOST_AUTO_TEST_CASE(extremal_dependency_by_hand_and_by_chance) {
  BOOST_TEST((Contingency{10, 10, 5, 15, 0}.extremal_dependency()) == std::log(3.0) / std::log(64.0 / 3), boost::test_tools::tolerance(1e-12));
  BOOST_TEST(std::abs(Contingency{10, 20, 30, 60, 0}.extremal_dependency()) < 1e-12);
  BOOST_TEST(std::isnan(Contingency{10, 0, 5, 15, 0}.extremal_dependency()));
}

BOOST_AUTO_TEST_CASE(chance_has_no_skill_and_perfection_all) {
  const Contingency chance{10, 20, 30, 60, 0}, perfect{10, 0, 0, 60, 0};
  BOOST_TEST((chance.equitable() == 0 && chance.heidke() == 0));
  BOOST_TEST((perfect.equitable() == 1 && perfect.heidke() == 1));
}

BOOST_AUTO_TEST_CASE(fields_are_counted_cell_by_cell_with_any_threads) {
  const auto f = test::rain(1, 50000, 3).values, o = test::rain(1, 50000, 4).values;
  for (const EventRule rule : {EventRule::at_least, EventRule::above}) {
    Contingency plain;
    for (std::size_t k = 0; k < f.size(); ++k) {
      const auto event = [&](float v) { return std::isnan(v) ? std::nullopt : std::optional(rule == EventRule::at_least ? v >= 1.0F : v > 1.0F); };
      plain.add(event(f[k]), event(o[k]));
    }
    for (const int threads : {1, 2, 4}) {
      set_num_threads(threads);
      BOOST_TEST((contingency(f, o, 1.0, rule) == plain));
    }
  }
  set_num_threads(0);
}

BOOST_AUTO_TEST_CASE(tables_add_up) {
  Contingency a{1, 2, 3, 4, 5};
  a += Contingency{10, 20, 30, 40, 50};
  BOOST_TEST((a.hits == 11 && a.misses == 22 && a.false_alarms == 33 && a.correct_negatives == 44 && a.unjudged == 55));
}

BOOST_AUTO_TEST_SUITE_END()
