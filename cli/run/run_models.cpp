#include "cli/run/run_models.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cli/run/soil_attributes.h"
#include "engine/core/error.h"
#include "engine/cycle/model_states.h"
#include "engine/regrid/crs_transform.h"

namespace guyu::cli {
namespace {

bool asks_for(const ChosenModel& chosen, const std::string& attribute) {
  const auto is = [&](const InputNeed& n) { return n.statistic.empty() && n.quantity == attribute; };
  const std::vector<InputNeed> needs = chosen.model->needs(chosen.params), optional = chosen.model->optional_needs(chosen.params);
  return std::any_of(needs.begin(), needs.end(), is) || std::any_of(optional.begin(), optional.end(), is);
}

RegionAttribute latitudes(const RegionSet& regions) {
  RegionAttribute a{"latitude", "degree", {}};
  const CrsTransform to_degrees(regions.crs, "EPSG:4326");
  for (const Region& r : regions.regions) {
    Point low{1e300, 1e300}, high{-1e300, -1e300};
    for (const Polygon& p : r.shape)
      for (const Point& q : p.outer) low = {std::min(low.x, q.x), std::min(low.y, q.y)}, high = {std::max(high.x, q.x), std::max(high.y, q.y)};
    Point middle{(low.x + high.x) / 2, (low.y + high.y) / 2};
    if (!to_degrees.is_identity()) to_degrees.forward(&middle.x, &middle.y, 1, sizeof(Point));
    const bool there = low.x <= high.x && std::isfinite(middle.y);
    a.values.push_back(there ? static_cast<float>(middle.y) : std::numeric_limits<float>::quiet_NaN());
  }
  return a;
}

}  // namespace

void run_models(const std::vector<ChosenModel>& models, const std::string& state_from, const std::string& state_to, const RegionSet& regions,
                HazardInputs& inputs, RunReport& report) {
  StageTimer timer(report, "models");
  std::string problem;
  const std::string hash = regions.hash();
  ModelStates states = load_model_states(state_from, hash, inputs.regions, problem);
  if (!problem.empty()) report.degraded.push_back("cycle state: " + problem);
  bool remembers = false;
  for (const ChosenModel& chosen : models) {
    const ModelInfo& info = chosen.model->info();
    try {
      if (asks_for(chosen, "latitude") && !inputs.find_attribute("latitude")) inputs.attributes.push_back(latitudes(regions));
      if (!chosen.soils.empty()) add_soil_attributes(chosen.params.word("parameters"), chosen.soils, inputs, report);
      SeriesModel::Result result = chosen.model->compute(inputs, chosen.params, states[info.name]);
      for (const std::string& note : result.notes) report.notes.push_back("model " + info.name + ": " + note);
      for (const InputNeed& need : chosen.model->needs(chosen.params)) {
        const bool there =
            need.statistic.empty() ? inputs.find_attribute(need.quantity) != nullptr : inputs.find_series(need.quantity, need.statistic) != nullptr;
        // An attribute may be there for what seldom happens, an earthquake, say.
        auto& told = need.statistic.empty() ? report.notes : report.degraded;
        if (!there) told.push_back("model " + info.name + ": nothing gives " + need.quantity + (need.statistic.empty() ? "" : " " + need.statistic));
      }
      const HazardSeries& made = result.series;
      if (inputs.find_series(made.quantity.name, made.statistic)) {
        report.notes.push_back("model " + info.name + ": its " + made.quantity.name + " stands instead of that of the files");
        std::erase_if(inputs.series, [&](const HazardSeries& s) { return s.quantity.name == made.quantity.name && s.statistic == made.statistic; });
      }
      inputs.horizon = std::max(inputs.horizon, made.horizon.value_or(inputs.horizon));
      inputs.series.push_back(std::move(result.series));
      if (!result.state.values.empty()) states[info.name] = std::move(result.state), remembers = true;
    } catch (const Error& e) {
      report.degraded.push_back("model " + info.name + ": " + e.what());
    }
  }
  if (!remembers) return;
  std::erase_if(states, [](const auto& s) { return s.second.values.empty(); });
  try {
    save_model_states(state_to, hash, inputs.regions, states);
  } catch (const Error& e) {
    report.degraded.push_back(std::string("cycle state: ") + e.what());
  }
}

std::vector<RegionColumn> model_columns(const std::vector<ChosenModel>& models, const HazardInputs& inputs) {
  std::vector<RegionColumn> out;
  for (const ChosenModel& chosen : models) {
    const ModelInfo& info = chosen.model->info();
    const HazardSeries* s = inputs.find_series(info.quantity, info.statistic);
    if (!s) continue;
    const Interval window{inputs.issue, std::max(inputs.issue, s->horizon.value_or(inputs.horizon))};
    RegionColumn c{info.quantity, info.title + ": greatest value from the issue time on", s->quantity, info.statistic, TimeKind::maximum, window, {}, {}};
    c.values.assign(inputs.regions, std::numeric_limits<float>::quiet_NaN()), c.coverage.assign(inputs.regions, 0.0F);
    for (const SeriesPiece& p : s->pieces) {
      if (p.interval.end <= window.begin || p.interval.begin >= window.end) continue;
      for (std::size_t r = 0; r < inputs.regions; ++r)
        if (!(c.values[r] >= p.values[r]) && !std::isnan(p.values[r])) c.values[r] = p.values[r], c.coverage[r] = p.coverage[r];
    }
    out.push_back(std::move(c));
  }
  return out;
}

}  // namespace guyu::cli
