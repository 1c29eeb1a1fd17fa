#include "cli/forecast/grid_steps.h"

#include <optional>

#include "engine/core/error.h"
#include "engine/downscale/bilinear_sampler.h"
#include "engine/downscale/fine_values.h"

namespace guyu::cli {
namespace {

class FineSteps {
 public:
  FineSteps(FieldStore& store, const ForecastRequest& request, const ForecastSelection& selection, GridDownscaler& downscale, OrographicRain* orographic,
            std::vector<std::string>& problems)
      : fields_(store, request, selection, problems, downscale.needs_levels()), request_(request), selection_(selection), downscale_(downscale),
        orographic_(orographic) {
    if (orographic_) fields_.read_also([this](const ForecastStep& s) { return orographic_->air_of(s); });
  }

  // Of the selection's step k; steps are asked for in their order.
  Field field(std::size_t k) {
    const ForecastStep& s = selection_.steps[k];
    fields_.go_to(k);
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
    if (s.kind == TimeKind::accumulation) {
      const StepField in = fields_.with_surroundings(s, amounts_.of(s, fields_));
      Field fine = downscale_(in);
      if (orographic_ && in.field->meta.quantity == quantities::precipitation_amount()) add_ground(s, in, fine);
      return fine;
    }
    if (request_.variables[s.variable].quantity == "wind_from_direction" && !plan.steps.empty()) {
      StepField east, north;
      std::size_t k = 0;
      for (const Variable& component : plan.needed)
        (component.quantity == "eastward_wind" ? east : north) = fields_.with_surroundings(s, fields_.entry(s.entries[k++]));
      return downscale_.direction(east, north, east.field->meta);
    }
    return downscale_(fields_.with_surroundings(s, fields_.derived(s)));
  }

  // Where the air is not known, rain stays as the forecast has it.
  void add_ground(const ForecastStep& s, const StepField& in, Field& fine) {
    const FieldPtr more = orographic_->added(s, *in.field, in.orography);
    if (!more) return;
    if (!from_cells_) from_cells_.emplace(more->grid(), fine.grid());
    add_interpolated(*from_cells_, more->view(), fine.view());
  }

  StepFields fields_;
  const ForecastRequest& request_;
  const ForecastSelection& selection_;
  GridDownscaler& downscale_;
  OrographicRain* orographic_;
  std::optional<BilinearSampler> from_cells_;  // of the ground's rain
  StepAmounts amounts_;
};

}  // namespace

void each_fine_step(FieldStore& store, const ForecastRequest& request, const ForecastSelection& selection, GridDownscaler& downscale,
                    const std::function<void(const ForecastStep&, Field&&)>& sink, std::vector<std::string>& problems, OrographicRain* orographic) {
  FineSteps steps(store, request, selection, downscale, orographic, problems);
  for (std::size_t k = 0; k < selection.steps.size(); ++k) {
    std::optional<Field> fine;
    try {
      fine = steps.field(k);
    } catch (const Error& e) {
      problems.push_back(e.what());
      continue;
    }
    sink(selection.steps[k], std::move(*fine));
  }
  store.forget();
}

}  // namespace guyu::cli
