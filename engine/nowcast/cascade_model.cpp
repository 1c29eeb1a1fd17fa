#include "engine/nowcast/cascade_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/core/error.h"
#include "engine/nowcast/advection.h"
#include "engine/nowcast/rain_scale.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr double kAssumedLife = 1200;  // s, of structures of one cell, when nothing can be measured
constexpr double kSameStep = 0.75;     // a frame of at least this share of a step stands for one step ago
constexpr float kSeen = 0.95F;         // cells of which less was seen say nothing of memory
constexpr int kNeighbourhood = 2;      // the strength of a level is measured over about 2^2 of its cells
constexpr float kNoNoise = 0.01F;      // dB; dry land far from rain
constexpr double kTrendLife = 1200;    // s; growth and decay do not go on longer

// Sums over the cells that both frames have seen, in a fixed order.
struct Products {
  double ab = 0, aa = 0, bb = 0;
  double correlation() const { return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : std::numeric_limits<double>::quiet_NaN(); }
};
Products products(const Plane& a, const Plane& b, const Plane& seen_a, const Plane& seen_b, float centre) {
  std::vector<Products> rows(static_cast<std::size_t>(a.ny));
  parallel_for(a.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      Products sum;
      for (std::int64_t i = 0; i < a.nx; ++i) {
        if (std::min(seen_a.row(j)[i], seen_b.row(j)[i]) < kSeen) continue;
        const double x = static_cast<double>(a.row(j)[i] - centre), y = static_cast<double>(b.row(j)[i] - centre);
        sum.ab += x * y;
        sum.aa += x * x;
        sum.bb += y * y;
      }
      rows[static_cast<std::size_t>(j)] = sum;
    }
  });
  Products sum;
  for (const Products& r : rows) sum = {sum.ab + r.ab, sum.aa + r.aa, sum.bb + r.bb};
  return sum;
}

float mean_of(const Plane& a) {
  double sum = 0;
  for (const float x : a.values) sum += static_cast<double>(x);
  return static_cast<float>(sum / static_cast<double>(a.values.size()));
}

// Correlation of neighbours `di`, `dj` apart.
double neighbour_correlation(const Plane& a, float centre, std::int64_t dj, std::int64_t di) {
  double both = 0, self = 0;
  for (std::int64_t j = 0; j + dj < a.ny; ++j) {
    for (std::int64_t i = 0; i + di < a.nx; ++i) {
      const double x = static_cast<double>(a.row(j)[i] - centre), y = static_cast<double>(a.row(j + dj)[i + di] - centre);
      both += x * y;
      self += 0.5 * (x * x + y * y);
    }
  }
  return self > 0 ? both / self : 0;
}

// The side weight a whose kernel (a, 1, a) gives neighbours the correlation r = 2 a / (1 + 2 a^2); as far as
// such a kernel can.
float side_weight(double r) {
  constexpr double kMost = 0.69;
  const double c = std::clamp(r, -kMost, kMost);
  return std::fabs(c) < 1e-6 ? 0.0F : static_cast<float>((1 - std::sqrt(1 - 2 * c * c)) / (2 * c));
}

Plane local_strength(const Plane& level, float centre, float locality) {
  Plane square(level.ny, level.nx);
  for (std::size_t i = 0; i < square.values.size(); ++i) {
    const float x = level.values[i] - centre;
    square.values[i] = x * x;
  }
  const float all = mean_of(square);
  std::vector<std::pair<std::int64_t, std::int64_t>> shapes;
  for (int k = 0; k < kNeighbourhood && std::min(square.nx, square.ny) >= 4; ++k) {
    shapes.emplace_back(square.ny, square.nx);
    square = reduce(square);
  }
  for (std::size_t k = shapes.size(); k-- > 0;) {
    Plane fine(shapes[k].first, shapes[k].second);
    std::vector<float> mixed;
    for (std::int64_t j = 0; j < fine.ny; ++j) add_expanded_row(square, j, fine.nx, fine.row(j), mixed);
    square = std::move(fine);
  }
  for (float& x : square.values) x = std::sqrt(std::max(0.0F, locality * x + (1 - locality) * all));
  return square;
}

struct Aligned {
  double age;  // s before the newest
  ScalePyramid scales;
  std::vector<Plane> seen;  // 0 ... 1 per level: the share of a cell's surroundings that was seen
};

Aligned align(FieldView<const float> frame, double age, const Motion& motion, int scales) {
  Plane decibel = to_decibel(frame);
  if (age > 0) {
    Displacement displacement(motion);
    displacement.advance_to(age);
    Plane moved(decibel.ny, decibel.nx);
    advect(std::as_const(decibel).view(), displacement.view(), moved.view());
    decibel = std::move(moved);
  }
  Aligned out{age, decompose(fill_missing(std::as_const(decibel).view(), kDryDecibel), scales), {}};
  for (float& x : decibel.values) x = std::isfinite(x) ? 1.0F : 0.0F;
  out.seen.push_back(std::move(decibel));
  while (out.seen.size() < out.scales.levels.size()) out.seen.push_back(reduce(out.seen.back()));
  return out;
}

// The level one step before the newest frame, between the frames on either side of that time; `before` comes as the newest frame's. What was not seen in all of
// them has no tendency and stays. `useful`: the older frames that count, the youngest first.
void step_back(const Aligned& now, const std::vector<Aligned>& older, const std::vector<std::size_t>& useful, double step, std::size_t level, Plane& before) {
  const Aligned* young = &now;
  const Aligned* old = nullptr;
  for (const std::size_t k : useful) {
    if (old && old->age >= step) break;
    if (old) young = old;
    old = &older[k];
  }
  // Also a frame a little younger than a step stands for it.
  const auto w = static_cast<float>(std::min(1.0, (step - young->age) / (old->age - young->age)));
  const std::vector<float>&a = young->scales.levels[level].values, &b = old->scales.levels[level].values;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const float seen = std::min({now.seen[level].values[i], young->seen[level].values[i], old->seen[level].values[i]});
    if (seen >= kSeen) before.values[i] = a[i] + w * (b[i] - a[i]);
  }
}

}  // namespace

CascadeModel build_cascade_model(std::span<const FieldView<const float>> frames, std::span<const TimePoint> times, const Motion& motion,
                                 const CascadeOptions& options) {
  if (frames.empty() || frames.size() != times.size()) throw Error("nowcast", "no frame to start from");
  const auto step = static_cast<double>(options.step.count());
  if (!(step > 0)) throw Error("nowcast", "the step must be positive");
  const FieldView<const float> newest = frames.back();

  std::vector<Aligned> older;
  for (std::size_t k = frames.size() - 1; k-- > 0;) {
    const double age = static_cast<double>((times.back() - times[k]).count());
    if (age > 0 && frames[k].ny == newest.ny && frames[k].nx == newest.nx) older.push_back(align(frames[k], age, motion, options.scales));
  }
  Aligned now = align(newest, 0, motion, options.scales);

  CascadeModel model;
  for (std::size_t l = 0; l < now.scales.levels.size(); ++l) {
    CascadeModel::Level level;
    Plane& here = now.scales.levels[l];
    if (l + 1 == now.scales.levels.size()) level.centre = mean_of(here);
    std::vector<double> lags, correlations;
    std::vector<std::size_t> useful;  // older frames that say something, the youngest first
    for (std::size_t k = 0; k < older.size(); ++k) {
      const double r = products(here, older[k].scales.levels[l], now.seen[l], older[k].seen[l], level.centre).correlation();
      if (!std::isfinite(r)) continue;
      lags.push_back(older[k].age);
      correlations.push_back(r);
      useful.push_back(k);
    }
    level.decorrelation = fit_decorrelation(lags, correlations);
    level.decorrelation.life *= options.memory;
    if (lags.empty()) level.decorrelation = {kAssumedLife * std::ldexp(1.0, static_cast<int>(l)), 1};
    const double r1 = level.decorrelation.at(step), r2 = level.decorrelation.at(2 * step);
    level.before = here;
    const bool reaches_back = !useful.empty() && older[useful.back()].age > kSameStep * step;
    level.memory = reaches_back ? second_order(r1, r2, std::exp(-step / kTrendLife)) : first_order(r1);
    if (reaches_back) step_back(now, older, useful, step, l, level.before);
    for (Aligned& a : older) a.scales.levels[l] = a.seen[l] = Plane();  // of no use any more: the peak of memory is here
    level.strength = local_strength(here, level.centre, l + 1 == now.scales.levels.size() ? 0.0F : options.locality);
    level.kernel = {side_weight(neighbour_correlation(here, level.centre, 0, 1)), side_weight(neighbour_correlation(here, level.centre, 1, 0))};
    level.now = std::move(here);
    for (std::size_t i = 0; options.trend != 0 && i < level.now.values.size(); ++i) {
      float& x = level.now.values[i];
      x += options.trend * (x - level.before.values[i]);
    }
    Plane active = level.strength;
    for (std::size_t i = 0; i < active.values.size(); ++i) {
      float& x = level.strength.values[i];
      x *= options.noise * static_cast<float>(level.memory.innovation);
      active.values[i] = x > kNoNoise ? 1.0F : std::numeric_limits<float>::quiet_NaN();
    }
    level.active = SeenArea(std::as_const(active).view());
    model.levels.push_back(std::move(level));
  }
  return model;
}

}  // namespace guyu
