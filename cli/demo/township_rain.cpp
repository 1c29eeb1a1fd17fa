#include "cli/demo/township_rain.h"

#include <algorithm>

#include "engine/region/zonal_statistics.h"

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

TownshipRain::TownshipRain(TimePoint begin, Seconds step, std::size_t townships) : begin_(begin), step_(step), totals_(1, std::vector<double>(townships, 0.0)) {}

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
  TrueRain truth{TownshipRain(c.begin, kStep, regions.regions.size()), {}};
  Field amount(c.grid, {});
  const auto per_step = static_cast<float>(kStep.count()) / 3600.0F;
  for (TimePoint t = c.begin; t < c.truth_end; t += kStep) {
    if ((t - c.begin) % kHour == Seconds(0)) truth.hours.push_back(empty_hour(c, t));
    c.storm.rates(c.grid, minute_of(c, t + kStep / 2), amount.view());
    const auto mm = amount.values(), sum = truth.hours.back().values();
    for (std::size_t k = 0; k < mm.size(); ++k) {
      mm[k] *= per_step;
      sum[k] += mm[k];
    }
    truth.townships.add_step(zonal_statistics(amount.view(), weights, statistics).columns[0]);
  }
  return truth;
}

}  // namespace guyu::cli::demo
