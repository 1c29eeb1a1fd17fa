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

// What one model says of a variable's events at one step.
struct ModelEvents {
  bool calibrated = true;                    // all of them
  std::vector<std::vector<float>> of_event;  // by region
  LeadErrors by_lead;
  const Reliability* skill = nullptr;
  Seconds lead{0};
};

const Reliability* skill_of(const ForecastCalibration* calibration, const std::string& variable) {
  const CalibratedVariable* c = calibration ? calibration->find(variable) : nullptr;
  return c && c->method == ForecastMethod::reliability ? &c->reliability : nullptr;
}

// A model's calibrated probabilities of an event over the very same time; nullptr where it has none.
const std::vector<float>* calibrated_event(const OtherModel& model, const Variable& wanted, double threshold, const Interval& valid) {
  for (const SeriesLayout::Event& e : model.layout.events) {
    if (!(model.request.variables[e.variable] == wanted) || e.threshold != threshold) continue;
    const std::vector<Interval>& times = model.layout.series[e.series].times;
    const auto at = std::find(times.begin(), times.end(), valid);
    if (at == times.end()) return nullptr;
    const SeriesMemory::Column& c = model.columns->at(e.series, 0, static_cast<std::size_t>(at - times.begin()));
    return c.values.empty() ? nullptr : &c.values;
  }
  return nullptr;
}

// By the Brier scores of the thresholds that all have measured; where one has none by the errors at each lead.
std::vector<double> event_weights(const std::vector<ModelEvents>& models, const std::vector<double>& thresholds) {
  std::vector<double> brier(models.size(), 0.0), cases(models.size(), 0.0);
  std::size_t shared = 0;
  for (const double threshold : thresholds) {
    std::vector<double> scores;
    for (const ModelEvents& m : models) {
      if (!m.calibrated || !m.skill) continue;
      for (const EventReliability& e : m.skill->events)
        if (e.threshold == threshold && !std::isnan(e.brier_after)) scores.push_back(e.brier_after);
    }
    if (scores.size() != models.size()) continue;
    ++shared;
    for (std::size_t k = 0; k < models.size(); ++k) brier[k] += scores[k], cases[k] = static_cast<double>(models[k].skill->cases);
  }
  if (shared > 0) return error_weights(brier, cases);
  std::vector<LeadErrors> errors;
  std::vector<Seconds> leads;
  for (const ModelEvents& m : models) errors.push_back(m.by_lead), leads.push_back(m.lead);
  return model_weights(errors, leads);
}

}  // namespace

void JoiningSink::join_events(std::size_t first, std::size_t last, std::size_t step, const std::vector<OtherModel>& others,
                              const std::vector<SeriesSink*>& sinks, std::vector<std::size_t>& told) const {
  const SeriesLayout& layout = own_.layout();
  const Variable& wanted = request_.variables[layout.events[first].variable];
  const Interval valid = layout.series[layout.events[first].series].times[step];
  std::vector<double> thresholds;
  for (std::size_t e = first; e < last; ++e) thresholds.push_back(layout.events[e].threshold);
  std::vector<ModelEvents> models;
  std::vector<float> coverage(regions_, 0.0F);
  if (!own_.at(layout.events[first].series, 0, step).values.empty()) {
    ModelEvents& own = models.emplace_back();
    for (std::size_t e = first; e < last; ++e) own.of_event.push_back(own_.at(layout.events[e].series, 0, step).values);
    coverage = own_.at(layout.events[first].series, 0, step).coverage;
    own.by_lead = errors_of(calibration_, key_of(wanted));
    own.skill = skill_of(calibration_, key_of(wanted));
    own.lead = valid.end - reference_;
  }
  const bool alone = !models.empty();
  for (const OtherModel& o : others) {
    const auto series = series_of(o, wanted);
    if (!series) continue;
    const ForecastCalibration* calibration = o.calibration ? &*o.calibration : nullptr;
    ModelEvents m{true, {}, errors_of(calibration, key_of(wanted)), skill_of(calibration, key_of(wanted)), valid.end - o.reference};
    std::vector<float> its_coverage;
    const auto members = members_over(o, *series, valid, regions_, its_coverage);
    for (const double threshold : thresholds) {
      if (const std::vector<float>* known = calibrated_event(o, wanted, threshold, valid)) {
        m.of_event.push_back(*known);
        continue;
      }
      m.calibrated = false;
      if (members.empty()) break;
      std::vector<float>& shares = m.of_event.emplace_back(regions_);
      std::vector<float> of_region(members.size());
      for (std::size_t r = 0; r < regions_; ++r) {
        for (std::size_t k = 0; k < members.size(); ++k) of_region[k] = members[k][r];
        member_shares(of_region, std::span<const double>(&threshold, 1), std::span<float>(&shares[r], 1));
      }
    }
    // Where the first model is silent, because its calibration holds for steps of another length, only calibrated probabilities stand in for its own.
    if (m.of_event.size() != thresholds.size() || (!alone && !m.calibrated)) continue;
    for (std::size_t r = 0; r < regions_ && r < its_coverage.size(); ++r) coverage[r] = std::max(coverage[r], its_coverage[r]);
    models.push_back(std::move(m));
  }
  if (models.empty()) return;
  const std::vector<double> weights = event_weights(models, thresholds);
  std::vector<std::vector<float>> out(thresholds.size(), std::vector<float>(regions_));
  std::vector<float> said(models.size());
  for (std::size_t r = 0; r < regions_; ++r) {
    for (std::size_t e = 0; e < out.size(); ++e) {
      for (std::size_t k = 0; k < models.size(); ++k) said[k] = models[k].of_event[e][r];
      const float p = joined_probability(said, weights);
      out[e][r] = e > 0 && p > out[e - 1][r] ? out[e - 1][r] : p;  // a model may be calibrated for one threshold alone
    }
  }
  for (std::size_t e = 0; e < out.size(); ++e) {
    const std::size_t series = layout.events[first + e].series;
    if (models.size() > (alone ? 1U : 0U)) ++told[series];
    for (SeriesSink* sink : sinks) sink->put(series, 0, step, out[e], coverage);
  }
}

std::vector<std::size_t> JoiningSink::finish(const std::vector<OtherModel>& others, const std::vector<SeriesSink*>& sinks) const {
  const SeriesLayout& layout = own_.layout();
  std::vector<std::size_t> told(layout.series.size(), 0);
  for (std::size_t first = 0, last = 0; first < layout.events.size(); first = last) {
    while (last < layout.events.size() && layout.events[last].variable == layout.events[first].variable) ++last;
    for (std::size_t t = 0; t < layout.series[layout.events[first].series].times.size(); ++t) join_events(first, last, t, others, sinks, told);
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
