#include "models/rules/window_values.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace guyu {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
double seconds(Seconds s) { return static_cast<double>(s.count()); }

// A running sum at a place between two pieces' ends.
double at_place(const std::vector<double>& sums, const AxisPlace& p, std::size_t block, std::size_t k) {
  const double a = sums[p.piece * block + k];
  return p.part > 0 ? a + p.part * (sums[(p.piece + 1) * block + k] - a) : a;
}

}  // namespace

AxisWindow window_on(const SeriesAxis& axis, const Interval& time) {
  AxisWindow w;
  w.time = time;
  w.begin = axis.place(time.begin);
  w.end = axis.place(time.end);
  w.partly_observed = axis.observed_to() > time.begin;
  w.observed_end = axis.place(std::min(time.end, axis.observed_to()));
  std::tie(w.first, w.last) = axis.over(time);
  w.share = axis.share_covered(time);
  return w;
}

WindowValues::WindowValues(const SeriesAxis& axis, AxisNeeds needs, double least_coverage, std::size_t block)
    : axis_(axis),
      needs_(needs),
      least_coverage_(least_coverage),
      is_amount_(guyu::is_amount(axis.series().quantity)),
      keeps_low_(axis.series().statistic == "max"),
      keeps_high_(axis.series().statistic == "min"),
      block_(block),
      full_(axis.size(), 0),
      known_(axis.size() * block),
      known_time_((axis.size() + 1) * block),
      member_known_time_((axis.size() + 1) * block),
      totals_(needs.totals ? (axis.size() + 1) * block : 0),
      member_known_(axis.size() * block) {
  const auto levels = static_cast<std::size_t>(std::bit_width(std::max<std::size_t>(axis.size(), 1)));
  if (needs.largest) largest_.assign(levels, std::vector<float>(axis.size() * block));
  if (needs.smallest) smallest_.assign(levels, std::vector<float>(axis.size() * block));
}

void WindowValues::load_block(std::size_t begin, std::size_t n) {
  begin_ = begin;
  n_ = n;
  all_full_ = true;
  std::fill_n(known_time_.begin(), n, 0.0);
  for (std::size_t p = 0; p < axis_.size(); ++p) {
    const SeriesPiece& piece = axis_.piece(p);
    const float* coverage = piece.coverage.data() + begin;
    const float* values = piece.values.data() + begin;
    float* known = &known_[p * block_];
    const bool same_for_all = piece.members.empty();
    bool full = true;
    for (std::size_t k = 0; k < n; ++k) {
      const bool missing = same_for_all && values[k] != values[k];
      known[k] = missing || !(coverage[k] > 0) ? 0.0F : std::min(coverage[k], 1.0F);
      full = full && known[k] >= 1;
    }
    full_[p] = full ? 1 : 0;
    all_full_ = all_full_ && full;
    const double length = seconds(axis_.span(p).length());
    const double* before = &known_time_[p * block_];
    double* after = &known_time_[(p + 1) * block_];
    for (std::size_t k = 0; k < n; ++k) after[k] = before[k] + length * double{known[k]};
  }
}

void WindowValues::load_member(std::size_t member) {
  // Where a future lacks values that others have, what is known of it is less.
  lost_ = false;
  for (std::size_t p = 0; p < axis_.size(); ++p) {
    const SeriesPiece& piece = axis_.piece(p);
    if (piece.members.empty()) continue;
    const float* values = piece.of(member).data() + begin_;
    int missing = 0;
    for (std::size_t k = 0; k < n_; ++k) missing |= values[k] != values[k] ? 1 : 0;
    lost_ = lost_ || missing != 0;
  }
  if (lost_) {
    std::fill_n(member_known_time_.begin(), n_, 0.0);
    for (std::size_t p = 0; p < axis_.size(); ++p) {
      const float* values = axis_.piece(p).of(member).data() + begin_;
      const double length = seconds(axis_.span(p).length());
      for (std::size_t k = 0; k < n_; ++k) {
        const float known = values[k] != values[k] ? 0.0F : known_[p * block_ + k];
        member_known_[p * block_ + k] = known;
        member_known_time_[(p + 1) * block_ + k] = member_known_time_[p * block_ + k] + length * double{known};
      }
    }
  }
  if (needs_.totals) load_totals(member);
  if (needs_.largest || needs_.smallest) load_extremes(member);
}

void WindowValues::load_totals(std::size_t member) {
  std::fill_n(totals_.begin(), n_, 0.0);
  const auto least = static_cast<float>(least_coverage_);
  for (std::size_t p = 0; p < axis_.size(); ++p) {
    const float* values = axis_.piece(p).of(member).data() + begin_;
    const double* before = &totals_[p * block_];
    double* after = &totals_[(p + 1) * block_];
    const float* known = &known_[p * block_];
    const double length = seconds(axis_.span(p).length());
    if (is_amount_ && full_[p]) {
      for (std::size_t k = 0; k < n_; ++k) after[k] = before[k] + (values[k] == values[k] ? double{values[k]} : 0.0);
    } else if (is_amount_) {
      // With too little of the area seen, only what was seen counts: the rest is at least dry.
      for (std::size_t k = 0; k < n_; ++k) {
        const float share = known[k] >= least ? (known[k] > 0 ? 1.0F : 0.0F) : known[k];
        after[k] = before[k] + (values[k] == values[k] ? double{values[k]} * double{share} : 0.0);
      }
    } else {
      for (std::size_t k = 0; k < n_; ++k) after[k] = before[k] + (values[k] == values[k] ? double{values[k]} * double{known[k]} * length : 0.0);
    }
  }
}

void WindowValues::load_extremes(std::size_t member) {
  const auto least = static_cast<float>(least_coverage_);
  for (std::size_t p = 0; p < axis_.size(); ++p) {
    const float* values = axis_.piece(p).of(member).data() + begin_;
    const float* known = &known_[p * block_];
    for (std::size_t k = 0; k < n_; ++k) {
      const float v = values[k];
      const bool usable = v == v && known[k] >= least && known[k] > 0, there = v == v && known[k] > 0;
      // Of an amount that too little of the area was seen of, what was seen has fallen at least.
      if (needs_.largest) largest_[0][p * block_ + k] = usable || (there && keeps_low_) ? v : there && is_amount_ ? v * known[k] : -kInfinity;
      if (needs_.smallest) smallest_[0][p * block_ + k] = usable || (there && keeps_high_) ? v : kInfinity;
    }
  }
  const auto build = [&](std::vector<std::vector<float>>& levels, auto&& pick) {
    for (std::size_t l = 1; l < levels.size(); ++l) {
      const std::size_t half = std::size_t{1} << (l - 1);
      if (2 * half > axis_.size()) break;
      for (std::size_t p = 0; p + 2 * half <= axis_.size(); ++p) {
        const float *a = &levels[l - 1][p * block_], *b = &levels[l - 1][(p + half) * block_];
        float* out = &levels[l][p * block_];
        for (std::size_t k = 0; k < n_; ++k) out[k] = pick(a[k], b[k]);
      }
    }
  };
  build(largest_, [](float a, float b) { return a > b ? a : b; });
  build(smallest_, [](float a, float b) { return a < b ? a : b; });
}

template <typename Pick>
void WindowValues::extreme(const std::vector<std::vector<float>>& levels, const AxisWindow& w, float none, float* out, Pick pick) const {
  if (w.first >= w.last) {
    std::fill_n(out, n_, none);
    return;
  }
  const auto level = static_cast<std::size_t>(std::bit_width(w.last - w.first) - 1);
  const float *a = &levels[level][w.first * block_], *b = &levels[level][(w.last - (std::size_t{1} << level)) * block_];
  for (std::size_t k = 0; k < n_; ++k) out[k] = pick(a[k], b[k]);
}

double WindowValues::known_seconds(const AxisWindow& w, std::size_t k) const {
  const std::vector<double>& sums = lost_ ? member_known_time_ : known_time_;
  return at_place(sums, w.end, block_, k) - at_place(sums, w.begin, block_, k);
}

float WindowValues::known_share(const AxisWindow& w, std::size_t k) const {
  const double length = seconds(w.time.length());
  if (length <= 0) return w.first < w.last ? (lost_ ? member_known_ : known_)[w.first * block_ + k] : 0.0F;
  return static_cast<float>(std::clamp(known_seconds(w, k) / length, 0.0, 1.0));
}

bool WindowValues::enough_for_all(const AxisWindow& w) const {
  if (w.share < least_coverage_ || lost_) return false;
  return all_full_ || std::all_of(full_.begin() + static_cast<std::ptrdiff_t>(w.first), full_.begin() + static_cast<std::ptrdiff_t>(w.last), [](char f) { return f != 0; });
}

void WindowValues::get(Aggregate aggregate, const AxisWindow& w, Bounds out) const {
  if (aggregate == Aggregate::each) {
    if (w.first >= w.last) {
      std::fill_n(out.lo, n_, -kInfinity);
      std::fill_n(out.hi, n_, kInfinity);
      return;
    }
    // At a moment one piece speaks; of a window that is one piece, that one.
    const std::size_t p = w.last - 1;
    const auto least = static_cast<float>(least_coverage_);
    const float* known = &(lost_ ? member_known_ : known_)[p * block_];
    const float* low = largest_[0].data() + p * block_;
    for (std::size_t k = 0; k < n_; ++k) {
      const bool usable = known[k] >= least && known[k] > 0;
      out.lo[k] = low[k];
      out.hi[k] = usable ? low[k] : kInfinity;
    }
    if (keeps_high_)
      for (std::size_t k = 0; k < n_; ++k) out.hi[k] = smallest_[0][p * block_ + k];
    return;
  }
  const bool enough = enough_for_all(w);
  const double needed = least_coverage_ * seconds(w.time.length());
  const auto is_enough = [&](std::size_t k) { return enough || known_seconds(w, k) >= needed - 1e-6; };
  switch (aggregate) {
    case Aggregate::sum:
      if (w.begin.part > 0 || w.end.part > 0) {
        for (std::size_t k = 0; k < n_; ++k) out.lo[k] = static_cast<float>(at_place(totals_, w.end, block_, k) - at_place(totals_, w.begin, block_, k));
      } else {
        const double *a = &totals_[w.begin.piece * block_], *b = &totals_[w.end.piece * block_];
        for (std::size_t k = 0; k < n_; ++k) out.lo[k] = static_cast<float>(b[k] - a[k]);
      }
      if (enough) std::copy_n(out.lo, n_, out.hi);
      else
        for (std::size_t k = 0; k < n_; ++k) out.hi[k] = is_enough(k) ? out.lo[k] : kInfinity;
      break;
    case Aggregate::mean:
      for (std::size_t k = 0; k < n_; ++k) {
        const double known = known_seconds(w, k);
        const bool answers = known > 0 && is_enough(k);
        const auto mean = static_cast<float>((at_place(totals_, w.end, block_, k) - at_place(totals_, w.begin, block_, k)) / (answers ? known : 1.0));
        out.lo[k] = answers ? mean : -kInfinity;
        out.hi[k] = answers ? mean : kInfinity;
      }
      break;
    case Aggregate::maximum:
      extreme(largest_, w, -kInfinity, out.lo, [](float a, float b) { return a > b ? a : b; });
      for (std::size_t k = 0; k < n_; ++k) out.hi[k] = is_enough(k) && out.lo[k] > -kInfinity ? out.lo[k] : kInfinity;
      break;
    case Aggregate::minimum:
      extreme(smallest_, w, kInfinity, out.hi, [](float a, float b) { return a < b ? a : b; });
      for (std::size_t k = 0; k < n_; ++k) out.lo[k] = is_enough(k) && out.hi[k] < kInfinity ? out.hi[k] : -kInfinity;
      break;
    case Aggregate::each: break;
  }
}

void WindowValues::observed_part(const AxisWindow& w, float* out) const {
  if (!w.partly_observed) {
    std::fill_n(out, n_, 0.0F);
    return;
  }
  for (std::size_t k = 0; k < n_; ++k) out[k] = static_cast<float>(at_place(totals_, w.observed_end, block_, k) - at_place(totals_, w.begin, block_, k));
}

}  // namespace guyu
