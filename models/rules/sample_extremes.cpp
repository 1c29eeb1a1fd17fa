#include "models/rules/sample_extremes.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace guyu {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

bool same_window(const AxisWindow& a, const AxisWindow& b) {
  return a.time.begin == b.time.begin && a.time.end == b.time.end && a.first == b.first && a.last == b.last;
}
bool same_kind(const PlannedExtreme& a, const PlannedExtreme& b) {
  return a.axis == b.axis && a.aggregate == b.aggregate && a.change == b.change && a.largest == b.largest;
}
// Whether the samples of a are the first ones of b.
bool begins(const PlannedExtreme& a, const PlannedExtreme& b) {
  return same_kind(a, b) && a.samples.size() <= b.samples.size() &&
         std::equal(a.samples.begin(), a.samples.end(), b.samples.begin(),
                    [](const SampleWindow& x, const SampleWindow& y) { return same_window(x.window, y.window) && same_window(x.earlier, y.earlier); });
}

template <bool Largest>
float farther(float a, float b) {
  return Largest ? (a > b ? a : b) : (a < b ? a : b);
}

// The farthest of start (nullptr: of out itself) and of rows[0] to rows[count - 1]: one, two or four.
template <bool Largest>
void reduce(const float* const* rows, std::size_t count, const float* start, float* __restrict out, std::size_t n) {
  const float *a = rows[0], *b = rows[count > 1 ? 1 : 0], *c = rows[count > 2 ? 2 : 0], *d = rows[count > 2 ? 3 : 0];
  const auto with = [&](auto&& before) {
    if (count == 1)
      for (std::size_t k = 0; k < n; ++k) out[k] = farther<Largest>(a[k], before(k));
    else if (count == 2)
      for (std::size_t k = 0; k < n; ++k) out[k] = farther<Largest>(farther<Largest>(a[k], b[k]), before(k));
    else
      for (std::size_t k = 0; k < n; ++k) out[k] = farther<Largest>(farther<Largest>(farther<Largest>(a[k], b[k]), farther<Largest>(c[k], d[k])), before(k));
  };
  if (!start) with([out](std::size_t k) { return out[k]; });
  else with([start](std::size_t k) { return start[k]; });
}
void reduce(bool largest, const float* const* rows, std::size_t count, const float* start, float* out, std::size_t n) {
  if (start == out) start = nullptr;
  if (largest) reduce<true>(rows, count, start, out, n);
  else reduce<false>(rows, count, start, out, n);
}

}  // namespace

std::size_t add_extreme(std::vector<PlannedExtreme>& extremes, PlannedExtreme extreme) {
  for (std::size_t e = 0; e < extremes.size(); ++e)
    if (extremes[e].samples.size() == extreme.samples.size() && begins(extremes[e], extreme)) return e;
  extremes.push_back(std::move(extreme));
  return extremes.size() - 1;
}

void link_extremes(std::vector<PlannedExtreme>& extremes) {
  for (PlannedExtreme& e : extremes)
    for (std::size_t k = 0; k < extremes.size(); ++k) {
      const PlannedExtreme& shorter = extremes[k];
      if (shorter.samples.empty() || shorter.samples.size() >= e.samples.size() || !begins(shorter, e)) continue;
      if (e.from == kNoExtreme || extremes[e.from].samples.size() < shorter.samples.size()) e.from = k;
    }
}

SampleExtremes::SampleExtremes(const std::vector<PlannedExtreme>& plan, std::size_t block) : plan_(plan), made_(plan.size()), then_lo_(block), then_hi_(block) {
  for (Made& m : made_) m.lo.resize(block), m.hi.resize(block), m.observed.resize(block);
  for (auto& space : space_) space.resize(block);
}

void SampleExtremes::load_block(std::size_t n) {
  n_ = n;
  for (Made& m : made_) m.done = m.observed_done = false;
}

void SampleExtremes::load_member() {
  for (Made& m : made_) m.done = false, m.observed_done = m.observed_done && m.observed_by_all;
}

Bounds SampleExtremes::of(std::size_t extreme, const Values& values) {
  if (!made_[extreme].done) make(extreme, values);
  return made_[extreme].bounds;
}

Bounds SampleExtremes::sample(const PlannedExtreme& e, const SampleWindow& s, const WindowValues& v, float* lo, float* hi) {
  const Bounds now = v.get(e.aggregate, s.window, lo, hi);
  if (e.change == Change::none) return now;
  const Bounds then = v.get(e.aggregate, s.earlier, then_lo_.data(), then_hi_.data());
  return change_between(e.change, then, now, n_, lo, hi);
}

void SampleExtremes::make(std::size_t extreme, const Values& values) {
  const PlannedExtreme& e = plan_[extreme];
  Made& m = made_[extreme];
  const WindowValues& v = *values[e.axis];
  float *lo = m.lo.data(), *hi = m.hi.data();
  std::size_t first = 0;
  if (e.from == kNoExtreme) {
    std::fill_n(lo, n_, e.largest ? -kInfinity : kInfinity);
    m.bounds = {lo, lo};
  } else {
    m.bounds = of(e.from, values);
    first = plan_[e.from].samples.size();
  }
  const float *los[kTogether], *his[kTogether];
  for (std::size_t s = first; s < e.samples.size();) {
    std::size_t count = 0;
    bool exact = m.bounds.exact();
    for (; count < kTogether && s < e.samples.size(); ++count, ++s) {
      const Bounds b = sample(e, e.samples[s], v, space_[2 * count].data(), space_[2 * count + 1].data());
      exact = exact && b.exact();
      los[count] = b.lo, his[count] = b.hi;
    }
    if (count == 3) los[count] = los[0], his[count] = his[0], ++count;
    // The upper bounds first: they may start from the lower ones.
    if (!exact) reduce(e.largest, his, count, m.bounds.hi, hi, n_);
    reduce(e.largest, los, count, m.bounds.lo, lo, n_);
    m.bounds = {lo, exact ? lo : hi};
  }
  m.done = true;
}

const float* SampleExtremes::observed(std::size_t extreme, const Values& values) {
  const PlannedExtreme& e = plan_[extreme];
  Made& m = made_[extreme];
  float* out = m.observed.data();
  if (m.observed_done) return out;
  std::size_t first = 0;
  if (e.from == kNoExtreme) {
    std::fill_n(out, n_, -kInfinity);
  } else {
    std::copy_n(observed(e.from, values), n_, out);
    first = plan_[e.from].samples.size();
  }
  for (std::size_t s = first; s < e.samples.size(); ++s) {
    if (!e.samples[s].window.partly_observed) continue;
    values[e.axis]->observed_part(e.samples[s].window, then_lo_.data());
    const float* part = then_lo_.data();
    reduce<true>(&part, 1, nullptr, out, n_);
  }
  m.observed_done = true;
  m.observed_by_all = values[e.axis]->observed_by_all();
  return out;
}

}  // namespace guyu
