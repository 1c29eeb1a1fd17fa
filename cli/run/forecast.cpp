#include "cli/run/forecast.h"

#include <algorithm>

#include "cli/run/load_rain.h"
#include "engine/cycle/forecast_rain.h"
#include "engine/cycle/observed_rain.h"

namespace guyu::cli {
namespace {

constexpr Seconds kInstantGap{6 * 3600};  // forecast rates at instants are joined over the usual output steps

// Fields by grid and valid time: rates at instants are joined to their neighbour in time.
std::vector<RainSlot> region_totals(std::vector<FieldPtr> fields, TimePoint reference, RegionMeans& means, RunReport& report) {
  std::stable_sort(fields.begin(), fields.end(), [](const FieldPtr& a, const FieldPtr& b) { return a->meta.valid.end < b->meta.valid.end; });
  std::vector<RainSlot> totals;
  std::vector<std::string> notes;
  for (const Field& amount : observed_amounts(fields, {kInstantGap}, notes)) {
    if (amount.meta.valid.end <= reference) continue;
    totals.push_back(means(amount));
  }
  report.notes.insert(report.notes.end(), notes.begin(), notes.end());
  return totals;
}

}  // namespace

std::vector<RainSlot> forecast_rain(const CyclePlan& plan, const RunConfig& config, RegionMeans& means, RunReport& report) {
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
    std::vector<RainSlot> slots = part_forecast(region_totals(std::move(fields), files.front().time, means, report));
    std::erase_if(slots, [&](const RainSlot& s) { return s.interval.end <= plan.issue - config.plan.history; });
    if (!slots.empty() && slots.back().interval.end > needed) {
      if (slots.back().interval.end < plan.issue + config.forecast_until)
        report.degraded.push_back("forecast: the run of " + to_iso(files.front().time) + " ends at " + to_iso(slots.back().interval.end));
      return slots;
    }
    report.degraded.push_back("forecast: the run of " + to_iso(files.front().time) + " is of no use beyond the extrapolation");
  }
  return {};
}

}  // namespace guyu::cli
