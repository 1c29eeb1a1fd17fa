#include "models/rain_steps.h"

#include <algorithm>
#include <cmath>

namespace guyu {
namespace {

constexpr float kEnoughSeen = 0.8F;  // as rule packs have it, unless they say otherwise

double length_s(const Interval& i) { return static_cast<double>(i.length().count()); }

}  // namespace

RainSteps::RainSteps(const HazardSeries& rain, TimePoint from, TimePoint cut) {
  TimePoint at = from;
  const auto put = [&](TimePoint begin, TimePoint end, const SeriesPiece* piece) {
    for (const TimePoint stop : {cut, end}) {
      const TimePoint to = std::min(stop, end);
      if (to <= begin) continue;
      steps_.push_back({{begin, to}, piece, piece ? length_s({begin, to}) / length_s(piece->interval) : 0});
      begin = to;
    }
  };
  for (const SeriesPiece& p : rain.pieces) {
    if (p.interval.end <= at || p.interval.begin == p.interval.end) continue;
    if (p.interval.begin > at) put(at, p.interval.begin, nullptr);
    put(std::max(at, p.interval.begin), p.interval.end, &p);
    at = p.interval.end;
  }
  while (first_with_members_ < steps_.size() && (!steps_[first_with_members_].piece || steps_[first_with_members_].piece->members.empty()))
    ++first_with_members_;
}

float RainSteps::known(std::size_t k, std::size_t region) const {
  const SeriesPiece* p = steps_[k].piece;
  if (!p || (p->members.empty() && std::isnan(p->values[region]))) return 0;
  const float c = p->coverage[region];
  return c > 0 ? std::min(c, 1.0F) : 0.0F;
}

void RainSteps::amounts(std::size_t k, std::size_t member, std::size_t begin, std::size_t n, const float* seen, double* out) const {
  const RainStep& step = steps_[k];
  if (!step.piece) {
    std::fill_n(out, n, 0.0);
    return;
  }
  const float* values = step.piece->of(member).data() + begin;
  for (std::size_t r = 0; r < n; ++r) {
    const double v = static_cast<double>(values[r]) * step.share, fell = v < 0 ? 0 : v;
    out[r] = !(seen[r] > 0) ? 0 : seen[r] >= kEnoughSeen ? fell : fell * static_cast<double>(seen[r]);
  }
}

StepPlace place_in(const RainSteps& steps, TimePoint t) {
  std::size_t low = 0, high = steps.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (steps[middle].time.end < t) low = middle + 1;
    else high = middle;
  }
  if (low == steps.size()) return {steps.size() - 1, 1};
  if (t <= steps[low].time.begin) return {low, 0};
  return {low, length_s({steps[low].time.begin, t}) / steps.seconds(low)};
}

void set_mean_of_members(SeriesPiece& piece) {
  piece.values.assign(piece.coverage.size(), std::nanf(""));
  if (piece.members.empty()) return;
  for (std::size_t r = 0; r < piece.values.size(); ++r) {
    double sum = 0;
    int n = 0;
    for (const std::vector<float>& m : piece.members)
      if (!std::isnan(m[r])) sum += static_cast<double>(m[r]), ++n;
    if (n > 0) piece.values[r] = static_cast<float>(sum / n);
  }
}

void blank_unknown(HazardSeries& series) {
  for (SeriesPiece& p : series.pieces)
    for (std::size_t r = 0; r < p.coverage.size(); ++r) {
      if (p.coverage[r] > 0) continue;
      p.values[r] = std::nanf("");
      for (auto& member : p.members) member[r] = std::nanf("");
    }
}

}  // namespace guyu
