#include "models/rules/window_values.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace guyu {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
double seconds(Seconds s) { return static_cast<double>(s.count()); }

// The rows of a member lie apart, each too short for the processor to foresee the next.
constexpr std::size_t kAhead = 4;
void prefetch(const float* values, std::size_t n) {
  constexpr std::size_t kLine = 16;  // floats
  for (std::size_t k = 0; k < n; k += kLine) __builtin_prefetch(values + k);
}

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
    : axis_(axis), needs_(needs), least_coverage_(least_coverage), is_amount_(guyu::is_amount(axis.series().quantity)),
      keeps_low_(axis.series().statistic == "max"), keeps_high_(axis.series().statistic == "min"), is_share_(axis.series().statistic.starts_with("frac")),
      is_mean_(axis.series().statistic == "mean"), block_(block), full_(axis.size(), 0), clean_(axis.size(), 0),
      totals_(needs.totals ? (axis.size() + 1) * block : 0), unused_(block) {
  const auto levels = [&](std::size_t longest) { return static_cast<std::size_t>(std::bit_width(std::min(longest, axis.size()))); };
  largest_.assign(levels(needs.largest), std::vector<float>(axis.size() * block));
  smallest_.assign(levels(needs.smallest), std::vector<float>(axis.size() * block));
}

void WindowValues::load_block(std::size_t begin, std::size_t n) {
  begin_ = begin;
  n_ = n;
  member_ = kNobody;
  all_full_ = true;
  for (std::size_t p = 0; p < axis_.size(); ++p) {
    const SeriesPiece& piece = axis_.piece(p);
    const float* coverage = piece.coverage.data() + begin;
    const float* values = piece.values.data() + begin;
    int partly = 0;
    for (std::size_t k = 0; k < n; ++k) partly |= coverage[k] >= 1 ? 0 : 1;
    if (piece.members.empty())
      for (std::size_t k = 0; k < n; ++k) partly |= values[k] != values[k] ? 1 : 0;
    full_[p] = partly == 0 ? 1 : 0;
    all_full_ = all_full_ && partly == 0;
  }
  if (!all_full_) load_known();
}

void WindowValues::load_known() {
  known_.resize(axis_.size() * block_);
  known_time_.resize((axis_.size() + 1) * block_);
  std::fill_n(known_time_.begin(), n_, 0.0);
  for (std::size_t p = 0; p < axis_.size(); ++p) {
    const SeriesPiece& piece = axis_.piece(p);
    const float* coverage = piece.coverage.data() + begin_;
    const float* values = piece.values.data() + begin_;
    float* known = &known_[p * block_];
    const bool same_for_all = piece.members.empty();
    for (std::size_t k = 0; k < n_; ++k) {
      const bool missing = same_for_all && values[k] != values[k];
      known[k] = missing || !(coverage[k] > 0) ? 0.0F : std::min(coverage[k], 1.0F);
    }
    const double length = seconds(axis_.span(p).length());
    const double* before = &known_time_[p * block_];
    double* after = &known_time_[(p + 1) * block_];
    for (std::size_t k = 0; k < n_; ++k) after[k] = before[k] + length * double{known[k]};
  }
}

void WindowValues::load_member(std::size_t member) {
  if (member == member_) return;
  member_ = member;
  // Where a future lacks values that others have, what is known of it is less.
  lost_ = false;
  for (std::size_t p = 0; p < axis_.size(); ++p) {
    const SeriesPiece& piece = axis_.piece(p);
    int missing = 0;
    if (p + kAhead < axis_.size()) prefetch(axis_.piece(p + kAhead).of(member).data() + begin_, n_);
    if (!piece.members.empty()) {
      const float* values = piece.of(member).data() + begin_;
      for (std::size_t k = 0; k < n_; ++k) missing |= values[k] != values[k] ? 1 : 0;
    }
    lost_ = lost_ || missing != 0;
    clean_[p] = full_[p] && missing == 0 ? 1 : 0;
  }
  if (lost_) {
    if (all_full_) load_known();
    member_known_.resize(axis_.size() * block_);
    member_known_time_.resize((axis_.size() + 1) * block_);
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
  if (!largest_.empty() || !smallest_.empty()) load_extremes(member);
}

void WindowValues::load_totals(std::size_t member) {
  std::fill_n(totals_.begin(), n_, 0.0);
  const auto least = static_cast<float>(least_coverage_);
  for (std::size_t p = 0; p < axis_.size(); ++p) {
    const float* values = axis_.piece(p).of(member).data() + begin_;
    const double* before = &totals_[p * block_];
    double* after = &totals_[(p + 1) * block_];
    const double length = seconds(axis_.span(p).length());
    if (clean_[p]) {
      const double weight = is_amount_ ? 1.0 : length;
      for (std::size_t k = 0; k < n_; ++k) after[k] = before[k] + double{values[k]} * weight;
      continue;
    }
    const float* known = &known_[p * block_];
    if (is_amount_) {
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

// Bounds of each value from below and from above; -inf and inf where nothing is known.
void WindowValues::load_values(std::size_t p, std::size_t member, float* low, float* high) const {
  const auto least = static_cast<float>(least_coverage_);
  const float* values = axis_.piece(p).of(member).data() + begin_;
  const float* known = &known_[p * block_];
  const auto usable = [&](std::size_t k) { return known[k] > 0 && known[k] >= least; };
  std::int32_t partly = 0;  // rare, and kept out of the loop that runs over everything
  for (std::size_t k = 0; k < n_; ++k) {
    const float v = values[k];
    low[k] = v == v && usable(k) ? v : -kInfinity;
    high[k] = v == v && usable(k) ? v : kInfinity;
    partly |= v == v && known[k] > 0 && known[k] < least ? 1 : 0;
  }
  if (partly == 0) return;
  for (std::size_t k = 0; k < n_; ++k) {
    const float v = values[k];
    if (v != v || !(known[k] > 0) || usable(k)) continue;
    // Of a mean amount what was seen has fallen at least.
    low[k] = keeps_low_ ? v : is_share_ || (is_amount_ && is_mean_) ? v * known[k] : is_amount_ ? 0 : -kInfinity;
    high[k] = keeps_high_ ? v : is_share_ ? v * known[k] + (1 - known[k]) : kInfinity;
  }
}

void WindowValues::load_extremes(std::size_t member) {
  for (std::size_t p = 0; p < axis_.size(); ++p) {
    float* low = largest_.empty() ? unused_.data() : &largest_[0][p * block_];
    float* high = smallest_.empty() ? unused_.data() : &smallest_[0][p * block_];
    if (clean_[p]) {
      const float* values = axis_.piece(p).of(member).data() + begin_;
      if (!largest_.empty()) std::copy_n(values, n_, low);
      if (!smallest_.empty()) std::copy_n(values, n_, high);
    } else {
      load_values(p, member, low, high);
    }
  }
  const auto build = [&](std::vector<std::vector<float>>& levels, auto&& pick) {
    for (std::size_t l = 1; l < levels.size(); ++l) {
      const std::size_t half = std::size_t{1} << (l - 1);
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
  if (all_full_ && !lost_) return w.share * seconds(w.time.length());
  const std::vector<double>& sums = lost_ ? member_known_time_ : known_time_;
  return at_place(sums, w.end, block_, k) - at_place(sums, w.begin, block_, k);
}

float WindowValues::known_share(const AxisWindow& w, std::size_t k) const {
  const double length = seconds(w.time.length());
  if (length <= 0 && w.first < w.last) return clean_[w.first] ? 1.0F : (lost_ ? member_known_ : known_)[w.first * block_ + k];
  if (length <= 0) return 0.0F;
  return static_cast<float>(std::clamp(known_seconds(w, k) / length, 0.0, 1.0));
}

bool WindowValues::enough_for_all(const AxisWindow& w) const {
  if (w.share < least_coverage_ || lost_) return false;
  return all_full_ ||
         std::all_of(full_.begin() + static_cast<std::ptrdiff_t>(w.first), full_.begin() + static_cast<std::ptrdiff_t>(w.last), [](char f) { return f != 0; });
}

Bounds WindowValues::each(const AxisWindow& w, float* lo, float* hi) const {
  if (w.first >= w.last) {
    std::fill_n(lo, n_, -kInfinity);
    std::fill_n(hi, n_, kInfinity);
    return {lo, hi};
  }
  // At a moment one piece speaks; of a window that is one piece, that one.
  const std::size_t p = w.last - 1;
  if (clean_[p]) {
    const float* values = axis_.piece(p).of(member_).data() + begin_;
    return {values, values};
  }
  load_values(p, member_, lo, hi);
  return {lo, hi};
}

Bounds WindowValues::get(Aggregate aggregate, const AxisWindow& w, float* lo, float* hi) const {
  if (aggregate == Aggregate::each) return each(w, lo, hi);
  const bool enough = enough_for_all(w);
  const double needed = least_coverage_ * seconds(w.time.length()) - 1e-6;
  switch (aggregate) {
    case Aggregate::sum:
      if (w.begin.part > 0 || w.end.part > 0) {
        for (std::size_t k = 0; k < n_; ++k) lo[k] = static_cast<float>(at_place(totals_, w.end, block_, k) - at_place(totals_, w.begin, block_, k));
      } else {
        const double *a = &totals_[w.begin.piece * block_], *b = &totals_[w.end.piece * block_];
        for (std::size_t k = 0; k < n_; ++k) lo[k] = static_cast<float>(b[k] - a[k]);
      }
      if (enough) return {lo, lo};
      for (std::size_t k = 0; k < n_; ++k) hi[k] = known_seconds(w, k) >= needed ? lo[k] : kInfinity;
      break;
    case Aggregate::mean:
      for (std::size_t k = 0; k < n_; ++k) {
        const double known = known_seconds(w, k);
        const bool answers = known > 0 && (enough || known >= needed);
        const auto mean = static_cast<float>((at_place(totals_, w.end, block_, k) - at_place(totals_, w.begin, block_, k)) / (answers ? known : 1.0));
        lo[k] = answers ? mean : -kInfinity;
        hi[k] = answers ? mean : kInfinity;
      }
      break;
    case Aggregate::maximum:
      extreme(largest_, w, -kInfinity, lo, [](float a, float b) { return a > b ? a : b; });
      if (enough) return {lo, lo};
      for (std::size_t k = 0; k < n_; ++k) hi[k] = lo[k] > -kInfinity && known_seconds(w, k) >= needed ? lo[k] : kInfinity;
      break;
    case Aggregate::minimum:
      extreme(smallest_, w, kInfinity, hi, [](float a, float b) { return a < b ? a : b; });
      if (enough) return {hi, hi};
      for (std::size_t k = 0; k < n_; ++k) lo[k] = hi[k] < kInfinity && known_seconds(w, k) >= needed ? hi[k] : -kInfinity;
      break;
    case Aggregate::each: break;
  }
  return {lo, hi};
}

void WindowValues::observed_part(const AxisWindow& w, float* out) const {
  if (!w.partly_observed) {
    std::fill_n(out, n_, 0.0F);
    return;
  }
  for (std::size_t k = 0; k < n_; ++k) out[k] = static_cast<float>(at_place(totals_, w.observed_end, block_, k) - at_place(totals_, w.begin, block_, k));
}

}  // namespace guyu
