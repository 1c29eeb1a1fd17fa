#include "engine/verify/contingency.h"

#include <cassert>
#include <cmath>
#include <limits>

#include "engine/verify/chunked_sum.h"

namespace guyu {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double quotient(double part, double whole) { return whole == 0 ? kNone : part / whole; }
double ratio(std::size_t part, std::size_t whole) { return quotient(static_cast<double>(part), static_cast<double>(whole)); }

}  // namespace

void Contingency::add(std::optional<bool> forecast, std::optional<bool> event) {
  if (!forecast || !event) ++unjudged;
  else if (*event) ++(*forecast ? hits : misses);
  else ++(*forecast ? false_alarms : correct_negatives);
}

Contingency& Contingency::operator+=(const Contingency& o) {
  hits += o.hits, misses += o.misses, false_alarms += o.false_alarms, correct_negatives += o.correct_negatives, unjudged += o.unjudged;
  return *this;
}

double Contingency::detection() const { return ratio(hits, hits + misses); }
double Contingency::false_ratio() const { return ratio(false_alarms, hits + false_alarms); }
double Contingency::false_detection() const { return ratio(false_alarms, false_alarms + correct_negatives); }
double Contingency::success() const { return ratio(hits, hits + misses + false_alarms); }
double Contingency::bias() const { return ratio(hits + false_alarms, hits + misses); }

double Contingency::equitable() const {
  const auto a = static_cast<double>(hits), b = static_cast<double>(false_alarms), c = static_cast<double>(misses);
  if (judged() == 0) return kNone;
  const double random = (a + b) * (a + c) / static_cast<double>(judged());
  return quotient(a - random, a + b + c - random);
}

double Contingency::heidke() const {
  const auto a = static_cast<double>(hits), b = static_cast<double>(false_alarms), c = static_cast<double>(misses), d = static_cast<double>(correct_negatives);
  return quotient(2 * (a * d - b * c), (a + c) * (c + d) + (a + b) * (b + d));
}

double Contingency::extremal_dependency() const {
  const double h = detection(), f = false_detection();
  if (!(h > 0 && h < 1 && f > 0 && f < 1)) return kNone;
  const double lf = std::log(f), lh = std::log(h), lf1 = std::log1p(-f), lh1 = std::log1p(-h);
  return (lf - lh - lf1 + lh1) / (lf + lh + lf1 + lh1);
}

Contingency contingency(std::span<const float> forecast, std::span<const float> observation, double threshold, EventRule rule) {
  assert(forecast.size() == observation.size());
  const auto limit = static_cast<float>(threshold);
  return sum_in_chunks<Contingency>(std::ssize(forecast), kScoreChunk, [&](std::int64_t begin, std::int64_t end) {
    // Counts of the four sums that need no branch; the cells of the table follow from them.
    std::uint32_t judged = 0, yes = 0, events = 0, both = 0;
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      const float f = forecast[k], o = observation[k];
      const auto known = static_cast<std::uint32_t>(f == f) & static_cast<std::uint32_t>(o == o);
      const auto said = static_cast<std::uint32_t>(is_event(f, limit, rule)) & known;
      const auto was = static_cast<std::uint32_t>(is_event(o, limit, rule)) & known;
      judged += known, yes += said, events += was, both += said & was;
    }
    Contingency c;
    c.hits = both, c.misses = events - both, c.false_alarms = yes - both, c.correct_negatives = judged - yes - events + both;
    c.unjudged = static_cast<std::size_t>(end - begin) - judged;
    return c;
  });
}

}  // namespace guyu
