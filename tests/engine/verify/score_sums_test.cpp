#include "engine/verify/score_sums.h"

#include <boost/test/unit_test.hpp>
#include <map>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/verify/reference.h"

using namespace guyu;
using test::Plane;
namespace {
const ScoreSettings kSettings{{0.25, 1, 5}, {1, 5}, EventRule::at_least, 0.1, true};

std::vector<FieldView<const float>> views(const std::vector<Plane>& planes) {
  std::vector<FieldView<const float>> v;
  for (const Plane& p : planes) v.push_back(p.view());
  return v;
}
std::vector<Plane> members(std::uint32_t seed) { return {test::rain(30, 40, seed), test::rain(30, 40, seed + 1), test::rain(30, 40, seed + 2)}; }
}  // namespace
BOOST_AUTO_TEST_SUITE(score_sums)

BOOST_AUTO_TEST_CASE(names_and_values_are_as_many_and_names_are_unique) {
  for (const bool ensemble : {false, true}) {
    ScoreSums s;
    const auto m = members(1);
    s.add(kSettings, ensemble ? views(m) : std::vector{m[0].view()}, test::rain(30, 40, 9).view(), 0);
    const auto names = score_names(kSettings, ensemble);
    BOOST_TEST(names.size() == score_values(kSettings, ensemble, s).size());
    std::map<std::string, int> seen;
    for (const ScoreName& n : names) ++seen[n.name + " " + std::to_string(n.threshold.value_or(-1)) + " " + std::to_string(n.scale.value_or(-1))];
    BOOST_TEST(seen.size() == names.size());
  }
}

BOOST_AUTO_TEST_CASE(a_perfect_forecast_has_the_best_of_every_score) {
  const Plane p = test::rain(30, 40, 1);
  ScoreSums s;
  s.add(kSettings, {p.view(), p.view(), p.view()}, p.view(), 0);
  const std::map<std::string, double> best{{"mae", 0},           {"rmse", 0},
                                           {"mean_error", 0},    {"multiplicative_bias", 1},
                                           {"correlation", 1},   {"mae_wet", 0},
                                           {"sal_structure", 0}, {"sal_location", 0},
                                           {"pod", 1},           {"far", 0},
                                           {"csi", 1},           {"ets", 1},
                                           {"hss", 1},           {"frequency_bias", 1},
                                           {"fss", 1},           {"crps", 0},
                                           {"crps_fair", 0},     {"brier", 0},
                                           {"brier_skill", 1},   {"roc_area", 1}};
  const auto names = score_names(kSettings, true);
  const auto values = score_values(kSettings, true, s);
  for (std::size_t k = 0; k < names.size(); ++k)
    if (const auto b = best.find(names[k].name); b != best.end()) BOOST_TEST(std::abs(values[k] - b->second) < 1e-9, names[k].name << " is " << values[k]);
}

BOOST_AUTO_TEST_CASE(parts_make_the_whole_and_threads_change_no_bit) {
  const auto first = members(3), second = members(30);
  const Plane o1 = test::rain(30, 40, 8), o2 = test::rain(30, 40, 80);
  const auto all = [&] {
    ScoreSums s;
    s.add(kSettings, views(first), o1.view(), 1);
    s.add(kSettings, views(second), o2.view(), 2);
    return score_values(kSettings, true, s);
  };
  set_num_threads(1);
  const auto one = all();
  for (const int threads : {2, 4}) {
    set_num_threads(threads);
    const auto more = all();
    for (std::size_t k = 0; k < one.size(); ++k) BOOST_TEST((one[k] == more[k] || (std::isnan(one[k]) && std::isnan(more[k]))));
  }
  set_num_threads(0);
  ScoreSums a, b;
  a.add(kSettings, views(first), o1.view(), 1);
  b.add(kSettings, views(second), o2.view(), 2);
  a += b;
  const auto merged = score_values(kSettings, true, a);
  for (std::size_t k = 0; k < one.size(); ++k) BOOST_TEST((one[k] == merged[k] || (std::isnan(one[k]) && std::isnan(merged[k]))));
  BOOST_TEST(a.pairs_of_fields == 2U);
}

BOOST_AUTO_TEST_CASE(a_field_that_is_missing_everywhere_adds_no_pair) {
  const Plane none{30, 40, std::vector<float>(1200, NAN)}, p = test::rain(30, 40, 4, 0);
  ScoreSums s;
  s.add(kSettings, {none.view()}, p.view(), 0);
  BOOST_TEST(s.amount.result().pairs == 0U);
  BOOST_TEST(s.amount.result().unjudged == 1200U);
  BOOST_TEST(s.tables[0].unjudged == 1200U);
}

BOOST_AUTO_TEST_CASE(another_number_of_members_is_refused) {
  const auto m = members(3);
  ScoreSums s;
  s.add(kSettings, views(m), m[0].view(), 0);
  BOOST_CHECK_THROW(s.add(kSettings, {m[0].view(), m[1].view()}, m[0].view(), 0), Error);
}

BOOST_AUTO_TEST_SUITE_END()
