#include "engine/cycle/observed_rain.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <memory>

#include "engine/core/error.h"

using namespace guyu;
using namespace std::chrono_literals;
namespace tt = boost::test_tools;
namespace {
const TimePoint t0 = parse_time("2024-07-01T00:00:00Z");

FieldPtr frame(const Quantity& q, Interval valid, float left, float right, double x0 = 0) {
  FieldMeta m;
  m.quantity = q;
  m.valid = valid;
  m.kind = valid.begin < valid.end ? TimeKind::accumulation : TimeKind::instant;
  m.source = "frame";
  Field f(Grid("EPSG:4326", x0, 0, 1, 1, 2, 1), m);
  f.values()[0] = left;
  f.values()[1] = right;
  return std::make_shared<const Field>(std::move(f));
}
FieldPtr rate(Seconds at, float left, float right, double x0 = 0) { return frame(quantities::rainfall_rate(), {t0 + at, t0 + at}, left, right, x0); }
}  // namespace
BOOST_AUTO_TEST_SUITE(observed_rain)

BOOST_AUTO_TEST_CASE(two_rates_give_the_trapezoid_and_a_missing_end_is_missing) {
  std::vector<std::string> notes;
  const auto a = observed_amounts({rate(0s, 10, 5), rate(360s, 20, NAN)}, {}, notes);
  BOOST_REQUIRE(a.size() == 1U);
  BOOST_TEST(a[0].values()[0] == 1.5F, tt::tolerance(1e-6F));
  BOOST_TEST(std::isnan(a[0].values()[1]));
  BOOST_CHECK((a[0].meta.valid == Interval{t0, t0 + 360s}));
  BOOST_TEST(notes.empty());
}

BOOST_AUTO_TEST_CASE(a_gap_or_another_grid_leaves_the_rain_unknown_and_says_so) {
  std::vector<std::string> notes;
  BOOST_TEST(observed_amounts({rate(0s, 1, 1), rate(3600s, 1, 1)}, {}, notes).empty());
  BOOST_TEST(observed_amounts({rate(0s, 1, 1), rate(300s, 1, 1, 7.0)}, {}, notes).empty());
  BOOST_TEST(notes.size() == 2U);
}

BOOST_AUTO_TEST_CASE(accumulations_keep_their_amount_and_become_rates_by_their_length) {
  std::vector<std::string> notes;
  const auto f = frame(quantities::precipitation_amount(), {t0, t0 + 300s}, 2, NAN);
  const auto a = observed_amounts({f}, {}, notes);
  BOOST_REQUIRE(a.size() == 1U);
  BOOST_TEST(a[0].values()[0] == 2.0F);
  const Field r = as_rate(*f);
  BOOST_TEST(r.values()[0] == 24.0F, tt::tolerance(1e-6F));
  BOOST_TEST(std::isnan(r.values()[1]));
}

BOOST_AUTO_TEST_CASE(what_is_not_rain_is_refused) {
  std::vector<std::string> notes;
  const auto t = frame(*find_quantity("air_temperature"), {t0, t0}, 280, 281);
  BOOST_CHECK_THROW(observed_amounts({t}, {}, notes), Error);
  BOOST_CHECK_THROW(as_rate(*frame(quantities::precipitation_amount(), {t0, t0}, 1, 1)), Error);
}

BOOST_AUTO_TEST_SUITE_END()
