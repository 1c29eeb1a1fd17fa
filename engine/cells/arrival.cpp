#include "engine/cells/arrival.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::size_t kNodes = 5, kPaths = kNodes * kNodes;
// Gauss-Hermite quadrature of the standard normal distribution (Abramowitz and Stegun 1972, table 25.10).
constexpr std::array<double, kNodes> kNode{-2.856970013872806, -1.355626179974266, 0, 1.355626179974266, 2.856970013872806};
constexpr std::array<double, kNodes> kWeight{0.011257411327721, 0.222075922005613, 0.533333333333333, 0.222075922005613, 0.011257411327721};
constexpr std::uint16_t kNever = std::numeric_limits<std::uint16_t>::max();

// First and last step at which each path covers each pixel of a box.
struct Passage {
  std::int64_t top = 0, left = 0, ny = 0, nx = 0;
  std::vector<std::uint16_t> first, last;  // [pixel][path]; first is kNever where a path does not come
  std::size_t at(std::int64_t row, std::int64_t column) const { return static_cast<std::size_t>((row - top) * nx + column - left) * kPaths; }
};

struct Bounds {
  double top = 1e30, left = 1e30, bottom = -1e30, right = -1e30;
  void add(double row, double column) {
    top = std::min(top, row), left = std::min(left, column), bottom = std::max(bottom, row), right = std::max(right, column);
  }
};

std::int64_t whole(double x) { return static_cast<std::int64_t>(x); }

// The pixels whose middles lie in a run blown up by `size` about the centroid and set down elsewhere.
template <class Take>
void each_pixel(const CellRun& r, const CellPlace& centroid, double size, double row, double column, const Take& take) {
  const auto low = [&](double edge, double from, double to) { return whole(std::ceil(to + size * (edge - from))); };
  const std::int64_t top = low(r.row - 0.5, centroid.row, row), bottom = low(r.row + 0.5, centroid.row, row);
  const std::int64_t left = low(r.begin - 0.5, centroid.column, column), right = low(r.end - 0.5, centroid.column, column);
  for (std::int64_t j = top; j < bottom; ++j) take(j, left, right);
}

Passage passage_of(const StormTrack& t, const GridScale& scale, std::int64_t ny, std::int64_t nx, const CellForecastOptions& o, Seconds step) {
  const std::int64_t steps = o.horizon / step;
  const double dt = static_cast<double>(step.count());
  const CellPlace c = t.cell.centroid;
  std::array<CellPlace, kPaths> velocity;
  for (std::size_t k = 0; k < kPaths; ++k) {
    velocity[k] = {t.v + kNode[k / kNodes] * t.velocity_error_km_s / scale.dy_km(), t.u + kNode[k % kNodes] * t.velocity_error_km_s / scale.dx_km(c.row)};
  }
  std::vector<double> size;
  for (std::int64_t s = 0; s <= steps; ++s) size.push_back(std::exp(0.5 * area_factor(t, dt * static_cast<double>(s), o)));
  const double largest = *std::max_element(size.begin(), size.end());
  Bounds b;
  for (const CellPlace& p : t.cell.hull) {
    for (const CellPlace& v : velocity) {
      for (const double s : {0.0, dt * static_cast<double>(steps)})
        b.add(c.row + largest * (p.row - c.row) + v.row * s, c.column + largest * (p.column - c.column) + v.column * s);
    }
  }
  Passage out;
  out.top = std::max<std::int64_t>(0, whole(std::floor(b.top))), out.left = std::max<std::int64_t>(0, whole(std::floor(b.left)));
  out.ny = std::max<std::int64_t>(0, std::min(ny, whole(std::ceil(b.bottom)) + 1) - out.top);
  out.nx = std::max<std::int64_t>(0, std::min(nx, whole(std::ceil(b.right)) + 1) - out.left);
  out.first.assign(static_cast<std::size_t>(out.ny * out.nx) * kPaths, kNever);
  out.last.assign(out.first.size(), 0);
  for (std::size_t k = 0; k < kPaths; ++k) {
    for (std::int64_t s = 0; s <= steps; ++s) {
      const double row = c.row + velocity[k].row * dt * static_cast<double>(s), column = c.column + velocity[k].column * dt * static_cast<double>(s);
      const auto now = static_cast<std::uint16_t>(s);
      for (const CellRun& r : t.cell.runs) {
        each_pixel(r, c, size[static_cast<std::size_t>(s)], row, column, [&](std::int64_t j, std::int64_t left, std::int64_t right) {
          if (j < out.top || j >= out.top + out.ny) return;
          for (std::int64_t i = std::max(left, out.left); i < std::min(right, out.left + out.nx); ++i) {
            const std::size_t p = out.at(j, i) + k;
            out.first[p] = std::min(out.first[p], now), out.last[p] = now;
          }
        });
      }
    }
  }
  return out;
}

struct Box {
  std::int64_t top, left, bottom, right;  // the last two exclusive
};

std::vector<Box> boxes_of(const ZonalWeights& w) {
  std::vector<Box> boxes;
  for (const auto& r : w.regions) {
    Box b{w.regions.empty() ? 0 : std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max(), -1, -1};
    const auto add = [&](std::int64_t row, std::int64_t begin, std::int64_t end) {
      b.top = std::min(b.top, row), b.bottom = std::max(b.bottom, row + 1), b.left = std::min(b.left, begin), b.right = std::max(b.right, end);
    };
    for (std::size_t k = r.run_begin; k < r.run_end; ++k) add(w.runs[k].row, w.runs[k].begin, w.runs[k].end);
    for (std::size_t k = r.cell_begin; k < r.cell_end; ++k) add(w.cells[k].row, w.cells[k].column, std::int64_t{w.cells[k].column} + 1);
    boxes.push_back(b);
  }
  return boxes;
}

struct Timed {
  std::uint16_t step;
  double weight;
};

std::uint16_t weighted_quantile(std::vector<Timed> times, double share) {
  std::sort(times.begin(), times.end(), [](const Timed& a, const Timed& b) { return a.step < b.step; });
  double all = 0, sum = 0;
  for (const Timed& t : times) all += t.weight;
  for (const Timed& t : times) {
    if ((sum += t.weight) >= share * all) return t.step;
  }
  return times.back().step;
}

// Nothing when too few of the paths come.
void add_arrival(const Passage& passage, const ZonalWeights& w, std::size_t region, const StormTrack& t, Seconds lifetime, Seconds step,
                 const ArrivalOptions& o, std::vector<CellArrival>& out) {
  std::array<std::uint16_t, kPaths> first, last{};
  first.fill(kNever);
  const auto see = [&](std::int64_t row, std::int64_t begin, std::int64_t end) {
    if (row < passage.top || row >= passage.top + passage.ny) return;
    for (std::int64_t i = std::max(begin, passage.left); i < std::min(end, passage.left + passage.nx); ++i) {
      const std::size_t p = passage.at(row, i);
      for (std::size_t k = 0; k < kPaths; ++k) first[k] = std::min(first[k], passage.first[p + k]), last[k] = std::max(last[k], passage.last[p + k]);
    }
  };
  const auto& r = w.regions[region];
  for (std::size_t k = r.run_begin; k < r.run_end; ++k) see(w.runs[k].row, w.runs[k].begin, w.runs[k].end);
  for (std::size_t k = r.cell_begin; k < r.cell_end; ++k) see(w.cells[k].row, w.cells[k].column, std::int64_t{w.cells[k].column} + 1);
  std::vector<Timed> arrive, leave;
  CellArrival a;
  for (std::size_t k = 0; k < kPaths; ++k) {
    if (first[k] == kNever) continue;
    const double weight = kWeight[k / kNodes] * kWeight[k % kNodes];
    arrive.push_back({first[k], weight});
    leave.push_back({last[k], weight});
    a.reach_share += weight;
    a.share += weight * std::exp2(-static_cast<double>(first[k]) * static_cast<double>(step.count()) / static_cast<double>(lifetime.count()));
  }
  if (a.share < o.least_share) return;
  a.reach_share = std::min(1.0, a.reach_share), a.share = std::min(1.0, a.share);
  a.region = region, a.track = t.id;
  a.time_to_arrival = step * weighted_quantile(arrive, 0.5);
  a.earliest = step * weighted_quantile(arrive, 0.1), a.latest = step * weighted_quantile(arrive, 0.9);
  a.time_to_leaving = step * weighted_quantile(leave, 0.5);
  out.push_back(a);
}

}  // namespace

std::vector<CellArrival> cell_arrivals(std::span<const StormTrack> tracks, const GridScale& scale, const ZonalWeights& regions,
                                       const CellForecastOptions& options, const ArrivalOptions& arrival) {
  if (arrival.step <= Seconds{0} || options.horizon < arrival.step || options.horizon / arrival.step >= kNever)
    throw Error("storm cells", "the horizon has no steps or too many", "give an hour in steps of a minute");
  const std::vector<Box> boxes = boxes_of(regions);
  const auto ny = static_cast<std::int64_t>(regions.row_area.size());
  std::vector<std::vector<CellArrival>> found(tracks.size());
  parallel_for(static_cast<std::int64_t>(tracks.size()), 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      if (!tracks[k].seen()) continue;
      const Passage p = passage_of(tracks[k], scale, ny, regions.nx, options, arrival.step);
      const Seconds lifetime = forecast_cell(tracks[k], scale, options).lifetime;
      for (std::size_t r = 0; r < boxes.size(); ++r) {
        const Box& b = boxes[r];
        if (b.top >= p.top + p.ny || b.bottom <= p.top || b.left >= p.left + p.nx || b.right <= p.left) continue;
        add_arrival(p, regions, r, tracks[k], lifetime, arrival.step, arrival, found[k]);
      }
    }
  });
  std::vector<CellArrival> out;
  for (const auto& f : found) out.insert(out.end(), f.begin(), f.end());
  std::stable_sort(out.begin(), out.end(),
                   [](const CellArrival& a, const CellArrival& b) { return a.region < b.region || (a.region == b.region && a.share > b.share); });
  return out;
}

}  // namespace guyu
