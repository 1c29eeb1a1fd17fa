#include "engine/core/field_packing.h"

namespace guyu {

void pack_grid(Packer& p, const Grid& g) {
  p.text(g.crs()).put(g.x(0)).put(g.dx()).put(g.nx()).put(g.ny()).put(g.has_uniform_rows());
  if (g.has_uniform_rows()) p.put(g.y(0)).put(g.dy());
  else p.list(g.row_centres());
}

Grid take_grid(Unpacker& u) {
  const std::string crs = u.text();
  const auto x0 = u.take<double>(), dx = u.take<double>();
  const auto nx = u.take<std::int64_t>(), ny = u.take<std::int64_t>();
  if (!u.take<bool>()) return {crs, x0, dx, nx, u.list<double>()};
  const auto y0 = u.take<double>(), dy = u.take<double>();
  return {crs, x0, y0, dx, dy, nx, ny};
}

void pack_meta(Packer& p, const FieldMeta& m) {
  p.text(m.quantity.name).text(m.quantity.unit).put(m.quantity.plausible_min).put(m.quantity.plausible_max);
  p.put(m.kind).put(m.valid.begin).put(m.valid.end).put(m.reference).text(m.level);
  p.put(m.member.has_value()).put(m.member.value_or(0)).text(m.source).text(m.format);
}

FieldMeta take_meta(Unpacker& u) {
  FieldMeta m;
  m.quantity.name = u.text();
  m.quantity.unit = u.text();
  m.quantity.plausible_min = u.take<double>();
  m.quantity.plausible_max = u.take<double>();
  m.kind = u.take<TimeKind>();
  m.valid.begin = u.take<TimePoint>();
  m.valid.end = u.take<TimePoint>();
  m.reference = u.take<TimePoint>();
  m.level = u.text();
  const bool is_member = u.take<bool>();
  const int member = u.take<int>();
  if (is_member) m.member = member;
  m.source = u.text();
  m.format = u.text();
  return m;
}

}  // namespace guyu
