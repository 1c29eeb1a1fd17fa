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

constexpr auto larger = [](float a, float b) { return a > b ? a : b; };
constexpr auto smaller = [](float a, float b) { return a < b ? a : b; };

// Two values in one comparison.
bool any_missing(const float* values, std::size_t n) {
  const std::size_t half = n / 2;
  const float* other = values + (n - half);
  std::int32_t missing = 0;
  for (std::size_t k = 0; k < half; ++k) missing |= __builtin_isunordered(values[k], other[k]) ? 1 : 0;
  if (n > 2 * half) missing |= values[half] != values[half] ? 1 : 0;
  return missing != 0;
}

}  // namespace

PartlySeen::PartlySeen(const HazardSeries& s)
    : is_amount_(is_amount(s.quantity)), keeps_low_(s.statistic == "max"), keeps_high_(s.statistic == "min" && s.window.count() == 0),
      is_share_(s.statistic.starts_with("frac")), is_mean_(s.statistic == "mean"), grows_(s.window.count() > 0) {}

ValueRange PartlySeen::range(float v, float known) const {
  // Of a mean amount what was seen has fallen at least.
  return {keeps_low_                              ? v
          : is_share_ || (is_amount_ && is_mean_) ? v * known
          : is_amount_                            ? 0
                                                  : -kInfinity,
          keeps_high_            ? v
          : is_share_ && !grows_ ? v * known + (1 - known)
                                 : kInfinity};
}

Bounds change_between(Change change, const Bounds& then, const Bounds& now, std::size_t n, float* lo, float* hi) {
  const bool fall = change == Change::fall;
  if (then.exact() && now.exact()) {
    if (fall)
      for (std::size_t k = 0; k < n; ++k) lo[k] = then.lo[k] - now.lo[k];
    else
      for (std::size_t k = 0; k < n; ++k) lo[k] = -(then.lo[k] - now.lo[k]);
    return {lo, lo};
  }
  for (std::size_t k = 0; k < n; ++k) {
    const float fall_lo = then.lo[k] - now.hi[k], fall_hi = then.hi[k] - now.lo[k];
    lo[k] = fall ? fall_lo : -fall_hi;
    hi[k] = fall ? fall_hi : -fall_lo;
  }
  return {lo, hi};
}

ExtremeTable::ExtremeTable(const std::vector<std::pair<std::size_t, std::size_t>>& windows, std::size_t pieces, std::size_t block) : block_(block) {
  std::vector<std::vector<char>> wanted;
  const auto want = [&](std::size_t level, std::size_t piece) {
    while (wanted.size() <= level) wanted.emplace_back(pieces, 0);
    wanted[level][piece] = 1;
  };
  for (const auto& [first, last] : windows) {
    if (first >= last) continue;
    const auto level = static_cast<std::size_t>(std::bit_width(last - first) - 1);
    want(level, first), want(level, last - (std::size_t{1} << level));
  }
  for (std::size_t level = wanted.size(); level-- > 1;)
    for (std::size_t piece = 0; piece < pieces; ++piece)
      if (wanted[level][piece]) want(level - 1, piece), want(level - 1, piece + (std::size_t{1} << (level - 1)));
  for (std::size_t level = 1; level < wanted.size(); ++level)
    for (std::size_t piece = 0; piece < pieces; ++piece)
      if (wanted[level][piece]) made_.push_back({level, piece});
  rows_.assign(wanted.empty() ? 0 : pieces, nullptr);
  levels_.assign(wanted.size(), std::vector<float>(pieces * block));
}

template <typename Pick>
void ExtremeTable::build(std::size_t kept, std::size_t n, Pick pick) {
  for (const Row& r : made_) {
    const std::size_t half = std::size_t{1} << (r.level - 1);
    if (r.piece + 2 * half <= kept) continue;
    const float *a = row(r.level - 1, r.piece), *b = row(r.level - 1, r.piece + half);
    float* out = &levels_[r.level][r.piece * block_];
    for (std::size_t k = 0; k < n; ++k) out[k] = pick(a[k], b[k]);
  }
}

template <typename Pick>
void ExtremeTable::over(const AxisWindow& w, std::size_t n, float none, float* out, Pick pick) const {
  if (w.first >= w.last) {
    std::fill_n(out, n, none);
    return;
  }
  const auto level = static_cast<std::size_t>(std::bit_width(w.last - w.first) - 1);
  const float *a = row(level, w.first), *b = row(level, w.last - (std::size_t{1} << level));
  for (std::size_t k = 0; k < n; ++k) out[k] = pick(a[k], b[k]);
}

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

AxisWindow moment_on(const SeriesAxis& axis, const Interval& time) {
  AxisWindow w = window_on(axis, time);
  const AxisPlace at = axis.place(time.end);
  // place() gives the piece after a boundary; the moment belongs to the one that it ends.
  std::size_t k = at.piece;
  if (at.part == 0) k = k > 0 && axis.span(k - 1).end == time.end ? k - 1 : axis.size();
  w.first = std::min(k, axis.size());
  w.last = k < axis.size() ? k + 1 : w.first;
  if (axis.series().window.count() == 0) return w;
  // A sum is that of a time which ends with its piece. Between two of them it lies between theirs; before the first one nobody knows.
  if (at.part > 0 && k == 0) w.first = w.last = 0;
  else if (at.part > 0) w.first = k - 1;
  w.partly_observed = w.first < w.last && !axis.piece(w.last - 1).observed.empty();
  return w;
}

WindowValues::WindowValues(const SeriesAxis& axis, AxisNeeds needs, double least_coverage, std::size_t block)
    : axis_(axis), needs_(needs), least_coverage_(least_coverage), is_amount_(guyu::is_amount(axis.series().quantity)),
      is_summed_(axis.series().window.count() > 0), partly_(axis.series()), block_(block), rows_(axis.size()), full_(axis.size(), 0), clean_(axis.size(), 0),
      totals_(needs.totals ? (axis.size() + 1) * block : 0), unused_(block), also_unused_(block), largest_(needs.largest, axis.size(), block),
      smallest_(needs.smallest, axis.size(), block) {
  while (shared_ < axis.size() && axis.piece(shared_).members.empty()) ++shared_;
  observed_end_ = axis.place(axis.observed_to()).piece;
}

void WindowValues::load_block(std::size_t begin, std::size_t n) {
  begin_ = begin;
  n_ = n;
  member_ = kNobody;
  shared_loaded_ = false;
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
  const std::size_t from = shared_loaded_ ? shared_ : 0;
  shared_loaded_ = true;
  // Where a future lacks values that others have, what is known of it is less.
  lost_ = false;
  const float* const* rows = axis_.rows(member);
  for (std::size_t p = from; p < axis_.size(); ++p) {
    if (p + kAhead < axis_.size()) prefetch(rows[p + kAhead] + begin_, n_);
    rows_[p] = rows[p] + begin_;
    const bool missing = !axis_.piece(p).members.empty() && any_missing(rows_[p], n_);
    lost_ = lost_ || missing;
    clean_[p] = full_[p] && !missing ? 1 : 0;
  }
  if (lost_) {
    if (all_full_) load_known();
    member_known_.resize(axis_.size() * block_);
    member_known_time_.resize((axis_.size() + 1) * block_);
    std::fill_n(member_known_time_.begin(), n_, 0.0);
    for (std::size_t p = 0; p < axis_.size(); ++p) {
      const float* values = rows_[p];
      const double length = seconds(axis_.span(p).length());
      for (std::size_t k = 0; k < n_; ++k) {
        const float known = values[k] != values[k] ? 0.0F : known_[p * block_ + k];
        member_known_[p * block_ + k] = known;
        member_known_time_[(p + 1) * block_ + k] = member_known_time_[p * block_ + k] + length * double{known};
      }
    }
  }
  if (needs_.totals) load_totals(from);
  if (!largest_.empty() || !smallest_.empty()) load_extremes(from);
}

void WindowValues::load_totals(std::size_t from) {
  if (from == 0) std::fill_n(totals_.begin(), n_, 0.0);
  const auto least = static_cast<float>(least_coverage_);
  for (std::size_t p = from; p < axis_.size(); ++p) {
    const float* values = rows_[p];
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
void WindowValues::load_values(std::size_t p, float* low, float* high) const {
  const auto least = static_cast<float>(least_coverage_);
  const float* values = rows_[p];
  const float* known = &known_[p * block_];
  const auto usable = [&](std::size_t k) { return (known[k] > 0) & (known[k] >= least); };
  std::int32_t partly = 0;  // rare, and kept out of the loop that runs over everything
  for (std::size_t k = 0; k < n_; ++k) {
    const float v = values[k];
    const bool is_known = (v == v) & usable(k);
    low[k] = is_known ? v : -kInfinity;
    high[k] = is_known ? v : kInfinity;
    partly |= static_cast<std::int32_t>(v == v) & static_cast<std::int32_t>(known[k] > 0) & static_cast<std::int32_t>(known[k] < least);
  }
  if (partly == 0) return;
  for (std::size_t k = 0; k < n_; ++k) {
    const float v = values[k];
    if (v != v || !(known[k] > 0) || usable(k)) continue;
    const ValueRange range = partly_.range(v, known[k]);
    low[k] = range.lo, high[k] = range.hi;
  }
}

void WindowValues::load_extremes(std::size_t from) {
  for (std::size_t p = from; p < axis_.size(); ++p) {
    float* low = largest_.empty() ? unused_.data() : largest_.own_row(p);
    float* high = smallest_.empty() ? unused_.data() : smallest_.own_row(p);
    if (!clean_[p]) load_values(p, low, high);
    if (!largest_.empty()) largest_.set_row(p, clean_[p] ? rows_[p] : low);
    if (!smallest_.empty()) smallest_.set_row(p, clean_[p] ? rows_[p] : high);
  }
  if (!largest_.empty()) largest_.build(from, n_, larger);
  if (!smallest_.empty()) smallest_.build(from, n_, smaller);
}

double WindowValues::known_seconds(const AxisWindow& w, std::size_t k) const {
  if (all_full_ && !lost_) return w.share * seconds(w.time.length());
  const std::vector<double>& sums = lost_ ? member_known_time_ : known_time_;
  return at_place(sums, w.end, block_, k) - at_place(sums, w.begin, block_, k);
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
  if (clean_[p]) return {rows_[p], rows_[p]};
  load_values(p, lo, hi);
  return {lo, hi};
}

// Between the sums at two moments.
Bounds WindowValues::between(const AxisWindow& w, float* lo, float* hi) const {
  std::copy_n(rows_[w.first], n_, lo), std::copy_n(lo, n_, hi);
  if (!clean_[w.first]) load_values(w.first, lo, hi);
  float *low = unused_.data(), *high = also_unused_.data();
  std::copy_n(rows_[w.first + 1], n_, low), std::copy_n(low, n_, high);
  if (!clean_[w.first + 1]) load_values(w.first + 1, low, high);
  for (std::size_t k = 0; k < n_; ++k) lo[k] = smaller(low[k], lo[k]), hi[k] = larger(high[k], hi[k]);
  return {lo, hi};
}

Bounds WindowValues::get(Aggregate aggregate, const AxisWindow& w, float* lo, float* hi) const {
  if (is_summed_ && w.last - w.first == 2) return between(w, lo, hi);
  if (aggregate == Aggregate::each || is_summed_) return each(w, lo, hi);
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
      if (const double known = w.share * seconds(w.time.length()); enough && all_full_ && known > 0) {
        for (std::size_t k = 0; k < n_; ++k) lo[k] = static_cast<float>((at_place(totals_, w.end, block_, k) - at_place(totals_, w.begin, block_, k)) / known);
        return {lo, lo};
      }
      for (std::size_t k = 0; k < n_; ++k) {
        const double known = known_seconds(w, k);
        const bool answers = known > 0 && (enough || known >= needed);
        const auto mean = static_cast<float>((at_place(totals_, w.end, block_, k) - at_place(totals_, w.begin, block_, k)) / (answers ? known : 1.0));
        lo[k] = answers ? mean : -kInfinity;
        hi[k] = answers ? mean : kInfinity;
      }
      break;
    case Aggregate::maximum:
      largest_.over(w, n_, -kInfinity, lo, larger);
      if (enough) return {lo, lo};
      for (std::size_t k = 0; k < n_; ++k) hi[k] = lo[k] > -kInfinity && known_seconds(w, k) >= needed ? lo[k] : kInfinity;
      break;
    case Aggregate::minimum:
      smallest_.over(w, n_, kInfinity, hi, smaller);
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
  if (is_summed_) {
    const float* observed = axis_.piece(w.last - 1).observed.data() + begin_;
    for (std::size_t k = 0; k < n_; ++k) out[k] = observed[k] == observed[k] ? observed[k] : 0.0F;
    return;
  }
  for (std::size_t k = 0; k < n_; ++k) out[k] = static_cast<float>(at_place(totals_, w.observed_end, block_, k) - at_place(totals_, w.begin, block_, k));
}

}  // namespace guyu
