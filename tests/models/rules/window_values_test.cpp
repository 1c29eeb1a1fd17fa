#include "models/rules/window_values.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "models/rules/region_values.h"

using namespace guyu;
namespace {
const TimePoint kWindowZero = parse_time("2024-07-01T00:00:00Z");
TimePoint at_minute(int m) { return kWindowZero + std::chrono::minutes(m); }
constexpr float kInf = std::numeric_limits<float>::infinity(), kNot = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kTowns = 7, kFutures = 3;
constexpr std::pair<int, int> kWindows[] = {{0, 60}, {30, 210}, {150, 450}, {240, 600}, {0, 600}, {420, 450}};

// Steps of half an hour with holes in time, area and members; even pieces so that every window can be reckoned by hand.
HazardSeries ragged(const char* quantity, const char* statistic, std::uint32_t seed) {
  std::mt19937 random(seed);
  HazardSeries s{*find_quantity(quantity), statistic, TimeKind::mean, {}, {}, {}};
  for (int m = 0; m < 600; m += 30) {
    if (random() % 8 == 0) continue;
    SeriesPiece p{{at_minute(m), at_minute(m + 30)}, m < 240 ? Origin::observed : Origin::forecast, {}, {}, {}};
    for (std::size_t r = 0; r < kTowns; ++r) {
      const auto kind = random() % 6;
      p.values.push_back(kind == 0 ? kNot : static_cast<float>(random() % 40) / 4);
      p.coverage.push_back(kind == 1 ? 0.5F : kind == 2 ? 0.0F : 1.0F);
    }
    if (m >= 240)
      for (std::size_t f = 0; f < kFutures; ++f) {
        p.members.emplace_back();
        for (std::size_t r = 0; r < kTowns; ++r) p.members.back().push_back(random() % 7 == 0 ? kNot : static_cast<float>(random() % 40) / 4);
      }
    s.pieces.push_back(std::move(p));
  }
  return s;
}

// The declaration in window_values.h, word for word and one window at a time.
std::pair<double, double> plain(Aggregate aggregate, const HazardSeries& s, const Interval& window, std::size_t region, std::size_t member, double least) {
  const bool amount = is_amount(s.quantity);
  double sum = 0, weighted = 0, known = 0, low = double{-kInf}, high = double{kInf};
  for (const SeriesPiece& p : s.pieces) {
    const double inside = static_cast<double>((std::min(p.interval.end, window.end) - std::max(p.interval.begin, window.begin)).count());
    if (inside <= 0) continue;
    const float v = p.of(member)[region];
    const bool known_at_all = !(p.members.empty() && std::isnan(p.values[region])) && p.coverage[region] > 0;
    if (std::isnan(v) || !known_at_all) continue;
    const double share = double{std::min(p.coverage[region], 1.0F)}, part = inside / static_cast<double>(p.interval.length().count());
    known += inside * share, weighted += double{v} * inside * share;
    sum += double{v} * part * (share >= least ? 1 : share);
    const bool enough = share >= least;
    const bool share_of_area = s.statistic == "frac>=5";
    const double below = enough || s.statistic == "max"                       ? double{v}
                         : share_of_area || (amount && s.statistic == "mean") ? double{v} * share
                         : amount                                             ? 0
                                                                              : double{-kInf};
    const double above = enough || s.statistic == "min" ? double{v} : share_of_area ? double{v} * share + 1 - share : double{kInf};
    low = std::max(low, below), high = std::min(high, above);
  }
  const bool enough = known >= least * static_cast<double>(window.length().count()) - 1e-6;
  switch (aggregate) {
    case Aggregate::sum: return {sum, enough ? sum : double{kInf}};
    case Aggregate::mean: return enough && known > 0 ? std::pair(weighted / known, weighted / known) : std::pair(double{-kInf}, double{kInf});
    case Aggregate::maximum: return {low, enough && low > double{-kInf} ? low : double{kInf}};
    case Aggregate::minimum: return {enough && high < double{kInf} ? high : double{-kInf}, high};
    case Aggregate::each: break;
  }
  return {0, 0};
}

bool same(float a, double b) { return std::isinf(a) || std::isinf(b) ? double{a} == b : std::abs(double{a} - b) < 1e-4; }
}  // namespace
BOOST_AUTO_TEST_SUITE(window_values)

BOOST_AUTO_TEST_CASE(bounds_are_those_of_the_plain_reckoning) {
  for (std::uint32_t seed = 1; seed <= 12; ++seed)
    for (const bool rain : {true, false})
      for (const char* statistic : {"mean", "max", "min", "p90", "frac>=5"}) {
        const HazardSeries s = ragged(rain ? "precipitation_amount" : "wind_speed", statistic, seed);
        const SeriesAxis axis(s, {at_minute(0), at_minute(600)});
        AxisNeeds needs;
        needs.totals = true;
        for (const auto& [begin, end] : kWindows) needs.largest.push_back(axis.over({at_minute(begin), at_minute(end)}));
        needs.smallest = needs.largest;
        for (const double least : {0.8, 0.5}) {
          WindowValues values(axis, needs, least, kTowns);
          RegionValues one(axis, least);
          values.load_block(0, kTowns);
          std::vector<float> lo(kTowns), hi(kTowns);
          for (std::size_t member = 0; member < kFutures; ++member) {
            values.load_member(member);
            for (const auto& [begin, end] : kWindows)
              for (const Aggregate a : {Aggregate::sum, Aggregate::mean, Aggregate::maximum, Aggregate::minimum}) {
                if ((a == Aggregate::sum && !rain) || (a == Aggregate::mean && rain)) continue;
                const AxisWindow w = window_on(axis, {at_minute(begin), at_minute(end)});
                const Bounds b = values.get(a, w, lo.data(), hi.data());
                for (std::size_t r = 0; r < kTowns; ++r) {
                  const auto [low, high] = plain(a, s, w.time, r, member, least);
                  const bool good = same(b.lo[r], low) && same(b.hi[r], high);
                  BOOST_TEST(good, to_string(a) << " of " << s.quantity.name << " " << statistic << " over " << begin << ".." << end << ", region " << r
                                                << ", member " << member << ": [" << b.lo[r] << ", " << b.hi[r] << "], by hand [" << low << ", " << high
                                                << "]");
                  // The same bits by itself.
                  one.load(r, member);
                  const ValueRange own = one.get(a, w);
                  BOOST_TEST((own.lo == b.lo[r] && own.hi == b.hi[r]));
                }
              }
          }
        }
      }
}

// Half of a township is seen: a tenth of all of it is above the threshold at least, six tenths at most; its ninth decile may be anything.
BOOST_AUTO_TEST_CASE(what_was_not_seen_widens_each_statistic_in_its_own_way) {
  const auto bounds = [](const char* statistic, float value) {
    HazardSeries s{*find_quantity("precipitation_amount"), statistic, TimeKind::accumulation, {}, {}, {}};
    s.pieces.push_back({{at_minute(0), at_minute(60)}, Origin::forecast, {value}, {0.5F}, {}});
    const SeriesAxis axis(s, {at_minute(0), at_minute(60)});
    AxisNeeds needs;
    WindowValues values(axis, needs, 0.8, 1);
    values.load_block(0, 1);
    values.load_member(0);
    float lo = 0, hi = 0;
    const Bounds b = values.get(Aggregate::each, window_on(axis, {at_minute(0), at_minute(60)}), &lo, &hi);
    return std::pair(b.lo[0], b.hi[0]);
  };
  BOOST_TEST((bounds("frac>=5", 0.2F) == std::pair(0.1F, 0.6F)));
  BOOST_TEST((bounds("p90", 8) == std::pair(0.0F, kInf)));
  BOOST_TEST((bounds("min", 8) == std::pair(0.0F, 8.0F)));
  BOOST_TEST((bounds("max", 8) == std::pair(8.0F, kInf)));
  BOOST_TEST((bounds("mean", 8) == std::pair(4.0F, kInf)));
}

BOOST_AUTO_TEST_CASE(a_window_within_a_piece_has_its_part_of_the_amount) {
  HazardSeries s{quantities::precipitation_amount(), "mean", TimeKind::accumulation, {}, {}, {}};
  s.pieces.push_back({{at_minute(0), at_minute(60)}, Origin::observed, {6}, {1}, {}});
  s.pieces.push_back({{at_minute(60), at_minute(120)}, Origin::forecast, {12}, {1}, {}});
  const SeriesAxis axis(s, {at_minute(0), at_minute(120)});
  AxisNeeds needs;
  needs.totals = true;
  WindowValues values(axis, needs, 0.8, 1);
  values.load_block(0, 1);
  values.load_member(0);
  float lo = 0, hi = 0, observed = 0;
  const AxisWindow w = window_on(axis, {at_minute(30), at_minute(90)});
  BOOST_TEST(values.get(Aggregate::sum, w, &lo, &hi).lo[0] == 9.0F);
  values.observed_part(w, &observed);
  BOOST_TEST(observed == 3.0F);
  RegionValues one(axis, 0.8);
  one.load(0, 0);
  BOOST_TEST(one.known_share(w) == 1.0F);
  // Beyond the series half of the window is not known: a lower bound and no upper one.
  const AxisWindow beyond = window_on(axis, {at_minute(60), at_minute(180)});
  const Bounds b = values.get(Aggregate::sum, beyond, &lo, &hi);
  BOOST_TEST(b.lo[0] == 12.0F);
  BOOST_TEST(b.hi[0] == kInf);
  BOOST_TEST(one.known_share(beyond) == 0.5F);
}

BOOST_AUTO_TEST_SUITE_END()
