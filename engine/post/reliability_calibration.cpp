#include "engine/post/reliability_calibration.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kSingle = 1e-6F;  // width of a class of one value

double frequency(const CalibrationRow& row) { return row.events / row.forecasts; }

void join(std::vector<CalibrationRow>& table, std::size_t upper) {
  CalibrationRow& lower = table[upper - 1];
  lower.events += table[upper].events, lower.probability_sum += table[upper].probability_sum, lower.forecasts += table[upper].forecasts;
  table.erase(table.begin() + static_cast<std::ptrdiff_t>(upper));
}

}  // namespace

std::vector<ProbabilityBin> probability_bins(std::size_t bins, bool single_zero, bool single_one) {
  const std::size_t single = (single_zero ? 1U : 0U) + (single_one ? 1U : 0U);
  if (bins <= single)
    throw Error("reliability table", std::to_string(bins) + " classes leave none of width", "give " + std::to_string(single + 1) + " or more");
  const std::size_t wide = bins - single;
  std::vector<ProbabilityBin> all;
  const auto edge = [&](std::size_t k) { return static_cast<float>(static_cast<double>(k) / static_cast<double>(wide)); };
  for (std::size_t k = 0; k < wide; ++k) all.push_back({edge(k), k + 1 == wide ? 1.0F : std::nextafter(edge(k + 1), 0.0F)});
  if (single_zero) {
    all.front().lower = std::nextafter(kSingle, 1.0F);
    all.insert(all.begin(), {0.0F, kSingle});
  }
  if (single_one) {
    const auto last = static_cast<float>(1 - 1e-6);
    all.back().upper = std::nextafter(last, 0.0F);
    all.push_back({last, 1.0F});
  }
  return all;
}

PointReliability::PointReliability(std::vector<ProbabilityBin> bins, std::int64_t ny, std::int64_t nx)
    : bins_(std::move(bins)), events_(bins_.size(), Plane(ny, nx)), sums_(events_), forecasts_(events_) {}

void PointReliability::add(FieldView<const float> forecast, FieldView<const float> truth) {
  assert(forecast.ny == truth.ny && forecast.nx == truth.nx && !bins_.empty() && forecast.ny == events_[0].ny && forecast.nx == events_[0].nx);
  parallel_for(forecast.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < forecast.nx; ++i) {
        const float p = forecast(j, i), t = truth(j, i);
        if (std::isnan(p) || std::isnan(t)) continue;
        for (std::size_t b = 0; b < bins_.size(); ++b) {
          if (p < bins_[b].lower || p > bins_[b].upper) continue;
          events_[b].row(j)[i] += std::abs(t - 1) <= 1e-5F ? 1.0F : 0.0F;
          sums_[b].row(j)[i] += p;
          forecasts_[b].row(j)[i] += 1;
        }
      }
    }
  });
}

std::vector<CalibrationRow> PointReliability::table() const {
  std::vector<CalibrationRow> rows(bins_.size());
  for (std::size_t b = 0; b < bins_.size(); ++b) {
    for (std::size_t k = 0; k < events_[b].values.size(); ++k) {
      rows[b].events += double{events_[b].values[k]};
      rows[b].probability_sum += double{sums_[b].values[k]};
      rows[b].forecasts += double{forecasts_[b].values[k]};
    }
  }
  return rows;
}

std::vector<CalibrationRow> joined_rows(std::vector<CalibrationRow> table, double least_forecasts) {
  if (!(least_forecasts >= 1)) throw Error("reliability table", "a class may not be asked for fewer than one forecast", "give 1 or more, e.g. 200");
  while (table.size() > 1) {
    std::size_t scarce = table.size();  // the fullest of the classes that have too few; the first of equals
    for (std::size_t k = 0; k < table.size(); ++k) {
      if (table[k].forecasts < least_forecasts && (scarce == table.size() || table[k].forecasts > table[scarce].forecasts)) scarce = k;
    }
    if (scarce == table.size()) break;
    if (scarce == 0) join(table, 1);
    else if (scarce + 1 == table.size() || table[scarce + 1].forecasts > table[scarce - 1].forecasts) join(table, scarce);
    else join(table, scarce + 1);
  }
  const auto falls = [&](std::size_t upper) { return frequency(table[upper]) < frequency(table[upper - 1]); };
  bool any = false;
  for (std::size_t k = 1; k < table.size(); ++k) any = any || falls(k);
  if (!any) return table;
  for (std::size_t upper = table.size() - 1; upper > 0; --upper) {
    if (falls(upper)) {
      join(table, upper);
      break;
    }
  }
  const bool from_above = table.front().forecasts < table.back().forecasts;
  for (std::size_t step = 1; step < table.size(); ++step) {
    const std::size_t here = from_above ? table.size() - 1 - step : step, before = from_above ? here + 1 : here - 1;
    const double held = frequency(table[before]), own = frequency(table[here]);
    if (from_above ? own > held : own < held) table[here].events = held * table[here].forecasts;
  }
  return table;
}

ReliabilityCurve::ReliabilityCurve(std::span<const CalibrationRow> table) {
  for (const CalibrationRow& row : table) {
    if (row.forecasts > 0) said_.push_back(row.probability_sum / row.forecasts), seen_.push_back(frequency(row));
  }
}

double ReliabilityCurve::operator()(double p) const {
  if (!changes() || std::isnan(p)) return p;
  const auto after = static_cast<std::size_t>(std::lower_bound(said_.begin(), said_.end(), p) - said_.begin());
  const std::size_t k = std::clamp<std::size_t>(after, 1, said_.size() - 1);
  const double slope = (seen_[k] - seen_[k - 1]) / (said_[k] - said_[k - 1]);
  return std::clamp(seen_[k - 1] + slope * (p - said_[k - 1]), 0.0, 1.0);
}

bool calibrate_probability(FieldView<const float> forecast, std::span<const CalibrationRow> table, FieldView<float> calibrated) {
  assert(forecast.ny == calibrated.ny && forecast.nx == calibrated.nx);
  const ReliabilityCurve curve(table);
  parallel_for(forecast.ny, 32, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j)
      for (std::int64_t i = 0; i < forecast.nx; ++i) calibrated(j, i) = static_cast<float>(curve(double{forecast(j, i)}));
  });
  return curve.changes();
}

void order_by_threshold(std::span<const FieldView<float>> planes, bool of_below) {
  if (planes.empty()) return;
  parallel_for(planes[0].ny, 32, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> values(planes.size());
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < planes[0].nx; ++i) {
        bool known = true;
        for (std::size_t k = 0; k < planes.size(); ++k) values[k] = planes[k](j, i), known = known && !std::isnan(values[k]);
        if (!known) continue;
        std::sort(values.begin(), values.end());
        for (std::size_t k = 0; k < planes.size(); ++k) planes[k](j, i) = of_below ? values[k] : values[planes.size() - 1 - k];
      }
    }
  });
}

}  // namespace guyu
