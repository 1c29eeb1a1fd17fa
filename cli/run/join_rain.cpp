#include "cli/run/join_rain.h"

#include <algorithm>
#include <cmath>

#include "engine/cycle/forecast_rain.h"

namespace guyu::cli {
namespace {

SeriesPiece piece(const RainSlot& s, Origin origin) { return {s.interval, origin, s.amount_mm, s.coverage, {}}; }

void fill_unseen(SeriesPiece& p, const std::vector<RainSlot>& forecast) {
  for (std::size_t r = 0; r < p.values.size(); ++r) {
    const double seen = std::isnan(p.values[r]) ? 0.0 : double{p.coverage[r]};
    if (seen >= 1) continue;
    const RainOver other = rain_over(forecast, p.interval, r);
    const double all = seen + (1 - seen) * other.coverage;
    if (other.coverage <= 0) continue;
    const auto fill = [&](float& amount) {
      const double mm = seen > 0 ? double{amount} : 0.0;
      amount = static_cast<float>((seen * mm + (all - seen) * other.amount_mm) / all);
    };
    fill(p.values[r]);
    for (auto& member : p.members) fill(member[r]);
    p.coverage[r] = static_cast<float>(all);
  }
}

// The part of a slot after `begin`, its rain counted as even.
SeriesPiece cut(const RainSlot& s, TimePoint begin) {
  SeriesPiece p = piece(s, Origin::forecast);
  if (begin <= s.interval.begin) return p;
  p.interval.begin = begin;
  const double share = static_cast<double>(p.interval.length().count()) / static_cast<double>(s.interval.length().count());
  for (float& mm : p.values) mm = static_cast<float>(mm * share);
  return p;
}

}  // namespace

HazardSeries join_rain(TimePoint issue, std::size_t regions, const RainSources& sources) {
  HazardSeries rain{quantities::precipitation_amount(), "mean", TimeKind::accumulation, {}, {}};
  const TimePoint oldest = issue - sources.history;
  std::vector<RainSlot> observed;
  for (const RainSlot& s : sources.observed)
    if (s.interval.end > oldest && s.interval.end <= issue) observed.push_back(s);
  if (sources.dry_before) {
    const TimePoint end = observed.empty() ? *sources.dry_before : std::min(*sources.dry_before, observed.front().interval.begin);
    if (end > oldest) {
      rain.pieces.push_back({{oldest, std::min(end, issue)}, Origin::observed, std::vector<float>(regions, 0.0F), std::vector<float>(regions, 1.0F), {}});
    }
  }
  for (const RainSlot& s : observed) rain.pieces.push_back(piece(s, Origin::observed));
  if (!observed.empty()) rain.observed_to = observed.back().interval.end;

  TimePoint known_to = rain.observed_to.value_or(issue);
  for (const RainOutlook& o : sources.extrapolated) {
    const RainSlot& s = o.slot;
    if (s.interval.begin < known_to) continue;
    rain.pieces.push_back(piece(s, Origin::extrapolated));
    rain.pieces.back().members = o.members_mm;
    fill_unseen(rain.pieces.back(), sources.forecast);
    known_to = s.interval.end;
  }
  for (const RainSlot& s : sources.forecast)
    if (s.interval.end > known_to) rain.pieces.push_back(cut(s, known_to));
  return rain;
}

}  // namespace guyu::cli
