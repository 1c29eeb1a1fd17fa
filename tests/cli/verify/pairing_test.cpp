#include "cli/verify/pairing.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"

using namespace guyu;
using namespace guyu::cli::verify;
namespace {
TimePoint epoch_minute(int minutes) { return TimePoint(Seconds(60 * minutes)); }

FieldEntry observation(int minute) {
  return {"o" + std::to_string(minute),
          {quantities::rainfall_rate(), TimeKind::instant, {epoch_minute(minute), epoch_minute(minute)}, epoch_minute(minute), "", {}, "", ""}};
}
FieldEntry forecast(int issue, int lead, std::optional<int> member = {}) {
  return {"f",
          {quantities::rainfall_rate(), TimeKind::instant, {epoch_minute(issue + lead), epoch_minute(issue + lead)}, epoch_minute(issue), "", member, "", ""}};
}
std::vector<FieldEntry> every_ten_minutes() {
  std::vector<FieldEntry> all;
  for (int m = 120; m >= 0; m -= 10) all.push_back(observation(m));
  return all;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(pairing)

BOOST_AUTO_TEST_CASE(each_forecast_meets_the_nearest_observation_within_half_a_step) {
  std::vector<std::string> problems;
  const Pairing p = pair_up({forecast(0, 14), forecast(0, 30), forecast(0, 126), forecast(0, 125)}, every_ten_minutes(), {}, problems);
  BOOST_TEST((p.tolerance == Seconds(300)));
  BOOST_REQUIRE(p.pairs.size() == 3U);
  BOOST_TEST(p.observations[p.pairs[0].observation].path == "o10");
  BOOST_TEST(p.observations[p.pairs[1].observation].path == "o30");
  BOOST_TEST(p.observations[p.pairs[2].observation].path == "o120");
  BOOST_TEST(p.without_observation == 1U);
  BOOST_TEST(problems.empty());
}

BOOST_AUTO_TEST_CASE(the_earlier_of_two_as_near_is_taken) {
  std::vector<std::string> problems;
  const Pairing p = pair_up({forecast(0, 15)}, every_ten_minutes(), {}, problems);
  BOOST_TEST(p.observations[p.pairs[0].observation].path == "o10");
}

BOOST_AUTO_TEST_CASE(leads_are_chosen_and_analyses_left_out) {
  std::vector<std::string> problems;
  const std::vector<FieldEntry> all{forecast(0, 0), forecast(0, 10), forecast(0, 20), forecast(10, 20)};
  BOOST_TEST(pair_up(all, every_ten_minutes(), {}, problems).pairs.size() == 3U);
  BOOST_TEST(pair_up(all, every_ten_minutes(), {{Seconds(1200)}, {}}, problems).pairs.size() == 2U);
  BOOST_CHECK_THROW(pair_up(all, every_ten_minutes(), {{Seconds(60)}, {}}, problems), Error);
  BOOST_CHECK_THROW(pair_up({forecast(0, 0)}, every_ten_minutes(), {}, problems), Error);
}

BOOST_AUTO_TEST_CASE(members_stand_together_and_an_incomplete_ensemble_is_told) {
  std::vector<std::string> problems;
  const std::vector<FieldEntry> all{forecast(0, 10, 2), forecast(0, 10, 1), forecast(0, 20, 1), forecast(0, 10, 1)};
  const Pairing p = pair_up(all, every_ten_minutes(), {}, problems);
  BOOST_REQUIRE(p.pairs.size() == 1U);
  BOOST_REQUIRE(p.pairs[0].members.size() == 2U);
  BOOST_TEST(*p.pairs[0].members[0].meta.member == 1);
  BOOST_TEST(problems.size() == 2U);  // one twice, one ensemble incomplete
  problems.clear();
  BOOST_TEST(pair_up(all, every_ten_minutes(), {{}, 1}, problems).pairs.size() == 2U);
}

BOOST_AUTO_TEST_CASE(pairs_stand_by_observation_so_that_each_is_read_once) {
  std::vector<std::string> problems;
  const Pairing p = pair_up({forecast(0, 30), forecast(0, 20), forecast(10, 20), forecast(20, 10)}, every_ten_minutes(), {}, problems);
  for (std::size_t k = 1; k < p.pairs.size(); ++k) BOOST_TEST(p.pairs[k - 1].observation <= p.pairs[k].observation);
}

BOOST_AUTO_TEST_CASE(amounts_of_other_intervals_and_times_without_observation_are_errors) {
  std::vector<std::string> problems;
  FieldEntry hour = forecast(0, 60), half = observation(60);
  hour.meta.quantity = half.meta.quantity = quantities::precipitation_amount();
  hour.meta.valid.begin = epoch_minute(0), half.meta.valid.begin = epoch_minute(30);
  BOOST_CHECK_THROW(pair_up({hour}, {half}, {}, problems), Error);
  BOOST_CHECK_THROW(pair_up({forecast(5000, 10)}, every_ten_minutes(), {}, problems), Error);
}

BOOST_AUTO_TEST_SUITE_END()
