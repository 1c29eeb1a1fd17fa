#include "engine/forecast/field_derivation.h"

#include <map>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {

FieldPtr derive_field(const DerivationPlan& plan, const Variable& wanted, const std::vector<FieldPtr>& inputs) {
  std::map<Variable, FieldPtr> have;
  std::size_t k = 0;
  for (const Variable& v : plan.needed) have[v] = inputs.at(k++);
  for (const FieldPtr& f : inputs) {
    if (!(f->grid() == inputs.front()->grid()))
      throw Error(
          f->meta.source,
          f->meta.quantity.name + " stands on another grid than " + inputs.front()->meta.quantity.name + ", with which it is to give " + wanted.describe(),
          "bring them to one grid with guyu regrid");
  }
  for (const DerivationStep& step : plan.steps) {
    FieldMeta meta = inputs.front()->meta;
    const Quantity* known = find_quantity(step.output.quantity);
    meta.quantity = known ? *known : Quantity{step.output.quantity, "1"};
    meta.level = step.output.level;
    auto out = std::make_shared<Field>(inputs.front()->grid(), meta);
    std::vector<const float*> planes;
    for (const Variable& v : step.inputs) planes.push_back(have.at(v)->values().data());
    float* target = out->values().data();
    parallel_for(out->grid().size(), 1 << 15, [&](std::int64_t begin, std::int64_t end) {
      std::vector<const float*> at;
      for (const float* p : planes) at.push_back(p + begin);
      step.derivation->evaluate(at, target + begin, static_cast<std::size_t>(end - begin));
    });
    have[step.output] = out;
  }
  return have.at(wanted);
}

}  // namespace guyu
