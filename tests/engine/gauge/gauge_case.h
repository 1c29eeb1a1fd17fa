#pragma once
#include <cmath>
#include <functional>
#include <vector>

#include "engine/gauge/merge.h"

namespace guyu::test {

inline Interval an_hour() { return {TimePoint{} + Seconds(3600), TimePoint{} + Seconds(7200)}; }

// Radar amounts over an hour on a grid of 0.01 degrees from 114E 30N.
inline Field radar_field(std::int64_t ny, std::int64_t nx, const std::function<double(std::int64_t j, std::int64_t i)>& mm) {
  FieldMeta meta;
  meta.quantity = quantities::precipitation_amount();
  meta.kind = TimeKind::accumulation;
  meta.valid = an_hour();
  Field f(Grid("EPSG:4326", 114, 30, 0.01, 0.01, nx, ny), meta);
  for (std::int64_t j = 0; j < ny; ++j) {
    for (std::int64_t i = 0; i < nx; ++i) f.view()(j, i) = static_cast<float>(mm(j, i));
  }
  return f;
}

// A gauge in the middle of a cell.
inline GaugeAmount gauge_in(const Field& f, std::int64_t j, std::int64_t i, double mm) {
  return {f.grid().x(static_cast<double>(i)), f.grid().y(static_cast<double>(j)), static_cast<float>(mm)};
}

// A smooth field of rain between about 1 and 11 mm.
inline double hills(std::int64_t j, std::int64_t i) { return 6 + 3 * std::sin(0.11 * static_cast<double>(i)) + 2 * std::cos(0.17 * static_cast<double>(j)); }

// A number in [0, 1) that only depends on k.
inline double scatter(std::uint64_t k) {
  k = (k + 0x9e3779b97f4a7c15ULL) * 0xbf58476d1ce4e5b9ULL;
  k = (k ^ (k >> 27)) * 0x94d049bb133111ebULL;
  return static_cast<double>((k ^ (k >> 31)) >> 11) / 9007199254740992.0;
}

}  // namespace guyu::test
