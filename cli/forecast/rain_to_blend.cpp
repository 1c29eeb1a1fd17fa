#include "cli/forecast/rain_to_blend.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "cli/forecast/step_fields.h"
#include "engine/core/error.h"
#include "engine/downscale/bilinear_sampler.h"
#include "engine/regrid/cell_size.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu::cli {
namespace {

// Rates of one step on the target grid, mm/h.
Plane rate_on(FieldStore& store, const ForecastStep& s, const BilinearSampler& sampler) {
  const FieldPtr whole = store.read(s.entries.front());
  Plane rate(whole->grid().ny(), whole->grid().nx());
  std::copy(whole->values().begin(), whole->values().end(), rate.values.begin());
  if (s.kind == TimeKind::accumulation) {
    const double hours = static_cast<double>(s.valid.length().count()) / 3600;
    if (s.less) {
      const FieldPtr part = store.read(*s.less);
      if (!(part->grid() == whole->grid())) throw Error(part->meta.source, "the totals of one run stand on different grids");
      for (std::size_t k = 0; k < rate.values.size(); ++k) rate.values[k] = amount_between(rate.values[k], part->values()[k]);
    }
    for (float& v : rate.values) v = static_cast<float>(static_cast<double>(v) / hours);
  }
  Plane out(sampler.rows(), sampler.columns());
  const Plane& source = rate;
  parallel_for(sampler.rows(), 32, [&](std::int64_t begin, std::int64_t end) {
    BilinearSampler::Scratch scratch;
    for (std::int64_t j = begin; j < end; ++j) sampler.row(j, source.view(), out.row(j), scratch);
  });
  return out;
}

}  // namespace

RainToBlend rain_to_blend(const std::vector<std::string>& files, const Field& newest, bool arrived, Seconds until, int levels) {
  RainToBlend out;
  const double cell_km = cell_size_km(newest.grid());
  out.forecast.skill = usual_scale_skill(levels, cell_km);
  std::optional<FieldStore> store;
  try {
    store.emplace(files);
  } catch (const Error& e) {
    out.problems.push_back(e.what());
    return out;
  }
  out.problems = store->problems();
  const TimePoint start = newest.meta.valid.end;
  ForecastRequest request;
  request.variables = {{"precipitation_amount", "surface"}, {"rainfall_rate", "surface"}};
  request.as_of = start;
  request.valid = {start - Seconds(6 * 3600), start + until + Seconds(12 * 3600)};  // the interval that the last step lies in may end later
  std::vector<ForecastEntry> entries = store->entries();
  if (!arrived)
    for (ForecastEntry& e : entries) e.arrival = {};
  const ForecastSelection selection = select_forecast(entries, request);
  const bool amounts = std::any_of(selection.steps.begin(), selection.steps.end(), [](const ForecastStep& s) { return s.variable == 0; });
  for (const std::string& n : selection.notes)
    if (n.find(" is not there") == std::string::npos) out.notes.push_back(n);

  std::map<std::optional<int>, std::vector<ForecastRate>> members;
  std::vector<ScaleSkill> skills;
  std::map<std::string, BilinearSampler> samplers;
  for (const ForecastStep& s : selection.steps) {
    if (s.variable != (amounts ? 0U : 1U) || s.valid.begin >= start + until) continue;
    const bool instant = s.valid.begin == s.valid.end;
    if (!instant && s.valid.end <= start) continue;
    try {
      const Grid& grid = store->read(s.entries.front())->grid();
      auto sampler = samplers.find(grid.hash());
      if (sampler == samplers.end()) sampler = samplers.emplace(grid.hash(), BilinearSampler(grid, newest.grid())).first;
      auto& list = members[s.member];
      Plane rate = rate_on(*store, s, sampler->second);
      // An instant stands for the time until the next one; of those before the start only the last is of use.
      if (instant && !list.empty()) {
        list.back().valid.end = s.valid.end;
        if (s.valid.end <= start) list.pop_back();
      }
      const bool now = instant ? std::chrono::abs(s.valid.end - start) <= Seconds(1800) : s.valid.begin < start;
      if (now) skills.push_back(measured_scale_skill(std::as_const(rate).view(), newest.view(), levels, cell_km));
      const Seconds last = list.empty() ? Seconds(3600) : list.back().valid.length();
      list.push_back({instant ? Interval{s.valid.end, s.valid.end + last} : s.valid, std::move(rate)});
    } catch (const Error& e) {
      out.problems.push_back(e.what());
    }
    store->forget();
  }
  if (!skills.empty()) out.forecast.skill = joined(skills);
  else out.notes.push_back("the forecast holds nothing at the time of the newest frame: its skill is that of forecasts in general");
  for (auto& [member, list] : members)
    if (!list.empty()) out.forecast.members.push_back(std::move(list));
  if (out.forecast.members.empty()) out.notes.push_back("no forecast of rain for the time ahead: the nowcast stands alone");
  return out;
}

}  // namespace guyu::cli
