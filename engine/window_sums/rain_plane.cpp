#include "engine/window_sums/rain_plane.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/window_sums/even_share.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

using Run = RainPlane::Run;

std::uint64_t end_of(const Run& r) { return std::uint64_t{r.first} + r.count; }

// The cell, as a run of its own or at the end of the last one.
void append(std::vector<Run>& runs, std::uint32_t cell) {
  if (!runs.empty() && end_of(runs.back()) == cell) ++runs.back().count;
  else runs.push_back({cell, 1});
}

// Runs that all come after the last one.
void append(std::vector<Run>& runs, const std::vector<Run>& more) {
  auto next = more.begin();
  if (!runs.empty() && next != more.end() && end_of(runs.back()) == next->first) runs.back().count += (next++)->count;
  runs.insert(runs.end(), next, more.end());
}

// One wet cell after the other.
class WetCells {
 public:
  explicit WetCells(const RainPlane& p) : plane_(p) {}
  bool more() const { return run_ < plane_.wet.size(); }
  std::uint64_t cell() const { return more() ? std::uint64_t{plane_.wet[run_].first} + in_run_ : std::numeric_limits<std::uint64_t>::max(); }
  std::uint32_t take() {
    if (++in_run_ == plane_.wet[run_].count) ++run_, in_run_ = 0;
    return plane_.amount[at_++];
  }

 private:
  const RainPlane& plane_;
  std::size_t run_ = 0, at_ = 0;
  std::uint32_t in_run_ = 0;
};

// Cell by cell, what both hold.
void add_amounts(const RainPlane& a, const RainPlane& b, RainPlane& out) {
  for (WetCells x(a), y(b); x.more() || y.more();) {
    const std::uint64_t cell = std::min(x.cell(), y.cell());
    std::uint32_t units = x.cell() == cell ? x.take() : 0;
    if (y.cell() == cell) units += y.take();
    append(out.wet, static_cast<std::uint32_t>(cell));
    out.amount.push_back(units);
  }
}

// row_of(j): the j-th row's amounts, as something that gives them by column.
template <typename RowOf>
RainPlane plane_of_rows(std::int64_t ny, std::int64_t nx, const Interval& interval, std::vector<float> coverage, RowOf row_of) {
  constexpr double kMost = std::numeric_limits<std::uint32_t>::max();
  constexpr std::int64_t kRows = 64;
  // Blocks of rows, put together in their order.
  const std::int64_t blocks = (ny + kRows - 1) / kRows;
  std::vector<RainPlane> parts(static_cast<std::size_t>(blocks));
  parallel_for(blocks, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t b = begin; b < end; ++b) {
      RainPlane& p = parts[static_cast<std::size_t>(b)];
      auto cell = static_cast<std::uint32_t>(b * kRows * nx);
      for (std::int64_t j = b * kRows; j < std::min(ny, (b + 1) * kRows); ++j) {
        const auto row = row_of(j);
        for (std::int64_t i = 0; i < nx; ++i, ++cell) {
          const float mm = row(i);
          if (mm == 0) continue;
          if (mm != mm) {
            append(p.unknown, cell);
            continue;
          }
          const double units = std::floor(double{mm} * kRainUnits + 0.5);
          if (!(units >= 1)) continue;
          append(p.wet, cell);
          p.amount.push_back(static_cast<std::uint32_t>(std::min(units, kMost)));
        }
      }
    }
  });
  RainPlane all{interval, {}, {}, {}, std::move(coverage)};
  std::size_t wet = 0;
  for (const RainPlane& p : parts) wet += p.amount.size();
  all.amount.reserve(wet);
  for (const RainPlane& p : parts) {
    append(all.wet, p.wet);
    append(all.unknown, p.unknown);
    all.amount.insert(all.amount.end(), p.amount.begin(), p.amount.end());
  }
  return all;
}

}  // namespace

std::vector<Run> in_both(const std::vector<Run>& a, const std::vector<Run>& b) {
  std::vector<Run> both;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const std::uint64_t first = std::max(a[i].first, b[j].first), end = std::min(end_of(a[i]), end_of(b[j]));
    if (first < end) both.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end - first)});
    if (end_of(a[i]) < end_of(b[j])) ++i;
    else ++j;
  }
  return both;
}

RainPlane rain_plane(FieldView<const float> amount, const Interval& interval, std::vector<float> coverage) {
  return plane_of_rows(amount.ny, amount.nx, interval, std::move(coverage),
                       [&](std::int64_t j) { return [row = amount.row(j)](std::int64_t i) { return row[i]; }; });
}

RainPlane rain_between(FieldView<const float> before, FieldView<const float> after, const Interval& interval) {
  const auto half_hours = static_cast<float>(static_cast<double>(interval.length().count()) / 7200);
  return plane_of_rows(after.ny, after.nx, interval, {}, [&](std::int64_t j) {
    return [a = before.row(j), b = after.row(j), half_hours](std::int64_t i) { return (a[i] + b[i]) * half_hours; };
  });
}

void spread(const RainPlane& p, std::size_t first, std::span<float> amount) {
  const std::uint64_t last = first + amount.size();
  std::fill(amount.begin(), amount.end(), 0.0F);
  std::size_t at = 0;
  for (const Run& r : p.wet) {
    const std::uint64_t begin = std::max<std::uint64_t>(r.first, first), end = std::min(end_of(r), last);
    for (std::uint64_t c = begin; c < end; ++c) amount[c - first] = static_cast<float>(p.amount[at + (c - r.first)] / kRainUnits);
    at += r.count;
    if (end_of(r) >= last) break;
  }
  for (const Run& r : p.unknown) {
    const std::uint64_t begin = std::max<std::uint64_t>(r.first, first), end = std::min(end_of(r), last);
    if (begin < end)
      std::fill(amount.begin() + static_cast<std::ptrdiff_t>(begin - first), amount.begin() + static_cast<std::ptrdiff_t>(end - first),
                std::numeric_limits<float>::quiet_NaN());
  }
}

void append_cells(RainPlane& plane, const RainPlane& part, std::uint32_t offset) {
  const auto moved = [offset](std::vector<Run> runs) {
    for (Run& r : runs) r.first += offset;
    return runs;
  };
  append(plane.wet, moved(part.wet));
  append(plane.unknown, moved(part.unknown));
  plane.amount.insert(plane.amount.end(), part.amount.begin(), part.amount.end());
}

RainPlane part_of(const RainPlane& p, const Interval& part) {
  RainPlane out{part, {}, {}, p.unknown, p.coverage};
  const EvenShare share(p.interval, part);
  const std::uint32_t* from = p.amount.data();
  for (const Run& r : p.wet)
    for (std::uint32_t k = 0; k < r.count; ++k)
      if (const std::uint32_t units = share(*from++); units > 0) append(out.wet, r.first + k), out.amount.push_back(units);
  return out;
}

RainPlane together(const RainPlane& a, const RainPlane& b) {
  RainPlane out{{a.interval.begin, b.interval.end}, {}, {}, in_both(a.unknown, b.unknown), a.coverage};
  add_amounts(a, b, out);
  const auto of_a = static_cast<double>(a.interval.length().count()) / static_cast<double>(out.interval.length().count());
  for (std::size_t r = 0; r < out.coverage.size(); ++r) out.coverage[r] = static_cast<float>(of_a * double{a.coverage[r]} + (1 - of_a) * double{b.coverage[r]});
  return out;
}

RainPlane filled(const RainPlane& plane, const RainPlane& other) {
  RainPlane there;  // of the other, where the plane knows nothing
  std::size_t run = 0;
  for (WetCells from(other); from.more();) {
    const std::uint64_t cell = from.cell();
    const std::uint32_t units = from.take();
    while (run < plane.unknown.size() && end_of(plane.unknown[run]) <= cell) ++run;
    if (run == plane.unknown.size()) break;
    if (plane.unknown[run].first > cell) continue;
    append(there.wet, static_cast<std::uint32_t>(cell));
    there.amount.push_back(units);
  }
  RainPlane out{plane.interval, {}, {}, in_both(plane.unknown, other.unknown), plane.coverage};
  add_amounts(plane, there, out);
  return out;
}

std::vector<Run> never_known(std::span<const RainPlanePtr> planes) {
  if (planes.empty()) return {};
  std::vector<Run> cells = planes.front()->unknown;
  for (const RainPlanePtr& p : planes) cells = in_both(cells, p->unknown);
  return cells;
}

}  // namespace guyu
