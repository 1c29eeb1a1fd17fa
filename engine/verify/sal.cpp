#include "engine/verify/sal.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

namespace guyu {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kObjectShare = 1.0 / 15;  // of the maximum, as in the paper

struct Plane {
  std::int64_t ny = 0, nx = 0;
  std::vector<float> rain;  // 0 where it is not known
  float operator()(std::int64_t j, std::int64_t i) const { return rain[static_cast<std::size_t>(j * nx + i)]; }
};

// What an object, or the whole field, weighs.
struct Body {
  double mass = 0, row = 0, column = 0;  // sums of rain, rain x row, rain x column
  double peak = 0;
  void add(double rain, std::int64_t j, std::int64_t i) {
    mass += rain, row += rain * static_cast<double>(j), column += rain * static_cast<double>(i);
    peak = std::max(peak, rain);
  }
  double distance_to(const Body& o) const { return std::hypot(row / mass - o.row / o.mass, column / mass - o.column / o.mass); }
};

Body whole(const Plane& p) {
  Body b;
  for (std::int64_t j = 0; j < p.ny; ++j)
    for (std::int64_t i = 0; i < p.nx; ++i) b.add(double{p(j, i)}, j, i);
  return b;
}

// Labels joined by their smallest member.
class Labels {
 public:
  std::uint32_t make() {
    parent_.push_back(static_cast<std::uint32_t>(parent_.size()));
    return parent_.back();
  }
  std::uint32_t root(std::uint32_t a) {
    while (parent_[a] != a) a = parent_[a] = parent_[parent_[a]];
    return a;
  }
  std::uint32_t join(std::uint32_t a, std::uint32_t b) {
    a = root(a), b = root(b);
    parent_[std::max(a, b)] = std::min(a, b);
    return std::min(a, b);
  }
  std::size_t size() const { return parent_.size(); }

 private:
  std::vector<std::uint32_t> parent_;
};

std::vector<Body> objects(const Plane& p, double least) {
  constexpr std::uint32_t kDry = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> label(p.rain.size(), kDry);
  Labels labels;
  const auto at = [&](std::int64_t j, std::int64_t i) -> std::uint32_t& { return label[static_cast<std::size_t>(j * p.nx + i)]; };
  for (std::int64_t j = 0; j < p.ny; ++j) {
    for (std::int64_t i = 0; i < p.nx; ++i) {
      if (double{p(j, i)} < least) continue;
      std::uint32_t mine = kDry;
      const auto touch = [&](std::int64_t jj, std::int64_t ii) {
        if (jj < 0 || ii < 0 || ii >= p.nx || at(jj, ii) == kDry) return;
        mine = mine == kDry ? labels.root(at(jj, ii)) : labels.join(mine, at(jj, ii));
      };
      touch(j, i - 1), touch(j - 1, i - 1), touch(j - 1, i), touch(j - 1, i + 1);
      at(j, i) = mine == kDry ? labels.make() : mine;
    }
  }
  std::vector<Body> bodies(labels.size());
  for (std::int64_t j = 0; j < p.ny; ++j)
    for (std::int64_t i = 0; i < p.nx; ++i)
      if (at(j, i) != kDry) bodies[labels.root(at(j, i))].add(double{p(j, i)}, j, i);
  std::erase_if(bodies, [](const Body& b) { return b.mass <= 0; });
  return bodies;
}

struct Shape {
  Body all;
  double volume = 0;   // V: mean of mass / peak over the objects, weighted by mass
  double scatter = 0;  // r: mean distance of the objects from the centre of mass, weighted by mass
};

Shape shape_of(const Plane& p) {
  Shape s;
  s.all = whole(p);
  if (s.all.mass <= 0) return s;
  double mass = 0;
  for (const Body& b : objects(p, kObjectShare * s.all.peak)) {
    mass += b.mass;
    s.volume += b.mass * b.mass / b.peak;
    s.scatter += b.mass * b.distance_to(s.all);
  }
  s.volume /= mass, s.scatter /= mass;
  return s;
}

double mean_of(double sum, std::size_t n) { return n == 0 ? kNone : sum / static_cast<double>(n); }

}  // namespace

Sal sal(FieldView<const float> forecast, FieldView<const float> observation) {
  assert(forecast.ny == observation.ny && forecast.nx == observation.nx);
  Plane f{forecast.ny, forecast.nx, {}}, o = f;
  for (std::int64_t j = 0; j < f.ny; ++j) {
    for (std::int64_t i = 0; i < f.nx; ++i) {
      const bool known = !std::isnan(forecast(j, i)) && !std::isnan(observation(j, i));
      f.rain.push_back(known ? std::max(0.0F, forecast(j, i)) : 0.0F);
      o.rain.push_back(known ? std::max(0.0F, observation(j, i)) : 0.0F);
    }
  }
  const Shape a = shape_of(f), b = shape_of(o);
  if (a.all.mass <= 0 && b.all.mass <= 0) return {kNone, kNone, kNone};
  Sal s{kNone, 2 * (a.all.mass - b.all.mass) / (a.all.mass + b.all.mass), kNone};
  if (a.all.mass <= 0 || b.all.mass <= 0) return s;
  s.structure = 2 * (a.volume - b.volume) / (a.volume + b.volume);
  const double diagonal = std::hypot(static_cast<double>(f.ny - 1), static_cast<double>(f.nx - 1));
  if (diagonal > 0) s.location = (a.all.distance_to(b.all) + 2 * std::abs(a.scatter - b.scatter)) / diagonal;
  else s.location = 0;
  return s;
}

void SalSums::add(const Sal& one) {
  if (std::isnan(one.amplitude)) {
    ++without;
    return;
  }
  ++amplitudes, amplitude += one.amplitude, absolute_amplitude += std::abs(one.amplitude);
  if (std::isnan(one.structure)) return;
  ++structures, structure += one.structure, absolute_structure += std::abs(one.structure), location += one.location;
}

SalSums& SalSums::operator+=(const SalSums& o) {
  structures += o.structures, amplitudes += o.amplitudes, without += o.without;
  structure += o.structure, absolute_structure += o.absolute_structure;
  amplitude += o.amplitude, absolute_amplitude += o.absolute_amplitude, location += o.location;
  return *this;
}

Sal SalSums::mean() const { return {mean_of(structure, structures), mean_of(amplitude, amplitudes), mean_of(location, structures)}; }
Sal SalSums::absolute() const { return {mean_of(absolute_structure, structures), mean_of(absolute_amplitude, amplitudes), mean_of(location, structures)}; }

}  // namespace guyu
