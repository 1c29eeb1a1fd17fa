#include "models/rules/series_axis.h"

#include <algorithm>
#include <numeric>

namespace guyu {
namespace {

double seconds(Seconds s) { return static_cast<double>(s.count()); }

// What an instant speaks for, among the instants beside it.
Interval span_of_instant(const HazardSeries& series, std::size_t k) {
  const std::vector<SeriesPiece>& pieces = series.pieces;
  const auto at = [&](std::size_t i) { return pieces[i].interval.end; };
  const TimePoint t = at(k);
  const bool has_before = k > 0, has_after = k + 1 < pieces.size();
  // Sums up to each instant leave no gaps: what they know of their time, their coverage says.
  if (series.window.count() > 0) return {has_before ? at(k - 1) : t - series.window, t};
  if (!has_before) return {has_after ? t - (at(k + 1) - t) : t - Seconds(3600), t};
  const Seconds step = t - at(k - 1);
  // A lone longer step among shorter ones is a gap; a forecast that goes on in longer steps is none.
  Seconds usual{0};
  if (k >= 2) usual = at(k - 1) - at(k - 2);
  if (has_after) usual = std::max(usual, at(k + 1) - t);
  if (usual.count() > 0 && 2 * step > 3 * usual) return {t - usual, t};
  return {at(k - 1), t};
}

}  // namespace

SeriesAxis::SeriesAxis(const HazardSeries& series, const Interval& needed) : series_(&series) {
  for (std::size_t k = 0; k < series.pieces.size(); ++k) {
    const SeriesPiece& p = series.pieces[k];
    const Interval span = p.interval.begin == p.interval.end ? span_of_instant(series, k) : p.interval;
    if (span.end <= needed.begin || span.begin >= needed.end) continue;
    if (spans_.empty()) first_ = k;
    spans_.push_back(span);
    const bool only_observed_before = spans_.size() == 1 || observed_to_ == spans_[spans_.size() - 2].end;
    if (p.origin == Origin::observed && only_observed_before) observed_to_ = span.end;
    if (!p.members.empty()) futures_ = std::lcm(futures_, p.members.size());
  }
  for (std::size_t f = 0; f < futures_; ++f)
    for (std::size_t k = 0; k < size(); ++k) rows_.push_back(piece(k).of(f).data());
}

AxisPlace SeriesAxis::place(TimePoint t) const {
  const auto after = std::upper_bound(spans_.begin(), spans_.end(), t, [](TimePoint x, const Interval& s) { return x < s.end; });
  const auto k = static_cast<std::size_t>(after - spans_.begin());
  if (after == spans_.end() || t <= after->begin) return {k, 0};
  return {k, seconds(t - after->begin) / seconds(after->length())};
}

std::pair<std::size_t, std::size_t> SeriesAxis::over(const Interval& w) const {
  const auto first = std::upper_bound(spans_.begin(), spans_.end(), w.begin, [](TimePoint x, const Interval& s) { return x < s.end; });
  const auto last = std::lower_bound(first, spans_.end(), w.end, [](const Interval& s, TimePoint x) { return s.begin < x; });
  return {static_cast<std::size_t>(first - spans_.begin()), static_cast<std::size_t>(last - spans_.begin())};
}

double SeriesAxis::share_covered(const Interval& w) const {
  if (w.end <= w.begin) return 0;
  double covered = 0;
  const auto [first, last] = over(w);
  for (std::size_t k = first; k < last; ++k) covered += seconds(std::min(w.end, spans_[k].end) - std::max(w.begin, spans_[k].begin));
  return covered / seconds(w.length());
}

}  // namespace guyu
