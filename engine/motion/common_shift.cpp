#include "engine/motion/common_shift.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kLongShift = 0.1F;     // share of its score that a shift of the full reach loses
constexpr float kLeastInside = 0.25F;  // share of the echo that a shift must leave inside both images
constexpr std::size_t kCandidates = 12;

struct Shift {
  std::int64_t dx = 0, dy = 0;
};

// Robust square: grows as x^2 for faint echo, is 1 for heavy echo, so that a heavy core weighs no more than its area.
inline float weight(float x) { return x * x / (1 + x * x); }

// An image with missing cells as dry ones, which neither explain nor want explanation.
Plane without_missing(Plane p) {
  for (float& x : p.values) x = std::isnan(x) ? 0.0F : x;
  return p;
}

// All echo of an image, as match() weighs it.
float echo(const Plane& p) {
  float sum = 0;
  for (const float x : p.values) sum += weight(x);
  return sum;
}

// What a shift does to the echo that it leaves inside both images.
struct Match {
  float inside = 0, misfit = 0;
  // Nothing where only one image has echo, 1 where they agree.
  float share_explained() const { return inside > 0 ? (inside - misfit) / inside : 0; }
  // Held down where little of `all` echo is left inside: there agreement comes by chance.
  float score(float all) const { return inside > kLeastInside * all ? share_explained() * std::cbrt(inside / all) : 0; }
};

Match match(const Plane& now, const Plane& then, Shift s) {
  constexpr int kLanes = 8;  // partial sums of fixed order, so that the loop vectorises
  float echoes[kLanes] = {}, misfits[kLanes] = {};
  const std::int64_t first = std::max<std::int64_t>(0, s.dx), last = std::min(now.nx, now.nx + s.dx);
  for (std::int64_t j = std::max<std::int64_t>(0, s.dy); j < std::min(now.ny, now.ny + s.dy); ++j) {
    const float* a = now.row(j);
    const float* b = then.row(j - s.dy);
    const auto add = [&](int lane, std::int64_t i) {
      const float x = a[i], y = b[i - s.dx];
      echoes[lane] += weight(x) + weight(y);
      misfits[lane] += weight(x - y);
    };
    std::int64_t i = first;
    for (; i + kLanes <= last; i += kLanes) {
      for (int k = 0; k < kLanes; ++k) add(k, i + k);
    }
    for (int k = 0; i < last; ++i, ++k) add(k, i);
  }
  Match m;
  for (int k = 0; k < kLanes; ++k) {
    m.inside += echoes[k];
    m.misfit += misfits[k];
  }
  return m;
}

// The score of every whole-cell shift up to the reach, in rows of equal dy.
struct Scores {
  std::int64_t reach_x, reach_y;
  std::vector<float> values;
  float at(Shift s) const { return values[static_cast<std::size_t>((s.dy + reach_y) * (2 * reach_x + 1) + s.dx + reach_x)]; }
  bool has(Shift s) const { return std::abs(s.dx) <= reach_x && std::abs(s.dy) <= reach_y; }
};

Scores score_shifts(const Plane& now, const Plane& then, double reach) {
  const auto limit = [&](std::int64_t side) { return static_cast<std::int64_t>(std::clamp(std::ceil(reach), 0.0, static_cast<double>(2 * side / 3))); };
  Scores s{limit(now.nx), limit(now.ny), {}};
  const std::int64_t rows = 2 * s.reach_y + 1, columns = 2 * s.reach_x + 1;
  s.values.resize(static_cast<std::size_t>(rows * columns));
  const auto longest = static_cast<float>(std::max(reach * reach, 2.0));
  const float all = echo(now) + echo(then);
  parallel_for(rows, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin * columns; k < end * columns; ++k) {
      const Shift shift{k % columns - s.reach_x, k / columns - s.reach_y};
      const auto squared = static_cast<float>(shift.dx * shift.dx + shift.dy * shift.dy);
      s.values[static_cast<std::size_t>(k)] = squared > longest ? 0.0F : match(now, then, shift).score(all) * (1 - kLongShift * squared / longest);
    }
  });
  return s;
}

// The best shifts that are no worse than their neighbours, best first; no shift at all is always one.
std::vector<Shift> candidates(const Scores& scores) {
  std::vector<Shift> peaks;
  for (std::int64_t dy = -scores.reach_y; dy <= scores.reach_y; ++dy) {
    for (std::int64_t dx = -scores.reach_x; dx <= scores.reach_x; ++dx) {
      bool peak = (dx != 0 || dy != 0) && scores.at({dx, dy}) > 0;
      for (std::int64_t b = -1; b <= 1; ++b) {
        for (std::int64_t a = -1; a <= 1; ++a) {
          const Shift other{dx + a, dy + b};
          peak = peak && (!scores.has(other) || scores.at(other) <= scores.at({dx, dy}));
        }
      }
      if (peak) peaks.push_back({dx, dy});
    }
  }
  std::stable_sort(peaks.begin(), peaks.end(), [&](Shift a, Shift b) { return scores.at(a) > scores.at(b); });
  peaks.resize(std::min(peaks.size(), kCandidates));
  peaks.push_back({0, 0});
  return peaks;
}

// The neighbour, or the shift itself, that explains the largest share: the score leans towards short shifts by what they keep
// inside, which in widespread rain can be worth a cell.
Shift settle(const Plane& now, const Plane& then, Shift s) {
  Shift best = s;
  float most = match(now, then, s).share_explained();
  for (std::int64_t b = -1; b <= 1; ++b) {
    for (std::int64_t a = -1; a <= 1; ++a) {
      const Shift other{s.dx + a, s.dy + b};
      if (std::abs(other.dx) >= now.nx || std::abs(other.dy) >= now.ny) continue;
      const float share = match(now, then, other).share_explained();
      if (share > most) most = share, best = other;
    }
  }
  return best;
}

}  // namespace

std::array<float, 2> common_shift(const Plane& now, std::span<const AgedPlane> earlier, double reach) {
  const Plane image = without_missing(now);
  const AgedPlane youngest = earlier.front();
  const double range = std::max(reach * static_cast<double>(youngest.age), 1.0);
  const Plane before = without_missing(*youngest.plane);
  const Scores scores = score_shifts(image, before, range);
  std::vector<Shift> shifts = candidates(scores);
  std::vector<float> totals;
  for (const Shift s : shifts) totals.push_back(scores.at(s));
  for (const AgedPlane& older : earlier.subspan(1)) {
    const Plane then = without_missing(*older.plane);
    const float times = older.age / youngest.age, all = echo(image) + echo(then);
    for (std::size_t k = 0; k < shifts.size(); ++k) {
      const Shift far{std::lround(times * static_cast<float>(shifts[k].dx)), std::lround(times * static_cast<float>(shifts[k].dy))};
      if (std::abs(far.dx) < image.nx && std::abs(far.dy) < image.ny) totals[k] += match(image, then, far).score(all);
    }
  }
  const auto best = static_cast<std::size_t>(std::max_element(totals.begin(), totals.end()) - totals.begin());
  const Shift s = settle(image, before, shifts[best]);
  return {static_cast<float>(s.dx) / youngest.age, static_cast<float>(s.dy) / youngest.age};
}

}  // namespace guyu
