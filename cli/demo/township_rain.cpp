#include "cli/demo/township_rain.h"

#include <algorithm>

#include "engine/region/zonal_statistics.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu::cli::demo {
namespace {

constexpr Seconds kStep{120}, kHour{3600};

Field empty_hour(const StormCase& c, TimePoint begin) {
  FieldMeta meta;
  meta.quantity = quantities::precipitation_amount();
  meta.kind = TimeKind::accumulation;
  meta.valid = {begin, begin + kHour};
  meta.reference = meta.valid.end;
  meta.source = "made-up case";
  Field hour(c.grid, meta);
  std::ranges::fill(hour.values(), 0.0F);
  return hour;
}

}  // namespace

TownshipRain::TownshipRain(TimePoint begin, Seconds step, std::size_t townships)
    : begin_(begin), step_(step), totals_(1, std::vector<double>(townships, 0.0)) {}

void TownshipRain::add_step(const std::vector<float>& amount_mm) {
  std::vector<double> next = totals_.back();
  for (std::size_t k = 0; k < next.size(); ++k) next[k] += double{amount_mm[k]};
  totals_.push_back(std::move(next));
}

double TownshipRain::until(std::size_t township, TimePoint t) const {
  const double steps = static_cast<double>((t - begin_).count()) / static_cast<double>(step_.count());
  const auto last = static_cast<double>(totals_.size() - 1);
  if (steps <= 0) return 0;
  if (steps >= last) return totals_.back()[township];
  const auto k = static_cast<std::size_t>(steps);
  const double a = totals_[k][township], b = totals_[k + 1][township];
  return a + (steps - static_cast<double>(k)) * (b - a);
}

double TownshipRain::total(std::size_t township, const Interval& interval) const { return until(township, interval.end) - until(township, interval.begin); }

TrueRain true_rain(const StormCase& c, const RegionSet& regions) {
  const ZonalWeights weights = compute_zonal_weights(c.grid, regions);
  const auto statistics = parse_zonal_statistics("mean");
  constexpr auto kSteps = static_cast<std::size_t>(kHour / kStep);
  constexpr float kPerStep = static_cast<float>(kStep.count()) / 3600.0F;
  std::vector<Field> amounts;
  for (std::size_t k = 0; k < kSteps; ++k) amounts.emplace_back(c.grid, FieldMeta{});
  std::vector<std::vector<float>> means(kSteps);

  TrueRain truth{TownshipRain(c.begin, kStep, regions.regions.size()), {}};
  for (TimePoint t = c.begin; t < c.truth_end; t += kHour) {
    // Whole steps side by side: they cost less to share out than the rows of each.
    parallel_for(kSteps, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t k = begin; k < end; ++k) {
        Field& amount = amounts[static_cast<std::size_t>(k)];
        c.storm.rates(c.grid, minute_of(c, t + kStep * k + kStep / 2), amount.view());
        for (float& mm : amount.values()) mm *= kPerStep;
        means[static_cast<std::size_t>(k)] = zonal_statistics(amount.view(), weights, statistics).columns[0];
      }
    });
    truth.hours.push_back(empty_hour(c, t));
    const auto sum = truth.hours.back().values();
    for (std::size_t k = 0; k < kSteps; ++k) {
      truth.townships.add_step(means[k]);
      const auto mm = amounts[k].values();
      for (std::size_t i = 0; i < mm.size(); ++i) sum[i] += mm[i];
    }
  }
  return truth;
}

}  // namespace guyu::cli::demo
