#include "cli/forecast/joining_sink.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/blend/model_weights.h"
#include "engine/cycle/forecast_rain.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu::cli {
namespace {

std::string key_of(const Variable& v) { return v.level.empty() ? v.quantity : v.quantity + "@" + v.level; }

LeadErrors errors_of(const ForecastCalibration* calibration, const std::string& variable) {
  const CalibratedVariable* c = calibration ? calibration->find(variable) : nullptr;
  return c ? c->by_lead : LeadErrors{};
}

std::optional<std::size_t> series_of(const OtherModel& model, const Variable& wanted) {
  for (std::size_t v = 0; v < model.request.variables.size(); ++v)
    if (model.request.variables[v] == wanted && model.layout.of_variable[v] >= 0) return static_cast<std::size_t>(model.layout.of_variable[v]);
  return std::nullopt;
}

// A model's members over one interval: columns by member; empty when it does not tell. `coverage` grows to what it knows.
std::vector<std::vector<float>> members_over(const OtherModel& model, std::size_t s, const Interval& wanted, std::size_t regions,
                                             std::vector<float>& coverage) {
  coverage.resize(regions, 0.0F);
  constexpr double kFilled = 0.999;
  const RegionSeries& series = model.layout.series[s];
  std::vector<std::vector<float>> out;
  for (std::size_t m = 0; m < series.members.size(); ++m) {
    if (series.kind != TimeKind::accumulation) {
      const auto at = std::find(series.times.begin(), series.times.end(), wanted);
      if (at == series.times.end()) return {};
      const SeriesMemory::Column& c = model.columns->at(s, m, static_cast<std::size_t>(at - series.times.begin()));
      if (c.values.empty()) continue;
      out.push_back(c.values);
      for (std::size_t r = 0; r < regions; ++r) coverage[r] = std::max(coverage[r], c.coverage[r]);
      continue;
    }
    std::vector<RainSlot> slots;
    double filled = 0;
    for (std::size_t t = 0; t < series.times.size(); ++t) {
      const TimePoint begin = std::max(series.times[t].begin, wanted.begin), end = std::min(series.times[t].end, wanted.end);
      const SeriesMemory::Column& c = model.columns->at(s, m, t);
      if (begin >= end || c.values.empty()) continue;
      filled += static_cast<double>((end - begin).count()) / static_cast<double>(wanted.length().count());
      slots.push_back({series.times[t], c.values, c.coverage, ""});
    }
    if (filled < kFilled) continue;
    std::vector<float> column(regions);
    for (std::size_t r = 0; r < regions; ++r) {
      const RainOver over = rain_over(slots, wanted, r);
      const bool known = std::none_of(slots.begin(), slots.end(), [&](const RainSlot& slot) { return std::isnan(slot.amount_mm[r]); });
      column[r] = known ? static_cast<float>(over.amount_mm) : std::nanf("");
      if (known) coverage[r] = std::max(coverage[r], static_cast<float>(over.coverage));
    }
    out.push_back(std::move(column));
  }
  return out;
}

}  // namespace

std::vector<std::size_t> JoiningSink::finish(const std::vector<OtherModel>& others, const std::vector<SeriesSink*>& sinks) const {
  const SeriesLayout& layout = own_.layout();
  const auto joinable = static_cast<std::size_t>(std::count_if(layout.of_variable.begin(), layout.of_variable.end(), [](std::ptrdiff_t s) { return s >= 0; }));
  std::vector<std::size_t> told(joinable, 0);
  // Probabilities stand behind the variables' own series and are of this model alone.
  for (std::size_t s = joinable; s < layout.series.size(); ++s) {
    for (std::size_t t = 0; t < layout.series[s].times.size(); ++t) {
      const SeriesMemory::Column& c = own_.at(s, 0, t);
      if (c.values.empty()) continue;
      for (SeriesSink* sink : sinks) sink->put(s, 0, t, c.values, c.coverage);
    }
  }
  for (std::size_t v = 0; v < request_.variables.size(); ++v) {
    if (layout.of_variable[v] < 0) continue;
    const auto s = static_cast<std::size_t>(layout.of_variable[v]);
    const RegionSeries& series = layout.series[s];
    const Variable& wanted = request_.variables[v];
    const bool direction = wanted.quantity == "wind_from_direction";  // has no quantiles
    for (std::size_t t = 0; t < series.times.size(); ++t) {
      std::vector<std::vector<std::vector<float>>> models(1);  // by model, member, region
      std::vector<LeadErrors> errors{errors_of(calibration_, key_of(wanted))};
      std::vector<float> coverage(regions_, 0.0F);
      std::vector<Seconds> leads{series.times[t].end - reference_};
      for (std::size_t m = 0; m < series.members.size(); ++m) {
        const SeriesMemory::Column& c = own_.at(s, m, t);
        if (c.values.empty()) continue;
        models[0].push_back(c.values);
        for (std::size_t r = 0; r < regions_; ++r) coverage[r] = std::max(coverage[r], c.coverage[r]);
      }
      for (const OtherModel& o : others) {
        const auto other = direction ? std::nullopt : series_of(o, wanted);
        if (!other) continue;
        auto members = members_over(o, *other, series.times[t], regions_, coverage);
        if (members.empty()) continue;
        models.push_back(std::move(members));
        leads.push_back(series.times[t].end - o.reference);
        errors.push_back(errors_of(o.calibration ? &*o.calibration : nullptr, key_of(wanted)));
      }
      if (models[0].empty() && models.size() == 1) continue;
      if (models.size() > 1) ++told[s];
      const std::vector<double> weights = model_weights(errors, leads);
      std::vector<std::vector<float>> out(series.members.size(), std::vector<float>(regions_));
      parallel_for(static_cast<std::int64_t>(regions_), 256, [&](std::int64_t begin, std::int64_t end) {
        std::vector<std::vector<float>> place(models.size());
        std::vector<float> joined(out.size());
        for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) {
          for (std::size_t k = 0; k < models.size(); ++k) {
            place[k].clear();
            for (const auto& member : models[k]) place[k].push_back(member[r]);
          }
          if (models.size() == 1 && place[0].size() == joined.size()) joined = place[0];
          else joined_members(place, weights, joined);
          for (std::size_t m = 0; m < out.size(); ++m) out[m][r] = joined[m];
        }
      });
      for (std::size_t m = 0; m < out.size(); ++m)
        for (SeriesSink* sink : sinks) sink->put(s, m, t, out[m], coverage);
    }
  }
  return told;
}

}  // namespace guyu::cli
