#include "models/town_evaporation.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "engine/hydrology/potential_evaporation.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr const char *kAmount = "water_potential_evaporation_amount", *kTemperature = "air_temperature";
constexpr float kNotTold = std::numeric_limits<float>::quiet_NaN();
constexpr Seconds kReach{3 * 3600};  // a temperature is that of so much time before and after it
constexpr double kZeroCelsius = 273.15;

// The piece that tells of this moment.
const SeriesPiece* nearest_piece(const HazardSeries& series, TimePoint t) {
  const auto& pieces = series.pieces;
  const auto after = std::lower_bound(pieces.begin(), pieces.end(), t, [](const SeriesPiece& p, TimePoint at) { return p.interval.end < at; });
  const auto away = [&](const SeriesPiece& p) { return std::max({p.interval.begin - t, t - p.interval.end, Seconds{0}}); };
  const SeriesPiece* best = after != pieces.end() ? &*after : nullptr;
  if (after != pieces.begin() && (!best || away(*std::prev(after)) < away(*best))) best = &*std::prev(after);
  return best && away(*best) <= kReach ? best : nullptr;
}

}  // namespace

std::vector<ParamSpec> TownEvaporation::params() {
  return {{"evaporation",
           ParamType::text,
           "Of xinanjiang: potential evaporation by a rate, from a series of water_potential_evaporation_amount, or by air_temperature and latitude (Oudin and "
           "others 2005)",
           "rate",
           "",
           0,
           0,
           {"rate", "series", "temperature"}},
          {"evaporation_rate", ParamType::number, "Of the rate: mm a day; an assumption of this project, low rather than high", "2", "", 0, 20}};
}

std::vector<InputNeed> TownEvaporation::optional_needs(const ModelParams& params, Seconds history) {
  const std::string& by = params.word("evaporation");
  if (by == "series") return {{kAmount, "mean", history}};
  if (by == "temperature") return {{kTemperature, "mean", history}, {"latitude", "", Seconds{0}}};
  return {};
}

TownEvaporation::TownEvaporation(const HazardInputs& inputs, const ModelParams& params, const RainSteps& steps) : regions_(inputs.regions) {
  const std::string& by = params.word("evaporation");
  if (by == "series") take_series(inputs, steps);
  else if (by == "temperature") take_temperature(inputs, steps);
  else
    for (std::size_t s = 0; s < steps.size(); ++s) by_step_.push_back(params.at("evaporation_rate") * steps.seconds(s) / 86400);
}

void TownEvaporation::take_series(const HazardInputs& inputs, const RainSteps& steps) {
  by_region_.assign(steps.size() * regions_, kNotTold);
  if (const HazardSeries* series = inputs.find_series(kAmount, "mean"))
    for (std::size_t s = 0; s < steps.size(); ++s) {
      const Interval& step = steps[s].time;
      float* out = &by_region_[s * regions_];
      for (const SeriesPiece& p : series->pieces) {
        const auto inside = static_cast<double>((std::min(step.end, p.interval.end) - std::max(step.begin, p.interval.begin)).count());
        if (inside <= 0) continue;
        const auto part = static_cast<float>(inside / static_cast<double>(p.interval.length().count()));
        for (std::size_t r = 0; r < regions_; ++r)
          if (!std::isnan(p.values[r])) out[r] = (std::isnan(out[r]) ? 0.0F : out[r]) + part * std::max(0.0F, p.values[r]);
      }
    }
  tell_missing(kAmount);
}

void TownEvaporation::take_temperature(const HazardInputs& inputs, const RainSteps& steps) {
  by_region_.assign(steps.size() * regions_, kNotTold);
  const HazardSeries* series = inputs.find_series(kTemperature, "mean");
  const RegionAttribute* latitude = inputs.find_attribute("latitude");
  if (series && latitude) {
    std::vector<const SeriesPiece*> piece;
    std::vector<int> day;
    for (std::size_t s = 0; s < steps.size(); ++s) {
      const TimePoint middle = steps[s].time.begin + steps[s].time.length() / 2, local = middle + inputs.utc_offset;
      piece.push_back(nearest_piece(*series, middle));
      const auto date = std::chrono::floor<std::chrono::days>(local);
      const std::chrono::sys_days new_year{std::chrono::year_month_day(date).year() / 1 / 1};
      day.push_back(static_cast<int>((date - new_year).count()) + 1);
    }
    parallel_for(static_cast<std::int64_t>(regions_), 1024, [&](std::int64_t begin, std::int64_t end) {
      for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) {
        double most = 0;
        for (std::size_t s = 0; s < steps.size(); ++s) {
          if (s == 0 || day[s] != day[s - 1]) most = radiation_evaporation_mm(static_cast<double>(latitude->values[r]), day[s]);
          if (!piece[s]) continue;
          const double celsius = static_cast<double>(piece[s]->values[r]) - kZeroCelsius, mm = most * (celsius + 5) / 100;
          by_region_[s * regions_ + r] = static_cast<float>((mm < 0 ? 0 : mm) * steps.seconds(s) / 86400);
        }
      }
    });
  }
  tell_missing("air_temperature or latitude");
}

void TownEvaporation::tell_missing(const char* of) {
  std::size_t missing = 0;
  for (float& mm : by_region_)
    if (std::isnan(mm)) mm = 0, ++missing;
  if (missing > 0)
    note_ = fmt::format("{:.1f} % of the potential evaporation are not known for want of {} and count as none: the soil is rather too wet",
                        100 * static_cast<double>(missing) / static_cast<double>(by_region_.size()), of);
}

}  // namespace guyu
