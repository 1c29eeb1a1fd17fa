#include "engine/blend/forecast_blend.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <utility>

#include "engine/blend/scale_skill.h"
#include "engine/nowcast/rain_scale.h"
#include "hpc/parallel/random.h"

namespace guyu {
namespace {

constexpr std::int64_t kRows = 96, kColumns = 112;
const TimePoint kStart{Seconds(1'000'000'800)};

// Showers: smooth noise, a fifth of it wet.
Plane showers(std::uint64_t seed, float gain = 1) {
  Plane noise(kRows, kColumns), smooth(kRows, kColumns);
  const RandomStream random{seed, 3, 0, 0};
  for (std::int64_t j = 0; j < kRows; ++j) random.fill_row(static_cast<std::uint32_t>(j), kColumns, noise.row(j));
  for (std::int64_t j = 0; j < kRows; ++j) {
    for (std::int64_t i = 0; i < kColumns; ++i) {
      float sum = 0;
      for (std::int64_t dj = -4; dj <= 4; ++dj)
        for (std::int64_t di = -4; di <= 4; ++di)
          sum += noise.row(std::clamp<std::int64_t>(j + dj, 0, kRows - 1))[std::clamp<std::int64_t>(i + di, 0, kColumns - 1)];
      smooth.row(j)[i] = sum > 8 ? gain * 0.3F * (sum - 8) + 0.1F : 0.0F;
    }
  }
  return smooth;
}

double correlation(const Plane& a, const Plane& b) {
  const Plane x = to_decibel(a.view()), y = to_decibel(b.view());
  double n = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (std::size_t k = 0; k < x.values.size(); ++k) {
    const double p = static_cast<double>(x.values[k]), q = static_cast<double>(y.values[k]);
    n += 1, sx += p, sy += q, sxx += p * p, syy += q * q, sxy += p * q;
  }
  return (sxy / n - sx * sy / n / n) / std::sqrt((sxx / n - sx * sx / n / n) * (syy / n - sy * sy / n / n));
}

ForecastBlend blend_of(Plane forecast, float skill, double life) {
  BlendForecast f;
  f.members.push_back({{{kStart, kStart + Seconds(12 * 3600)}, std::move(forecast)}});
  f.skill.correlation.assign(5, skill);
  f.skill.evidence.assign(5, 100);
  return ForecastBlend(std::move(f), std::vector<Decorrelation>(5, {life, 1}), kStart, Seconds(600), kRows, kColumns);
}

Plane copy(FieldView<const float> v) {
  Plane p(v.ny, v.nx);
  for (std::int64_t j = 0; j < v.ny; ++j) std::copy_n(v.row(j), v.nx, p.row(j));
  return p;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(blend)

BOOST_AUTO_TEST_CASE(the_start_is_the_nowcast_and_late_leads_follow_a_skilled_forecast) {
  const Plane nowcast = showers(1), forecast = showers(2);
  ForecastBlend blend = blend_of(forecast, 0.8F, 3 * 3600);
  const Plane early = copy(blend(0, 1, nowcast.view())), late = copy(blend(0, 60, nowcast.view()));
  BOOST_TEST(correlation(early, nowcast) > 0.9);
  BOOST_TEST(correlation(late, forecast) > 0.7);
  BOOST_TEST(correlation(late, nowcast) < 0.6);
  BOOST_TEST(blend.forecast_part(1) < blend.forecast_part(60));
}

BOOST_AUTO_TEST_CASE(a_forecast_without_skill_changes_nothing_but_its_rank_distribution) {
  const Plane nowcast = showers(1);
  ForecastBlend blend = blend_of(showers(2), 0, 3600);
  BOOST_TEST(correlation(copy(blend(0, 60, nowcast.view())), nowcast) > 0.95);
  BOOST_TEST(blend.forecast_part(60) == 0);
}

BOOST_AUTO_TEST_CASE(small_scales_are_not_smeared) {
  const Plane nowcast = showers(1), forecast = showers(2);
  ForecastBlend blend = blend_of(forecast, 0.6F, 3600);
  const auto roughness = [](const Plane& p) {
    double sum = 0;
    for (std::int64_t j = 0; j < p.ny; ++j)
      for (std::int64_t i = 1; i < p.nx; ++i) sum += std::abs(static_cast<double>(p.row(j)[i] - p.row(j)[i - 1]));
    return sum;
  };
  const double alone = 0.5 * (roughness(nowcast) + roughness(forecast));
  BOOST_TEST(roughness(copy(blend(0, 6, nowcast.view()))) > 0.75 * alone);
}

BOOST_AUTO_TEST_CASE(each_stands_alone_where_the_other_is_missing) {
  Plane nowcast = showers(1), forecast = showers(2);
  for (std::int64_t j = 0; j < kRows; ++j) {
    nowcast.row(j)[3] = std::nanf("");
    forecast.row(j)[50] = std::nanf("");
    nowcast.row(j)[90] = forecast.row(j)[90] = std::nanf("");
  }
  ForecastBlend blend = blend_of(forecast, 0.8F, 3600);
  const Plane out = copy(blend(0, 12, std::as_const(nowcast).view()));
  for (std::int64_t j = 0; j < kRows; ++j) {
    BOOST_TEST(out.row(j)[3] == forecast.row(j)[3]);
    BOOST_TEST(out.row(j)[50] == nowcast.row(j)[50]);
    BOOST_TEST(std::isnan(out.row(j)[90]));
    BOOST_TEST(!std::isnan(out.row(j)[60]));
  }
}

// Both see the same showers where the radar looks; what the forecast has elsewhere must not come into its view.
BOOST_AUTO_TEST_CASE(rain_outside_the_radar_s_view_does_not_move_into_it) {
  Plane nowcast = showers(1), wet = showers(1);
  double inside = 0;
  for (std::int64_t j = 0; j < kRows; ++j) {
    for (std::int64_t i = 0; i < kColumns; ++i) {
      if (i < 60) inside += static_cast<double>(nowcast.row(j)[i]);
      else nowcast.row(j)[i] = std::nanf(""), wet.row(j)[i] = 20;
    }
  }
  ForecastBlend blend = blend_of(wet, 0.9F, 3600);
  const Plane out = copy(blend(0, 30, std::as_const(nowcast).view()));
  double after = 0;
  for (std::int64_t j = 0; j < kRows; ++j)
    for (std::int64_t i = 0; i < 60; ++i) after += static_cast<double>(out.row(j)[i]);
  BOOST_TEST(after == inside, boost::test_tools::tolerance(0.1));
}

BOOST_AUTO_TEST_CASE(beyond_the_forecast_s_end_the_nowcast_goes_on) {
  const Plane nowcast = showers(1);
  ForecastBlend blend = blend_of(showers(2), 0.9F, 3600);
  BOOST_TEST((copy(blend(0, 73, nowcast.view())).values == nowcast.values));
}

BOOST_AUTO_TEST_CASE(skill_is_measured_scale_by_scale) {
  const Plane observed = showers(5);
  const ScaleSkill perfect = measured_scale_skill(observed.view(), observed.view(), 5, 1),
                   none = measured_scale_skill(showers(6).view(), observed.view(), 5, 1);
  const ScaleSkill usual = usual_scale_skill(5, 1);
  for (std::size_t l = 0; l < 3; ++l) {
    BOOST_TEST(perfect.correlation[l] > 0.6F);
    BOOST_TEST(none.correlation[l] < 0.25F);
    BOOST_TEST(perfect.evidence[l] > 0);
  }
  for (std::size_t l = 1; l < 5; ++l) BOOST_TEST(usual.correlation[l] >= usual.correlation[l - 1]);
}

BOOST_AUTO_TEST_CASE(dry_skies_leave_the_usual_skill) {
  const Plane dry(kRows, kColumns, 0.0F);
  BOOST_TEST((measured_scale_skill(dry.view(), showers(5).view(), 5, 2).correlation == usual_scale_skill(5, 2).correlation));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
