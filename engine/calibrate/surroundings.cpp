#include "engine/calibrate/surroundings.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr double kCubesInRadius = 8;

using CubeKey = std::array<std::int64_t, 3>;
CubeKey cube_key(const GroundPoint& p, double side) {
  const auto at = [side](double x) { return static_cast<std::int64_t>(std::floor(x / side)); };
  return {at(p.x), at(p.y), at(p.z)};
}

}  // namespace

SurroundingsOperator::SurroundingsOperator(std::span<const RegionPlace> places, double radius_km) {
  if (!(radius_km > 0)) throw Error("surroundings", "a radius must be above 0 km", "give one, e.g. 100");
  struct Cube {
    std::uint32_t number = 0;
    double area = 0;
    GroundPoint centre;
  };
  std::map<CubeKey, Cube> cubes;
  std::vector<Cube*> of_place(places.size(), nullptr);
  for (std::size_t r = 0; r < places.size(); ++r) {
    area_.push_back(places[r].area_km2);
    if (!(places[r].area_km2 > 0)) continue;
    Cube& cube = *(of_place[r] = &cubes[cube_key(places[r].centre, radius_km / kCubesInRadius)]);
    const double area = cube.area + places[r].area_km2, share = places[r].area_km2 / area;
    const GroundPoint &c = cube.centre, &p = places[r].centre;
    cube.centre = {c.x + share * (p.x - c.x), c.y + share * (p.y - c.y), c.z + share * (p.z - c.z)};
    cube.area = area;
  }
  std::map<CubeKey, std::vector<const Cube*>> near;  // cubes as large as the radius: what is about a place lies in 27 of them
  for (auto& [key, cube] : cubes) {
    cube.number = static_cast<std::uint32_t>(cubes_++);
    near[cube_key(cube.centre, radius_km)].push_back(&cube);
  }
  row_begin_.push_back(0);
  cube_of_.resize(places.size());
  for (std::size_t r = 0; r < places.size(); ++r) {
    if (of_place[r]) {
      cube_of_[r] = of_place[r]->number;
      const CubeKey centre = cube_key(places[r].centre, radius_km);
      for (std::int64_t k = 0; k < 27; ++k) {
        const auto it = near.find({centre[0] + k / 9 - 1, centre[1] + k / 3 % 3 - 1, centre[2] + k % 3 - 1});
        if (it == near.end()) continue;
        for (const Cube* cube : it->second) {
          const double weight = 1 - squared_km(places[r].centre, cube->centre) / (radius_km * radius_km);
          if (weight > 0) entries_.push_back({cube->number, static_cast<float>(weight)});
        }
      }
    }
    row_begin_.push_back(entries_.size());
  }
}

std::vector<Surroundings> SurroundingsOperator::operator()(std::span<const std::vector<float>* const> members) const {
  struct Sum {
    double area = 0, amount = 0, wet = 0, root = 0;
  };
  std::vector<Sum> sums(cubes_);
  for (std::size_t r = 0; r < area_.size(); ++r) {
    if (!(area_[r] > 0)) continue;
    Sum& s = sums[cube_of_[r]];
    for (const std::vector<float>* member : members) {
      const float x = (*member)[r];
      if (std::isnan(x)) continue;
      const double amount = std::max(0.0, static_cast<double>(x));
      s.area += area_[r], s.amount += area_[r] * amount, s.root += area_[r] * std::sqrt(amount);
      if (x >= kDryForecast) s.wet += area_[r];
    }
  }
  std::vector<Surroundings> out(area_.size());
  parallel_for(static_cast<std::int64_t>(out.size()), 256, [&](std::int64_t begin, std::int64_t end) {
    constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
    for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) {
      Sum all;
      for (std::size_t k = row_begin_[r]; k < row_begin_[r + 1]; ++k) {
        const auto w = static_cast<double>(entries_[k].weight);
        const Sum& s = sums[entries_[k].cube];
        all.area += w * s.area, all.amount += w * s.amount, all.wet += w * s.wet, all.root += w * s.root;
      }
      if (!(all.area > 0)) {
        out[r] = {kNone, kNone, kNone};
        continue;
      }
      const double mean = all.amount / all.area, root = all.root / all.area;
      out[r] = {static_cast<float>(mean), static_cast<float>(all.wet / all.area), static_cast<float>(std::sqrt(std::max(0.0, mean - root * root)))};
    }
  });
  return out;
}

}  // namespace guyu
