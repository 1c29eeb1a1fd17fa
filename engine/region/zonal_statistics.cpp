#include "engine/region/zonal_statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cctype>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kGrazing = 1e-3F;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

struct Accumulated {
  double area = 0, sum = 0;  // of valid cells
  float min = std::numeric_limits<float>::infinity(), max = -std::numeric_limits<float>::infinity();
};

// Sums of a run in eight fixed lanes: the order does not depend on the compiler's choice of vector width, and NaN
// cells add nothing.
struct RunSums {
  double sum = 0;
  std::int64_t valid = 0;
  float min = std::numeric_limits<float>::infinity(), max = -std::numeric_limits<float>::infinity();
};
RunSums sum_run(const float* v, std::int64_t n) {
  constexpr int kLanes = 8;
  double sum[kLanes] = {};
  std::int32_t valid[kLanes] = {};
  float low[kLanes], high[kLanes];
  std::fill_n(low, kLanes, std::numeric_limits<float>::infinity());
  std::fill_n(high, kLanes, -std::numeric_limits<float>::infinity());
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int k = 0; k < kLanes; ++k) {
      const float x = v[i + k];
      const bool ok = x == x;
      sum[k] += ok ? static_cast<double>(x) : 0.0;
      valid[k] += ok ? 1 : 0;
      low[k] = x < low[k] ? x : low[k];  // false for NaN
      high[k] = x > high[k] ? x : high[k];
    }
  }
  for (int k = 0; i < n; ++i, ++k) {
    const float x = v[i];
    const bool ok = x == x;
    sum[k] += ok ? static_cast<double>(x) : 0.0;
    valid[k] += ok ? 1 : 0;
    low[k] = x < low[k] ? x : low[k];
    high[k] = x > high[k] ? x : high[k];
  }
  RunSums out;
  for (int k = 0; k < kLanes; ++k) {
    out.sum += sum[k];
    out.valid += valid[k];
    out.min = std::min(out.min, low[k]);
    out.max = std::max(out.max, high[k]);
  }
  return out;
}

// Whether the region covers no cell to a thousandth: then all of its cells count for extremes.
bool is_tiny(const ZonalWeights& w, const ZonalWeights::Region& r) {
  return r.run_begin == r.run_end && std::none_of(w.cells.begin() + static_cast<std::ptrdiff_t>(r.cell_begin),
                                                  w.cells.begin() + static_cast<std::ptrdiff_t>(r.cell_end), [](const auto& c) { return c.share >= kGrazing; });
}

// The extremes of a run alone.
void take_extremes(const float* v, std::int64_t n, float& min, float& max) {
  constexpr int kLanes = 8;
  float low[kLanes], high[kLanes];
  std::fill_n(low, kLanes, min);
  std::fill_n(high, kLanes, max);
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int k = 0; k < kLanes; ++k) {
      const float x = v[i + k];
      low[k] = x < low[k] ? x : low[k];  // false for NaN
      high[k] = x > high[k] ? x : high[k];
    }
  for (; i < n; ++i) low[0] = v[i] < low[0] ? v[i] : low[0], high[0] = v[i] > high[0] ? v[i] : high[0];
  for (int k = 0; k < kLanes; ++k) min = std::min(min, low[k]), max = std::max(max, high[k]);
}

// Without sums and area: 1 where there is a valid cell.
Accumulated extremes_of(FieldView<const float> f, const ZonalWeights& w, const ZonalWeights::Region& r) {
  Accumulated a;
  for (std::size_t k = r.run_begin; k < r.run_end; ++k) take_extremes(f.row(w.runs[k].row) + w.runs[k].begin, w.runs[k].end - w.runs[k].begin, a.min, a.max);
  const bool tiny = is_tiny(w, r);
  for (std::size_t k = r.cell_begin; k < r.cell_end; ++k) {
    const auto& c = w.cells[k];
    if (!tiny && c.share < kGrazing) continue;
    const float x = f(c.row, c.column);
    a.min = x < a.min ? x : a.min;
    a.max = x > a.max ? x : a.max;
  }
  a.area = a.min <= a.max ? 1 : 0;
  return a;
}

Accumulated accumulate(FieldView<const float> f, const ZonalWeights& w, const ZonalWeights::Region& r) {
  Accumulated a;
  for (std::size_t k = r.run_begin; k < r.run_end; ++k) {
    const auto& run = w.runs[k];
    const RunSums s = sum_run(f.row(run.row) + run.begin, run.end - run.begin);
    const double cell = w.row_area[static_cast<std::size_t>(run.row)];
    a.sum += cell * s.sum;
    a.area += cell * static_cast<double>(s.valid);
    a.min = std::min(a.min, s.min);
    a.max = std::max(a.max, s.max);
  }
  const bool tiny = is_tiny(w, r);
  for (std::size_t k = r.cell_begin; k < r.cell_end; ++k) {
    const auto& c = w.cells[k];
    const float x = f(c.row, c.column);
    if (std::isnan(x)) continue;
    const double area = w.row_area[static_cast<std::size_t>(c.row)] * static_cast<double>(c.share);
    a.sum += area * static_cast<double>(x);
    a.area += area;
    if (tiny || c.share >= kGrazing) {
      a.min = std::min(a.min, x);
      a.max = std::max(a.max, x);
    }
  }
  return a;
}

// Valid cells with their shares of the area.
template <typename Visit>
void each_cell(FieldView<const float> f, const ZonalWeights& w, const ZonalWeights::Region& r, float least_share, Visit&& visit) {
  for (std::size_t k = r.run_begin; k < r.run_end; ++k) {
    const auto& run = w.runs[k];
    const double cell = w.row_area[static_cast<std::size_t>(run.row)];
    for (std::int32_t i = run.begin; i < run.end; ++i) {
      if (!std::isnan(f(run.row, i))) visit(f(run.row, i), cell);
    }
  }
  for (std::size_t k = r.cell_begin; k < r.cell_end; ++k) {
    const auto& c = w.cells[k];
    if (c.share >= least_share && !std::isnan(f(c.row, c.column)))
      visit(f(c.row, c.column), w.row_area[static_cast<std::size_t>(c.row)] * static_cast<double>(c.share));
  }
}

// Cells of a region for its quantiles, with the area in each of equal classes between its extremes, so that only those of one class need be put in order: a
// sort of all cells costs many times as much. Cells of the smallest value stand by themselves: of rain they are most of all, and dry.
class QuantileCells {
 public:
  void take(FieldView<const float> f, const ZonalWeights& w, const ZonalWeights::Region& r, const Accumulated& a) {
    cells_.clear();
    total_ = smallest_area_ = 0;
    smallest_ = std::isinf(a.min) ? kNan : a.min;
    if (!(a.min < a.max)) return;  // one value, whatever the areas are
    std::fill(area_.begin(), area_.end(), 0.0);
    lowest_ = static_cast<double>(a.min);
    scale_ = static_cast<double>(kClasses) / (static_cast<double>(a.max) - lowest_);
    if (!(scale_ > 0) || std::isinf(scale_)) scale_ = 0;  // no classes where a value is infinite
    each_cell(f, w, r, is_tiny(w, r) ? 0 : kGrazing, [&](float x, double area) {
      total_ += area;
      if (x == smallest_) {
        smallest_area_ += area;
        return;
      }
      cells_.push_back({x, area});
      area_[class_of(x)] += area;
    });
  }
  // Smallest value below or at which the share q of the area lies. O(cells).
  float quantile(double q) {
    const double wanted = q * total_ * (1 - 1e-12);
    double below = smallest_area_;
    if (cells_.empty() || below >= wanted) return smallest_;
    std::size_t c = 0;
    while (c + 1 < kClasses && below + area_[c] < wanted) below += area_[c++];
    while (c > 0 && area_[c] == 0) below -= area_[--c];  // rounding alone asked for more than there is
    chosen_.clear();
    for (const WeightedValue& cell : cells_)
      if (class_of(cell.value) == c) chosen_.push_back(cell);
    return first_to_reach(wanted - below);
  }

 private:
  struct WeightedValue {
    float value;
    double area;
  };
  static constexpr std::size_t kClasses = 64;
  std::size_t class_of(float x) const {
    return scale_ == 0 ? 0 : std::min(static_cast<std::size_t>((static_cast<double>(x) - lowest_) * scale_), kClasses - 1);
  }
  // Of the chosen cells, by halves.
  float first_to_reach(double wanted) {
    double below = 0;  // area of the cells before `first`
    auto first = chosen_.begin(), last = chosen_.end();
    while (last - first > 1) {
      const auto middle = first + (last - first - 1) / 2;
      std::nth_element(first, middle, last, [](const WeightedValue& a, const WeightedValue& b) { return a.value < b.value; });
      double lower = 0;
      for (auto c = first; c <= middle; ++c) lower += c->area;
      if (below + lower >= wanted) last = middle + 1;
      else below += lower, first = middle + 1;
    }
    return first->value;
  }

  std::vector<WeightedValue> cells_, chosen_;
  std::array<double, kClasses> area_{};
  double total_ = 0, smallest_area_ = 0, lowest_ = 0, scale_ = 0;
  float smallest_ = kNan;
};

float fraction_above(FieldView<const float> f, const ZonalWeights& w, const ZonalWeights::Region& r, float threshold) {
  double above = 0, total = 0;
  each_cell(f, w, r, 0, [&](float x, double area) {
    total += area;
    if (x >= threshold) above += area;
  });
  return total > 0 ? static_cast<float>(above / total) : kNan;
}

}  // namespace

std::vector<ZonalStatistic> parse_zonal_statistics(const std::string& text) {
  using Kind = ZonalStatistic::Kind;
  std::vector<ZonalStatistic> out;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string word = text.substr(at, end - at);
    at = end + 1;
    ZonalStatistic s;
    s.name = word;
    char* rest = nullptr;
    if (word == "mean") s.kind = Kind::mean;
    else if (word == "max") s.kind = Kind::max;
    else if (word == "min") s.kind = Kind::min;
    else if (word == "coverage") s.kind = Kind::coverage;
    else if (word == "median") s = {Kind::quantile, 0.5, word};
    else if (word.size() > 1 && word[0] == 'p' && (s.parameter = std::strtod(word.c_str() + 1, &rest) / 100, *rest == '\0') && s.parameter >= 0 &&
             s.parameter <= 1)
      s.kind = Kind::quantile;
    else if (word.rfind("frac>=", 0) == 0 && (s.parameter = std::strtod(word.c_str() + 6, &rest), *rest == '\0' && word.size() > 6) &&
             std::isfinite(s.parameter))
      s.kind = Kind::fraction_above;
    else throw Error("", "unknown statistic '" + word + "'", "known are mean, max, min, median, p0 to p100, frac>=NUMBER, coverage");
    out.push_back(std::move(s));
  }
  return out;
}

std::string name_with_statistic(const std::string& variable, const std::string& statistic) {
  std::string name = variable + "_" + statistic;
  if (const std::size_t at = name.find(">="); at != std::string::npos) name.replace(at, 2, "_at_least_");
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = c == '-' ? 'm' : '_';
  return name;
}

ZonalTable zonal_statistics(FieldView<const float> field, const ZonalWeights& weights, std::span<const ZonalStatistic> statistics) {
  using Kind = ZonalStatistic::Kind;
  assert(field.nx == weights.nx && field.ny == weights.ny);
  const std::size_t n = weights.regions.size();
  ZonalTable table;
  table.statistics.assign(statistics.begin(), statistics.end());
  table.columns.assign(statistics.size(), std::vector<float>(n, kNan));
  const bool sums = std::any_of(statistics.begin(), statistics.end(), [](const ZonalStatistic& s) { return s.kind == Kind::mean || s.kind == Kind::coverage; });
  const bool quantiles = std::any_of(statistics.begin(), statistics.end(), [](const ZonalStatistic& s) { return s.kind == Kind::quantile; });
  parallel_for(static_cast<std::int64_t>(n), 16, [&](std::int64_t begin, std::int64_t end) {
    QuantileCells cells;
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      const auto& r = weights.regions[k];
      const Accumulated a = sums ? accumulate(field, weights, r) : extremes_of(field, weights, r);
      if (quantiles) cells.take(field, weights, r, a);
      for (std::size_t s = 0; s < statistics.size(); ++s) {
        float& out = table.columns[s][k];
        if (statistics[s].kind == Kind::coverage) out = r.total_area > 0 ? static_cast<float>(std::min(1.0, a.area / r.total_area)) : 0.0F;
        if (!(a.area > 0) && statistics[s].kind != Kind::fraction_above) continue;  // which counts cells that are only grazed
        switch (statistics[s].kind) {
          case Kind::mean: out = static_cast<float>(a.sum / a.area); break;
          case Kind::max: out = std::isinf(a.max) ? kNan : a.max; break;
          case Kind::min: out = std::isinf(a.min) ? kNan : a.min; break;
          case Kind::quantile: out = cells.quantile(statistics[s].parameter); break;
          case Kind::fraction_above: out = fraction_above(field, weights, r, static_cast<float>(statistics[s].parameter)); break;
          case Kind::coverage: break;
        }
      }
    }
  });
  return table;
}

}  // namespace guyu
