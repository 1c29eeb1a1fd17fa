#pragma once
#include <optional>
#include <string>

#include "engine/core/field.h"

namespace guyu::test {

// The run that made fields belong to.
inline const TimePoint kMadeRun = parse_time("2026-07-01T12:00:00Z");

// value(x, y) at each cell's centre; an instant where the hours since the run are the same, else an amount.
template <class Value>
Field made_field(const Grid& grid, const std::string& quantity, const std::string& level, int from_hour, int to_hour, std::optional<int> member, Value value) {
  FieldMeta meta;
  meta.quantity = *find_quantity(quantity);
  meta.kind = from_hour == to_hour ? TimeKind::instant : TimeKind::accumulation;
  meta.valid = {kMadeRun + Seconds(3600 * from_hour), kMadeRun + Seconds(3600 * to_hour)};
  meta.reference = kMadeRun;
  meta.level = level;
  meta.member = member;
  Field f(grid, meta);
  for (std::int64_t j = 0; j < grid.ny(); ++j)
    for (std::int64_t i = 0; i < grid.nx(); ++i) f.view()(j, i) = static_cast<float>(value(grid.x(static_cast<double>(i)), grid.y(static_cast<double>(j))));
  return f;
}

}  // namespace guyu::test
