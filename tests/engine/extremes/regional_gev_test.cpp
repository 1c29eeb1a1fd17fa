#include "engine/extremes/regional_gev.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

#include "engine/core/error.h"
#include "engine/extremes/counter_uniform.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

const std::vector<double> kPeriods{2, 5, 10, 20, 50};

// Site s has `factor(s)` times the maxima of the law.
std::vector<SiteRecord> region(const Gev& law, std::size_t sites, std::size_t years, std::uint64_t seed) {
  std::vector<SiteRecord> out;
  for (std::size_t s = 0; s < sites; ++s) {
    SiteRecord r{"T" + std::to_string(1000 + s), {}};
    for (std::size_t y = 0; y < years; ++y)
      r.maxima.push_back((1 + 0.02 * static_cast<double>(s)) *
                         law.quantile(counter_uniform(seed, static_cast<std::uint32_t>(s), static_cast<std::uint32_t>(y))));
    out.push_back(std::move(r));
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(regional_gev)

BOOST_AUTO_TEST_CASE(l_moments_of_a_known_law_give_it_back) {
  // Hosking and Wallis (1997), appendix A.6: the L-moments of a GEV with k = -0.1, scale 12, location 50.
  const double k = -0.1, gamma = std::tgamma(1 + k);
  const LMoments m{50 + 12 * (1 - gamma) / k, 12 * (1 - std::exp2(-k)) * gamma / k, 2 * (1 - std::pow(3, -k)) / (1 - std::exp2(-k)) - 3, 0};
  const Gev g = gev_from_l_moments(m);
  BOOST_TEST(std::abs(g.location - 50) < 0.02);
  BOOST_TEST(std::abs(g.scale - 12) < 0.02);
  BOOST_TEST(std::abs(g.shape - 0.1) < 1e-3);
}

BOOST_AUTO_TEST_CASE(sites_that_differ_in_size_alone_have_one_growth_curve) {
  // The index flood as Hosking and Wallis (1997, chapter 6) have it: no site may move away from the region's ratios, which here are those of each record.
  const std::vector<double> record = region({50, 15, 0.1}, 1, 12, 31)[0].maxima;
  std::vector<SiteRecord> sites;
  for (int s = 0; s < 6; ++s) {
    SiteRecord r{"T" + std::to_string(s), record};
    for (double& v : r.maxima) v *= 1 + s;
    r.maxima.push_back(std::nan(""));  // a year that is not known
    sites.push_back(std::move(r));
  }
  const std::vector<SiteLevels> levels = regional_levels(sites, kPeriods, 0.9, 0);
  const Gev own = gev_from_l_moments(l_moments(record));
  for (std::size_t s = 0; s < sites.size(); ++s) {
    BOOST_TEST(levels[s].own_share == 0);
    BOOST_TEST(levels[s].years == 12U);
    for (std::size_t p = 0; p < kPeriods.size(); ++p)
      BOOST_TEST(std::abs(levels[s].levels[p].value / ((1 + static_cast<double>(s)) * return_level(own, kPeriods[p])) - 1) < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(a_uniform_region_shares_its_growth_and_its_bounds_hold_the_truth) {
  const Gev law{50, 15, 0.1};
  int held = 0, of = 0;
  double shared_error = 0, alone_error = 0;
  for (std::uint64_t trial = 0; trial < 4; ++trial) {
    const std::vector<SiteRecord> sites = region(law, 40, 15, 11 + trial);
    const std::vector<SiteLevels> shared = regional_levels(sites, kPeriods, 0.9, 200);
    RegionalOptions by_itself;
    by_itself.share_growth = false;
    const std::vector<SiteLevels> alone = regional_levels(sites, kPeriods, 0.9, 0, by_itself);
    for (std::size_t s = 0; s < sites.size(); ++s) {
      BOOST_TEST(shared[s].own_share < 0.5);
      for (std::size_t p = 0; p < kPeriods.size(); ++p) {
        const double truth = (1 + 0.02 * static_cast<double>(s)) * return_level(law, kPeriods[p]);
        const ReturnLevel& l = shared[s].levels[p];
        held += truth >= l.low && truth <= l.high ? 1 : 0, ++of;
        if (p > 0) BOOST_TEST(l.value > shared[s].levels[p - 1].value);
      }
      const double truth = (1 + 0.02 * static_cast<double>(s)) * return_level(law, 50);
      shared_error += std::pow(shared[s].levels[4].value / truth - 1, 2), alone_error += std::pow(alone[s].levels[4].value / truth - 1, 2);
      BOOST_TEST(std::isnan(alone[s].levels[0].low));
    }
  }
  const double share = static_cast<double>(held) / of;
  BOOST_TEST_MESSAGE("90 % bounds held the truth in " << share << "; 50-year error shared " << std::sqrt(shared_error / 160) << ", alone "
                                                      << std::sqrt(alone_error / 160));
  BOOST_TEST((share > 0.82 && share <= 0.99));
  BOOST_TEST(shared_error < 0.5 * alone_error);
}

BOOST_AUTO_TEST_CASE(a_mixed_region_leaves_long_records_their_own_growth) {
  std::vector<SiteRecord> sites = region({50, 8, 0}, 20, 60, 3);
  for (SiteRecord& s : region({50, 22, 0}, 20, 60, 4)) s.code = "U" + s.code, sites.push_back(std::move(s));
  const std::vector<SiteLevels> levels = regional_levels(sites, kPeriods, 0.9, 100);
  BOOST_TEST(levels[0].own_share > 0.8);
  BOOST_TEST(levels[0].levels[4].high < levels[30].levels[4].low);
}

BOOST_AUTO_TEST_CASE(permuting_sites_permutes_the_levels_for_any_number_of_threads) {
  std::vector<SiteRecord> sites = region({40, 14, 0.15}, 30, 12, 9);
  set_num_threads(1);
  const std::vector<SiteLevels> there = regional_levels(sites, kPeriods, 0.9, 50);
  std::reverse(sites.begin(), sites.end());
  std::swap(sites[3], sites[17]);
  set_num_threads(3);
  const std::vector<SiteLevels> back = regional_levels(sites, kPeriods, 0.9, 50);
  set_num_threads(0);
  for (std::size_t s = 0; s < sites.size(); ++s) {
    const auto at = static_cast<std::size_t>(std::stoi(sites[s].code.substr(1)) - 1000);
    for (std::size_t p = 0; p < kPeriods.size(); ++p) {
      BOOST_TEST(back[s].levels[p].value == there[at].levels[p].value);
      BOOST_TEST(back[s].levels[p].low == there[at].levels[p].low);
    }
  }
}

BOOST_AUTO_TEST_CASE(few_years_give_no_level_and_say_why) {
  std::vector<SiteRecord> sites = region({50, 15, 0}, 12, 6, 2);  // 72 station years
  sites[4].maxima.resize(3);
  sites[5].maxima.assign(6, 20.0);
  const std::vector<SiteLevels> levels = regional_levels(sites, kPeriods, 0.9, 20);
  BOOST_TEST(levels[0].levels.size() == 5);
  BOOST_TEST(levels[4].levels.empty());
  BOOST_TEST(levels[4].why == "fewer than 5 years");
  BOOST_TEST(levels[5].levels.empty());
  RegionalOptions by_itself;
  by_itself.share_growth = false;
  BOOST_TEST(regional_levels(sites, kPeriods, 0.9, 20, by_itself)[0].why == "fewer than 10 years");
  BOOST_CHECK_THROW(regional_levels(sites, std::vector<double>{1}, 0.9, 20), Error);
}

BOOST_AUTO_TEST_CASE(peaks_over_threshold_recover_the_law_within_their_bounds) {
  // Excess over 30 exponential with scale 10, three a year: the T-year level is 30 + 10 ln(3 T).
  int held = 0;
  const int trials = 60;
  for (int t = 0; t < trials; ++t) {
    std::vector<double> peaks;
    for (std::uint32_t k = 0; k < 90; ++k) peaks.push_back(30 - 10 * std::log(counter_uniform(21, static_cast<std::uint32_t>(t), k)));
    std::sort(peaks.begin(), peaks.end(), std::greater<>());
    peaks.push_back(30);
    const SiteLevels l = peak_levels("T" + std::to_string(t), peaks, 30, 3, kPeriods, 0.9, 200, 1);
    BOOST_REQUIRE(l.levels.size() == 5);
    const double truth = 30 + 10 * std::log(3 * 20.0);
    held += truth >= l.levels[3].low && truth <= l.levels[3].high ? 1 : 0;
  }
  BOOST_TEST_MESSAGE("90 % bounds of the 20-year level held the truth " << held << " times of " << trials);
  BOOST_TEST(held >= 48);
  BOOST_TEST(peak_levels("T", std::vector<double>{3, 2, 1}, 30, 3, kPeriods, 0.9, 20, 1).levels.empty());
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace guyu
