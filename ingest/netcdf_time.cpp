#include "ingest/netcdf_time.h"

#include <cmath>

#include "engine/core/error.h"
#include "ingest/netcdf_grid.h"

namespace guyu {
namespace {
using Variable = NetcdfFile::Variable;

TimeKind kind_of(const std::string& cell_methods) {
  const auto at = cell_methods.find("time:");
  if (at == std::string::npos) return TimeKind::instant;
  const std::string rest = cell_methods.substr(at);
  if (rest.find("sum") != std::string::npos) return TimeKind::accumulation;
  if (rest.find("mean") != std::string::npos) return TimeKind::mean;
  if (rest.find("maximum") != std::string::npos) return TimeKind::maximum;
  if (rest.find("minimum") != std::string::npos) return TimeKind::minimum;
  return TimeKind::instant;
}

// The scalar coordinate of a role; one with a standard name goes before one that only looks like it.
const Variable* scalar(const NetcdfFile& f, Role role) {
  const Variable* found = nullptr;
  for (const Variable& v : f.variables()) {
    if (!f.is_numeric(v) || f.size_of(v) != 1 || cf_role(f, v) != role) continue;
    if (!f.text(v, "standard_name").empty()) return &v;
    if (!found) found = &v;
  }
  return found;
}

// Leads as times since the epoch.
TimeUnit lead_unit(const NetcdfFile& f, const Variable& v) {
  const std::string unit = f.text(v, "units");
  if (const auto seconds = cf_duration(unit)) return {TimePoint{}, *seconds};
  throw Error(f.path(), "the unit '" + unit + "' of " + v.name + " is not known", "give leads in s, min, hours or days");
}

}  // namespace

NetcdfTimes::Coordinate NetcdfTimes::read_times(const NetcdfFile& f, const Variable& v, std::size_t dim) {
  const TimeUnit unit = cf_role(f, v) == Role::lead ? lead_unit(f, v) : require_time_unit(f, v);
  Coordinate c;
  c.dim = dim;
  const std::vector<double> values = f.all(v);
  std::vector<double> bounds;
  if (const Variable* b = f.find(f.text(v, "bounds")); b && f.is_numeric(*b) && f.size_of(*b) == 2 * values.size()) bounds = f.all(*b);
  for (std::size_t k = 0; k < values.size(); ++k) {
    c.end.push_back(unit.at(bounds.empty() ? values[k] : std::max(bounds[2 * k], bounds[2 * k + 1])));
    c.begin.push_back(unit.at(bounds.empty() ? values[k] : std::min(bounds[2 * k], bounds[2 * k + 1])));
  }
  return c;
}

NetcdfTimes::NetcdfTimes(const NetcdfFile& f, const Variable& v) : kind_(kind_of(f.text(v, "cell_methods"))) {
  for (std::size_t k = 0; k < v.dims.size(); ++k) {
    const Variable* c = coordinate_of(f, v.dims[k]);
    const Role role = c ? cf_role(f, *c) : Role::other;
    if (role == Role::time) time_ = read_times(f, *c, k);
    if (role == Role::reference_time) reference_ = read_times(f, *c, k);
    if (role == Role::lead) lead_ = read_times(f, *c, k);
  }
  const auto from_scalar = [&](Coordinate& c, Role role) {
    if (c.known()) return;
    if (const Variable* s = scalar(f, role)) c = read_times(f, *s, kNoDim);
  };
  from_scalar(time_, Role::time);
  from_scalar(reference_, Role::reference_time);
  if (!time_.known()) from_scalar(lead_, Role::lead);
  if (time_.dim == kNoDim) {  // Rainfields: the end is the time, the start a variable beside it
    if (const Variable* c = f.find("start_time"); c && f.is_numeric(*c) && f.size_of(*c) == 1) start_ = read_times(f, *c, kNoDim).end.front();
  }
  if (const std::string g = f.global_text("nominal_product_time"); !g.empty()) nominal_ = parse_time(g);  // NWC SAF
}

void NetcdfTimes::place(const std::vector<std::size_t>& index, FieldMeta& meta) const {
  meta.kind = kind_;
  const std::optional<TimePoint> issued = reference_.known() ? std::optional(reference_.end[reference_.step(index)]) : std::nullopt;
  if (time_.known()) {
    const std::size_t k = time_.step(index);
    meta.valid = {time_.begin[k], time_.end[k]};
  } else if (issued && lead_.known()) {
    const std::size_t k = lead_.step(index);
    meta.valid = {*issued + lead_.begin[k].time_since_epoch(), *issued + lead_.end[k].time_since_epoch()};
  } else if (nominal_) {
    meta.valid = {*nominal_, *nominal_};
  }
  if (start_ && *start_ < meta.valid.end) meta.valid.begin = *start_;
  if (meta.valid.begin < meta.valid.end && meta.kind == TimeKind::instant) {
    meta.kind = meta.quantity == quantities::precipitation_amount() ? TimeKind::accumulation : TimeKind::mean;
  }
  if (meta.valid.begin == meta.valid.end) meta.kind = TimeKind::instant;
  meta.reference = issued.value_or(meta.valid.end);
}

}  // namespace guyu
