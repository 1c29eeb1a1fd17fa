#include "engine/convection/cell_severity.h"

#include <limits>

#include "engine/core/error.h"

namespace guyu {
namespace {

float greatest(const std::optional<FieldView<const float>>& field, const StormCell& cell) {
  float out = std::numeric_limits<float>::quiet_NaN();
  if (!field) return out;
  for (const CellRun& r : cell.runs) {
    if (r.row < 0 || r.row >= field->ny || r.begin < 0 || r.end > field->nx) throw Error("storm cells", "a cell lies outside the planes of its severity");
    for (std::int32_t i = r.begin; i < r.end; ++i) {
      if (const float v = (*field)(r.row, i); v == v && !(out >= v)) out = v;
    }
  }
  return out;
}

}  // namespace

std::vector<CellSeverity> cell_severity(std::span<const StormTrack> tracks, const SeverityFields& fields, const LightningSignature& signature) {
  std::vector<CellSeverity> out;
  for (const StormTrack& t : tracks) {
    if (!t.seen()) continue;
    out.push_back({t.id, greatest(fields.hail_mm, t.cell), greatest(fields.gust_m_s, t.cell),
                   lightning_likelihood(double{greatest(fields.dbz_at_minus_10, t.cell)}, signature), greatest(fields.hail_probability, t.cell)});
  }
  return out;
}

}  // namespace guyu
