#include "engine/extremes/window_maxima.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kNoValue = std::numeric_limits<float>::quiet_NaN();
constexpr Seconds kLongestStep{6 * 3600};  // an instant speaks for no longer than this

int calendar_year(TimePoint t) { return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(t)).year()); }

double seconds_of_year(int y) { return 86400.0 * (std::chrono::year(y).is_leap() ? 366 : 365); }

}  // namespace

WindowMaxima::WindowMaxima(std::size_t regions, WindowMaximaOptions options)
    : regions_(regions), options_(std::move(options)), sums_(!options_.windows.empty()) {
  if (!std::is_sorted(options_.windows.begin(), options_.windows.end()) || (sums_ && options_.windows.front().count() <= 0))
    throw Error("annual maxima", "windows are not positive and ascending", "give e.g. 1, 3, 6, 12, 24 hours");
  if (options_.peaks_a_year > 0) {
    pending_.assign(windows() * regions_, kNoValue);
    pending_at_.assign(windows() * regions_, 0);
    pending_year_.assign(windows() * regions_, -1);
  }
}

std::size_t WindowMaxima::year_of(TimePoint end) {
  const int y = calendar_year(end - Seconds(1));  // (begin, end]
  if (years_.empty() || years_.back() != y) {
    years_.push_back(y);
    const std::size_t n = windows() * regions_;
    data_.push_back({std::vector<float>(n, kNoValue), std::vector<float>(n, 0.0F), std::vector<float>(n * options_.peaks_a_year, -1.0F)});
  }
  return years_.size() - 1;
}

void WindowMaxima::commit(std::size_t window, std::size_t region) {
  const std::size_t at = window * regions_ + region;
  if (pending_year_[at] < 0) return;
  float* peaks = &data_[static_cast<std::size_t>(pending_year_[at])].peaks[at * options_.peaks_a_year];
  float v = pending_[at];
  for (std::size_t k = 0; k < options_.peaks_a_year; ++k)
    if (v > peaks[k]) std::swap(v, peaks[k]);
  pending_year_[at] = -1;
}

void WindowMaxima::add(const Interval& time, std::span<const float> values) {
  if (values.size() != regions_) throw Error("annual maxima", "a step has another number of regions", "give all steps for the same regions");
  if (begun_ && (time.begin < last_ && !(time.begin == time.end && time.end > last_)))
    throw Error("annual maxima", "steps overlap or go back: " + to_iso(time.begin) + " after " + to_iso(last_), "give them in order of time");
  if (sums_ && time.length().count() <= 0) throw Error("annual maxima", "sums over time are wanted of values at instants", "give amounts over intervals");
  const std::size_t y = year_of(time.end);
  Seconds speaks_for = time.length();
  if (speaks_for.count() == 0) speaks_for = begun_ ? std::min(time.end - last_, kLongestStep) : Seconds{0};
  std::vector<const Snapshot*> starts(windows(), nullptr);
  if (sums_) {
    if (!begun_ || time.begin != last_ || snapshots_.empty()) {
      snapshots_.clear();
      snapshots_.push_back({time.begin, std::vector<double>(regions_, 0.0), std::vector<std::int32_t>(regions_, 0)});
    }
    Snapshot now = std::exchange(spare_, {});
    now.at = time.end, now.sum.resize(regions_), now.lost.resize(regions_);
    snapshots_.push_back(std::move(now));
    while (snapshots_.size() > 2 && snapshots_.front().at < time.end - options_.windows.back()) {
      spare_ = std::move(snapshots_.front());
      snapshots_.pop_front();
    }
    for (std::size_t w = 0; w < windows(); ++w) {
      const TimePoint wanted = time.end - options_.windows[w];
      const auto found = std::lower_bound(snapshots_.begin(), snapshots_.end(), wanted, [](const Snapshot& s, TimePoint t) { return s.at < t; });
      if (found != snapshots_.end() && found->at == wanted) starts[w] = &*found;
    }
  }
  Year& year = data_[y];
  Snapshot* now = sums_ ? &snapshots_.back() : nullptr;
  const Snapshot* before = sums_ ? &snapshots_[snapshots_.size() - 2] : nullptr;
  const auto seconds = static_cast<float>(speaks_for.count());
  const std::int64_t at_s = time.end.time_since_epoch().count();
  parallel_for(static_cast<std::int64_t>(regions_), 4096, [&](std::int64_t begin, std::int64_t end) {
    for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) {
      if (sums_) {
        const bool missing = std::isnan(values[r]);
        now->sum[r] = before->sum[r] + (missing ? 0.0 : double{values[r]});
        now->lost[r] = before->lost[r] + (missing ? 1 : 0);
      }
      for (std::size_t w = 0; w < windows(); ++w) {
        float v = values[r];
        if (sums_) {
          const Snapshot* s = starts[w];
          v = s && s->lost[r] == now->lost[r] ? static_cast<float>(std::max(0.0, now->sum[r] - s->sum[r])) : kNoValue;
        }
        if (std::isnan(v)) continue;
        const std::size_t at = w * regions_ + r;
        year.known_s[at] += seconds;
        if (!(v <= year.largest[at])) year.largest[at] = v;  // also over nothing
        if (options_.peaks_a_year == 0) continue;
        if (pending_year_[at] >= 0 && at_s - pending_at_[at] >= options_.separation.count()) commit(w, r);
        if (pending_year_[at] < 0 || v > pending_[at]) pending_[at] = v, pending_at_[at] = at_s, pending_year_[at] = static_cast<std::int32_t>(y);
      }
    }
  });
  last_ = time.end;
  begun_ = true;
}

void WindowMaxima::finish() {
  for (std::size_t w = 0; w < windows() && options_.peaks_a_year > 0; ++w)
    for (std::size_t r = 0; r < regions_; ++r) commit(w, r);
}

double WindowMaxima::largest(std::size_t window, std::size_t year, std::size_t region, double least_known) const {
  const std::size_t at = window * regions_ + region;
  const double share = static_cast<double>(data_[year].known_s[at]) / seconds_of_year(years_[year]);
  return share + 1e-6 >= least_known ? static_cast<double>(data_[year].largest[at]) : std::numeric_limits<double>::quiet_NaN();
}

double WindowMaxima::known_years(std::size_t window, std::size_t region) const {
  double sum = 0;
  for (std::size_t y = 0; y < years_.size(); ++y) sum += static_cast<double>(data_[y].known_s[window * regions_ + region]) / seconds_of_year(years_[y]);
  return sum;
}

std::vector<double> WindowMaxima::peaks(std::size_t window, std::size_t region) const {
  std::vector<double> out;
  const std::size_t n = options_.peaks_a_year;
  for (const Year& year : data_)
    for (std::size_t k = 0; k < n; ++k)
      if (const float v = year.peaks[(window * regions_ + region) * n + k]; v > 0) out.push_back(static_cast<double>(v));
  std::sort(out.begin(), out.end(), std::greater<>());
  return out;
}

}  // namespace guyu
