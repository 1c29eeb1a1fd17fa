#include "cli/run/forecast.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "cli/run/attempt.h"
#include "cli/run/load_rain.h"
#include "engine/cycle/forecast_rain.h"
#include "engine/cycle/observed_rain.h"

namespace guyu::cli {
namespace {

constexpr Seconds kInstantGap{6 * 3600};  // forecast rates at instants are joined over the usual output steps

// Fields by grid and valid time: rates at instants are joined to their neighbour in time.
std::vector<Field> totals_of(std::vector<FieldPtr> fields, TimePoint reference, RunReport& report) {
  std::stable_sort(fields.begin(), fields.end(), [](const FieldPtr& a, const FieldPtr& b) { return a->meta.valid.end < b->meta.valid.end; });
  std::vector<std::string> notes;
  std::vector<Field> totals = observed_amounts(fields, {kInstantGap}, notes);
  std::erase_if(totals, [&](const Field& amount) { return amount.meta.valid.end <= reference; });
  report.notes.insert(report.notes.end(), notes.begin(), notes.end());
  return totals;
}

// Cells in the place of regions.
RainSlot cells_of(const Field& amount) {
  RainSlot s{amount.meta.valid, {amount.values().begin(), amount.values().end()}, {}, {}};
  for (const float mm : s.amount_mm) s.coverage.push_back(std::isnan(mm) ? 0.0F : 1.0F);
  return s;
}

// Parted as the means are, cell by cell.
ForecastPlanes planes_of(const std::vector<Field>& totals, const std::optional<Grid>& wanted, const Interval& time, RegionMeans& means, RunReport& report) {
  ForecastPlanes out;
  if (totals.empty()) return out;
  const Grid& own = totals.front().grid();
  out.grid = wanted ? wanted : std::optional(own);
  std::vector<RainSlot> cells;
  bool others = false;
  for (const Field& amount : totals) {
    // Later ones only part totals that end with them.
    const bool parts = std::any_of(totals.begin(), totals.end(),
                                   [&](const Field& other) { return other.meta.valid.begin < time.end && other.meta.valid.end == amount.meta.valid.end; });
    if (amount.meta.valid.begin >= time.end && !parts) continue;
    if (amount.grid() == own) cells.push_back(cells_of(amount));
    else others = true;
  }
  if (others)
    report.degraded.push_back("forecast: the run of " + to_iso(totals.front().meta.reference) +
                              " lies on several grids: only its first one is summed up place by place");
  for (const RainSlot& slot : part_forecast(cells)) {
    if (slot.interval.end <= time.begin || slot.interval.begin >= time.end) continue;
    FieldMeta meta = totals.front().meta;
    meta.valid = slot.interval;
    Field amount(own, std::move(meta));
    std::copy(slot.amount_mm.begin(), slot.amount_mm.end(), amount.values().begin());
    out.planes.push_back(std::make_shared<const RainPlane>(plane_on(*out.grid, amount, means)));
  }
  return out;
}

}  // namespace

ForecastRain forecast_rain(const CyclePlan& plan, const RunConfig& config, RegionMeans& means, const std::optional<Grid>& rain_grid, RunReport& report) {
  if (plan.forecasts.empty()) return {};
  StageTimer timer(report, "forecast");
  const RainRequest request{"forecast", config.forecast_quantity, plan.issue};
  const TimePoint needed = plan.issue + config.extrapolate_until;
  for (const auto& files : plan.forecasts) {
    std::vector<FieldPtr> fields;
    for (const InventoryItem& file : files) {
      for (FieldPtr& f : load_rain(file, request, report)) {
        if (f->meta.valid.end <= plan.issue - config.plan.history) continue;
        timer.add_bytes(f->grid().size() * 4);
        fields.push_back(std::move(f));
      }
    }
    const std::vector<Field> totals = totals_of(std::move(fields), files.front().time, report);
    std::vector<RainSlot> of_regions;
    for (const Field& amount : totals) of_regions.push_back(means(amount));
    std::vector<RainSlot> slots = part_forecast(of_regions);
    std::erase_if(slots, [&](const RainSlot& s) { return s.interval.end <= plan.issue - config.plan.history; });
    if (!slots.empty() && slots.back().interval.end > needed) {
      if (slots.back().interval.end < plan.issue + config.forecast_until)
        report.degraded.push_back("forecast: the run of " + to_iso(files.front().time) + " ends at " + to_iso(slots.back().interval.end));
      ForecastPlanes planes;
      if (!wanted_windows(config).empty())
        unless_degraded(report, "forecast place by place", [&] {
          planes = planes_of(totals, rain_grid, {plan.issue - config.plan.history, last_window_end(config, plan.issue)}, means, report);
        });
      return {std::move(slots), std::move(planes)};
    }
    report.degraded.push_back("forecast: the run of " + to_iso(files.front().time) + " is of no use beyond the extrapolation");
  }
  return {};
}

}  // namespace guyu::cli
