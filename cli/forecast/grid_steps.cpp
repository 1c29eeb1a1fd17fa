#include "cli/forecast/grid_steps.h"

#include <map>

#include "engine/core/error.h"

namespace guyu::cli {
namespace {

class FineSteps {
 public:
  FineSteps(FieldStore& store, const ForecastRequest& request, const ForecastSelection& selection, GridDownscaler& downscale,
            std::vector<std::string>& problems)
      : fields_(store, request, selection, problems, downscale.needs_levels()), request_(request), selection_(selection), downscale_(downscale) {}

  Field field(const ForecastStep& s) {
    Field fine = fine_values(s);
    // What the step says, not what its first input says.
    const Variable& wanted = request_.variables[s.variable];
    if (const Quantity* known = find_quantity(wanted.quantity)) fine.meta.quantity = *known;
    fine.meta.level = wanted.level;
    fine.meta.kind = s.kind;
    fine.meta.valid = s.valid;
    fine.meta.reference = s.reference;
    fine.meta.member = s.member;
    return fine;
  }

 private:
  Field fine_values(const ForecastStep& s) {
    const DerivationPlan& plan = selection_.plans[s.variable];
    if (s.kind == TimeKind::accumulation) return downscale_(fields_.with_surroundings(s, amount(s)));
    if (request_.variables[s.variable].quantity == "wind_from_direction" && !plan.steps.empty()) {
      StepField east, north;
      std::size_t k = 0;
      for (const Variable& component : plan.needed)
        (component.quantity == "eastward_wind" ? east : north) = fields_.with_surroundings(s, fields_.entry(s.entries[k++]));
      return downscale_.direction(east, north, east.field->meta);
    }
    return downscale_(fields_.with_surroundings(s, fields_.derived(s)));
  }

  // Interpolation is linear, so that totals can be taken from each other before it.
  FieldPtr amount(const ForecastStep& s) {
    auto& kept = totals_[s.variable];
    const auto total = [&](std::size_t entry) {
      const auto it = kept.find(entry);
      return it != kept.end() ? it->second : kept[entry] = fields_.entry(entry);
    };
    FieldPtr whole = total(s.entries.front());
    if (s.less) {
      const FieldPtr part = total(*s.less);
      if (!(part->grid() == whole->grid())) throw Error(whole->meta.source, "totals of " + whole->meta.quantity.name + " stand on different grids");
      Field difference = whole->clone();
      for (std::size_t k = 0; k < difference.values().size(); ++k) difference.values()[k] = amount_between(difference.values()[k], part->values()[k]);
      difference.meta.valid = s.valid;  // radiation asks where the sun stood
      whole = std::make_shared<const Field>(std::move(difference));
    }
    std::erase_if(kept, [&](const auto& t) { return t.first != s.entries.front(); });
    return whole;
  }

  StepFields fields_;
  const ForecastRequest& request_;
  const ForecastSelection& selection_;
  GridDownscaler& downscale_;
  std::map<std::size_t, std::map<std::size_t, FieldPtr>> totals_;  // by variable, then by entry
};

}  // namespace

void each_fine_step(FieldStore& store, const ForecastRequest& request, const ForecastSelection& selection, GridDownscaler& downscale,
                    const std::function<void(const ForecastStep&, Field&&)>& sink, std::vector<std::string>& problems) {
  FineSteps steps(store, request, selection, downscale, problems);
  const ForecastStep* before = nullptr;
  for (const ForecastStep& s : selection.steps) {
    if (before && (before->member != s.member || before->valid.end != s.valid.end || before->reference != s.reference)) store.forget();
    before = &s;
    std::optional<Field> fine;
    try {
      fine = steps.field(s);
    } catch (const Error& e) {
      problems.push_back(e.what());
      continue;
    }
    sink(s, std::move(*fine));
  }
  store.forget();
}

}  // namespace guyu::cli
