#include "cli/forecast/township_series.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "cli/forecast/step_fields.h"
#include "engine/core/error.h"

namespace guyu::cli {
namespace {

std::string series_name(const Variable& v) {
  std::string name = v.quantity;
  if (!v.level.empty() && v.level != "surface") name += "_" + v.level;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

struct Column {
  std::vector<float> values, coverage;
};

class Filler {
 public:
  Filler(FieldStore& store, const ForecastRequest& request, const ForecastSelection& selection, TownshipDownscaler& downscale, std::size_t regions,
         OrographicRain* orographic, std::vector<std::string>& problems)
      : fields_(store, request, selection, problems, downscale.needs_levels()), request_(request), selection_(selection), downscale_(downscale),
        regions_(regions), orographic_(orographic) {
    if (orographic_) fields_.read_also([this](const ForecastStep& s) { return orographic_->air_of(s); });
  }

  // Of the selection's step k; steps are asked for in their order.
  Column column(std::size_t k) {
    const ForecastStep& s = selection_.steps[k];
    fields_.go_to(k);
    field_.reset(), ground_.reset();
    if (s.kind == TimeKind::accumulation) return amount(s);
    if (request_.variables[s.variable].quantity == "wind_from_direction") return direction(s);
    return downscaled(s, field_ = fields_.derived(s));
  }

  struct Columns {
    std::vector<std::vector<float>> values;  // of each statistic
    std::vector<float> coverage;
  };
  // Of the step whose column was made last.
  Columns statistics(const ForecastStep& s, const std::vector<ZonalStatistic>& wanted) {
    const FieldPtr field = s.kind == TimeKind::accumulation ? amounts_.of(s, fields_) : field_;
    Columns c{{}, std::vector<float>(regions_)};
    c.values = downscale_.statistics(fields_.with_surroundings(s, field), ground_.get(), wanted, c.coverage).columns;
    return c;
  }

 private:
  // Degrees have no mean: that of the components has a direction.
  Column direction(const ForecastStep& s) {
    const DerivationPlan& plan = selection_.plans[s.variable];
    if (plan.steps.empty()) return downscaled(s, fields_.derived(s));
    Column u, v;
    std::size_t k = 0;
    for (const Variable& component : plan.needed) (component.quantity == "eastward_wind" ? u : v) = downscaled(s, fields_.entry(s.entries[k++]));
    const std::vector<const float*> inputs{u.values.data(), v.values.data()};
    Column c{std::vector<float>(regions_), std::move(u.coverage)};
    plan.steps.back().derivation->evaluate(inputs, c.values.data(), regions_);
    return c;
  }

  Column downscaled(const ForecastStep& s, const FieldPtr& field) {
    Column c{std::vector<float>(regions_), std::vector<float>(regions_)};
    downscale_(fields_.with_surroundings(s, field), c.values, c.coverage);
    return c;
  }

  const Column& total(const ForecastStep& s, std::size_t entry) {
    auto& kept = totals_[s.variable];
    if (const auto it = kept.find(entry); it != kept.end()) return it->second;
    return kept[entry] = downscaled(s, fields_.entry(entry));
  }

  Column amount(const ForecastStep& s) {
    if (downscale_.disaggregates() && is_rain(s)) return downscaled(s, amounts_.of(s, fields_));
    Column whole = total(s, s.entries.front());
    if (s.less) {
      const Column& part = total(s, *s.less);
      for (std::size_t r = 0; r < regions_; ++r) {
        whole.values[r] = amount_between(whole.values[r], part.values[r]);
        whole.coverage[r] = std::isnan(whole.values[r]) ? 0.0F : std::min(whole.coverage[r], part.coverage[r]);
      }
    }
    if (orographic_ && is_rain(s)) add_ground(s, whole);
    // Only the total that the next step may take away is of further use.
    std::erase_if(totals_[s.variable], [&](const auto& t) { return t.first != s.entries.front(); });
    return whole;
  }

  bool is_rain(const ForecastStep& s) const { return request_.variables[s.variable].quantity == quantities::precipitation_amount().name; }

  // Where the air over most of a township is not known, its rain stays as the forecast has it.
  void add_ground(const ForecastStep& s, Column& rain) {
    constexpr float kKnown = 0.5F;
    const FieldPtr amount = amounts_.of(s, fields_);
    const FieldPtr more = orographic_->added(s, *amount, fields_.with_surroundings(s, amount).orography);
    if (!more) return;
    ground_ = more;
    Column c{std::vector<float>(regions_), std::vector<float>(regions_)};
    downscale_({more, nullptr, nullptr, nullptr, {}}, c.values, c.coverage);
    for (std::size_t r = 0; r < regions_; ++r)
      if (c.coverage[r] >= kKnown && !std::isnan(rain.values[r])) rain.values[r] = std::max(0.0F, rain.values[r] + c.values[r]);
  }

  StepFields fields_;
  const ForecastRequest& request_;
  const ForecastSelection& selection_;
  TownshipDownscaler& downscale_;
  std::size_t regions_;
  OrographicRain* orographic_;
  std::map<std::size_t, std::map<std::size_t, Column>> totals_;  // by variable, then by entry
  StepAmounts amounts_;
  // Of the last step: its field, where it is no amount, and the rain that the ground adds to it.
  FieldPtr field_, ground_;
};

}  // namespace

SeriesLayout series_layout(const ForecastRequest& request, const ForecastSelection& selection, const std::vector<ForecastEntry>& entries) {
  SeriesLayout layout;
  const auto later = [](const Interval& a, const Interval& b) { return a.end != b.end ? a.end < b.end : a.begin < b.begin; };
  for (std::size_t v = 0; v < request.variables.size(); ++v) {
    std::set<Interval, decltype(later)> times(later);
    std::set<std::optional<int>> members;
    const ForecastStep* first = nullptr;
    for (const ForecastStep& s : selection.steps) {
      if (s.variable != v) continue;
      times.insert(s.valid);
      members.insert(s.member);
      if (!first) first = &s;
    }
    layout.of_variable.push_back(first ? static_cast<std::ptrdiff_t>(layout.series.size()) : -1);
    if (!first) continue;
    const Variable& wanted = request.variables[v];
    const Quantity* known = find_quantity(wanted.quantity);
    const Quantity quantity = known ? *known : entries[first->entries.front()].meta.quantity;
    layout.series.push_back(
        {series_name(wanted), wanted.describe(), quantity, wanted.level, first->kind, {times.begin(), times.end()}, {members.begin(), members.end()}});
  }
  return layout;
}

void fill_series(FieldStore& store, const ForecastRequest& request, const ForecastSelection& selection, const SeriesLayout& layout,
                 TownshipDownscaler& downscale, std::size_t regions, const std::vector<SeriesSink*>& sinks, std::vector<std::string>& problems,
                 OrographicRain* orographic, const std::vector<SeriesSink*>& statistic_sinks) {
  Filler filler(store, request, selection, downscale, regions, orographic, problems);
  for (std::size_t k = 0; k < selection.steps.size(); ++k) {
    const ForecastStep& s = selection.steps[k];
    const auto series = static_cast<std::size_t>(layout.of_variable[s.variable]);
    const RegionSeries& r = layout.series[series];
    const auto step = static_cast<std::size_t>(std::find(r.times.begin(), r.times.end(), s.valid) - r.times.begin());
    // A single forecast is member 0, also where calibration will make an ensemble of it.
    const auto member = s.member ? static_cast<std::size_t>(std::find(r.members.begin(), r.members.end(), s.member) - r.members.begin()) : std::size_t{0};
    try {
      const Column c = filler.column(k);
      for (SeriesSink* sink : sinks) sink->put(series, member, step, c.values, c.coverage);
      if (layout.statistics.empty() || layout.statistics[s.variable].what.empty()) continue;
      const SeriesLayout::Statistics& statistics = layout.statistics[s.variable];
      const Filler::Columns more = filler.statistics(s, statistics.what);
      for (std::size_t n = 0; n < more.values.size(); ++n)
        for (SeriesSink* sink : statistic_sinks) sink->put(statistics.series[n], member, step, more.values[n], more.coverage);
    } catch (const Error& e) {
      problems.push_back(e.what());
    }
  }
  store.forget();
}

}  // namespace guyu::cli
