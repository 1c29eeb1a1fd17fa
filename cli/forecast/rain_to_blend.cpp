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
Plane rate_on(const Field& field, const ForecastStep& s, const BilinearSampler& sampler) {
  Plane rate(field.grid().ny(), field.grid().nx());
  std::copy(field.values().begin(), field.values().end(), rate.values.begin());
  if (s.kind == TimeKind::accumulation) {
    const double hours = static_cast<double>(s.valid.length().count()) / 3600;
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

// What was observed over a forecast's time: NaN where any of its frames is missing; empty without a frame.
std::optional<Plane> observed_over(std::span<const FieldPtr> frames, const Interval& valid) {
  constexpr Seconds kNear(1800);
  std::vector<const Field*> within;
  if (valid.length() > Seconds(0)) {
    for (const FieldPtr& f : frames)
      if (f->meta.valid.end > valid.begin && f->meta.valid.end <= valid.end) within.push_back(f.get());
  } else {
    const auto apart = [&](const FieldPtr& f) { return std::chrono::abs(f->meta.valid.end - valid.end); };
    const auto nearest = std::min_element(frames.begin(), frames.end(), [&](const FieldPtr& a, const FieldPtr& b) { return apart(a) < apart(b); });
    if (apart(*nearest) <= kNear) within.push_back(nearest->get());
  }
  if (within.empty()) return std::nullopt;
  const Grid& grid = within.front()->grid();
  Plane mean(grid.ny(), grid.nx());
  for (std::size_t k = 0; k < mean.values.size(); ++k) {
    double sum = 0;
    for (const Field* f : within) sum += static_cast<double>(f->values()[k]);
    mean.values[k] = static_cast<float>(sum / static_cast<double>(within.size()));
  }
  return mean;
}

}  // namespace

RainToBlend rain_to_blend(const std::vector<std::string>& files, std::span<const FieldPtr> frames, bool arrived, Seconds until, int levels) {
  RainToBlend out;
  const Field& newest = *frames.back();
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
  // Steps that hold any frame are of use to measure the skill; the interval that the last step lies in may end later.
  request.valid = {std::min(start - Seconds(6 * 3600), frames.front()->meta.valid.end - Seconds(1800)), start + until + Seconds(12 * 3600)};
  std::vector<ForecastEntry> entries = store->entries();
  if (!arrived)
    for (ForecastEntry& e : entries) e.arrival = {};
  ForecastSelection selection = select_forecast(entries, request);
  const bool amounts = std::any_of(selection.steps.begin(), selection.steps.end(), [](const ForecastStep& s) { return s.variable == 0; });
  for (const std::string& n : selection.notes)
    if (n.find(" is not there") == std::string::npos) out.notes.push_back(n);

  std::erase_if(selection.steps, [&](const ForecastStep& s) { return s.variable != (amounts ? 0U : 1U) || s.valid.begin >= start + until; });
  StepFields fields(*store, request, selection, out.problems, false);
  StepAmounts sums;
  std::map<std::optional<int>, std::vector<ForecastRate>> members;
  std::vector<ScaleSkill> skills;
  std::map<std::string, BilinearSampler> samplers;
  for (std::size_t k = 0; k < selection.steps.size(); ++k) {
    const ForecastStep& s = selection.steps[k];
    const bool instant = s.valid.begin == s.valid.end;
    const std::optional<Plane> observed = observed_over(frames, s.valid);
    if (!instant && s.valid.end <= start && !observed) continue;
    try {
      fields.go_to(k);
      const FieldPtr field = s.kind == TimeKind::accumulation ? sums.of(s, fields) : fields.entry(s.entries.front());
      const Grid& grid = field->grid();
      auto sampler = samplers.find(grid.hash());
      if (sampler == samplers.end()) sampler = samplers.emplace(grid.hash(), BilinearSampler(grid, newest.grid())).first;
      Plane rate = rate_on(*field, s, sampler->second);
      if (observed) skills.push_back(measured_scale_skill(std::as_const(rate).view(), observed->view(), levels, cell_km));
      if (!instant && s.valid.end <= start) continue;
      auto& list = members[s.member];
      // An instant stands for the time until the next one; of those before the start only the last is of use.
      if (instant && !list.empty()) {
        list.back().valid.end = s.valid.end;
        if (s.valid.end <= start) list.pop_back();
      }
      const Seconds last = list.empty() ? Seconds(3600) : list.back().valid.length();
      list.push_back({instant ? Interval{s.valid.end, s.valid.end + last} : s.valid, std::move(rate)});
    } catch (const Error& e) {
      out.problems.push_back(e.what());
    }
  }
  if (!skills.empty()) out.forecast.skill = joined(skills);
  else out.notes.push_back("the forecast holds nothing at the time of the frames: its skill is that of forecasts in general");
  for (auto& [member, list] : members)
    if (!list.empty()) out.forecast.members.push_back(std::move(list));
  if (out.forecast.members.empty()) out.notes.push_back("no forecast of rain for the time ahead: the nowcast stands alone");
  return out;
}

}  // namespace guyu::cli
